import type { Vol } from './units.ts';

/**
 * How the smile follows spot. Sticky-strike: each strike keeps its vol. Sticky-delta: each moneyness keeps its vol.
 * Spot-vol-beta: the smile goes along as under sticky-delta, and the vol of every moneyness then moves by beta ln(S' / S).
 */
export type SmileRule = 'sticky-strike' | 'sticky-delta' | 'spot-vol-beta';

/** `relative`: vol is multiplied by 1 + shock. `points`: shock is added to vol (0.05 = five vol points). */
export type VolShockUnit = 'relative' | 'points';

/** Which coins a spot move applies to: all of them by the same fraction, or one symbol alone. */
export type Movers = 'all' | (string & {});

/** One joint move of the market, as pinned by a person or drawn as a grid cell. */
export interface Scenario {
  /** Relative move of spot, -0.1 = down 10 %. Forwards and perpetuals move by the same fraction. */
  readonly spotMove: number;
  /** Moves of particular coins in place of that, by symbol. */
  readonly spotMoves?: Readonly<Record<string, number>>;
  readonly volShock: number;
  readonly volUnit: VolShockUnit;
  /** Calendar days forward from the market's as-of time. */
  readonly days: number;
  readonly smile: SmileRule;
  /** Change of vol (decimal) per unit of ln(S' / S), for spot-vol-beta. Absent: each coin's own, estimated from its history. */
  readonly spotVolBeta?: number;
}

/** The move of one coin's spot. */
export function spotMoveOf({ spotMove, spotMoves }: Pick<Scenario, 'spotMove' | 'spotMoves'>, symbol: string): number {
  return spotMoves?.[symbol] ?? spotMove;
}

/**
 * An ordered list of joint moves of several underlyings. Arrays are row-major, row `u` for `underlyings[u]`:
 * `spotMove[u * count + s]`.
 */
export interface ScenarioSet {
  /** Equal ids mean equal content; it is a cache key. */
  readonly id: string;
  readonly count: number;
  readonly underlyings: readonly string[];
  /** Relative spot moves. */
  readonly spotMove: Float64Array;
  /** Vol shock of an option with 30 days to live, in `volUnit`. */
  readonly volShock: Float64Array;
  readonly volUnit: VolShockUnit;
  /**
   * The shock of an option with d days to expiry is volShock x (30 / max(d, 1))^power, power = `short` below 30 days and
   * `long` from 30 days on. Zero is a parallel shock.
   */
  readonly volTermPower: { readonly short: number; readonly long: number };
  /** A vol that its shock raises is raised at least to this; absent means no floor. */
  readonly leastVolUp?: Vol;
  /**
   * Where vol is moved by one mean-reverting variance a coin, that variance, by underlying; the shock of other expiries then follows
   * from it instead of `volTermPower`. Relative shocks only.
   */
  readonly varianceTerms?: readonly VarianceTerm[];
  /** Calendar days by which time advances; what expires on the way is settled at its intrinsic value at the scenario's spot. */
  readonly horizonDays: number;
  readonly smile: SmileRule;
  /** As in Scenario. */
  readonly spotVolBeta?: number;
}

/** Variance a year that reverts from `variance` now to `longRunVariance` by `meanReversion` a year. */
export interface VarianceTerm {
  readonly meanReversion: number;
  readonly longRunVariance: number;
  readonly variance: number;
}

import type { ImpliedVolatilities, PricedOptions } from '../pricing/impliedVolatility.ts';
import type { CoinProxy } from './CoinProxy.ts';

/** Which implementation runs: WebAssembly with or without relaxed SIMD, or plain TypeScript. */
export type KernelBuild = 'relaxed-simd' | 'simd' | 'typescript';

/**
 * The hot loops of the engine behind one interface. Implementations agree to 1e-12 relative on options worth more than 1e-7 of
 * their forward, and to 1e-9 out to 37 standard deviations. One implementation gives the same bits for an option or a path wherever
 * it stands in a batch, so a run may be cut anywhere.
 *
 * Columns are `Float64Array`s of equal length. Those that `column` made are read and written in place; others are copied in and
 * out, which costs about a tenth of the arithmetic.
 */
export interface Kernels {
  readonly build: KernelBuild;

  /** A column of zeros for as long as the kernels live; an ordinary array once their memory is used up. */
  column(length: number): Float64Array;

  /** Discounted Black-76 prices. A vol or time at or below zero gives the intrinsic value. */
  prices(options: OptionColumns, out: Float64Array): void;

  /** Prices and seven Greeks, as `black76Greeks` defines them, of options with a rate for each. */
  greeks(options: OptionColumns, rate: Float64Array, out: GreekColumns): void;

  /** As `impliedVolatilities` of `pricing`, with its refusals; the solver is loaded when first asked for. */
  impliedVolatilities(options: PricedOptions): Promise<ImpliedVolatilities>;

  /** `total[s] += quantity x P&L` of one unit of an option over joint moves of its coin. */
  addOptionPnl(terms: OptionTerms, quantity: number, moves: CoinMoves, total: Float64Array): void;

  /**
   * `total[s] += units x P&L` of a coin's positions by their proxy, except in moves that it does not cover: the numbers of those are
   * written to `missed`, and how many there are is the answer. The same bits by every implementation.
   */
  addProxyPnl(proxy: CoinProxy, units: number, moves: CoinMoves, total: Float64Array, missed: Int32Array): number;

  /** `total[s] += scale x column[s]`. */
  addScaled(scale: number, column: Float64Array, total: Float64Array): void;

  /**
   * Moves of several coins in paths `firstPath` to `firstPath + count - 1`, one `CoinMoves` a coin of at least `count` elements
   * (the first `count` are written). `draws` says of what distribution.
   */
  ellipticalMoves(draws: EllipticalDraws, firstPath: number, count: number, out: readonly CoinMoves[]): void;

  /**
   * Independent standard normals of `numerics/sampling`, by component: `out[j * count + i]` is component j of path `firstPath + i`.
   */
  normals(seed: number, stream: number, firstPath: number, count: number, dimensions: number, out: Float64Array): void;

  /** Uniforms strictly between 0 and 1 become standard normals, in place: `inverseNormalCdf`. */
  inverseNormals(column: Float64Array): void;

  /** exp(x) in place, for x between -700 and 700. */
  exponentials(column: Float64Array): void;

  /** Moves of one coin from the log-moves of its spot and its vol, each times `scale`, held within limits. */
  heldMoves(
    spot: Float64Array,
    vol: Float64Array,
    scale: Float64Array,
    limits: Pick<EllipticalDraws, 'mostLogMove' | 'volShockRange'>,
    out: CoinMoves,
  ): void;

  /** The `count` smallest of the values in ascending order, without sorting the rest. NaN anywhere is an error of the caller. */
  smallest(values: Float64Array, count: number): Float64Array;
}

export interface OptionColumns {
  /** +1 for a call, -1 for a put. */
  readonly sign: Float64Array;
  readonly forward: Float64Array;
  readonly strike: Float64Array;
  readonly timeToExpiryYears: Float64Array;
  readonly volatility: Float64Array;
  readonly discount: Float64Array;
}

export interface GreekColumns {
  readonly price: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly vega: Float64Array;
  readonly theta: Float64Array;
  readonly rho: Float64Array;
  readonly vanna: Float64Array;
  readonly volga: Float64Array;
}

/** One option as scenarios see it. P&L of one unit = premiumToUsd x premium(s) - presentUsd. */
export interface OptionTerms {
  readonly sign: 1 | -1;
  /** Of an unmoved coin at the horizon, in the currency of the strike; in scenario s it is `forward x growth[s]`. */
  readonly forward: number;
  readonly strike: number;
  /** What is left after the horizon; at zero or below the option is settled at its intrinsic value. */
  readonly timeToExpiryYears: number;
  /** Vol in scenario s is the larger of `leastVol` and `volatility + volPerShock x volShock[s]`. */
  readonly volatility: number;
  readonly volPerShock: number;
  readonly leastVol: number;
  readonly premiumToUsd: number;
  readonly presentUsd: number;
}

/** Joint moves of one coin, a scenario an index. */
export interface CoinMoves {
  /** 1 + relative spot move, above zero. */
  readonly growth: Float64Array;
  /** Its natural logarithm. */
  readonly logGrowth: Float64Array;
  /** What `OptionTerms.volPerShock` multiplies. */
  readonly volShock: Float64Array;
}

/** Multivariate normal or Student-t log-moves; factors are all spots, then all vols. */
export interface EllipticalDraws {
  readonly seed: number;
  /** Streams of the seed for the normals and the chi-square. */
  readonly normalStream: number;
  readonly chiSquareStream: number;
  /** Null for normal moves; otherwise every factor is scaled by sqrt((degrees - 2) / chi-square). */
  readonly degreesOfFreedom: number | null;
  /** L of the covariance L L', row-major, (2 coins) x (2 coins). */
  readonly factor: Float64Array;
  /** Log-moves of spot are held within plus and minus this, which also bounds `growth`. */
  readonly mostLogMove: number;
  /** Relative shocks of vol, exp(x) - 1, are held between these. */
  readonly volShockRange: readonly [number, number];
}

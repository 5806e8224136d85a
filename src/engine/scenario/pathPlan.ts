import type { SmileRule, VarianceTerm } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import type { CoinMoves, EllipticalDraws, OptionTerms } from '../kernels/Kernels.ts';
import type { CoinProxy } from '../kernels/CoinProxy.ts';
import type { ContractState } from './contractState.ts';

/**
 * A Monte Carlo revaluation as plain data: how the moves of path i are drawn, what is valued on them, and how much of it each
 * book holds. It can be sent to any thread, and `pathValuation` makes the same bits of path i wherever it runs and however the
 * paths are cut, since draws are addressed by the number of their path. Moves are applied at once: no time passes.
 *
 * A plan is never changed once made, so whoever computes it may remember it by identity.
 */
export interface PathPlan {
  /** Coins in the order of `PathRow.coin`. */
  readonly underlyings: readonly string[];
  readonly draws: PathDraws;
  readonly rows: readonly PathRow[];
  /** Units of each row in each book: `books[book][row]`. P&L vectors come in this order. */
  readonly books: readonly Float64Array[];
}

/**
 * Joint moves of all coins by number of the path; factors are all spots, then all vols. A further kind needs its case in
 * `pathSampler`; one whose paths are not equally likely gives each a weight there.
 */
export type PathDraws =
  | ({ readonly kind: 'elliptical' } & EllipticalDraws)
  | JumpDiffusionDraws
  | CopulaDraws
  | VariancePathDraws
  | SobolDraws;

/**
 * Draws paths by their numbers, into moves of as many elements, one `CoinMoves` a coin, and the weight of each, which draws whose
 * paths are equally likely (`isWeighted`) leave alone.
 */
export type PathSampler = (paths: Int32Array, moves: readonly CoinMoves[], weights?: Float64Array) => void;

/** Where drawn moves are held; see `EllipticalDraws`. */
export type MoveLimits = Pick<EllipticalDraws, 'mostLogMove' | 'volShockRange'>;

/** Slots that the modes of a plan share: mode shares are in sixteenths. */
export const MODE_SLOTS = 16;

/**
 * Multivariate normal or Student-t log-moves as `EllipticalDraws`, from scrambled Sobol points by inversion: independent
 * replicates of them, whose spread is the error. With several modes paths are drawn more often where a book loses, and weighted.
 * The Student-t scale is a function of a normal of its own, `mixingScale`, which comes before those of the factors.
 */
export interface SobolDraws extends MoveLimits {
  readonly kind: 'sobol';
  readonly seed: number;
  /** Draws of one seed with different streams are independent. */
  readonly stream: number;
  readonly degreesOfFreedom: number | null;
  readonly factor: Float64Array;
  readonly replicates: number;
  /** Of the mixture that the normals are drawn from; their slots add up to `MODE_SLOTS`. */
  readonly modes: readonly SobolMode[];
}

/** Normals z = centre + axes (deviations s), s independent standard normals from the Sobol dimensions in order. */
export interface SobolMode {
  readonly slots: number;
  readonly centre: Float64Array;
  /** Orthogonal, row-major, one column an axis. */
  readonly axes: Float64Array;
  readonly deviations: Float64Array;
}

/** Merton: a normal diffusion, and jumps that come at the same time for all factors. */
export interface JumpDiffusionDraws extends MoveLimits {
  readonly kind: 'jump-diffusion';
  readonly seed: number;
  /** L of the diffusion's covariance, row-major, (2 coins) x (2 coins). */
  readonly factor: Float64Array;
  /** Expected number of jumps. */
  readonly intensity: number;
  /** Mean of one jump, by factor. */
  readonly jumpMean: Float64Array;
  /** L of the covariance of one jump, like `factor`. */
  readonly jumpFactor: Float64Array;
}

/** A t copula of the factors that move, each with a margin of its own. */
export interface CopulaDraws extends MoveLimits {
  readonly kind: 't-copula';
  readonly seed: number;
  /** Factors that move, by number. */
  readonly moving: readonly number[];
  /** L of their correlation, row-major. */
  readonly factor: Float64Array;
  readonly degreesOfFreedom: number;
  /** In the order of `moving`. */
  readonly margins: readonly CopulaMargin[];
  /** What a step's move is multiplied by. */
  readonly scale: number;
  /** Deviation of a normal move common to all vols. */
  readonly unexplained: number;
}

export type CopulaMargin =
  | { readonly kind: 't'; readonly degreesOfFreedom: number; readonly scale: number }
  | { readonly kind: 'empirical'; readonly moves: Float64Array };

/** Heston or Bates paths: a mean-reverting variance a coin, moved in sub-steps. */
export interface VariancePathDraws extends MoveLimits {
  readonly kind: 'bates';
  readonly seed: number;
  readonly years: number;
  readonly subSteps: number;
  /** Variance of each coin's spot, a year. */
  readonly coins: readonly (VarianceTerm & { readonly volOfVol: number })[];
  /** Of the Brownian motions, all spots, then all variances, row-major. */
  readonly correlation: Float64Array;
  /** Jumps of spot at common times; null for none. */
  readonly jumps: {
    readonly intensity: number;
    readonly mean: readonly number[];
    /** Row-major. */
    readonly covariance: Float64Array;
  } | null;
  /** By coin, the variance that implied vol follows, and the variance of spot over it. */
  readonly implied: readonly { readonly term: VarianceTerm; readonly realised: number }[];
}

/** P&L of one unit over the moves of one coin. A further kind needs its case in `pathValuation`. */
export type PathRow = OptionPathRow | LinearPathRow | QuadraticPathRow | ProxyPathRow;

export interface OptionPathRow {
  readonly kind: 'option';
  readonly coin: number;
  readonly terms: OptionTerms;
  /**
   * Null where vol is a straight line in the shock, as `terms` say. Otherwise a column of vols is made of this first, and `terms`
   * read it as it is (`volatility` 0, `volPerShock` 1).
   */
  readonly vols: PathVols | null;
}

/** What the vol of an option depends on where it follows spot, or a variance. */
export interface PathVols {
  readonly state: ContractState;
  readonly smile: SmileRule;
  /** Of the option's own shock over the 30-day one. */
  readonly termFactor: number;
  /** `varianceFollowing`, in place of `termFactor`; null where vol does not follow a variance. */
  readonly following: number | null;
}

/** `usdPerMove` times the relative move of spot: coins, perpetuals and futures, linear or inverse, since no time passes. */
export interface LinearPathRow {
  readonly kind: 'linear';
  readonly coin: number;
  readonly usdPerMove: Usd;
}

/** P&L = delta s + vega v + gamma s^2 / 2 + vanna s v + volga v^2 / 2, s and v the relative moves of spot and of 30-day vol. */
export interface QuadraticPathRow {
  readonly kind: 'quadratic';
  readonly coin: number;
  readonly delta: Usd;
  readonly gamma: Usd;
  readonly vega: Usd;
  readonly vanna: Usd;
  readonly volga: Usd;
}

/** All options, futures and coins of one coin that a book holds, by a proxy of their P&L. */
export interface ProxyPathRow {
  readonly kind: 'proxy';
  readonly coin: number;
  readonly proxy: CoinProxy;
  /** What it stands for: values moves that it does not cover. */
  readonly exact: {
    readonly options: readonly { readonly row: OptionPathRow; readonly units: number }[];
    readonly usdPerMove: Usd;
  };
}

import type { Usd } from '../domain/units.ts';

/** Powers of the log-move and of the vol shock in a cell, degrees 5 and 3. */
export const CELL = { logGrowth: 6, volShock: 4, coefficients: 24 } as const;
/** Bands of equal height into which the range of vol shocks is cut. */
export const BANDS = 8;
/** Numbers a block. */
export const BLOCK = 8;

/**
 * The P&L in USD of all positions of one coin as a function of its log-move and vol shock, in a form whose cost does not depend on how
 * many positions there are: what is in proportion to the move of spot (futures, coins), plus a piecewise polynomial. Plain data.
 *
 * The box of moves is cut into strips of log-move (between `edges`) and `BANDS` bands of vol shock; a strip's band is a block, which
 * has cells of equal size, and a cell 24 coefficients: `coefficients[24 cell + 4 i + j]` times x^i v^j, with x and v from -1 to 1
 * across the cell. A cell whose first coefficient is NaN is not covered.
 */
export interface CoinProxy {
  /** Least and greatest log-move and vol shock covered. */
  readonly box: { readonly logGrowth: readonly [number, number]; readonly volShock: readonly [number, number] };
  /** Times growth - 1. */
  readonly usdPerMove: Usd;
  /** Edges of the strips, ascending: one more than there are strips. */
  readonly edges: Float64Array;
  /** Where to begin to look for a strip: the one that holds the start of each of equal parts of the range of log-moves. */
  readonly stripAt: Int32Array;
  /** `[strip * BANDS + band]` x BLOCK: cells in x, cells in v, log-move at its left, cells per log-move, vol shock at its foot, cells per shock, first coefficient. */
  readonly blocks: Float64Array;
  readonly coefficients: Float64Array;
}

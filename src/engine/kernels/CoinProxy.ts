import type { Usd } from '../domain/units.ts';
import type { CoinMoves } from './Kernels.ts';

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

/**
 * Adds `units` times the P&L of a coin's positions in each move to `total`, except where the proxy does not cover the move: the numbers of those are
 * written to `missed`, nothing is added for them, and how many there are is the answer.
 */
export function addProxyPnl(
  proxy: CoinProxy,
  units: number,
  moves: CoinMoves,
  total: Float64Array,
  missed: Int32Array,
): number {
  const { box, usdPerMove, edges, stripAt, blocks, coefficients } = proxy;
  const { growth, logGrowth, volShock } = moves;
  const [left, right] = box.logGrowth;
  const [foot, top] = box.volShock;
  const partsPerMove = stripAt.length / (right - left);
  const bandsPerShock = BANDS / (top - foot);
  const count = total.length;
  let misses = 0;
  for (let s = 0; s < count; s += 1) {
    const x = logGrowth[s]!;
    const v = volShock[s]!;
    if (!(x >= left && x < right && v >= foot && v < top)) {
      missed[misses] = s;
      misses += 1;
      continue;
    }
    let strip = stripAt[((x - left) * partsPerMove) | 0]!;
    while (x >= edges[strip + 1]!) strip += 1;
    const block = (strip * BANDS + (((v - foot) * bandsPerShock) | 0)) * BLOCK;
    const atX = (x - blocks[block + 2]!) * blocks[block + 3]!;
    const atV = (v - blocks[block + 4]!) * blocks[block + 5]!;
    const columns = blocks[block]!;
    const rows = blocks[block + 1]!;
    // Rounding may put a move on the far edge of its block.
    let column = atX | 0;
    if (column >= columns) column = columns - 1;
    let row = atV | 0;
    if (row >= rows) row = rows - 1;
    const a = 2 * (atX - column) - 1;
    const b = 2 * (atV - row) - 1;
    const c = (blocks[block + 6]! + 24 * (column * rows + row)) | 0;
    const c5 =
      ((coefficients[c + 23]! * b + coefficients[c + 22]!) * b + coefficients[c + 21]!) * b + coefficients[c + 20]!;
    const c4 =
      ((coefficients[c + 19]! * b + coefficients[c + 18]!) * b + coefficients[c + 17]!) * b + coefficients[c + 16]!;
    const c3 =
      ((coefficients[c + 15]! * b + coefficients[c + 14]!) * b + coefficients[c + 13]!) * b + coefficients[c + 12]!;
    const c2 =
      ((coefficients[c + 11]! * b + coefficients[c + 10]!) * b + coefficients[c + 9]!) * b + coefficients[c + 8]!;
    const c1 =
      ((coefficients[c + 7]! * b + coefficients[c + 6]!) * b + coefficients[c + 5]!) * b + coefficients[c + 4]!;
    const c0 = ((coefficients[c + 3]! * b + coefficients[c + 2]!) * b + coefficients[c + 1]!) * b + coefficients[c]!;
    const value = ((((c5 * a + c4) * a + c3) * a + c2) * a + c1) * a + c0;
    if (value !== value) {
      missed[misses] = s;
      misses += 1;
      continue;
    }
    total[s] = total[s]! + units * (value + usdPerMove * (growth[s]! - 1));
  }
  return misses;
}

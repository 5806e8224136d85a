import { BANDS, BLOCK, type CoinProxy } from './CoinProxy.ts';
import type { CoinMoves } from './Kernels.ts';

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
    // Powers of a first, for each power of b: so the WebAssembly kernel goes too, two powers of b a vector, and the bits are the same.
    const p0 =
      ((((coefficients[c + 20]! * a + coefficients[c + 16]!) * a + coefficients[c + 12]!) * a + coefficients[c + 8]!) *
        a +
        coefficients[c + 4]!) *
        a +
      coefficients[c]!;
    const p1 =
      ((((coefficients[c + 21]! * a + coefficients[c + 17]!) * a + coefficients[c + 13]!) * a + coefficients[c + 9]!) *
        a +
        coefficients[c + 5]!) *
        a +
      coefficients[c + 1]!;
    const p2 =
      ((((coefficients[c + 22]! * a + coefficients[c + 18]!) * a + coefficients[c + 14]!) * a + coefficients[c + 10]!) *
        a +
        coefficients[c + 6]!) *
        a +
      coefficients[c + 2]!;
    const p3 =
      ((((coefficients[c + 23]! * a + coefficients[c + 19]!) * a + coefficients[c + 15]!) * a + coefficients[c + 11]!) *
        a +
        coefficients[c + 7]!) *
        a +
      coefficients[c + 3]!;
    const square = b * b;
    const value = p0 + square * p2 + b * (p1 + square * p3);
    if (value !== value) {
      missed[misses] = s;
      misses += 1;
      continue;
    }
    total[s] = total[s]! + units * (value + usdPerMove * (growth[s]! - 1));
  }
  return misses;
}

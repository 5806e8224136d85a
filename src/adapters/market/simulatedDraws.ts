import { inverseNormalCdf } from '../../engine/numerics/normal.ts';
import { philoxBlock, seedKey, uniformOf } from '../../engine/numerics/philox.ts';

/** What the draws of a simulation are used for: different uses never share a draw. */
export type DrawUse = 'return' | 'tail' | 'premium' | 'open-interest' | 'spread';

const STREAMS: Record<DrawUse, number> = { return: 1, tail: 2, premium: 3, 'open-interest': 4, spread: 5 };

/** The uniform draw number `index` of a use, strictly between 0 and 1: a pure function of its arguments. */
export function uniformDraw(seed: number, use: DrawUse, index: number): number {
  const words = new Uint32Array(4);
  philoxBlock(index, 0, STREAMS[use], 0, ...seedKey(seed), words);
  return uniformOf(words[0]!, words[1]!);
}

/** A standard normal draw. */
export function normalDraw(seed: number, use: DrawUse, index: number): number {
  return inverseNormalCdf(uniformDraw(seed, use, index));
}

import { normalDraws, poissonDraws } from './pathDraws.ts';
import type { JumpDiffusionDraws } from './pathPlan.ts';

/** Streams of one seed; each use draws from its own. */
const STREAM = { diffusion: 0, jumpCount: 2, jumpSize: 3 } as const;

/** Log-moves of chosen paths, `[factor * paths + path]`: diffusion, and as many jumps as there are, their mean taken off. */
export function jumpDiffusionMoves(draws: JumpDiffusionDraws, paths: Int32Array): Float64Array {
  const { seed, factor, jumpFactor, jumpMean, intensity } = draws;
  const size = jumpMean.length;
  const count = paths.length;
  const normal = normalDraws(seed, STREAM.diffusion, paths, size);
  const numbers = poissonDraws(seed, STREAM.jumpCount, paths, intensity);
  const jumpNormal = normalDraws(seed, STREAM.jumpSize, paths, size);
  const moves = new Float64Array(size * count);
  for (let s = 0; s < count; s += 1) {
    const number = numbers[s]!;
    const root = Math.sqrt(number);
    for (let i = 0; i < size; i += 1) {
      let x = 0;
      let jump = 0;
      for (let j = 0; j < size; j += 1) {
        x += factor[i * size + j]! * normal[s * size + j]!;
        jump += jumpFactor[i * size + j]! * jumpNormal[s * size + j]!;
      }
      moves[i * count + s] = x + (number - intensity) * jumpMean[i]! + root * jump;
    }
  }
  return moves;
}

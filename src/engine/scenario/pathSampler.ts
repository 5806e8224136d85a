import type { CoinMoves, Kernels } from '../kernels/Kernels.ts';
import { heldLogMove, heldVolShock } from './jointMoves.ts';
import type { MoveLimits, PathDraws, PathPlan, PathSampler } from './pathPlan.ts';

/** Whether paths are drawn more often where a book loses, and count the less. */
export function isWeighted(draws: PathDraws): boolean {
  return draws.kind === 'sobol' && draws.modes.length > 1;
}

/** Samplers other than the kernels' own are loaded when first asked for: most runs need none of them. */
export async function pathSampler(
  { draws, underlyings }: Pick<PathPlan, 'draws' | 'underlyings'>,
  kernels: Kernels,
): Promise<PathSampler> {
  if (draws.kind === 'elliptical')
    return (firstPath, count, moves) => kernels.ellipticalMoves(draws, firstPath, count, moves);
  if (draws.kind === 'sobol') {
    const { sobolSampler } = await import('./sobolMoves.ts');
    return sobolSampler(draws, underlyings.length, kernels);
  }
  const logMoves = await listedMoves(draws, underlyings.length);
  return (firstPath, count, moves) => {
    const paths = Int32Array.from({ length: count }, (_, i) => firstPath + i);
    hold(logMoves(paths), count, draws, moves);
  };
}

/** Log-moves of chosen paths by factor: `[factor * paths + path]`. */
async function listedMoves(
  draws: Exclude<PathDraws, { kind: 'elliptical' | 'sobol' }>,
  coins: number,
): Promise<(paths: Int32Array) => Float64Array> {
  switch (draws.kind) {
    case 'jump-diffusion': {
      const { jumpDiffusionMoves } = await import('./jumpDiffusionMoves.ts');
      return (paths) => jumpDiffusionMoves(draws, paths);
    }
    case 't-copula': {
      const { copulaMoves } = await import('./tCopula.ts');
      return copulaMoves(draws, coins);
    }
    case 'bates': {
      const { variancePathMoves } = await import('./batesPaths.ts');
      return variancePathMoves(draws);
    }
  }
}

function hold(
  logMoves: Float64Array,
  count: number,
  { mostLogMove, volShockRange }: MoveLimits,
  moves: readonly CoinMoves[],
): void {
  moves.forEach(({ growth, logGrowth, volShock }, coin) => {
    const vols = (moves.length + coin) * count;
    for (let s = 0; s < count; s += 1) {
      const held = heldLogMove(logMoves[coin * count + s]!, mostLogMove);
      logGrowth[s] = held;
      growth[s] = Math.exp(held);
      volShock[s] = heldVolShock(logMoves[vols + s]!, volShockRange);
    }
  });
}

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
  if (draws.kind === 'elliptical') {
    return (paths, moves) =>
      forStretches(paths, (from, to) => {
        const some = from === 0 && to === paths.length ? moves : moves.map((coin) => cutMoves(coin, from, to));
        kernels.ellipticalMoves(draws, paths[from]!, to - from, some);
      });
  }
  if (draws.kind === 'sobol') {
    const { sobolSampler } = await import('./sobolMoves.ts');
    return sobolSampler(draws, underlyings.length, kernels);
  }
  const logMoves = await listedMoves(draws, underlyings.length);
  return (paths, moves) => hold(logMoves(paths), paths.length, draws, moves);
}

/** Calls `run` for each stretch of consecutive paths, with where it begins and ends in the list. */
function forStretches(paths: Int32Array, run: (from: number, to: number) => void): void {
  for (let from = 0; from < paths.length; ) {
    let to = from + 1;
    while (to < paths.length && paths[to] === paths[to - 1]! + 1) to += 1;
    run(from, to);
    from = to;
  }
}

/** The numbers of `count` paths from the first on. */
export function consecutive(firstPath: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => firstPath + i);
}

/** Some elements of the columns of a coin's moves. */
export function cutMoves({ growth, logGrowth, volShock }: CoinMoves, from: number, to: number): CoinMoves {
  return {
    growth: growth.subarray(from, to),
    logGrowth: logGrowth.subarray(from, to),
    volShock: volShock.subarray(from, to),
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

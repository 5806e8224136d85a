import type { ScenarioSet, SmileRule } from '../domain/scenario.ts';
import type { CoinMoves, EllipticalDraws, Kernels } from '../kernels/Kernels.ts';
import { VOL_TERM_POWER } from './jointMoves.ts';

/** Paths drawn at once. */
const BLOCK = 1920;

/** The first paths of some draws as a set that is kept. Moves are applied at once: no time passes. */
export function drawnScenarios(
  draws: EllipticalDraws,
  underlyings: readonly string[],
  paths: number,
  smile: SmileRule,
  kernels: Kernels,
): ScenarioSet {
  const block = underlyings.map(
    (): CoinMoves => ({
      growth: new Float64Array(BLOCK),
      logGrowth: new Float64Array(BLOCK),
      volShock: new Float64Array(BLOCK),
    }),
  );
  const spotMove = new Float64Array(underlyings.length * paths);
  const volShock = new Float64Array(underlyings.length * paths);
  for (let from = 0; from < paths; from += BLOCK) {
    const count = Math.min(BLOCK, paths - from);
    kernels.ellipticalMoves(draws, from, count, block);
    block.forEach((moves, coin) => {
      const at = coin * paths + from;
      // Of the logarithm, so that small moves keep their digits.
      for (let i = 0; i < count; i += 1) spotMove[at + i] = Math.expm1(moves.logGrowth[i]!);
      volShock.set(moves.volShock.subarray(0, count), at);
    });
  }
  const { factor, ...numbers } = draws;
  return {
    id: `drawn|${paths}|${smile}|${underlyings.join(',')}|${JSON.stringify(numbers)}|${factor.join(',')}`,
    count: paths,
    underlyings,
    spotMove,
    volShock,
    volUnit: 'relative',
    volTermPower: VOL_TERM_POWER,
    horizonDays: 0,
    smile,
  };
}

import type { OptionPathRow } from './pathPlan.ts';
import { shockedVol, slidVol } from './shiftedState.ts';
import { followedShock } from './varianceTerm.ts';

/** Vol of an option of a plan in one move of its coin. */
export function pathVol(
  { terms, vols }: Pick<OptionPathRow, 'terms' | 'vols'>,
  growth: number,
  volShock: number,
): number {
  if (vols === null) return Math.max(terms.volatility + terms.volPerShock * volShock, terms.leastVol);
  const { state, smile, termFactor, following } = vols;
  const own = following === null ? volShock * termFactor : followedShock(volShock, following);
  return shockedVol(slidVol(state, state.option!, growth - 1, smile, undefined), own, 'relative');
}

import { roundTicks } from '../../ui/plot.ts';

/** Round values of an upright axis, but for the topmost: the title stands there. */
export function ticksBelowHead([low, high]: readonly [number, number]): number[] {
  return roundTicks(low, high, 4).filter((value) => value < high - 0.08 * (high - low));
}

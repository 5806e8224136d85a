import type { VarReport } from '../engine/domain/riskReport.ts';
import type { VarSettings } from './AppState.ts';

/** As many paths as the engine takes in one run. */
export const MOST_PATHS = 5_000_000;

/**
 * The settings with which a run is surer than the last one: half the target error where that was met, else twice the paths. Null where
 * all paths that can be drawn have been.
 */
export function surerSettings(
  settings: Pick<VarSettings, 'paths' | 'targetStandardErrorShare'>,
  last: Pick<VarReport, 'observations'> | null,
): Partial<VarSettings> | null {
  const { paths, targetStandardErrorShare: target } = settings;
  if (target !== null && last !== null && last.observations < paths)
    return { targetStandardErrorShare: Number((target / 2).toPrecision(6)) };
  return paths >= MOST_PATHS ? null : { paths: Math.min(2 * paths, MOST_PATHS) };
}

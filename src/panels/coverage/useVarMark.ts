import { useLayoutEffect } from 'react';
import type { VarReport } from '../../engine/domain/riskReport.ts';
import { afterPaint } from '../../ui/afterPaint.ts';

/**
 * Marks `headroom:value-at-risk` once a figure of a full revaluation is on the screen, with its version and number of paths, for
 * whoever measures the way to the first one and to the last.
 */
export function useVarMark(shown: VarReport | null): void {
  const inputVersion = shown?.inputVersion;
  const paths = shown?.observations;
  useLayoutEffect(() => {
    if (inputVersion === undefined) return;
    return afterPaint(() => performance.mark('headroom:value-at-risk', { detail: { inputVersion, paths } }));
  }, [inputVersion, paths]);
}

import { useLayoutEffect } from 'react';
import type { VarReport } from '../../engine/domain/riskReport.ts';
import { afterPaint } from '../../ui/afterPaint.ts';

/**
 * Marks `headroom:value-at-risk` once a figure of Monte Carlo is on the screen, with its version, its number of paths and how sure it is,
 * for whoever measures the way to the first one and to the last.
 */
export function useVarMark(shown: VarReport | null): void {
  const inputVersion = shown?.inputVersion;
  const paths = shown?.observations;
  const errorShare = shown === null ? null : errorShareOf(shown);
  useLayoutEffect(() => {
    if (inputVersion === undefined) return;
    return afterPaint(() =>
      performance.mark('headroom:value-at-risk', { detail: { inputVersion, paths, errorShare } }),
    );
  }, [inputVersion, paths, errorShare]);
}

/** The larger of the standard errors of VaR and ES, each as a share of its figure; null where there is none. */
function errorShareOf({ standardError, valueAtRiskUsd, expectedShortfallUsd }: VarReport): number | null {
  if (standardError === null || !(valueAtRiskUsd > 0 && expectedShortfallUsd > 0)) return null;
  return Math.max(
    standardError.valueAtRiskUsd / valueAtRiskUsd,
    standardError.expectedShortfallUsd / expectedShortfallUsd,
  );
}

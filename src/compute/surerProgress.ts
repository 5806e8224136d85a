import type { VarProgress, VarReport } from '../engine/domain/riskReport.ts';

/** What a run has told, with the figure of the kept moves in the place of its own for as long as that is the surer one. */
export function surerProgress(progress: VarProgress, kept: VarReport | null): VarProgress {
  if (kept === null || kept.inputVersion !== progress.inputVersion) return progress;
  return progress.soFar === null || error(progress.soFar) > error(kept) ? { ...progress, soFar: kept } : progress;
}

function error({ standardError }: VarReport): number {
  return standardError === null ? Infinity : standardError.valueAtRiskUsd;
}

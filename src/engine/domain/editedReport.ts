import type { EvaluateRequest, RiskReport, StressAxes, VarDistribution } from './riskReport.ts';
import type { Usd } from './units.ts';

/** What an edit of a quantity changes, in one answer: the report, VaR over a fixed set of drawn moves, and the grid's P&L. */
export interface EditedRequest extends EvaluateRequest {
  /** Monte Carlo moves, drawn once and kept while these and the book's coins stay the same. */
  readonly moves: {
    readonly paths: number;
    readonly seed: number;
    readonly confidence: number;
    readonly horizonDays: number;
    readonly distribution: Extract<VarDistribution, 'normal' | 'student-t'>;
    /** Of `student-t`; above 2. */
    readonly degreesOfFreedom: number;
  };
  readonly stress: StressAxes;
}

export interface EditedReport {
  readonly report: RiskReport;
  /** Of the whole book, by full revaluation. */
  readonly valueAtRiskUsd: Usd;
  readonly expectedShortfallUsd: Usd;
  /** Null for a book that nothing moves. */
  readonly standardError: { readonly valueAtRiskUsd: Usd; readonly expectedShortfallUsd: Usd } | null;
  /** P&L of the legs, `pnlUsd[vol][spot]`. */
  readonly gridPnlUsd: readonly Float64Array[];
  readonly elapsedMs: number;
}

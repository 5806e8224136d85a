import type { VarReport } from './riskReport.ts';
import type { Usd } from './units.ts';

/** Value at risk by proxy beside full revaluation of the same paths. */
export interface ProxyVerification {
  /** By proxy; its `proxyError` is what the proxy states of itself. */
  readonly report: VarReport;
  readonly full: Pick<VarReport, 'valueAtRiskUsd' | 'expectedShortfallUsd' | 'standardError' | 'elapsedMs'>;
  /** Paths that both were computed on. */
  readonly paths: number;
  /** Largest difference of the book's P&L in one path, and the number of that path. */
  readonly largestDifferenceUsd: Usd;
  readonly path: number;
  /** That difference over the gross premium; null for a book without options. */
  readonly shareOfGrossPremium: number | null;
}

import type { Usd } from './units.ts';

/** The methods whose losses a Pareto tail may be fitted to. */
export type TailSource = 'historical' | 'filtered-historical' | 'monte-carlo';

/** A generalised Pareto tail above a threshold, and what other thresholds would have said. */
export interface ExtremeValueReport {
  readonly source: TailSource;
  readonly observations: number;
  /** Whether the threshold was asked for or set by the rule, which `rule` states. */
  readonly chosenBy: 'request' | 'rule';
  readonly rule: string;
  readonly fit: TailFit;
  /** Ascending thresholds; the one in use is among them. */
  readonly thresholds: readonly TailFit[];
  /** Observed losses beyond the threshold, the largest first, each with the share of outcomes at least as bad; at most 200, thinned evenly in rank below the worst. */
  readonly losses: readonly { readonly lossUsd: Usd; readonly probability: number }[];
}

export interface TailFit {
  /** Loss above which the tail is fitted. */
  readonly thresholdUsd: Usd;
  /** Share of outcomes at or below the threshold. */
  readonly thresholdQuantile: number;
  readonly exceedances: number;
  /** Mean of what losses beyond the threshold exceed it by, and its standard error. */
  readonly meanExcessUsd: Usd;
  readonly meanExcessError: Usd;
  /** xi, of no unit: above 0 a power tail, below 0 one that ends. */
  readonly shape: number;
  /** beta. */
  readonly scaleUsd: Usd;
  /** Standard errors by maximum likelihood; null where it has none (xi at or below -1/2). */
  readonly shapeError: number | null;
  readonly scaleError: Usd | null;
  readonly valueAtRiskUsd: Usd;
  /** Null where the fitted tail has no mean (xi of 1 or more). */
  readonly expectedShortfallUsd: Usd | null;
}

/** The moments that the expansion is made of, and where it stops being a quantile function. */
export interface CornishFisherReport {
  readonly meanUsd: Usd;
  readonly standardDeviationUsd: Usd;
  readonly skewness: number;
  readonly excessKurtosis: number;
  /** Whether the expansion increases for every quantile. */
  readonly monotone: boolean;
  /** Confidence beyond which the expansion's losses would fall again, and are held instead; null where they never do. */
  readonly turnsAtConfidence: number | null;
}

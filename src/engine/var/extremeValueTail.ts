import { RiskError } from '../domain/failure.ts';
import type { ExtremeValueReport, TailFit, TailSource } from '../domain/tailReport.ts';
import { fittedPareto, type ParetoFit, paretoSurvival, paretoTailRisk } from '../numerics/generalizedPareto.ts';
import { tailProbability } from '../numerics/tailProbability.ts';
import type { SamplingError } from './tailRisk.ts';

/**
 * Peaks over a threshold: the losses beyond a high threshold u have a generalised Pareto excess in the limit (Balkema and de Haan
 * 1974; Pickands 1975), so one is fitted to them by maximum likelihood and VaR and ES are read from it, further out than the
 * sample reaches (McNeil and Frey 2000, "Estimation of tail-related risk measures"). P(loss > x) = (k/n) (1 + xi (x - u) / beta)^(-1/xi)
 * for k of n outcomes beyond u.
 *
 * Threshold, unless asked for: the worst 10 % of outcomes lie beyond it (Chavez-Demoulin and Embrechts 2004), more where that is
 * less than twice the tail asked for or fewer than 50 outcomes, at most 25 %. With fewer than 30 beyond it nothing is fitted.
 */
export interface TailQuestion {
  readonly confidence: number;
  readonly shortfallConfidence: number;
  /** Null to go by the rule. */
  readonly thresholdQuantile: number | null;
}

export const FEWEST_EXCEEDANCES = 30;
const RULE_SHARE = 0.1;
const RULE_EXCEEDANCES = 50;
const LARGEST_SHARE = 0.25;
/** Tail shares of the table of thresholds. */
const TABLE_SHARES = [0.25, 0.2, 0.15, 0.125, 0.1, 0.075, 0.05, 0.04, 0.03, 0.02];
const MOST_POINTS = 200;
const NORMAL_95 = 1.959963984540054;

export interface ExtremeValueTail {
  readonly valueAtRiskUsd: number;
  readonly expectedShortfallUsd: number;
  /** By the delta method from the errors of the fit and of the share beyond the threshold; null where the fit has none. */
  readonly errors: { readonly var: SamplingError; readonly es: SamplingError } | null;
  readonly report: ExtremeValueReport;
  /** P(loss > level) beyond the threshold; null below it, where the outcomes themselves count. */
  exceedance(lossUsd: number): number | null;
}

/**
 * The tail of P&L sorted ascending.
 * @throws RiskError `missing-data` when too few outcomes lie beyond the threshold, `bad-value` for a confidence that does not reach
 * beyond it, `unsupported` when the losses have no such tail.
 */
export function extremeValueTail(sorted: Float64Array, question: TailQuestion, source: TailSource): ExtremeValueTail {
  const n = sorted.length;
  const share = tailShare(n, question);
  const peaks = peaksOver(sorted, share);
  const shareText = percentText(peaks.exceedances / n);
  if (peaks.exceedances < FEWEST_EXCEEDANCES) {
    throw new RiskError(
      'missing-data',
      `Only ${peaks.exceedances} of ${n} losses lie beyond the threshold; a tail fit needs at least ${FEWEST_EXCEEDANCES}. Lower the threshold quantile, or take Monte Carlo losses`,
    );
  }
  const largestTail = Math.max(tailProbability(question.confidence), tailProbability(question.shortfallConfidence));
  if (largestTail >= peaks.exceedances / n) {
    throw new RiskError(
      'bad-value',
      `The tail is fitted to the worst ${shareText} % of outcomes, and the worst ${percentText(largestTail)} % asked for are no part of it; raise the confidence or lower the threshold quantile`,
    );
  }
  const pareto = fittedPareto(peaks.excesses);
  if (pareto === null) {
    throw new RiskError(
      'unsupported',
      'The losses beyond the threshold crowd at the largest one, so no Pareto tail fits them; use the historical figure, which has no model',
    );
  }
  const fit = tailFit(peaks, pareto, question, n);
  if (fit.expectedShortfallUsd === null) {
    throw new RiskError(
      'unsupported',
      `The fitted tail is so heavy (xi ${pareto.shape.toFixed(2)}) that its mean is infinite and there is no expected shortfall; move the threshold`,
    );
  }
  return {
    valueAtRiskUsd: fit.valueAtRiskUsd,
    expectedShortfallUsd: fit.expectedShortfallUsd,
    errors: figureErrors(fit, pareto, question, n),
    report: {
      source,
      observations: n,
      chosenBy: question.thresholdQuantile === null ? 'rule' : 'request',
      rule: `The worst ${percentText(RULE_SHARE)} % of outcomes; more where those are fewer than ${RULE_EXCEEDANCES} or less than twice the tail asked for, at most ${percentText(LARGEST_SHARE)} %`,
      fit,
      thresholds: thresholdTable(sorted, question, fit),
      losses: tailLosses(sorted, peaks.exceedances),
    },
    exceedance: (lossUsd) =>
      lossUsd < peaks.threshold ? null : (peaks.exceedances / n) * paretoSurvival(pareto, lossUsd - peaks.threshold),
  };
}

/** VaR alone, without the table; null where there is no fit. A book that does not move has the loss it has. */
export function extremeValueAtRisk(sorted: Float64Array, question: TailQuestion): number | null {
  const n = sorted.length;
  const [worst, best] = [sorted[0]!, sorted[n - 1]!];
  if (best - worst <= 1e-9 * Math.max(Math.abs(worst), Math.abs(best), 1)) return worst === 0 ? 0 : -worst;
  const peaks = peaksOver(sorted, tailShare(n, question));
  const tail = tailProbability(question.confidence);
  if (peaks.exceedances < FEWEST_EXCEEDANCES || tail >= peaks.exceedances / n) return null;
  const pareto = fittedPareto(peaks.excesses);
  return pareto && paretoTailRisk(pareto, peaks.threshold, peaks.exceedances / n, tail).valueAtRisk;
}

function tailShare(n: number, { confidence, shortfallConfidence, thresholdQuantile }: TailQuestion): number {
  if (thresholdQuantile === null) {
    const widest = Math.max(tailProbability(confidence), tailProbability(shortfallConfidence));
    return Math.min(Math.max(RULE_SHARE, 2 * widest, RULE_EXCEEDANCES / n), LARGEST_SHARE);
  }
  if (!(thresholdQuantile >= 0.5 && thresholdQuantile < 1)) {
    throw new RiskError(
      'bad-value',
      `The threshold quantile must be at least 0.5 and below 1, like 0.9; got ${thresholdQuantile}`,
    );
  }
  return tailProbability(thresholdQuantile);
}

interface Peaks {
  readonly threshold: number;
  readonly exceedances: number;
  readonly excesses: Float64Array;
}

/** The threshold is the loss just short of the worst `share` of outcomes; what equals it is not beyond it. */
function peaksOver(sorted: Float64Array, share: number): Peaks {
  const n = sorted.length;
  const beyond = Math.min(Math.max(Math.round(n * share), 0), n - 1);
  const threshold = -sorted[beyond]!;
  let exceedances = beyond;
  while (exceedances > 0 && -sorted[exceedances - 1]! <= threshold) exceedances -= 1;
  return {
    threshold: threshold === 0 ? 0 : threshold,
    exceedances,
    excesses: Float64Array.from({ length: exceedances }, (_, i) => -sorted[i]! - threshold),
  };
}

function tailFit(peaks: Peaks, pareto: ParetoFit, question: TailQuestion, n: number): TailFit {
  const { threshold, exceedances, excesses } = peaks;
  const share = exceedances / n;
  const at = (confidence: number) => paretoTailRisk(pareto, threshold, share, tailProbability(confidence));
  const shortfall = at(question.shortfallConfidence).expectedShortfall;
  const mean = excesses.reduce((sum, excess) => sum + excess, 0) / exceedances;
  const squares = excesses.reduce((sum, excess) => sum + (excess - mean) ** 2, 0);
  return {
    thresholdUsd: threshold,
    thresholdQuantile: 1 - share,
    exceedances,
    meanExcessUsd: mean,
    meanExcessError: Math.sqrt(squares / (exceedances - 1) / exceedances),
    shape: pareto.shape,
    scaleUsd: pareto.scale,
    shapeError: pareto.errors?.shape ?? null,
    scaleError: pareto.errors?.scale ?? null,
    valueAtRiskUsd: at(question.confidence).valueAtRisk,
    expectedShortfallUsd: Number.isFinite(shortfall) ? shortfall : null,
  };
}

/** The same question at other thresholds, where they leave enough outcomes and lie below the figures asked for. */
function thresholdTable(sorted: Float64Array, question: TailQuestion, used: TailFit): TailFit[] {
  const n = sorted.length;
  const tail = Math.max(tailProbability(question.confidence), tailProbability(question.shortfallConfidence));
  const rows = TABLE_SHARES.flatMap((share): TailFit[] => {
    const peaks = peaksOver(sorted, share);
    if (peaks.exceedances < FEWEST_EXCEEDANCES || tail >= peaks.exceedances / n) return [];
    const pareto = fittedPareto(peaks.excesses);
    return pareto === null ? [] : [tailFit(peaks, pareto, question, n)];
  });
  return [...rows.filter((row) => row.exceedances !== used.exceedances), used].sort(
    (a, b) => b.exceedances - a.exceedances,
  );
}

/**
 * Delta method on xi, beta and the share k/n, which is binomial and independent of the excesses (Coles 2001, An Introduction to
 * Statistical Modeling of Extreme Values, 4.3.3). Derivatives by central differences of the closed form.
 */
function figureErrors(fit: TailFit, pareto: ParetoFit, question: TailQuestion, n: number): ExtremeValueTail['errors'] {
  const { errors } = pareto;
  if (errors === null) return null;
  const share = fit.exceedances / n;
  const variances = { shape: errors.shape ** 2, scale: errors.scale ** 2, share: (share * (1 - share)) / n };
  const error = (confidence: number, read: 'valueAtRisk' | 'expectedShortfall'): SamplingError => {
    const tail = tailProbability(confidence);
    const at = (shape: number, scale: number, beyond: number): number =>
      paretoTailRisk({ shape, scale }, fit.thresholdUsd, beyond, tail)[read];
    const { shape, scale } = pareto;
    const step = 1e-5 * (read === 'expectedShortfall' ? Math.min(1, 1 - shape) : 1);
    const byShape = (at(shape + step, scale, share) - at(shape - step, scale, share)) / (2 * step);
    const byScale = (at(shape, scale * 1.00001, share) - at(shape, scale * 0.99999, share)) / (2e-5 * scale);
    const byShare = (at(shape, scale, share * 1.00001) - at(shape, scale, share * 0.99999)) / (2e-5 * share);
    const standardError = Math.sqrt(
      byShape ** 2 * variances.shape +
        byScale ** 2 * variances.scale +
        2 * byShape * byScale * errors.covariance +
        byShare ** 2 * variances.share,
    );
    const figure = at(shape, scale, share);
    return { standardError, interval95: [figure - NORMAL_95 * standardError, figure + NORMAL_95 * standardError] };
  };
  return {
    var: error(question.confidence, 'valueAtRisk'),
    es: error(question.shortfallConfidence, 'expectedShortfall'),
  };
}

/** The worst losses, thinned evenly in the logarithm of their rank, as a logarithmic axis shows them. */
function tailLosses(sorted: Float64Array, exceedances: number): ExtremeValueReport['losses'] {
  const ranks = new Set<number>();
  for (let i = 0; i < MOST_POINTS; i += 1) {
    ranks.add(
      exceedances <= MOST_POINTS ? Math.min(i + 1, exceedances) : Math.round(exceedances ** (i / (MOST_POINTS - 1))),
    );
  }
  return [...ranks].map((rank) => ({ lossUsd: -sorted[rank - 1]!, probability: rank / sorted.length }));
}

function percentText(share: number): string {
  return String(Number((100 * share).toPrecision(3)));
}

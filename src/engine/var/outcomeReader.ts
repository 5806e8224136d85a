import type { SamplingReport, VarReport } from '../domain/riskReport.ts';
import type { TailSource } from '../domain/tailReport.ts';
import type { Usd } from '../domain/units.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { ageWeights, effectiveCount, weightedTail } from './ageWeights.ts';
import { extremeValueAtRisk, extremeValueTail, type TailQuestion } from './extremeValueTail.ts';
import {
  checkOutcomes,
  exceedanceOf,
  expectedShortfallError,
  expectedShortfallOf,
  FEW_IN_TAIL,
  histogramEdges,
  histogramRange,
  histogramRank,
  outcomeWindow,
  pnlHistogram,
  type PnlHistogram,
  type SamplingError,
  sortedPnl,
  valueAtRiskError,
  valueAtRiskOf,
  valueAtRiskRank,
  valueAtRiskWindow,
  worstRead,
} from './tailRisk.ts';

/** What a method makes of the P&L vector of a book. */
export interface OutcomeReading {
  readonly valueAtRiskUsd: Usd;
  readonly expectedShortfallUsd: Usd;
  readonly errors: { readonly var: SamplingError; readonly es: SamplingError } | null;
  /** Outcomes around VaR, which component VaR averages over, and their weights; null weighs them alike. */
  readonly window: { readonly outcomes: Int32Array; readonly weights: Float64Array | null };
  readonly histogram: PnlHistogram;
  readonly detail: Pick<VarReport, 'extremeValue' | 'ageWeights' | 'sampling'>;
  /** P(loss > level). */
  exceedance(lossUsd: Usd): number;
}

export interface OutcomeReader {
  read(pnl: Float64Array): OutcomeReading;
  /** VaR and ES of another book in the same outcomes; null where the method has none for it. */
  figures(pnl: Float64Array): { readonly valueAtRiskUsd: Usd; readonly expectedShortfallUsd: Usd } | null;
  /** VaR alone. */
  valueAtRisk(pnl: Float64Array): Usd | null;
}

/**
 * Equally likely outcomes; `sampled` ones have an error of their own, unless too few lie in the tail to tell it. The tail is selected and the rest counted, never sorted: the
 * same bits as from all outcomes in order, in time that grows with their number alone.
 */
export function empiricalReader(
  confidence: number,
  shortfallConfidence: number,
  sampled: boolean,
  kernels: Kernels,
): OutcomeReader {
  const worstOf = (pnl: Float64Array, count: number): Float64Array => {
    checkOutcomes(pnl);
    return kernels.smallest(pnl, count);
  };
  const figures = (pnl: Float64Array) => {
    const n = pnl.length;
    const worst = worstOf(pnl, worstRead(n, confidence, shortfallConfidence));
    return {
      worst,
      valueAtRiskUsd: valueAtRiskOf(worst, confidence, n),
      expectedShortfallUsd: expectedShortfallOf(worst, shortfallConfidence, n),
    };
  };
  return {
    read(pnl) {
      const n = pnl.length;
      const { worst, valueAtRiskUsd, expectedShortfallUsd } = figures(pnl);
      const rank = histogramRank(n);
      const best = largestNegated(pnl, rank + 1, kernels);
      return {
        valueAtRiskUsd,
        expectedShortfallUsd,
        errors:
          sampled && n * (1 - Math.max(confidence, shortfallConfidence)) >= FEW_IN_TAIL
            ? {
                var: valueAtRiskError(worst, confidence, n),
                es: expectedShortfallError(worst, shortfallConfidence, n),
              }
            : null,
        window: { outcomes: valueAtRiskWindow(pnl, worst, confidence), weights: null },
        histogram: pnlHistogram(pnl, [worst[rank]!, -best[rank]!]),
        exceedance: (lossUsd) => exceedanceOf(pnl, lossUsd, worst),
        detail: sampled ? { sampling: plainSampling(n) } : {},
      };
    },
    figures,
    valueAtRisk: (pnl) => {
      const n = pnl.length;
      return valueAtRiskOf(worstOf(pnl, valueAtRiskRank(n, confidence)), confidence, n);
    },
  };
}

function plainSampling(count: number): SamplingReport {
  return { method: 'plain', replicates: null, effectivePaths: { valueAtRisk: count, expectedShortfall: count } };
}

/** A part of the values tells what all of them cannot fall short of. */
const PART = 0.1;

/** The `count` largest values, negated and so ascending. */
function largestNegated(values: Float64Array, count: number, kernels: Kernels): Float64Array {
  const part = values.subarray(0, Math.floor(PART * values.length));
  if (part.length < count) return kernels.smallest(negated(values), count);
  // Among all values are at least as many that reach the last of the part's largest.
  const least = -kernels.smallest(negated(part), count)[count - 1]!;
  const reaching: number[] = [];
  for (let i = 0; i < values.length; i += 1) if (values[i]! >= least) reaching.push(-values[i]!);
  return kernels.smallest(Float64Array.from(reaching), count);
}

function negated(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) out[i] = -values[i]!;
  return out;
}

/** A Pareto tail fitted to the losses of equally likely outcomes. Below its threshold the outcomes themselves count. */
export function extremeValueReader(question: TailQuestion, source: TailSource, kernels: Kernels): OutcomeReader {
  const plain = empiricalReader(question.confidence, question.shortfallConfidence, false, kernels);
  return {
    read(pnl) {
      const sorted = sortedPnl(pnl);
      // A book that nothing moves has no tail to fit, and needs none.
      if (sorted[0] === sorted.at(-1)) return plain.read(pnl);
      const tail = extremeValueTail(sorted, question, source);
      return {
        valueAtRiskUsd: tail.valueAtRiskUsd,
        expectedShortfallUsd: tail.expectedShortfallUsd,
        errors: tail.errors,
        window: { outcomes: valueAtRiskWindow(pnl, sorted, question.confidence), weights: null },
        histogram: pnlHistogram(pnl, histogramRange(sorted)),
        exceedance: (lossUsd) => tail.exceedance(lossUsd) ?? exceedanceOf(pnl, lossUsd),
        detail: { extremeValue: tail.report },
      };
    },
    figures(pnl) {
      const sorted = sortedPnl(pnl);
      const valueAtRiskUsd = extremeValueAtRisk(sorted, question);
      if (valueAtRiskUsd === null) return null;
      if (sorted[0] === sorted.at(-1)) return plain.figures(pnl);
      return { valueAtRiskUsd, expectedShortfallUsd: extremeValueTail(sorted, question, source).expectedShortfallUsd };
    },
    valueAtRisk: (pnl) => extremeValueAtRisk(sortedPnl(pnl), question),
  };
}

/** Outcomes in time order, the newest last, weighted by age. */
export function ageWeightedReader(confidence: number, shortfallConfidence: number, decay: number): OutcomeReader {
  const read = (pnl: Float64Array): OutcomeReading => {
    const sorted = sortedPnl(pnl);
    const weights = ageWeights(pnl.length, decay);
    // Worst first; equal outcomes stay in time order.
    const order = Array.from(pnl.keys()).sort((a, b) => pnl[a]! - pnl[b]! || a - b);
    const losses = Float64Array.from(order, (outcome) => (pnl[outcome] === 0 ? 0 : -pnl[outcome]!));
    const ranked = Float64Array.from(order, (outcome) => weights[outcome]!);
    const at = weightedTail(losses, ranked, confidence);
    const window = outcomeWindow(order.length, at.rank);
    const outcomes = Int32Array.from(order.slice(window.from, window.to)).sort();
    const edgesUsd = histogramEdges(sorted[0]!, sorted[sorted.length - 1]!);
    const counts = new Array<number>(edgesUsd.length - 1).fill(0);
    let bin = 0;
    order.forEach((outcome, i) => {
      while (bin < counts.length - 1 && pnl[outcome]! >= edgesUsd[bin + 1]!) bin += 1;
      counts[bin] = counts[bin]! + ranked[i]! * order.length;
    });
    return {
      valueAtRiskUsd: at.valueAtRisk,
      expectedShortfallUsd: weightedTail(losses, ranked, shortfallConfidence).expectedShortfall,
      errors: null,
      window: { outcomes, weights: Float64Array.from(outcomes, (outcome) => weights[outcome]!) },
      histogram: { edgesUsd, counts },
      exceedance: (lossUsd) => losses.reduce((sum, loss, i) => (loss > lossUsd ? sum + ranked[i]! : sum), 0),
      detail: { ageWeights: { decay, effectiveObservations: effectiveCount(weights) } },
    };
  };
  return { read, figures: read, valueAtRisk: (pnl) => read(pnl).valueAtRiskUsd };
}

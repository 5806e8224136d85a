import type { Kernels } from '../kernels/Kernels.ts';
import type { OutcomeReader } from './outcomeReader.ts';
import { checkOutcomes, FEW_IN_TAIL, histogramEdges, outcomeWindow, type PnlHistogram } from './tailRisk.ts';
import {
  shareRead,
  shareReadFrom,
  type WeightedFigures,
  weightedErrors,
  weightedFigures,
  weightedVar,
  type WeightedOutcomes,
  type WorstOutcomes,
  worstOutcomes,
} from './weightedTail.ts';

/** What is known of outcomes before any is read. */
export interface WeightedSample extends Omit<WeightedOutcomes, 'pnl'> {
  /** Of all outcomes that will be; those of a P&L vector are the first. */
  readonly weights: Float64Array;
  readonly method: 'sobol' | 'importance';
  /** No weight is above this. */
  readonly mostWeight: number;
}

/** Outcomes from even points or drawn where a book loses: every figure counts them by weight, and errors come from replicates. */
export function weightedReader(
  confidence: number,
  shortfallConfidence: number,
  { weights: all, method, mostWeight, replicates, errorQuantile, replicateOf }: WeightedSample,
  kernels: Kernels,
): OutcomeReader {
  const outcomesOf = (pnl: Float64Array): WeightedOutcomes => {
    checkOutcomes(pnl);
    return { pnl, weights: all.subarray(0, pnl.length), replicates, errorQuantile, replicateOf };
  };
  const read = (outcomes: WeightedOutcomes): { worst: WorstOutcomes; figures: WeightedFigures } => {
    const share = shareRead(confidence, shortfallConfidence, outcomes.pnl.length, mostWeight);
    const from = shareReadFrom(confidence, shortfallConfidence, outcomes.pnl.length, mostWeight);
    const worst = worstOutcomes(outcomes, share, kernels, method === 'importance' ? share + 0.4 : share, from);
    return { worst, figures: weightedFigures(worst, confidence, shortfallConfidence) };
  };
  return {
    read(pnl) {
      const outcomes = outcomesOf(pnl);
      const { worst, figures } = read(outcomes);
      const { effectiveOutcomes, ...errors } = weightedErrors(outcomes, worst, confidence, shortfallConfidence);
      const window = windowAround(outcomes, worst, figures.rank);
      return {
        valueAtRiskUsd: figures.valueAtRisk,
        expectedShortfallUsd: figures.expectedShortfall,
        // Even points that hardly reach the tail agree with each other on what is before it.
        errors:
          method === 'sobol' && pnl.length * (1 - Math.max(confidence, shortfallConfidence)) < FEW_IN_TAIL
            ? null
            : errors,
        window: { outcomes: window, weights: Float64Array.from(window, (outcome) => all[outcome]!) },
        histogram: weightedHistogram(outcomes, kernels),
        exceedance: (lossUsd) => {
          let beyond = 0;
          for (let i = 0; i < pnl.length; i += 1) if (pnl[i]! < -lossUsd) beyond += all[i]!;
          return beyond / worst.total;
        },
        detail: {
          sampling: {
            method,
            replicates,
            effectivePaths: {
              valueAtRisk: effectiveOutcomes.valueAtRisk,
              expectedShortfall: effectiveOutcomes.expectedShortfall,
            },
          },
        },
      };
    },
    figures(pnl) {
      const { figures } = read(outcomesOf(pnl));
      return { valueAtRiskUsd: figures.valueAtRisk, expectedShortfallUsd: figures.expectedShortfall };
    },
    valueAtRisk(pnl) {
      return weightedVar(outcomesOf(pnl), confidence);
    },
  };
}

/** Outcomes around VaR, ascending by number: see `outcomeWindow`. */
function windowAround({ pnl }: WeightedOutcomes, worst: WorstOutcomes, rank: number): Int32Array {
  const worse = worst.worse.count;
  const { from, to } = outcomeWindow(worse + worst.pnl.length, worse + rank);
  const [least, most] = [worst.pnl[from - worse]!, worst.pnl[to - 1 - worse]!];
  const found = new Int32Array(to - from);
  let count = 0;
  for (let i = 0; i < pnl.length && count < found.length; i += 1)
    if (pnl[i]! > least && pnl[i]! < most) found[count++] = i;
  for (let i = 0; i < pnl.length && count < found.length; i += 1)
    if (pnl[i] === least || pnl[i] === most) found[count++] = i;
  return found.sort();
}

/** Over the middle 99.8 % of the weight; counts are weights in units of their mean, so that they add up to the number of outcomes. */
function weightedHistogram({ pnl, weights }: WeightedOutcomes, kernels: Kernels): PnlHistogram {
  const ends = [pnl, pnl.map((value) => -value)].map((values) => {
    const {
      pnl: sorted,
      weights: held,
      total,
      worse,
    } = worstOutcomes({ pnl: values, weights }, 0.001, kernels, 0.001, 0.001);
    let reached = worse.weight;
    const end = sorted.findIndex((_, k) => (reached += held[k]!) >= 0.001 * total);
    return { value: sorted[Math.max(end, 0)]!, total };
  });
  const edgesUsd = histogramEdges(ends[0]!.value, -ends[1]!.value);
  const bins = edgesUsd.length - 1;
  const counts = new Array<number>(bins).fill(0);
  const perUsd = bins / (edgesUsd[bins]! - edgesUsd[0]!);
  const mean = ends[0]!.total / pnl.length;
  for (let i = 0; i < pnl.length; i += 1) {
    const value = pnl[i]!;
    let bin = Math.floor(Math.min(Math.max((value - edgesUsd[0]!) * perUsd, 0), bins - 1));
    // The division may be one off by rounding; the edges decide.
    while (bin < bins - 1 && value >= edgesUsd[bin + 1]!) bin += 1;
    while (bin > 0 && value < edgesUsd[bin]!) bin -= 1;
    counts[bin] = counts[bin]! + weights[i]! / mean;
  }
  return { edgesUsd, counts };
}

import { RiskError } from '../domain/failure.ts';
import type { Usd } from '../domain/units.ts';

/**
 * Statistics of the tail of a P&L vector whose outcomes are equally likely.
 *
 * Conventions. With n outcomes and confidence c, m = n (1 - c) outcomes lie in the tail (a fraction counts). VaR is the
 * ceil(m)-th largest loss: the lower empirical quantile of the P&L, and of all conventions the one that expected shortfall is
 * built on. ES is the mean of the empirical loss quantile over the tail, the outcome at the edge entering with the fraction of
 * m that it fills (Acerbi and Tasche 2002, "On the coherence of expected shortfall", definition 2.6 and proposition 4.1):
 * ES = VaR + sum of (loss - VaR) over the larger losses / m. So ES >= VaR, and ES is subadditive over books that share their
 * outcomes. Losses are positive; a negative VaR is a gain that is exceeded with probability c.
 */
export interface TailRisk {
  readonly valueAtRiskUsd: Usd;
  readonly expectedShortfallUsd: Usd;
}

/** Sampling error of a Monte Carlo figure: standard error and a 95 % confidence interval. */
export interface SamplingError {
  readonly standardError: Usd;
  readonly interval95: readonly [Usd, Usd];
}

/** With fewer outcomes than this beyond VaR or ES, they say little of the figure and nothing of its error. */
export const FEW_IN_TAIL = 10;

/** Two-sided 95 % quantile of the standard normal distribution. */
const NORMAL_95 = 1.959963984540054;

/**
 * A copy of the P&L in ascending order, worst outcome first; the input stays as it is.
 * @throws RiskError `internal` when the vector is empty, `bad-value` when a quantity has driven an outcome beyond what a number holds.
 */
export function sortedPnl(pnl: Float64Array): Float64Array {
  checkOutcomes(pnl);
  return pnl.slice().sort();
}

/** @throws RiskError as `sortedPnl` does. */
export function checkOutcomes(pnl: Float64Array): void {
  if (pnl.length === 0) throw new RiskError('internal', 'There are no outcomes to take a tail of');
  // Zero of what is finite, and NaN of the rest; two sums, since each addition waits for the one before.
  let even = 0;
  let odd = 0;
  for (let i = 1; i < pnl.length; i += 2) {
    even += pnl[i - 1]! - pnl[i - 1]!;
    odd += pnl[i]! - pnl[i]!;
  }
  const last = pnl[pnl.length - 1]!;
  if (even + odd + (last - last) !== 0)
    throw new RiskError('bad-value', 'The losses of this book are too large to compute; check its quantities');
}

/**
 * How many of the worst outcomes the figures of this file read, but for the better half of the histogram: those up to VaR, up to the
 * upper end of its confidence interval, of the window around it, and in the tail of ES. With so many, ascending, in place of all and
 * `count` for the number of all, each function below gives the same bits.
 */
export function worstRead(count: number, confidence: number, shortfallConfidence: number): number {
  const rank = valueAtRiskRank(count, confidence);
  const spread = Math.sqrt(count * confidence * (1 - confidence));
  return Math.min(
    count,
    Math.max(
      Math.ceil(rank + NORMAL_95 * spread) + 1,
      outcomeWindow(count, rank).to,
      valueAtRiskRank(count, shortfallConfidence),
      histogramRank(count) + 1,
    ),
  );
}

/** Number of outcomes in the tail, m = n (1 - c), cleared of rounding where it is a whole number. */
function tailLength(count: number, confidence: number): number {
  const length = count - count * confidence;
  const whole = Math.round(length);
  return Math.abs(length - whole) < 1e-9 * count ? whole : length;
}

/** 1 for the worst outcome: the rank of the VaR outcome. */
export function valueAtRiskRank(count: number, confidence: number): number {
  return Math.min(Math.max(Math.ceil(tailLength(count, confidence)), 1), count);
}

/** VaR of outcomes sorted ascending; 0 < confidence < 1. */
export function valueAtRiskOf(sorted: Float64Array, confidence: number, count = sorted.length): Usd {
  return loss(sorted[valueAtRiskRank(count, confidence) - 1]!);
}

/** Expected shortfall of outcomes sorted ascending; 0 < confidence < 1. With less than one outcome in the tail it is the worst loss. */
export function expectedShortfallOf(sorted: Float64Array, confidence: number, count = sorted.length): Usd {
  const rank = valueAtRiskRank(count, confidence);
  const edge = loss(sorted[rank - 1]!);
  let beyond = 0;
  for (let i = 0; i < rank - 1; i += 1) beyond += loss(sorted[i]!) - edge;
  return beyond === 0 ? edge : edge + beyond / Math.max(tailLength(count, confidence), 1);
}

/** The outcomes that make expected shortfall, worst ones and the one at the edge, with the share that each has in it. */
export interface Tail {
  /** The outcome whose loss is VaR: the first of equal ones. */
  readonly edge: number;
  /** Indices into the unsorted P&L. */
  readonly outcomes: readonly number[];
  /** Add up to 1. ES is the losses of the outcomes in these shares. */
  readonly shares: readonly number[];
}

/** `sorted` is `sortedPnl(pnl)`. Outcomes that equal the edge are one: only their loss counts, and it is the same. */
export function tailOutcomes(pnl: Float64Array, sorted: Float64Array, confidence: number): Tail {
  const value = sorted[valueAtRiskRank(sorted.length, confidence) - 1]!;
  const length = Math.max(tailLength(sorted.length, confidence), 1);
  const outcomes: number[] = [];
  let edge = -1;
  for (let i = 0; i < pnl.length; i += 1) {
    if (pnl[i]! < value) outcomes.push(i);
    else if (edge < 0 && pnl[i] === value) edge = i;
  }
  const shares = outcomes.map(() => 1 / length);
  return { edge, outcomes: [...outcomes, edge], shares: [...shares, 1 - outcomes.length / length] };
}

/** Mean of the worst ceil(m) losses, without a fraction: the simplest convention, and a little milder than ES. */
export function meanOfWorst(sorted: Float64Array, confidence: number): Usd {
  const rank = valueAtRiskRank(sorted.length, confidence);
  let total = 0;
  for (let i = 0; i < rank; i += 1) total += loss(sorted[i]!);
  return total / rank;
}

/** VaR and ES of an unsorted P&L vector. */
export function tailRisk(pnl: Float64Array, confidence: number, shortfallConfidence = confidence): TailRisk {
  const sorted = sortedPnl(pnl);
  return {
    valueAtRiskUsd: valueAtRiskOf(sorted, confidence),
    expectedShortfallUsd: expectedShortfallOf(sorted, shortfallConfidence),
  };
}

/**
 * Sampling error of VaR from order statistics, free of a density estimate: the number of outcomes beyond the true quantile is
 * binomial(n, 1 - c), so losses at ranks k -+ 1.96 sqrt(n c (1 - c)) enclose it with 95 % confidence, and half the distance
 * between ranks k -+ sqrt(n c (1 - c)) is one standard error (Bloch and Gastwirth 1968 spacing; normal limit of the binomial).
 */
export function valueAtRiskError(sorted: Float64Array, confidence: number, count = sorted.length): SamplingError {
  const n = count;
  const rank = valueAtRiskRank(n, confidence);
  const spread = Math.sqrt(n * confidence * (1 - confidence));
  return {
    standardError: (lossAtRank(sorted, rank - spread, n) - lossAtRank(sorted, rank + spread, n)) / 2,
    interval95: [
      lossAtRank(sorted, Math.ceil(rank + NORMAL_95 * spread), n),
      lossAtRank(sorted, Math.floor(rank - NORMAL_95 * spread), n),
    ],
  };
}

/**
 * Sampling error of ES: variance [var(losses beyond VaR) + c (ES - VaR)^2] / (n (1 - c)), asymptotically normal
 * (Manistre and Hancock 2005, "Variance of the CTE estimator", North American Actuarial Journal 9(2)).
 */
export function expectedShortfallError(sorted: Float64Array, confidence: number, count = sorted.length): SamplingError {
  const rank = valueAtRiskRank(count, confidence);
  const edge = loss(sorted[rank - 1]!);
  const shortfall = expectedShortfallOf(sorted, confidence, count);
  let mean = 0;
  for (let i = 0; i < rank; i += 1) mean += (loss(sorted[i]!) - edge) / rank;
  let squares = 0;
  for (let i = 0; i < rank; i += 1) squares += (loss(sorted[i]!) - edge - mean) ** 2;
  const variance = rank > 1 ? squares / (rank - 1) : 0;
  const length = Math.max(tailLength(count, confidence), 1);
  const standardError = Math.sqrt((variance + confidence * (shortfall - edge) ** 2) / length);
  return {
    standardError,
    interval95: [shortfall - NORMAL_95 * standardError, shortfall + NORMAL_95 * standardError],
  };
}

/**
 * Share of outcomes, in any order, that lose strictly more than a level (USD, positive = loss).
 * @param worst some of the worst, ascending: where the level lies among them, nothing else is looked at.
 */
export function exceedanceOf(pnl: Float64Array, lossUsd: Usd, worst: Float64Array = new Float64Array(0)): number {
  const isAmong = worst.length > 0 && worst[worst.length - 1]! >= -lossUsd;
  const looked = isAmong ? worst : pnl;
  let beyond = 0;
  for (let i = 0; i < looked.length; i += 1) beyond += looked[i]! < -lossUsd ? 1 : 0;
  return beyond / pnl.length;
}

// ---- histogram ------------------------------------------------------------------------------------------------------

export interface PnlHistogram {
  /** Ascending, multiples of one round step; one more than `counts`. */
  readonly edgesUsd: readonly number[];
  readonly counts: readonly number[];
}

const HISTOGRAM_BINS = 80;

/** Rank from 0, from either end, of the outcomes that a histogram reaches to. */
export function histogramRank(count: number): number {
  return Math.floor(0.001 * count);
}

/** The 0.1 % and the 99.9 % outcome of outcomes sorted ascending. */
export function histogramRange(sorted: Float64Array): readonly [Usd, Usd] {
  const rank = histogramRank(sorted.length);
  return [sorted[rank]!, sorted[sorted.length - 1 - rank]!];
}

/**
 * About 80 bins over a range, on multiples of a round step, of outcomes in any order. What lies outside is counted in the first and
 * the last bin, so the counts add up to the number of outcomes.
 */
export function pnlHistogram(pnl: Float64Array, [low, high]: readonly [Usd, Usd]): PnlHistogram {
  const edgesUsd = histogramEdges(low, high);
  return { edgesUsd, counts: binCounts(pnl, Float64Array.from(edgesUsd)) };
}

function binCounts(pnl: Float64Array, edges: Float64Array): number[] {
  const bins = edges.length - 1;
  const first = edges[0]!;
  const last = edges[bins]!;
  const perUsd = bins / (last - first);
  // The division may be off by rounding: so near to an edge, the edges decide.
  const doubt = 1e-9 + 4e-15 * Math.max(Math.abs(first), Math.abs(last)) * perUsd;
  // Two counts a bin, since one that is raised twice running has to wait for itself.
  const counts = new Int32Array(2 * bins);
  for (let i = 0; i < pnl.length; i += 1) {
    const value = pnl[i]!;
    const place = (value - first) * perUsd;
    let bin = place < bins ? (place > 0 ? Math.trunc(place) : 0) : bins - 1;
    const within = place - bin;
    if (within < doubt || within > 1 - doubt) {
      while (bin < bins - 1 && value >= edges[bin + 1]!) bin += 1;
      while (bin > 0 && value < edges[bin]!) bin -= 1;
    }
    const at = 2 * bin + (i % 2);
    counts[at] = counts[at]! + 1;
  }
  return Array.from({ length: bins }, (_, bin) => counts[2 * bin]! + counts[2 * bin + 1]!);
}

/** Multiples of a round step (1, 2, 2.5 or 5 times a power of ten) that enclose [low, high] in about 80 bins. */
export function histogramEdges(low: number, high: number): number[] {
  const span = high - low;
  // Closer together than a billionth of a dollar or of their size, outcomes are the same.
  const resolution = 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1);
  const step = roundStep(span > resolution ? span / HISTOGRAM_BINS : Math.max(Math.abs(low) / 100, 1));
  const first = Math.floor(low / step);
  const last = Math.max(Math.floor(high / step) + 1, first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const candidates = [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  return candidates.reduce((best, candidate) =>
    Math.abs(Math.log(candidate / step)) < Math.abs(Math.log(best / step)) ? candidate : best,
  );
}

// ---- component VaR --------------------------------------------------------------------------------------------------

/** Share of the tail on either side of the VaR outcome over which position P&Ls are averaged. */
const WINDOW_SHARE = 0.1;
const MIN_WINDOW = 2;
const MAX_WINDOW = 1_000;

/**
 * Ranks around a VaR outcome (`rank` 1 for the worst), as many on the worse as on the better side: a tenth of the tail each, at
 * least two where there are so many and at most a thousand. From `from`, which counts from 0, to before `to`.
 */
export function outcomeWindow(count: number, rank: number): { readonly from: number; readonly to: number } {
  const half = Math.min(Math.max(Math.round(WINDOW_SHARE * rank), MIN_WINDOW), MAX_WINDOW, rank - 1, count - rank);
  return { from: rank - 1 - half, to: rank + half };
}

/** Indices of the outcomes in the window around VaR, ascending. `sorted` is `sortedPnl(pnl)`, or the worst of it. */
export function valueAtRiskWindow(pnl: Float64Array, sorted: Float64Array, confidence: number): Int32Array {
  const n = pnl.length;
  const { from, to } = outcomeWindow(n, valueAtRiskRank(n, confidence));
  const [worst, best] = [sorted[from]!, sorted[to - 1]!];
  const near: number[] = [];
  for (let i = 0; i < n; i += 1) if (pnl[i]! <= best && pnl[i]! >= worst) near.push(i);
  // Outcomes strictly inside all fit; of those equal to an end, only as many as are left room for.
  const isInside = (i: number) => pnl[i]! > worst && pnl[i]! < best;
  const inside = near.filter(isInside);
  const atEnds = near.filter((i) => !isInside(i)).slice(0, to - from - inside.length);
  return Int32Array.from([...inside, ...atEnds]).sort();
}

/**
 * Component VaR: by Euler's rule a position's share is its expected loss given that the book loses its VaR (Tasche 1999),
 * estimated as the mean of its losses over the window. The rows are then scaled to add up to the VaR of the book; where that
 * would halve or double them (a VaR near zero), what is missing is spread in proportion to their size instead.
 */
export function componentVar(valueAtRiskUsd: Usd, meanPnl: readonly Usd[]): Usd[] {
  if (meanPnl.length === 0) return [];
  const losses = meanPnl.map(loss);
  const total = losses.reduce((sum, value) => sum + value, 0);
  const ratio = valueAtRiskUsd / total;
  const rows = ratio > 0.5 && ratio < 2 ? losses.map((value) => value * ratio) : losses;
  return summingTo(rows, valueAtRiskUsd);
}

/** The rows with what they lack of a total spread in proportion to their size, so that they add up to it to the last rounding. */
export function summingTo(rows: readonly number[], total: number): number[] {
  const missing = total - rows.reduce((sum, value) => sum + value, 0);
  const size = rows.reduce((sum, value) => sum + Math.abs(value), 0);
  return rows.map((value) => value + missing * (size > 0 ? Math.abs(value) / size : 1 / rows.length));
}

/** Loss of an outcome; zero without a sign. */
function loss(pnl: number): number {
  return pnl === 0 ? 0 : -pnl;
}

/** Loss at a rank that need not be whole (1 = worst), linear between outcomes, held at the ends. */
function lossAtRank(sorted: Float64Array, rank: number, count: number): number {
  const position = Math.min(Math.max(rank - 1, 0), count - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, count - 1);
  return loss(sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!));
}

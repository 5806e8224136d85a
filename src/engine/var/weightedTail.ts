import type { Usd } from '../domain/units.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { weightedLevel } from '../numerics/weightedLevel.ts';
import type { SamplingError } from './tailRisk.ts';

/** Outcomes that are not equally likely, in independent replicates. */
export interface WeightedOutcomes {
  readonly pnl: Float64Array;
  /** Likelihood of each over the chance that it was drawn with, mean 1 but for chance. */
  readonly weights: Float64Array;
  readonly replicates: number;
  /** Student's t at 97.5 %, of one degree of freedom less than there are replicates. */
  readonly errorQuantile: number;
  /** The replicate of an outcome. */
  readonly replicateOf: (outcome: number) => number;
}

/**
 * The worst of weighted outcomes, ascending by P&L, but for those that are worse than anything asked about. Outcomes of equal P&L are
 * one: their weight stands with the first of them, and zero with the others.
 */
export interface WorstOutcomes {
  readonly pnl: Float64Array;
  readonly weights: Float64Array;
  /** Weight of all outcomes, not of these alone. */
  readonly total: number;
  /** Of the outcomes that are worse than these: their number, weight, and P&L times weight. */
  readonly worse: { readonly count: number; readonly weight: number; readonly weightedPnl: number };
}

/**
 * As many of the worst as weigh a share of all, at least, without sorting the rest. `guess` is the share of their number, which is
 * looked at first: drawn where a book loses, more outcomes lie in the tail than weigh. What weighs less than `from`, a share below
 * which nothing will be asked, may be summed up instead; of a large sample only the outcomes between the two are then sorted.
 */
export function worstOutcomes(
  outcomes: Pick<WeightedOutcomes, 'pnl' | 'weights'>,
  share: number,
  kernels: Kernels,
  guess = share,
  from = 0,
): WorstOutcomes {
  const { pnl, weights } = outcomes;
  const n = pnl.length;
  const between = n < FEWEST_SUMMED ? null : outcomesBetween(outcomes, from, share);
  if (between !== null) return between;
  let total = 0;
  for (let i = 0; i < n; i += 1) total += weights[i]!;
  for (let count = Math.min(n, Math.ceil(n * guess) + 1); ; count = Math.min(n, 2 * count)) {
    const worst = kernels.smallest(pnl, count);
    const held = new Float64Array(count);
    const last = worst[count - 1]!;
    let weight = 0;
    for (let i = 0; i < n; i += 1) {
      if (!(pnl[i]! <= last)) continue;
      const place = lowerBound(worst, pnl[i]!);
      held[place] = held[place]! + weights[i]!;
      weight += weights[i]!;
    }
    if (count === n || weight > share * total) return { pnl: worst, weights: held, total, worse: NONE };
  }
}

const NONE = { count: 0, weight: 0, weightedPnl: 0 };
/** With fewer outcomes all of the worst are sorted. */
const FEWEST_SUMMED = 1 << 16;
/** Standard deviations of a sample's weight by which its levels are set too wide. */
const MARGIN = 5;
/** Outcomes on either side of VaR that its window takes, and a few more. */
const WINDOW = 1_100;

/** The outcomes that weigh from one share of all to another, and a few more; null where a sample has misjudged their levels. */
function outcomesBetween(
  { pnl, weights }: Pick<WeightedOutcomes, 'pnl' | 'weights'>,
  from: number,
  share: number,
): WorstOutcomes | null {
  const [least, most] = sampledLevels(pnl, weights, from, share);
  const n = pnl.length;
  const worse = { count: 0, weight: 0, weightedPnl: 0 };
  const values = new Float64Array(n);
  const own = new Float64Array(n);
  let total = 0;
  let found = 0;
  for (let i = 0; i < n; i += 1) {
    const value = pnl[i]!;
    const weight = weights[i]!;
    total += weight;
    if (value > most) continue;
    if (value < least) {
      worse.count += 1;
      worse.weight += weight;
      worse.weightedPnl += weight * value;
    } else {
      values[found] = value;
      own[found] = weight;
      found += 1;
    }
  }
  const sorted = values.slice(0, found).sort();
  const held = new Float64Array(found);
  let between = 0;
  for (let k = 0; k < found; k += 1) {
    const place = lowerBound(sorted, values[k]!);
    held[place] = held[place]! + own[k]!;
    between += own[k]!;
  }
  const isBelow = worse.count === 0 || worse.weight < from * total;
  const isBeyond = worse.count + found === n || worse.weight + between > share * total;
  return isBelow && isBeyond ? { pnl: sorted, weights: held, total, worse } : null;
}

/** P&L below which less than one share of the weight lies, and up to which more than another does, as a sample of the outcomes says. */
function sampledLevels(
  pnl: Float64Array,
  weights: Float64Array,
  from: number,
  share: number,
): readonly [number, number] {
  const n = pnl.length;
  const size = Math.min(Math.max(Math.floor(n / 16), 4_096), 16_384);
  // Steps of the golden ratio fall in with no period that the outcomes may have.
  const places = Int32Array.from({ length: size }, (_, i) => Math.floor((((i + 1) * 0.618033988749895) % 1) * n));
  places.sort((a, b) => pnl[a]! - pnl[b]!);
  const total = places.reduce((sum, place) => sum + weights[place]!, 0);
  const around = Math.ceil((WINDOW / n) * size + MARGIN * Math.sqrt((WINDOW / n) * size)) + 1;
  let weight = 0;
  let squares = 0;
  let low = -1;
  let high = size;
  for (let k = 0; k < size; k += 1) {
    const own = weights[places[k]!]!;
    weight += own;
    squares += own * own;
    const slack = MARGIN * Math.sqrt(squares);
    if (weight + slack < from * total) low = k;
    if (weight - slack > share * total) {
      high = k;
      break;
    }
  }
  const level = (k: number, beyond: number): number => (k < 0 || k >= size ? beyond : pnl[places[k]!]!);
  return [level(low - around, -Infinity), level(high + around, Infinity)];
}

/** VaR, ES and where the VaR outcome stands. */
export interface WeightedFigures {
  readonly valueAtRisk: Usd;
  readonly expectedShortfall: Usd;
  /** Of the VaR outcome among those listed, 1 for the worst. */
  readonly rank: number;
}

/**
 * VaR is the loss at which the weights of the worst outcomes reach 1 - confidence of all weight; ES averages the losses down to its own
 * VaR by weight, the last with the weight that is left: `tailRisk` with weights in place of equal shares.
 */
export function weightedFigures(
  worst: WorstOutcomes,
  confidence: number,
  shortfallConfidence = confidence,
): WeightedFigures {
  const rank = rankAt(worst, 1 - confidence);
  return {
    valueAtRisk: loss(worst.pnl[rank - 1]!),
    expectedShortfall: shortfallAt(worst, 1 - shortfallConfidence),
    rank,
  };
}

/** VaR alone, the same to the bit but where the rounding of sums decides, without sorting the worst. */
export function weightedVar({ pnl, weights }: Pick<WeightedOutcomes, 'pnl' | 'weights'>, confidence: number): Usd {
  let total = 0;
  for (let i = 0; i < pnl.length; i += 1) total += weights[i]!;
  return loss(weightedLevel(pnl, weights.subarray(0, pnl.length), enoughOf(total, 1 - confidence)));
}

/** Beside the sampling errors, how many equally likely independent outcomes would have the same; null where there is no error. */
export interface WeightedErrors {
  readonly var: SamplingError;
  readonly es: SamplingError;
  readonly effectiveOutcomes: { readonly valueAtRisk: number | null; readonly expectedShortfall: number | null };
}

/**
 * Errors from the spread of independent replicates, which holds for even points too, where the binomial formula does not (Owen 1995;
 * L'Ecuyer 2018, "Randomized quasi-Monte Carlo"). With v the VaR of all, the weight beyond v in each replicate gives the error of the
 * tail probability, and losses at 1 - c plus and minus so much that of VaR: no density is estimated. ES is to first order the mean of
 * v + (loss - v)+ / (1 - c), whose spread over replicates is its error (Glasserman 2004, section 9.2.4). Intervals use Student's t.
 *
 * Equally likely outcomes would have the errors c (1 - c) / n in probability, and those of Manistre and Hancock (2005) for ES.
 */
export function weightedErrors(
  outcomes: WeightedOutcomes,
  worst: WorstOutcomes,
  confidence: number,
  shortfallConfidence = confidence,
): WeightedErrors {
  const tail = 1 - confidence;
  const shortfallTail = 1 - shortfallConfidence;
  const edge = worst.pnl[rankAt(worst, tail) - 1]!;
  const shortfallEdge = worst.pnl[rankAt(worst, shortfallTail) - 1]!;
  const { pnl, weights, replicates, errorQuantile, replicateOf } = outcomes;
  const all = new Float64Array(replicates);
  const beyond = new Float64Array(replicates);
  const excess = new Float64Array(replicates);
  let squares = 0;
  for (let i = 0; i < pnl.length; i += 1) {
    const r = replicateOf(i);
    const weight = weights[i]!;
    all[r] = all[r]! + weight;
    if (pnl[i]! <= edge) beyond[r] = beyond[r]! + weight;
    if (pnl[i]! < shortfallEdge) {
      const over = shortfallEdge - pnl[i]!;
      excess[r] = excess[r]! + weight * over;
      squares += weight * over * over;
    }
  }
  const spread = meanError(beyond, all);
  const shortfallError = meanError(excess, all) / shortfallTail;
  const shortfall = shortfallAt(worst, shortfallTail);
  // Variance of (loss - v)+ / (1 - c) of one outcome.
  const mean = (shortfall + shortfallEdge) * shortfallTail;
  const variance = (squares / worst.total - mean * mean) / (shortfallTail * shortfallTail);
  return {
    var: {
      standardError: (lossAtShare(worst, tail - spread) - lossAtShare(worst, tail + spread)) / 2,
      interval95: [
        lossAtShare(worst, tail + errorQuantile * spread),
        lossAtShare(worst, tail - errorQuantile * spread),
      ],
    },
    es: {
      standardError: shortfallError,
      interval95: [shortfall - errorQuantile * shortfallError, shortfall + errorQuantile * shortfallError],
    },
    effectiveOutcomes: {
      valueAtRisk: spread > 0 ? (tail * (1 - tail)) / (spread * spread) : null,
      expectedShortfall: shortfallError > 0 ? variance / (shortfallError * shortfallError) : null,
    },
  };
}

/**
 * What share of the weight the functions above read of so many outcomes, none of them heavier than `most`: up to the upper end of the
 * interval of VaR, whose error is at most root `most` times that of independent outcomes.
 */
export function shareRead(confidence: number, shortfallConfidence: number, count: number, most: number): number {
  const spread = Math.sqrt((most * confidence * (1 - confidence)) / count);
  return Math.min(1, Math.max(1 - confidence + 2.5 * spread, 1 - shortfallConfidence));
}

/** Below what share of the weight the functions above read nothing, likewise: down to the lower end of that interval. */
export function shareReadFrom(confidence: number, shortfallConfidence: number, count: number, most: number): number {
  const spread = Math.sqrt((most * confidence * (1 - confidence)) / count);
  return Math.max(0, Math.min(1 - confidence - 2.5 * spread, 1 - shortfallConfidence));
}

/** Standard error of a mean over outcomes, from its sums over replicates and the weight of each. */
function meanError(sums: Float64Array, weights: Float64Array): number {
  const count = sums.length;
  const means = sums.map((sum, r) => sum / weights[r]!);
  const mean = means.reduce((total, value) => total + value, 0) / count;
  const squares = means.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (count * (count - 1)));
}

/** Rank among those listed of the outcome at which the weights of the worst reach a share of all; 1 for the worst. */
function rankAt({ weights, total, worse }: WorstOutcomes, share: number): number {
  const enough = enoughOf(total, share);
  let reached = worse.weight;
  for (let k = 0; k < weights.length; k += 1) {
    reached += weights[k]!;
    if (reached >= enough) return k + 1;
  }
  return weights.length;
}

/** Weight that is a share of all, rounding aside. */
function enoughOf(total: number, share: number): number {
  return share * total * (1 - 1e-12);
}

function shortfallAt(worst: WorstOutcomes, share: number): Usd {
  const rank = rankAt(worst, share);
  const edge = loss(worst.pnl[rank - 1]!);
  let beyond = -worst.worse.weightedPnl - worst.worse.weight * edge;
  for (let k = 0; k < rank - 1; k += 1) beyond += worst.weights[k]! * (loss(worst.pnl[k]!) - edge);
  return edge + beyond / (share * worst.total);
}

/** Loss where a share of the weight lies beyond, straight between outcomes, held at the ends. */
function lossAtShare({ pnl, weights, total, worse }: WorstOutcomes, share: number): Usd {
  let reached = worse.weight / total;
  for (let k = 0; k < pnl.length; k += 1) {
    const weight = weights[k]! / total;
    if (reached + weight >= share && weight > 0) {
      const before = pnl[Math.max(k - 1, 0)]!;
      const part = Math.min(Math.max((share - reached) / weight, 0), 1);
      return loss(before + part * (pnl[k]! - before));
    }
    reached += weight;
  }
  return loss(pnl[pnl.length - 1]!);
}

/** The first place of a value in a sorted array. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Loss of an outcome; zero without a sign. */
function loss(pnl: number): number {
  return pnl === 0 ? 0 : -pnl;
}

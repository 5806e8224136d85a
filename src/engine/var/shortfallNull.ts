import { RiskError } from '../domain/failure.ts';
import { inverseNormalCdf, normalCdf, normalPdf } from '../numerics/normal.ts';
import { checkCounts, checkProbability } from './kupiecTest.ts';

/** The shape of the losses that a right model is taken to have. */
export type TailShape = 'normal' | 'student-t-3';

/** How Acerbi and Szekely's Z2 is distributed when the model is right. */
export interface ShortfallNull {
  /** P(Z2 <= z): the p-value of an observed Z2. */
  pValue(z2: number): number;
  /** The Z2 that lies at or below with this probability; a Z2 below it is rejected. */
  criticalValue(significance: number): number;
}

/** Size of a loss over its expected shortfall is counted on a lattice of this step. */
const STEP = 0.01;
/** With more exceptions than this expected, the lattice would underflow. */
const MOST_EXPECTED = 400;
/** Beyond this tail probability a loss past VaR may be next to nothing, and the recursion is no longer safe. */
const LARGEST_TAIL = 0.25;
/** How far the table of sums reaches beyond the expected number: standard deviations of it, and single large losses. */
const REACH = { deviations: 12, losses: 30 };
/** What sums beyond the table hold less than this is rounding. */
const ROUNDING = 1e-12;

/**
 * Under a right model the exceptions of n days are binomial and the losses beyond VaR independent, so n alpha (1 - Z2), the sum of
 * loss / ES over the exceptions, is compound binomial. Its distribution is computed, not simulated: losses on a lattice, the
 * sum by Panjer's recursion (1981, ASTIN Bulletin 12), whose terms are all positive here since no loss beyond VaR is smaller
 * than a fraction of ES. The critical values of the authors (-0.70 at 5 % and about -1.8 at 0.01 % for 250 days and
 * alpha 2.5 %) are those of normal losses; fatter tails ask for more, -0.82 at 5 % for Student's t with three degrees of freedom.
 *
 * @param tailProbability 1 - confidence
 * @throws RiskError `bad-value`; `unsupported` when more than 400 exceptions are expected.
 */
export function shortfallNull(days: number, tailProbability: number, shape: TailShape): ShortfallNull {
  checkCounts(0, days);
  checkProbability(tailProbability);
  if (tailProbability > LARGEST_TAIL)
    throw new RiskError(
      'unsupported',
      `The test of expected shortfall is computed for confidences from ${1 - LARGEST_TAIL} up; got ${1 - tailProbability}`,
    );
  const expected = days * tailProbability;
  if (expected > MOST_EXPECTED)
    throw new RiskError(
      'unsupported',
      `The test of expected shortfall is computed for up to ${MOST_EXPECTED} expected exceptions; here ${Math.round(expected)} are expected. Raise the confidence or shorten the period`,
    );
  const reach = Math.ceil((expected + REACH.deviations * Math.sqrt(expected) + REACH.losses) / STEP);
  const sums = compoundBinomial(days, tailProbability, lossLattice(tailProbability, shape, reach), reach);
  const offTable = 1 - sums.reduce((total, each) => total + each, 0);
  // P(sum > j STEP), from the far end so that small ones keep their digits.
  const beyond = new Float64Array(sums.length);
  beyond[reach] = offTable > ROUNDING ? offTable : 0;
  for (let j = reach - 1; j >= 0; j -= 1) beyond[j] = beyond[j + 1]! + sums[j + 1]!;
  const zOf = (sum: number): number => 1 - sum / expected;
  return {
    pValue(z2) {
      const at = (expected * (1 - z2)) / STEP;
      if (at <= 0) return 1;
      // The probability of a lattice point is spread over its step, but that of no exception at all is not.
      const low = Math.max(Math.ceil(at - 0.5) - 1, 0);
      const from = beyond[Math.min(low, beyond.length - 1)]!;
      const to = beyond[Math.min(low + 1, beyond.length - 1)]!;
      return from + (to - from) * Math.min(Math.max(at - 0.5 - low, 0), 1);
    },
    criticalValue(significance) {
      checkProbability(significance);
      let low = 0;
      while (low < beyond.length - 1 && beyond[low]! > significance) low += 1;
      if (low === 0) return 1;
      if (beyond[low]! > significance)
        throw new RiskError('unsupported', `A critical value at significance ${significance} lies beyond the table`);
      const share = (beyond[low - 1]! - significance) / (beyond[low - 1]! - beyond[low]!);
      return zOf((low - 0.5 + share) * STEP);
    },
  };
}

/** Probabilities of loss / ES up to `reach` steps, given a loss beyond VaR; each lattice point takes half a step to both sides. */
function lossLattice(tailProbability: number, shape: TailShape, reach: number): Float64Array {
  const survival = tailSurvival(tailProbability, shape);
  let above = 1;
  return Float64Array.from({ length: reach + 1 }, (_, j) => {
    const here = above;
    above = survival((j + 0.5) * STEP);
    return here - above;
  });
}

/** P(loss / ES > y | loss > VaR). */
function tailSurvival(tailProbability: number, shape: TailShape): (y: number) => number {
  if (shape === 'normal') {
    const shortfall = normalPdf(inverseNormalCdf(tailProbability)) / tailProbability;
    return (y) => Math.min(normalCdf(-y * shortfall) / tailProbability, 1);
  }
  const quantile = -studentThreeQuantile(tailProbability);
  // ES of Student's t: density(q) (nu + q^2) / ((nu - 1) alpha).
  const density = 2 / (Math.PI * Math.sqrt(3) * (1 + quantile ** 2 / 3) ** 2);
  const shortfall = (density * (3 + quantile ** 2)) / (2 * tailProbability);
  return (y) => Math.min(studentThreeTail(y * shortfall) / tailProbability, 1);
}

/** P(T > t) of Student's t with three degrees of freedom: closed form 1/2 - [atan u + u / (1 + u^2)] / pi, u = t / sqrt 3. */
function studentThreeTail(t: number): number {
  const u = t / Math.sqrt(3);
  // atan2(1, u) is pi/2 - atan u without its cancellation.
  return (Math.atan2(1, u) - u / (1 + u * u)) / Math.PI;
}

/** The t with P(T > t) = probability, negated for the lower tail; by bisection, called once a test. */
function studentThreeQuantile(probability: number): number {
  let [low, high] = [-1, 1];
  while (studentThreeTail(low) < probability) low *= 2;
  while (studentThreeTail(high) > probability) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-14 * Math.abs(high); i += 1) {
    const middle = (low + high) / 2;
    if (studentThreeTail(middle) > probability) low = middle;
    else high = middle;
  }
  return -(low + high) / 2;
}

/** Distribution of the sum of a binomial number of lattice losses, up to `reach` steps (Panjer's recursion, (a, b, 0) class). */
function compoundBinomial(days: number, probability: number, losses: Float64Array, reach: number): Float64Array {
  const a = -probability / (1 - probability);
  const b = -(days + 1) * a;
  const sums = new Float64Array(reach + 1);
  let first = 0;
  while (losses[first] === 0) first += 1;
  // Beyond `last` a loss has no weight that a double could add.
  let last = losses.length - 1;
  while (last > first && losses[last]! < 1e-18) last -= 1;
  sums[0] = Math.exp(days * Math.log1p(-probability * (1 - losses[0]!)));
  const scale = 1 / (1 - a * losses[0]!);
  for (let s = 1; s <= reach; s += 1) {
    let sum = 0;
    const end = Math.min(s, last);
    for (let j = Math.max(first, 1); j <= end; j += 1) sum += (a + (b * j) / s) * losses[j]! * sums[s - j]!;
    sums[s] = Math.max(scale * sum, 0);
  }
  return sums;
}

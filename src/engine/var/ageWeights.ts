import { RiskError } from '../domain/failure.ts';
import { tailProbability } from '../numerics/tailProbability.ts';
import type { TailFigures } from './closedFormVar.ts';

/**
 * Weights of n outcomes in time order, the newest last: the outcome i places before it weighs decay^i of the newest, and all
 * add up to 1 (Boudoukh, Richardson and Whitelaw 1998, "The best of both worlds"). A decay of 1 weighs them alike.
 */
export function ageWeights(count: number, decay: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => ageWeight(count, decay, count - 1 - i));
}

/** The weight of the outcome `age` places before the newest, of `count`. */
export function ageWeight(count: number, decay: number, age: number): number {
  if (!(decay > 0 && decay <= 1)) {
    throw new RiskError('bad-value', `The decay of age weights must be above 0 and at most 1; got ${decay}`);
  }
  if (decay === 1) return 1 / count;
  // 1 - decay^n without the cancellation of a decay near 1.
  return (decay ** age * (1 - decay)) / -Math.expm1(count * Math.log(decay));
}

/** How many equally likely outcomes would say as much: 1 / sum of squared weights (Kish 1965). */
export function effectiveCount(weights: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < weights.length; i += 1) squares += weights[i]! ** 2;
  return squares > 0 ? 1 / squares : 0;
}

/** Rounding that a sum of weights may carry when it is held against a tail probability. */
const ROUNDING = 1e-12;

/**
 * VaR of weighted losses, the largest first: the loss at which the weights add up to 1 - confidence. ES averages the losses down
 * to it by weight, the VaR loss entering with the weight that is left (Hull, Options, Futures and Other Derivatives, "Weighting
 * of observations"). `losses` may be only the worst of a history, when their weights reach so far.
 * @throws RiskError `missing-data` when they do not.
 */
export function weightedTail(
  losses: ArrayLike<number>,
  weights: ArrayLike<number>,
  confidence: number,
): TailFigures & { readonly rank: number } {
  const tail = tailProbability(confidence);
  let reached = 0;
  let mean = 0;
  for (let i = 0; i < losses.length; i += 1) {
    const loss = losses[i]!;
    const left = tail - reached;
    if (weights[i]! >= left - ROUNDING)
      return { valueAtRisk: loss, expectedShortfall: (mean + left * loss) / tail, rank: i + 1 };
    reached += weights[i]!;
    mean += weights[i]! * loss;
  }
  throw new RiskError(
    'missing-data',
    `The losses given weigh ${reached.toPrecision(3)} together, less than the tail of ${tail.toPrecision(3)}`,
  );
}

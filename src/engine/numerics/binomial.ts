/** The number of successes in `trials` independent trials, each a success with the same probability. */
export interface BinomialDistribution {
  /** P(X = k). */
  probability(k: number): number;
  /** P(X <= k). */
  atMost(k: number): number;
  /** P(X >= k). */
  atLeast(k: number): number;
}

/** Beyond this many trials the table of probabilities is not worth its memory. */
const MOST_TRIALS = 1_000_000;

/**
 * Every probability of a binomial distribution, and both of its tails to full relative precision.
 *
 * Weights run from 1 at the mode to both ends by the ratio of neighbours, (n - k) p / ((k + 1) (1 - p)), and are divided by
 * their sum: nothing cancels and nothing overflows, however far the tail. Tails are sums of their own terms, smallest first.
 * A package was tried (@stdlib, by the incomplete beta function): its tails are right to 7e-13 at n = 250 and lose all digits
 * where they are taken as one minus the other; exact tails to 1e-12 are asked for here.
 *
 * @throws RangeError unless trials is a whole number from 1 to a million and the probability lies in [0, 1].
 */
export function binomialDistribution(trials: number, probability: number): BinomialDistribution {
  if (!(Number.isInteger(trials) && trials >= 1 && trials <= MOST_TRIALS))
    throw new RangeError(`The number of trials must be a whole number from 1 to ${MOST_TRIALS}; got ${trials}`);
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`A probability must lie between 0 and 1; got ${probability}`);
  const weights = modeWeights(trials, probability);
  const below = new Float64Array(trials + 1);
  const above = new Float64Array(trials + 1);
  // Ties with the mode have the same weight; any of them divides the whole as well.
  const mode = weights.indexOf(1);
  // Each side is summed from its far end, where terms are smallest.
  for (let k = 0, sum = 0; k <= trials; k += 1) below[k] = sum += weights[k]!;
  for (let k = trials, sum = 0; k >= 0; k -= 1) above[k] = sum += weights[k]!;
  const total = below[mode]! + (mode < trials ? above[mode + 1]! : 0);
  return {
    probability: (k) => (Number.isInteger(k) && k >= 0 && k <= trials ? weights[k]! / total : 0),
    atMost: (k) => (k < 0 ? 0 : k >= trials ? 1 : below[Math.floor(k)]! / total),
    atLeast: (k) => (k <= 0 ? 1 : k > trials ? 0 : above[Math.ceil(k)]! / total),
  };
}

function modeWeights(trials: number, probability: number): Float64Array {
  const weights = new Float64Array(trials + 1);
  const mode = Math.min(Math.floor((trials + 1) * probability), trials);
  weights[mode] = 1;
  if (probability === 0 || probability === 1) return weights;
  const odds = probability / (1 - probability);
  for (let k = mode; k < trials; k += 1) weights[k + 1] = weights[k]! * (((trials - k) / (k + 1)) * odds);
  for (let k = mode; k > 0; k -= 1) weights[k - 1] = weights[k]! * (k / ((trials - k + 1) * odds));
  return weights;
}

import type { ExceptionPairs, LikelihoodRatioTest } from '../domain/backtestReport.ts';
import { RiskError } from '../domain/failure.ts';
import { kupiecTest } from './kupiecTest.ts';
import { chiSquareTail, deviance } from './likelihoodRatio.ts';

/**
 * Counts the pairs of neighbours in a sequence of days, 1 (or any number but 0) where there was an exception.
 * @param follows whether day i is the day after day i - 1; always, unless the series has gaps
 */
export function exceptionPairs(
  exceptions: ArrayLike<number>,
  follows: (day: number) => boolean = () => true,
): ExceptionPairs {
  const pairs = [0, 0, 0, 0];
  for (let day = 1; day < exceptions.length; day += 1) {
    if (!follows(day)) continue;
    const pair = (exceptions[day - 1] === 0 ? 0 : 2) + (exceptions[day] === 0 ? 0 : 1);
    pairs[pair] = pairs[pair]! + 1;
  }
  const [n00, n01, n10, n11] = pairs as [number, number, number, number];
  return { n00, n01, n10, n11 };
}

/**
 * Christoffersen's test of independence: is an exception as likely after an exception as after a quiet day? The first-order
 * Markov chain with its own rates n01 / (n00 + n01) and n11 / (n10 + n11) against one rate for both, 0 ln 0 = 0, chi-square with
 * one degree of freedom (Christoffersen 1998, "Evaluating interval forecasts", International Economic Review 39(4)). Without
 * consecutive exceptions p11 = 0 and the test stands; without any exception, or with nothing else, the statistic is zero.
 */
export function independenceTest(pairs: ExceptionPairs): LikelihoodRatioTest {
  const { n00, n01, n10, n11 } = pairs;
  if (![n00, n01, n10, n11].every((count) => Number.isInteger(count) && count >= 0))
    throw new RiskError('bad-value', 'Counts of pairs of days must be whole numbers from 0 up');
  const afterQuiet = n00 + n01;
  const afterException = n10 + n11;
  const days = afterQuiet + afterException;
  const rate = (n01 + n11) / days;
  if (days === 0 || rate === 0 || rate === 1) return { likelihoodRatio: 0, pValue: 1 };
  const quietRate = (n00 + n10) / days;
  const likelihoodRatio =
    deviance(n01, afterQuiet * rate) +
    deviance(n00, afterQuiet * quietRate) +
    deviance(n11, afterException * rate) +
    deviance(n10, afterException * quietRate);
  return { likelihoodRatio, pValue: chiSquareTail(likelihoodRatio, 1) };
}

/**
 * Conditional coverage: as many exceptions as promised, and independent. LR = LR of Kupiec + LR of independence, chi-square with two
 * degrees of freedom. `days` is all days; pairs are one fewer, or fewer still across gaps.
 */
export function conditionalCoverageTest(
  exceptions: number,
  days: number,
  probability: number,
  pairs: ExceptionPairs,
): LikelihoodRatioTest {
  const likelihoodRatio =
    kupiecTest(exceptions, days, probability).likelihoodRatio + independenceTest(pairs).likelihoodRatio;
  return { likelihoodRatio, pValue: chiSquareTail(likelihoodRatio, 2) };
}

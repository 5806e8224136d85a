import type { LikelihoodRatioTest } from '../domain/backtestReport.ts';
import { RiskError } from '../domain/failure.ts';
import { chiSquareTail, deviance } from './likelihoodRatio.ts';

/**
 * Kupiec's proportion-of-failures test: are there as many exceptions as the confidence promises? With x exceptions in n days and
 * p = 1 - confidence, LR = -2 ln[(1-p)^(n-x) p^x / ((1-x/n)^(n-x) (x/n)^x)], 0 ln 0 = 0, chi-square with one degree of freedom
 * (Kupiec 1995, "Techniques for verifying the accuracy of risk measurement models", Journal of Derivatives 3(2)).
 * @throws RiskError `bad-value` for counts that are no counts, or a probability that is not between 0 and 1.
 */
export function kupiecTest(exceptions: number, days: number, probability: number): LikelihoodRatioTest {
  checkCounts(exceptions, days);
  checkProbability(probability);
  const likelihoodRatio =
    deviance(exceptions, days * probability) + deviance(days - exceptions, days * (1 - probability));
  return { likelihoodRatio, pValue: chiSquareTail(likelihoodRatio, 1) };
}

/** More days than any history has. */
const MOST_DAYS = 1_000_000;

/** @throws RiskError `bad-value` unless 0 <= exceptions <= days, both whole, at least one day and at most a million. */
export function checkCounts(exceptions: number, days: number): void {
  if (!(Number.isInteger(days) && days >= 1 && days <= MOST_DAYS))
    throw new RiskError('bad-value', `A backtest needs at least one whole day, and at most ${MOST_DAYS}; got ${days}`);
  if (!(Number.isInteger(exceptions) && exceptions >= 0 && exceptions <= days))
    throw new RiskError('bad-value', `Exceptions must be a whole number from 0 to ${days}; got ${exceptions}`);
}

/** @throws RiskError `bad-value` unless 0 < probability < 1. */
export function checkProbability(probability: number): void {
  if (!(probability > 0 && probability < 1))
    throw new RiskError(
      'bad-value',
      `The probability of an exception must be above 0 and below 1, like 0.01; got ${probability}`,
    );
}

import { normalCdf } from '../numerics/normal.ts';

/**
 * How far a count lies from its expectation, 2 [x ln(x / m) + m - x], with 0 ln 0 = 0: never negative, zero only at x = m, and
 * without the cancellation of a likelihood ratio written out. Over the cells of a table whose expectations add up to its
 * counts, the deviances add up to the likelihood ratio statistic -2 ln(L0 / L1).
 */
export function deviance(count: number, expected: number): number {
  if (count === expected) return 0;
  if (count === 0) return 2 * expected;
  const excess = (count - expected) / expected;
  return Math.max(2 * expected * ((1 + excess) * Math.log1p(excess) - excess), 0);
}

/**
 * P(X > x) of the chi-square distribution with one or two degrees of freedom: 2 N(-sqrt x) and exp(-x / 2), which are exact and
 * keep their digits however small they are. A package's 1 - cdf(x) (@stdlib) has lost nine of sixteen digits at x = 51.
 */
export function chiSquareTail(x: number, degreesOfFreedom: 1 | 2): number {
  if (x <= 0) return 1;
  return degreesOfFreedom === 1 ? 2 * normalCdf(-Math.sqrt(x)) : Math.exp(-x / 2);
}

import type { VarianceTerm } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';

/** Days to which a scenario's vol shock refers. */
const SHOCK_TENOR_DAYS = 30;

/** B = (1 - exp(-kappa T)) / (kappa T): how much of a move of variance the mean variance over `days` makes. */
export function indexLoading(meanReversion: number, days: number): number {
  const x = (meanReversion * days) / DAYS_PER_YEAR;
  return x < 1e-8 ? 1 : -Math.expm1(-x) / x;
}

/** Mean expected variance over a time whose loading is given: theta + (v - theta) B. */
export function indexVariance(
  v: number,
  { longRunVariance }: Pick<VarianceTerm, 'longRunVariance'>,
  loading: number,
): number {
  return longRunVariance + (v - longRunVariance) * loading;
}

/**
 * How far an option with `days` to live follows a 30-day vol shock where vol is moved by one mean-reverting variance. Its implied
 * variance is taken in proportion to expected mean variance w(T) = theta + (v - theta) B(T) (the first order of Heston's implied vol in
 * vol of vol); a move dv then changes it by the fraction B(T) dv / w(T). The answer g is that fraction over the one of 30 days, so that
 * (1 + shock)^2 - 1 of a 30-day option is g times as much for this one, whatever the strike. Above one for shorter lives, below for longer.
 */
export function varianceFollowing(term: VarianceTerm, days: number): number {
  const fraction = (tenor: number): number => {
    const loading = indexLoading(term.meanReversion, Math.max(tenor, 0));
    return loading / indexVariance(term.variance, term, loading);
  };
  return fraction(days) / fraction(SHOCK_TENOR_DAYS);
}

/** Relative vol shock of an option that follows a 30-day shock by g; never below minus one. */
export function followedShock(shock: number, following: number): number {
  return Math.sqrt(Math.max(1 + shock * (2 + shock) * following, 0)) - 1;
}

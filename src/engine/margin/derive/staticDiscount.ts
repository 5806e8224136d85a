import type { YearFraction } from '../../domain/units.ts';

/** A rate from the feed as the rules take it: at least zero. */
export function flooredRate(rate: number): number {
  return Math.max(rate, 0);
}

/** Discount factor of the mark, exp(-max(rate, 0) T). */
export function rateDiscount(rate: number, timeToExpiryYears: YearFraction): number {
  return Math.exp(-flooredRate(rate) * timeToExpiryYears);
}

/**
 * The haircut on an expiry's total in a scenario, base exp(-T (rate multiplier + add)): what options bought may be counted at.
 *
 * Source: derivexyz/v2-core 7736900d, PMRMLib.sol (`staticDiscount`).
 */
export function staticDiscount(
  base: number,
  rateMultiplier: number,
  rateAdd: number,
  rate: number,
  timeToExpiryYears: YearFraction,
): number {
  return base * Math.exp(-timeToExpiryYears * (flooredRate(rate) * rateMultiplier + rateAdd));
}

export interface StaticDiscountParameters {
  readonly longBaseStaticDiscount: number;
  readonly longRateMultScale: number;
  readonly longRateAddScale: number;
  readonly shortBaseStaticDiscount: number;
  readonly shortRateMultScale: number;
  readonly shortRateAddScale: number;
}

/** Factors on an expiry's shocked total: `long` when the total is worth something, `short` when it is owed. */
export interface StaticDiscounts {
  readonly long: number;
  readonly short: number;
}

/**
 * Portfolio manager 2 marks what is owed up and what is held down:
 * long = base exp(-T (rate mult + add)), short = min(exp(rate T), base / exp(-T (rate mult + add))), each with its own three.
 * The cap undoes the discounting of the mark and no more.
 *
 * Source: derivexyz/v2-core 7736900d, PMRMLib_2.sol.
 */
export function longShortDiscounts(
  rate: number,
  timeToExpiryYears: YearFraction,
  p: StaticDiscountParameters,
): StaticDiscounts {
  const shortDecay = staticDiscount(1, p.shortRateMultScale, p.shortRateAddScale, rate, timeToExpiryYears);
  return {
    long: staticDiscount(p.longBaseStaticDiscount, p.longRateMultScale, p.longRateAddScale, rate, timeToExpiryYears),
    short: Math.min(1 / rateDiscount(rate, timeToExpiryYears), p.shortBaseStaticDiscount / shortDecay),
  };
}

/** Units as plain aliases: arithmetic stays arithmetic, and a signature says what it takes. */

/** US dollars. */
export type Usd = number;
/** Annualised volatility as a decimal, 0.65 for 65 % a year. */
export type Vol = number;
/** Time in years, ACT/365. */
export type YearFraction = number;
/** Milliseconds since the Unix epoch, UTC. */
export type Timestamp = number;

export const MILLISECONDS_PER_DAY = 86_400_000;
export const DAYS_PER_YEAR = 365;

/** Year fraction ACT/365 from one instant to another; negative when `to` is earlier. */
export function yearFraction(from: Timestamp, to: Timestamp): YearFraction {
  return (to - from) / (DAYS_PER_YEAR * MILLISECONDS_PER_DAY);
}

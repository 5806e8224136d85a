import type { OptionType } from '../domain/instrument.ts';
import { DAYS_PER_YEAR, type Vol, type YearFraction } from '../domain/units.ts';
import { black76Greeks } from './greeks.ts';

/** An option's figures as Deribit displays them. */
export interface DeribitGreeks {
  /** Coin: USD value over the forward. */
  readonly markPrice: number;
  readonly delta: number;
  /** Per USD. */
  readonly gamma: number;
  /** USD per vol point. */
  readonly vega: number;
  /** USD per day, or for the whole remaining life when that is shorter than a day. */
  readonly theta: number;
  /** USD per percentage point of rate, spot held: K T N(d2) / 100 for a call. */
  readonly rho: number;
}

/** Deribit's display conventions: Black-76 on the forward, no interest rate, year of 365 days. */
export function deribitGreeks(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
): DeribitGreeks {
  const black = black76Greeks(type, forward, strike, timeToExpiryYears, volatility);
  const time = Math.max(timeToExpiryYears, 0);
  return {
    markPrice: black.price / forward,
    delta: black.delta,
    gamma: black.gamma,
    vega: black.vega / 100,
    theta: black.theta * Math.min(1 / DAYS_PER_YEAR, time),
    rho: 0 - (strike * time * black.dualDelta) / 100,
  };
}

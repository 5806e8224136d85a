import type { OptionType } from '../../domain/instrument.ts';
import type { Usd, Vol, YearFraction } from '../../domain/units.ts';
import { black76Price } from '../../pricing/black76.ts';

/** Options of one contract; `quantity` in units of the underlying, negative when sold. */
export interface HeldOption {
  readonly type: OptionType;
  readonly strike: Usd;
  readonly quantity: number;
  /** Mark vol at this strike. */
  readonly volatility: Vol;
}

/** Options of one expiry and what the feeds say about it; confidences lie in [0, 1]. */
export interface OptionExpiry {
  readonly timeToExpiryYears: YearFraction;
  readonly forwardConfidence: number;
  readonly volConfidence: number;
  readonly options: readonly HeldOption[];
}

/**
 * An expiry as the portfolio managers see it. In the last half hour the forward is partly settled: the share of the
 * settlement average that has already been measured cannot move any more, so only `liveForward` is shocked.
 */
export interface PortfolioExpiry extends OptionExpiry {
  readonly settledForward: Usd;
  readonly liveForward: Usd;
  /** Continuously compounded rate a year as the feed has it; the rules take it as at least zero. */
  readonly rate: number;
  readonly rateConfidence: number;
}

export function forwardOf({ settledForward, liveForward }: PortfolioExpiry, spotFactor = 1): Usd {
  return settledForward + liveForward * spotFactor;
}

/** Value of a holding by Black-76, USD: negative for options sold. At expiry it is the intrinsic value. */
export function optionValue(
  { type, strike, quantity, volatility }: HeldOption,
  forward: Usd,
  timeToExpiryYears: YearFraction,
  volOf: (volatility: Vol, strike: Usd) => Vol = (own) => own,
  discount = 1,
): Usd {
  return quantity * black76Price(type, forward, strike, timeToExpiryYears, volOf(volatility, strike), discount);
}

/** Values of the options of an expiry with the live part of the forward multiplied by `spotFactor`, USD. */
export function optionValues(
  expiry: PortfolioExpiry,
  spotFactor = 1,
  volOf?: (volatility: Vol, strike: Usd) => Vol,
  discount = 1,
): Usd[] {
  const forward = forwardOf(expiry, spotFactor);
  return expiry.options.map((option) => optionValue(option, forward, expiry.timeToExpiryYears, volOf, discount));
}

/** All of them together. Scenarios ask for this many times over, so it sums as it goes. */
export function expiryValue(
  expiry: PortfolioExpiry,
  spotFactor = 1,
  volOf?: (volatility: Vol, strike: Usd) => Vol,
  discount = 1,
): Usd {
  const forward = forwardOf(expiry, spotFactor);
  return expiry.options.reduce(
    (total, option) => total + optionValue(option, forward, expiry.timeToExpiryYears, volOf, discount),
    0,
  );
}

/** A perpetual position; `unsettledCash` is profit and funding not yet paid. Its confidence counts only while it is held. */
export interface HeldPerpetual {
  readonly quantity: number;
  /** Signed, at its mark. */
  readonly notional: Usd;
  readonly confidence: number;
  readonly unsettledCash: Usd;
}

/** The least confidence in what an expiry of a portfolio manager's rests on. */
export function expiryConfidence(
  spotAndPerpetual: number,
  { forwardConfidence, rateConfidence, volConfidence }: PortfolioExpiry,
): number {
  return Math.min(spotAndPerpetual, forwardConfidence, rateConfidence, volConfidence);
}

/** Confidence in the spot price and, while a perpetual is held, in its price. */
export function spotAndPerpetualConfidence(spotConfidence: number, perpetual: HeldPerpetual): number {
  return perpetual.quantity === 0 ? spotConfidence : Math.min(spotConfidence, perpetual.confidence);
}

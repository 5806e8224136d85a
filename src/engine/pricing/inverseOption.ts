import type { OptionType } from '../domain/instrument.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { black76Price, optionSign } from './black76.ts';
import { black76Greeks } from './greeks.ts';

/**
 * Inverse (coin-settled) options: struck in USD, quoted and paid in the underlying coin. The coin price is the
 * undiscounted Black-76 value in USD divided by the forward; there is no interest rate.
 */

/** Price and derivatives of one unit of an inverse option. */
export interface InverseOptionGreeks {
  /** Coin. */
  readonly priceCoin: number;
  readonly priceUsd: number;
  /** Black-76 delta dV/dF of the USD value. */
  readonly delta: number;
  /** Delta minus the coin price: F d(coin price)/dF, the coin exposure of a holder who paid the premium in coin. */
  readonly netTransactionDelta: number;
  /** d(coin price)/dF, coin per USD. */
  readonly coinDelta: number;
  /** d2(coin price)/dF2. */
  readonly coinGamma: number;
  /** USD per 1.00 of vol. */
  readonly vegaUsd: number;
  /** Coin per 1.00 of vol, at the current forward. */
  readonly vegaCoin: number;
  /** USD per year of calendar time. */
  readonly thetaUsd: number;
  /** Coin per year of calendar time, at the current forward. */
  readonly thetaCoin: number;
}

/** Coin price of an inverse option. */
export function inverseOptionPrice(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
): number {
  return black76Price(type, forward, strike, timeToExpiryYears, volatility) / forward;
}

export function inverseOptionGreeks(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
): InverseOptionGreeks {
  const black = black76Greeks(type, forward, strike, timeToExpiryYears, volatility);
  // V = F delta + K dualDelta, so delta - V/F needs no subtraction.
  const netTransactionDelta = 0 - (strike / forward) * black.dualDelta;
  const coinDelta = netTransactionDelta / forward;
  return {
    priceCoin: black.price / forward,
    priceUsd: black.price,
    delta: black.delta,
    netTransactionDelta,
    coinDelta,
    coinGamma: (black.gamma - 2 * coinDelta) / forward,
    vegaUsd: black.vega,
    vegaCoin: black.vega / forward,
    thetaUsd: black.theta,
    thetaCoin: black.theta / forward,
  };
}

/**
 * Net transaction delta during the settlement window, in which the settlement price is averaged: it falls to zero in
 * proportion to time (Deribit: the last 30 minutes before expiry). Negative minutes are before the window.
 */
export function settlementDelta(
  delta: number,
  priceCoin: number,
  minutesIntoWindow: number,
  windowMinutes: number,
): number {
  const left = Math.min(Math.max(1 - minutesIntoWindow / windowMinutes, 0), 1);
  return (delta - priceCoin) * left;
}

/** Payoff in coin of one unit settled at the price `settlement`. */
export function inversePayoff(type: OptionType, strike: number, settlement: number): number {
  return Math.max(optionSign(type) * (settlement - strike), 0) / settlement;
}

/** Profit in coin of `quantity` units bought (negative: sold) at `premiumCoin` each and held to settlement. */
export function inverseSettlementPnl(
  type: OptionType,
  strike: number,
  settlement: number,
  premiumCoin: number,
  quantity: number,
): number {
  return quantity * (inversePayoff(type, strike, settlement) - premiumCoin);
}

export interface InverseStress {
  /** Coin price after the shock. */
  readonly priceCoin: number;
  /** Change of the coin price. */
  readonly pnlCoin: number;
  /** Change of the USD value, each side at its own forward. */
  readonly pnlUsd: number;
}

/** One unit under a relative move of the forward and a relative change of vol, no time passing. */
export function inverseOptionStress(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
  forwardMove: number,
  relativeVolChange: number,
): InverseStress {
  const stressedForward = forward * (1 + forwardMove);
  const now = inverseOptionPrice(type, forward, strike, timeToExpiryYears, volatility);
  const stressed = inverseOptionPrice(
    type,
    stressedForward,
    strike,
    timeToExpiryYears,
    volatility * (1 + relativeVolChange),
  );
  return { priceCoin: stressed, pnlCoin: stressed - now, pnlUsd: stressedForward * stressed - forward * now };
}

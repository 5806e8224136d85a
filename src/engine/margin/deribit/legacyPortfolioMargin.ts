import { nonNegativeInput, positiveInput } from '../ruleInput.ts';

/**
 * Single terms of Deribit's portfolio margin of 2018 to 2023, for views of the past: the worst loss over -10 to +10 % with the vol shock
 * below, plus the contingencies. Sources: deribit.com/pages/docs/portfoliomargin, deribit.com/docs, riskingtime.com/tag/deribit;
 * they print one line of arithmetic for each term and no whole margin.
 */

/** Relative change of an implied vol: maxIvChange (30 / days)^power. Later years: 0.38 and 0.30; earlier 0.40 and 0.5. */
export function legacyIvChange(maxIvChange: number, power: number, daysToExpiry: number): number {
  nonNegativeInput('The largest change of vol', maxIvChange);
  return maxIvChange * (30 / positiveInput('The days to expiry', daysToExpiry)) ** power;
}

/** Coin: `rate` on the futures that offset each other, min(long, short); 1 %, earlier 2 %. */
export function legacyFuturesContingency(rate: number, longCoin: number, shortCoin: number): number {
  nonNegativeInput('The futures contingency rate', rate);
  return rate * Math.min(Math.abs(longCoin), Math.abs(shortCoin));
}

/** Coin: `rate` per option that counts: options net short per strike at 0.01, earlier all options at 0.01 or 0.005. */
export function legacyOptionContingency(rate: number, optionsCoin: number): number {
  nonNegativeInput('The option contingency rate', rate);
  return rate * Math.abs(optionsCoin);
}

import { REG_T_RATES, type RegTRates } from './regTRates.ts';

/**
 * What a bought option asks, USD per unit: all of its premium in a cash account and, in a margin account, up to nine months of
 * life; a listed option that lives longer is lent against, 75 % of its value. Cboe Margin Manual (Nov 2021).
 */
export function longOptionPerUnit(
  premium: number,
  monthsToExpiry: number,
  listed = true,
  rates: RegTRates = REG_T_RATES,
): { cash: number; margin: number } {
  const longTerm = listed && monthsToExpiry > rates.longTermMonths;
  return { cash: premium, margin: longTerm ? rates.longTermRate * premium : premium };
}

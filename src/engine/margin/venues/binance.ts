import type { OptionType } from '../../domain/instrument.ts';
import { outOfTheMoneyAmount } from '../optionMoneyness.ts';

/**
 * Binance options, USD per coin. The names and values of the rates are the exchange's own (`GET /eapi/v1/exchangeInfo`); how they make a
 * margin is read off those names, from memory, and no worked figure of the venue was found to check it.
 */
export interface BinanceOptionRates {
  readonly initialMargin: number;
  readonly minInitialMargin: number;
  readonly maintenanceMargin: number;
  readonly minMaintenanceMargin: number;
}

/**
 * What one option sold needs beside its mark: max(rate I - OTM, least rate I), at first and later. A put's strike is no bound.
 */
export function binanceSellerCharge(
  type: OptionType,
  index: number,
  strike: number,
  rates: BinanceOptionRates,
): { readonly initial: number; readonly maintenance: number } {
  const outOfTheMoney = outOfTheMoneyAmount(type, index, strike);
  const charge = (rate: number, least: number) => Math.max(rate * index - outOfTheMoney, least * index);
  return {
    initial: charge(rates.initialMargin, rates.minInitialMargin),
    maintenance: charge(rates.maintenanceMargin, rates.minMaintenanceMargin),
  };
}

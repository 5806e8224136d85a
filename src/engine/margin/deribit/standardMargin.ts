import type { OptionType } from '../../domain/instrument.ts';
import { outOfTheMoneyAmount } from '../optionMoneyness.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';
import type { VenueParameters } from '../venueParameters.ts';

/**
 * Deribit standard margin (SM): each position by itself, summed, nothing netted.
 *
 * Perpetuals and futures: support.deribit.com articles 25944738177565 (Linear Perpetual) and 25944826427293 (11 January 2022), in force
 * until the change of August 2026, whose tier tables are not public. Options: doc.tslab.pro (Deribit margin), docs.aevo.xyz (standard
 * margin), and Bit.com's margin rules, which print the same rule with an example; Deribit's own page was not obtained.
 */

/** Rates of a perpetual or future, as fractions of the position. */
export interface FutureMarginRates {
  readonly initialBase: number;
  readonly maintenanceBase: number;
  /** Growth of both rates per coin of position. */
  readonly perCoin: number;
}

export interface FutureMargin {
  /** Fractions of the position. */
  readonly initialRate: number;
  readonly maintenanceRate: number;
  /** Coin. */
  readonly initialCoin: number;
  readonly maintenanceCoin: number;
  /** Quote currency: coin at the given price. */
  readonly initialQuote: number;
  readonly maintenanceQuote: number;
}

export const STANDARD_FUTURE_RATES: readonly VenueParameters<FutureMarginRates>[] = [
  futureRates('BTC inverse and BTC_USDC linear', 0.02, 0.01, 0.00005),
  futureRates('ETH inverse', 0.02, 0.01, 0.000004),
  futureRates('SOL_USDC linear', 0.04, 0.02, 0.000005),
];

function futureRates(
  scope: string,
  initialBase: number,
  maintenanceBase: number,
  perCoin: number,
): VenueParameters<FutureMarginRates> {
  return {
    scope,
    date: '2022-01-11',
    source: 'support.deribit.com articles 25944738177565 and 25944826427293; in force until August 2026',
    units: { initialBase: 'fraction of size', maintenanceBase: 'fraction of size', perCoin: 'fraction per coin' },
    values: { initialBase, maintenanceBase, perCoin },
  };
}

/**
 * Margin of a perpetual or future of `size` coins, long or short: rate = base + perCoin |size|, margin = rate |size|.
 * `price` turns coin into the quote currency.
 */
export function futureStandardMargin(size: number, price: number, rates: FutureMarginRates): FutureMargin {
  const coins = Math.abs(finiteInput('The size of the position', size));
  positiveInput('The price', price);
  const growth = nonNegativeInput('The growth of the rate per coin', rates.perCoin) * coins;
  const initialRate = nonNegativeInput('The initial margin rate', rates.initialBase) + growth;
  const maintenanceRate = nonNegativeInput('The maintenance margin rate', rates.maintenanceBase) + growth;
  const initialCoin = initialRate * coins;
  const maintenanceCoin = maintenanceRate * coins;
  return {
    initialRate,
    maintenanceRate,
    initialCoin,
    maintenanceCoin,
    initialQuote: initialCoin * price,
    maintenanceQuote: maintenanceCoin * price,
  };
}

/** The three rates of an option sold, as fractions of the underlying. */
export interface OptionMarginRates {
  /** Before the out-of-the-money amount is taken off. */
  readonly initial: number;
  readonly initialFloor: number;
  readonly maintenance: number;
}

export const STANDARD_OPTION_RATES: VenueParameters<OptionMarginRates> = {
  scope: 'All options',
  date: '2022-01-11',
  source: 'doc.tslab.pro Deribit margin; docs.aevo.xyz standard margin; helpcenter.bit.com margin rules',
  units: {
    initial: 'fraction of underlying',
    initialFloor: 'fraction of underlying',
    maintenance: 'fraction of underlying',
  },
  values: { initial: 0.15, initialFloor: 0.1, maintenance: 0.075 },
};

/** An option position in the terms of the rule. */
export interface StandardOption {
  readonly type: OptionType;
  /** Coins, negative when sold. */
  readonly quantity: number;
  /** Mark of the underlying future for inverse options, index for linear ones. */
  readonly underlying: number;
  readonly strike: number;
  /** Coin per coin for inverse options, quote currency per coin for linear ones. */
  readonly mark: number;
}

export interface OptionMargin {
  readonly initial: number;
  readonly maintenance: number;
}

/**
 * Margin in coin of an inverse option. Bought: none, the premium is paid. Sold, per coin, with the out-of-the-money amount OTM as a
 * fraction of the underlying and the mark m in coin:
 *
 *   call: IM = max(0.15 - OTM, 0.10) + m,             MM = 0.075 + m
 *   put:  IM = max(max(0.15 - OTM, 0.10) + m, MM),    MM = max(0.075, 0.075 m) + m
 *
 * The put's maxima matter only where it is worth more than a coin.
 */
export function inverseOptionStandardMargin(
  option: StandardOption,
  rates: OptionMarginRates = STANDARD_OPTION_RATES.values,
): OptionMargin {
  return soldOptionMargin(option, 1, option.underlying, rates);
}

/** Margin in the quote currency of a linear option: the rule of the inverse one with 0.15 I - OTM, 0.10 I and 0.075 I. */
export function linearOptionStandardMargin(
  option: StandardOption,
  rates: OptionMarginRates = STANDARD_OPTION_RATES.values,
): OptionMargin {
  return soldOptionMargin(option, option.underlying, 1, rates);
}

/** `notional` is what the rates apply to and `unit` what the strike is divided by: 1 and U in coin, I and 1 in quote currency. */
function soldOptionMargin(
  { type, quantity, underlying, strike, mark }: StandardOption,
  notional: number,
  unit: number,
  rates: OptionMarginRates,
): OptionMargin {
  finiteInput('The size of the position', quantity);
  positiveInput('The price of the underlying', underlying);
  nonNegativeInput('The strike', strike);
  nonNegativeInput('The mark price', mark);
  if (quantity >= 0) return { initial: 0, maintenance: 0 };
  const outOfTheMoney = outOfTheMoneyAmount(type, underlying, strike) / unit;
  const plainInitial = Math.max(rates.initial * notional - outOfTheMoney, rates.initialFloor * notional) + mark;
  const maintenanceBase = type === 'C' ? notional : Math.max(notional, mark);
  const maintenance = rates.maintenance * maintenanceBase + mark;
  const initial = type === 'C' ? plainInitial : Math.max(plainInitial, maintenance);
  return { initial: -quantity * initial, maintenance: -quantity * maintenance };
}

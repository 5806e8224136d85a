import type { OptionType } from '../../domain/instrument.ts';
import { outOfTheMoneyAmount } from '../optionMoneyness.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';

/**
 * Bybit unified account, options on cross margin, USD or quote stablecoin. Source: help centre article 000001546; the initial margin of an
 * option sold from an older page. The stress grid and the factors of its portfolio margin are not public.
 */

/** Rates of an option, fractions. In force: mmFactor 0.03, liquidationFeeRate 0.002 (help centre 000001546, read September 2026). */
export interface BybitOptionRates {
  readonly mmFactor: number;
  readonly liquidationFeeRate: number;
}

/**
 * Maintenance margin of an option position of `size` coins, negative when sold, with index I and mark m:
 * (max(f I, f m) + m + fee I) |size|. A position bought has none, it is paid for.
 */
export function bybitOptionMaintenance(
  index: number,
  mark: number,
  size: number,
  { mmFactor, liquidationFeeRate }: BybitOptionRates,
): number {
  positiveInput('The index price', index);
  nonNegativeInput('The mark price', mark);
  if (finiteInput('The size of the position', size) >= 0) return 0;
  return (Math.max(mmFactor * index, mmFactor * mark) + mark + liquidationFeeRate * index) * -size;
}

/** Share of the margin balance that maintenance margin takes up; liquidation starts at 1. */
export function bybitAccountMaintenanceRate(maintenance: number, marginBalance: number): number {
  return maintenance / positiveInput('The margin balance', marginBalance);
}

/**
 * Initial margin of an option position: (max(0.15 I - OTM, 0.10 I) + max(entry price, m)) |size|, at least the maintenance margin.
 * From an older page; one source.
 */
export function bybitOptionInitial(
  option: {
    readonly type: OptionType;
    readonly strike: number;
    readonly index: number;
    readonly mark: number;
    readonly entryPrice: number;
    readonly size: number;
  },
  rates: BybitOptionRates,
): number {
  const { type, strike, index, mark, entryPrice, size } = option;
  const maintenance = bybitOptionMaintenance(index, mark, size, rates);
  if (size >= 0) return 0;
  const base = Math.max(0.15 * index - outOfTheMoneyAmount(type, index, strike), 0.1 * index);
  return Math.max((base + Math.max(entryPrice, mark)) * -size, maintenance);
}

export interface BybitOptionCost {
  readonly premium: number;
  readonly fee: number;
  /** Premium and fee. */
  readonly cost: number;
}

/** Taker fee of options, fraction of the index (help centre 000001546). */
export const BYBIT_TAKER_RATE = 0.0003;

/** Share of an option's price that its trading fee is at most. */
export const BYBIT_FEE_CAP = 0.125;

/** What an option bought costs: premium + fee, fee = min(taker rate x index, 12.5 % of the price) x size. */
export function bybitLongOptionCost(index: number, price: number, size: number, takerRate: number): BybitOptionCost {
  positiveInput('The index price', index);
  nonNegativeInput('The price of the option', price);
  const coins = Math.abs(finiteInput('The size of the order', size));
  const premium = price * coins;
  const fee = Math.min(takerRate * index, BYBIT_FEE_CAP * price) * coins;
  return { premium, fee, cost: premium + fee };
}

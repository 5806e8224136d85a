import type { OptionType } from '../../domain/instrument.ts';
import { outOfTheMoneyAmount } from '../optionMoneyness.ts';
import { nonNegativeInput, positiveInput } from '../ruleInput.ts';
import { REG_T_RATES, type RegTRates, shortOptionRate, type UnderlyingClass } from './regTRates.ts';

/** What the option is on, at the price that counts. */
export interface RegTUnderlying {
  /** USD per unit. */
  readonly price: number;
  readonly underlyingClass: UnderlyingClass;
  /** Of a leveraged fund: 3 for three times; it multiplies both rates. 1 otherwise. */
  readonly leverage: number;
}

/** One series; premium and strike in USD per unit. */
export interface RegTSeries {
  readonly type: OptionType;
  readonly strike: number;
  readonly premium: number;
}

/**
 * Requirement of one uncovered short option, USD per unit of the underlying (times multiplier and contracts):
 *
 *   P + max( b L U - OTM, m L U )   call,   OTM = max(K - U, 0)
 *   P + max( b L U - OTM, m L K )   put,    OTM = max(U - K, 0)
 *
 * P premium, U underlying, K strike, L leverage, b rate of the class, m least rate.
 * Cboe Margin Manual (Nov 2021), pp. 28 to 32, as quoted by gendev1/marvelous-monkey and tastyware/margin-estimator.
 *
 * @throws RiskError `bad-value` unless price, strike and leverage are above 0 and the premium is not below it.
 */
export function shortOptionPerUnit(
  series: RegTSeries,
  underlying: RegTUnderlying,
  rates: RegTRates = REG_T_RATES,
): number {
  const { type, strike, premium } = series;
  const { price, underlyingClass, leverage } = underlying;
  positiveInput('The price of the underlying', price);
  positiveInput('The strike of a short option', strike);
  nonNegativeInput('The premium of a short option', premium);
  positiveInput('The leverage of the underlying', leverage);
  const outOfTheMoney = outOfTheMoneyAmount(type, price, strike);
  const ordinary = shortOptionRate(rates, underlyingClass) * leverage * price - outOfTheMoney;
  const least = rates.minimumRate * leverage * (type === 'C' ? price : strike);
  return premium + Math.max(ordinary, least);
}

/**
 * Requirement of a short straddle or strangle, USD per unit: the greater of its two sides, and the premium of the other.
 * Cboe Margin Manual (Nov 2021).
 */
export function shortStranglePerUnit(
  call: Omit<RegTSeries, 'type'>,
  put: Omit<RegTSeries, 'type'>,
  underlying: RegTUnderlying,
  rates: RegTRates = REG_T_RATES,
): number {
  const callSide = shortOptionPerUnit({ ...call, type: 'C' }, underlying, rates);
  const putSide = shortOptionPerUnit({ ...put, type: 'P' }, underlying, rates);
  return callSide >= putSide ? callSide + put.premium : putSide + call.premium;
}

import { RiskError } from '../../domain/failure.ts';
import type { OptionType } from '../../domain/instrument.ts';
import { DAYS_PER_YEAR, type Vol, type YearFraction } from '../../domain/units.ts';
import { black76Price } from '../../pricing/black76.ts';
import { nonNegativeInput, positiveInput } from '../ruleInput.ts';
import type { SpanScenario } from './spanScenarios.ts';

/** Losses of one long unit, a number per scenario, positive where money is lost. Currency of the contract. */
export type SpanRiskArray = readonly number[];

/** An option on a future, and how far its future and its vol are scanned. */
export interface SpanOption {
  readonly type: OptionType;
  readonly forward: number;
  readonly strike: number;
  readonly timeToExpiryYears: YearFraction;
  readonly volatility: Vol;
  /** Money per point of one contract. */
  readonly multiplier: number;
  /** Price points. */
  readonly priceScanRange: number;
  /** Vol, decimal: added to the vol, or a share of it when `volScanIsRelative`. */
  readonly volScanRange: number;
  readonly volScanIsRelative?: boolean;
  /** Days of life lost before the option is valued again. */
  readonly lookAheadDays: number;
}

/** Risk array of one long future whose price scan range is worth `priceScanRange` money: loss = -fraction x range x weight. */
export function futureRiskArray(priceScanRange: number, scenarios: readonly SpanScenario[]): SpanRiskArray {
  return scenarios.map(({ priceFraction, weight }) => 0 - priceFraction * priceScanRange * weight);
}

/**
 * Risk array of one long option: what it is worth now less what it is worth with the look-ahead gone, future and vol moved,
 *
 *   loss_i = m w_i ( B(F, K, T, s) - B(F + f_i PSR, K, T - days/365, s + v_i VSR) ),  B Black-76 without interest.
 *
 * A vol below zero is taken as zero, and so is the life of an option that ends within the look-ahead.
 *
 * @throws RiskError `bad-value` for a forward or strike not above 0, or a vol or range below it.
 */
export function optionRiskArray(option: SpanOption, scenarios: readonly SpanScenario[]): SpanRiskArray {
  const { type, forward, strike, timeToExpiryYears, volatility, multiplier } = option;
  positiveInput('The price of the future', forward);
  positiveInput('The strike of an option', strike);
  nonNegativeInput('The vol of an option', volatility);
  nonNegativeInput('The vol scan range', option.volScanRange);
  nonNegativeInput('The price scan range', option.priceScanRange);
  const now = black76Price(type, forward, strike, timeToExpiryYears, volatility);
  const life = Math.max(timeToExpiryYears - option.lookAheadDays / DAYS_PER_YEAR, 0);
  const volStep = option.volScanIsRelative ? option.volScanRange * volatility : option.volScanRange;
  return scenarios.map(({ priceFraction, volDirection, weight }) => {
    const moved = forward + priceFraction * option.priceScanRange;
    const vol = Math.max(volatility + volDirection * volStep, 0);
    return multiplier * weight * (now - black76Price(type, moved, strike, life, vol));
  });
}

/**
 * Losses of several positions of one combined commodity, summed scenario by scenario; quantities are signed.
 * @throws RiskError `bad-value` when the arrays are of different lengths.
 */
export function combinedRiskArray(
  positions: readonly { readonly array: SpanRiskArray; readonly quantity: number }[],
): SpanRiskArray {
  const length = positions[0]?.array.length ?? 0;
  if (positions.some(({ array }) => array.length !== length))
    throw new RiskError('bad-value', 'Risk arrays of one combined commodity must have the same number of scenarios');
  return Array.from({ length }, (_, i) =>
    positions.reduce((loss, { array, quantity }) => loss + quantity * array[i]!, 0),
  );
}

/** Scan risk of a combined array, max(0, largest loss), and the first scenario that has the largest loss, counted from 0. */
export function spanScanRisk(losses: SpanRiskArray): { scanRisk: number; worstScenario: number } {
  let worstScenario = 0;
  losses.forEach((loss, i) => {
    if (loss > losses[worstScenario]!) worstScenario = i;
  });
  return { scanRisk: Math.max(losses[worstScenario] ?? 0, 0), worstScenario };
}

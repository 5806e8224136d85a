import { RiskError } from '../../domain/failure.ts';
import type { ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../scan.ts';

/**
 * Rates of strategy-based margin (Reg T, Cboe Margin Manual of 30 Nov 2021, as two open test suites quote it: marvelous-monkey with
 * page numbers, tastyware/margin-estimator). Fractions of the price named in the description, USD where the unit says so.
 */
export const REG_T_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'narrowRate',
    'Short option, equity',
    'fraction of underlying',
    0.2,
    0,
    1,
    'Equity, narrow index, vol index, ETN.',
  ),
  spec('broadRate', 'Short option, broad index', 'fraction of underlying', 0.15, 0, 1, 'Broad index and its ETF.'),
  spec(
    'minimumRate',
    'Short option, least',
    'fraction',
    0.1,
    0,
    1,
    'Of the underlying for a call, of the strike for a put.',
  ),
  spec('longTermRate', 'Long option over nine months', 'fraction of value', 0.75, 0, 1, 'Listed options only.'),
  spec('longTermMonths', 'Long term starts after', 'months', 9, 0, 60, 'Up to this life an option is paid in full.'),
  spec('stockInitialRate', 'Stock, initial', 'fraction of value', 0.5, 0, 1, 'Regulation T, bought or sold short.'),
  spec('stockMaintenanceRate', 'Stock, maintenance', 'fraction of value', 0.25, 0, 1, 'Long stock.'),
  spec('shortStockRate', 'Short stock, maintenance', 'fraction of value', 0.3, 0, 2, 'Above the value itself.'),
  spec('shortStockMinimum', 'Short stock, least', 'USD per share', 5, 0, 100, 'Above the value itself.'),
  spec(
    'protectedStockRate',
    'Stock with a put',
    'fraction of put strike',
    0.1,
    0,
    1,
    'Protective put, collar, conversion.',
  ),
  spec(
    'reverseConversionRate',
    'Reverse conversion',
    'fraction of strike',
    1.1,
    1,
    2,
    'With the put in the money on top.',
  ),
  spec('longBoxRate', 'Long box, European', 'fraction of strike gap', 0.5, 0, 1, 'Fifty percent of what it pays.'),
];

type RateKey =
  | 'narrowRate'
  | 'broadRate'
  | 'minimumRate'
  | 'longTermRate'
  | 'longTermMonths'
  | 'stockInitialRate'
  | 'stockMaintenanceRate'
  | 'shortStockRate'
  | 'shortStockMinimum'
  | 'protectedStockRate'
  | 'reverseConversionRate'
  | 'longBoxRate';

/** Every rate by its key. */
export type RegTRates = Readonly<Record<RateKey, number>>;

/** The rates of the manual. */
export const REG_T_RATES = Object.fromEntries(REG_T_PARAMETERS.map(({ key, initial }) => [key, initial])) as RegTRates;

/** `initial`: when a position is taken, at trade prices. `maintenance`: while it is held, at current prices. */
export type RegTPhase = 'initial' | 'maintenance';

/** What the option is written on; it decides the rate of a short option. */
export type UnderlyingClass = 'equity' | 'narrow' | 'volatility' | 'etn' | 'broad';

const UNDERLYING_CLASSES: readonly UnderlyingClass[] = ['equity', 'narrow', 'volatility', 'etn', 'broad'];

/** @throws RiskError `bad-value` for a class that the manual does not have. */
export function parseUnderlyingClass(text: string): UnderlyingClass {
  const found = UNDERLYING_CLASSES.find((name) => name === text.toLowerCase());
  if (found === undefined)
    throw new RiskError(
      'bad-value',
      `"${text}" is no class of underlying; write one of ${UNDERLYING_CLASSES.join(', ')}`,
    );
  return found;
}

export function shortOptionRate(rates: RegTRates, underlyingClass: UnderlyingClass): number {
  return underlyingClass === 'broad' ? rates.broadRate : rates.narrowRate;
}

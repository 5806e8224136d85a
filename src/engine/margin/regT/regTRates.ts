import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet, ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../parameterSpec.ts';

const MANUAL = 'Cboe Margin Manual of 30 November 2021, second-hand';

/**
 * Rates of strategy-based margin (Reg T, Cboe Margin Manual of 30 Nov 2021, as two open test suites quote it: marvelous-monkey with
 * page numbers, tastyware/margin-estimator). Fractions of the price named in the description, USD where the unit says so.
 */
export const REG_T_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'shortOptionRate',
    'Short option',
    'fraction of index',
    0.15,
    0,
    1,
    `What a sold option is asked beyond its price, before the amount out of the money is taken off: 15 % of a broad index, 20 % of an equity or a narrow index. The manual has no class for a coin; it is taken for a broad index, as it is a whole market of its own. ${MANUAL}.`,
  ),
  spec(
    'minimumRate',
    'Short option, least',
    'fraction',
    0.1,
    0,
    1,
    `Of the index for a call, of the strike for a put: what a sold option is asked at least. ${MANUAL}.`,
  ),
  spec(
    'longTermRate',
    'Long option over nine months',
    'fraction of value',
    0.75,
    0,
    1,
    `What an option bought is asked that lives longer than the months below; a shorter one is paid in full. ${MANUAL}.`,
  ),
  spec(
    'longTermMonths',
    'Long term starts after',
    'months',
    9,
    0,
    60,
    `Up to this life an option is paid in full. ${MANUAL}.`,
  ),
  spec(
    'stockInitialRate',
    'Coin, initial',
    'fraction of value',
    0.5,
    0,
    1,
    'Of a coin held or owed, as of a stock. Regulation T.',
  ),
  spec(
    'stockMaintenanceRate',
    'Coin, maintenance',
    'fraction of value',
    0.25,
    0,
    1,
    `Of a coin held, as of a stock. ${MANUAL}.`,
  ),
  spec(
    'shortStockRate',
    'Coin owed, maintenance',
    'fraction of value',
    0.3,
    0,
    2,
    `Above the value itself, as of stock sold short. ${MANUAL}.`,
  ),
  spec(
    'shortStockMinimum',
    'Coin owed, least',
    'USD per coin',
    5,
    0,
    100,
    `Above the value itself; the manual's figure is for a share. ${MANUAL}.`,
  ),
  spec(
    'protectedStockRate',
    'Coin with a put',
    'fraction of put strike',
    0.1,
    0,
    1,
    `Maintenance of a protective put, collar or conversion. ${MANUAL}.`,
  ),
  spec(
    'reverseConversionRate',
    'Reverse conversion',
    'fraction of strike',
    1.1,
    1,
    2,
    `Maintenance, with what the put is in the money on top. ${MANUAL}.`,
  ),
  spec(
    'longBoxRate',
    'Long box, European',
    'fraction of strike gap',
    0.5,
    0,
    1,
    `Of what a box pays at expiry; coin options are European. ${MANUAL}.`,
  ),
];

/** Every rate by its key; a short option has one by the class of what it is written on. */
export type RegTRates = Readonly<
  Record<
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
    | 'longBoxRate',
    number
  >
>;

/** The rates of a model's parameters, whose one short option rate goes for every class. */
export function regTRates(parameters: ParameterSet): RegTRates {
  const { shortOptionRate, ...rates } = parameters;
  return { ...rates, narrowRate: shortOptionRate, broadRate: shortOptionRate } as RegTRates;
}

/** The rates of the manual. */
export const REG_T_RATES: RegTRates = {
  ...regTRates(Object.fromEntries(REG_T_PARAMETERS.map(({ key, initial }) => [key, initial]))),
  narrowRate: 0.2,
  broadRate: 0.15,
};

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

import type { Settlement } from '../../domain/instrument.ts';
import type { ParameterSet, ParameterSpec } from '../../domain/riskParameters.ts';
import { PORTFOLIO_MARGIN_PARAMETERS, type PortfolioMarginParameters } from './portfolioMarginParameters.ts';

/**
 * The numbers of Deribit's portfolio margin as parameters that can be edited. Each coin has the last whole set that the venue itself
 * printed or returned: a set is of one day. A later number from a third party stands in the description of the one it disagrees with.
 */

/** Steps each side of the standard table: the shape of the matrix, the same in all that was seen. */
const BUCKETS_COUNT = 4;

/** Coins whose numbers are known, by the prefix of their parameters. */
const COINS = { BTC: { prefix: 'btc', set: 0 }, ETH: { prefix: 'eth', set: 1 } } as const;

interface Row {
  /** End of the parameter's key. */
  readonly key: string;
  readonly number: keyof PortfolioMarginParameters;
  readonly label: string;
  readonly unit: string;
  readonly max: number;
  readonly description: string;
}

const COIN_ROWS: readonly Row[] = [
  row('PriceRange', 'priceRange', 'Price range', 'fraction', 0.6, 'Largest move of the standard table, either way.'),
  row(
    'VolatilityUp',
    'volatilityRangeUp',
    'Vol shock up',
    'fraction',
    3,
    'Relative rise of the vol of a 30-day option.',
  ),
  row(
    'DeltaShockGrowth',
    'mInc',
    'Delta shock growth',
    'fraction per coin',
    0.01,
    'Growth of the delta shock rate per coin above its threshold. That it works so is read off one third-party implementation.',
  ),
];

/** Numbers that the coin pool and the USDC pool have each their own of. */
const POOL_ROWS: readonly Row[] = [
  row(
    'ExtendedDampener',
    'extendedDampenerUsd',
    'Extended dampener',
    'USD',
    1e7,
    'What the extended table forgives, times move over price range less one.',
  ),
  row(
    'AnnualisedMove',
    'annualisedMoveRisk',
    'Annualised move',
    'fraction per year',
    1,
    'Move of an expiry against the index in the roll shock: exp(move × years) − 1.',
  ),
  row(
    'MinAnnualisedMove',
    'minAnnualisedMove',
    'Least move of an expiry',
    'fraction',
    0.2,
    'Least rate of the roll shock, and the rate of the perpetual.',
  ),
  row(
    'PnlOffset',
    'pnlOffset',
    'Gain that counts',
    'fraction',
    1,
    'Share of a gain that counts in a scenario. A loss binds, so it is seen in the matrix and moves no margin.',
  ),
  row(
    'MaxOffsetablePnl',
    'maxOffsetablePnlUsd',
    'Most gain that counts',
    'USD',
    1e9,
    'Most of a gain that counts in a scenario. Moves no margin either.',
  ),
];

const SHARED_ROWS: readonly Row[] = [
  row(
    'volatilityDown',
    'volatilityRangeDown',
    'Vol shock down',
    'fraction',
    0.9,
    'Relative fall of the vol of a 30-day option.',
  ),
  row(
    'minVolatilityUp',
    'minVolatilityForShockUp',
    'Least vol when shocked up',
    'vol',
    3,
    'A vol shocked up is at least this. That the floor is on the shocked vol is read off one third-party implementation.',
  ),
  row(
    'shortTermPower',
    'shortTermVegaPower',
    'Vol power under 30 days',
    'exponent',
    1,
    'Vol shocks are multiplied by (30 / days)^power below 30 days to expiry, days at least 1.',
  ),
  row(
    'longTermPower',
    'longTermVegaPower',
    'Vol power from 30 days',
    'exponent',
    1,
    'Vol shocks are multiplied by (30 / days)^power from 30 days to expiry on.',
  ),
  row(
    'extendedFactor',
    'extendedTableFactor',
    'Extended table factor',
    'factor',
    5,
    'A profit of the extended table counts factor × price range / move.',
  ),
  row(
    'maxDeltaShock',
    'maxDeltaShock',
    'Most delta shock',
    'fraction',
    1,
    'Largest rate of the delta shock. That it works so is read off one third-party implementation.',
  ),
  row(
    'deltaShockThreshold',
    'deltaTotalLiqShockThresholdUsd',
    'Delta shock threshold',
    'USD',
    1e9,
    'Delta of a pair up to which no delta shock is charged.',
  ),
  row(
    'maintenanceFactor',
    'mmFactor',
    'Maintenance factor',
    'fraction',
    1,
    'Maintenance margin as a share of the risk matrix margin. Two outputs of the venue.',
  ),
];

/** Numbers of the USDC pool in the same two responses. */
const USDC_POOL: Readonly<Record<string, number>> = {
  ExtendedDampener: 25_000,
  AnnualisedMove: 0.1,
  MinAnnualisedMove: 0.01,
  PnlOffset: 0.4,
  MaxOffsetablePnl: 1_000_000,
};

/** What a third party had for BTC in September 2026, where the venue's own set of June 2024 has another number. */
const LATER_BTC: Readonly<Record<string, string>> = {
  PriceRange: '0.14',
  VolatilityUp: '0.40',
  ExtendedDampener: '200,000',
  MinAnnualisedMove: '0.005',
};

export const PORTFOLIO_MARGIN_SPECS: readonly ParameterSpec[] = [
  ...Object.entries(COINS).flatMap(([coin, { prefix, set }]) => {
    const { values, source, date } = PORTFOLIO_MARGIN_PARAMETERS[set]!;
    return [...COIN_ROWS, ...POOL_ROWS].map((each): ParameterSpec => {
      const later = coin === 'BTC' ? LATER_BTC[each.key] : undefined;
      const description = later
        ? `${each.description} A third party had ${later} in September 2026; the venue's own number stands until a second source confirms that one.`
        : each.description;
      return { ...specOf(each, `${prefix}${each.key}`, values[each.number], coin), description, source, date };
    });
  }),
  ...POOL_ROWS.map((each) => ({
    ...specOf(each, `usdc${each.key}`, USDC_POOL[each.key]!, 'USDC pool'),
    description: `${each.description} For contracts settled in USDC.`,
  })),
  ...SHARED_ROWS.map((each) => specOf(each, each.key, PORTFOLIO_MARGIN_PARAMETERS[COINS.ETH.set]!.values[each.number])),
];

/** A pair's numbers, or undefined for a coin whose numbers are not known. */
export function pairParameters(
  parameters: ParameterSet,
  coin: string,
  settlement: Settlement,
): PortfolioMarginParameters | undefined {
  if (coin !== 'BTC' && coin !== 'ETH') return undefined;
  const { prefix } = COINS[coin];
  const pool = settlement === 'coin' ? prefix : 'usdc';
  return {
    bucketsCount: BUCKETS_COUNT,
    priceRange: parameters[`${prefix}PriceRange`]!,
    volatilityRangeUp: parameters[`${prefix}VolatilityUp`]!,
    mInc: parameters[`${prefix}DeltaShockGrowth`]!,
    extendedDampenerUsd: parameters[`${pool}ExtendedDampener`]!,
    annualisedMoveRisk: parameters[`${pool}AnnualisedMove`]!,
    minAnnualisedMove: parameters[`${pool}MinAnnualisedMove`]!,
    pnlOffset: parameters[`${pool}PnlOffset`]!,
    maxOffsetablePnlUsd: parameters[`${pool}MaxOffsetablePnl`]!,
    volatilityRangeDown: parameters.volatilityDown!,
    minVolatilityForShockUp: parameters.minVolatilityUp!,
    shortTermVegaPower: parameters.shortTermPower!,
    longTermVegaPower: parameters.longTermPower!,
    extendedTableFactor: parameters.extendedFactor!,
    maxDeltaShock: parameters.maxDeltaShock!,
    deltaTotalLiqShockThresholdUsd: parameters.deltaShockThreshold!,
    mmFactor: parameters.maintenanceFactor!,
  };
}

function row(
  key: string,
  number: keyof PortfolioMarginParameters,
  label: string,
  unit: string,
  max: number,
  description: string,
): Row {
  return { key, number, label, unit, max, description };
}

function specOf(
  { number, label, unit, max, description }: Row,
  key: string,
  initial: number,
  scope?: string,
): ParameterSpec {
  const min = number === 'priceRange' ? 0.01 : 0;
  return { key, label: scope === undefined ? label : `${label}, ${scope}`, unit, initial, min, max, description };
}

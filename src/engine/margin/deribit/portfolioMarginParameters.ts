import type { VenueParameters } from '../venueParameters.ts';
import type { VolShockParameters } from './shockedVol.ts';

/** The numbers of Deribit's portfolio margin for one currency, named as its API names them. */
export interface PortfolioMarginParameters extends VolShockParameters {
  /** Largest price move of the standard table, and the number of steps to it on each side. */
  readonly priceRange: number;
  readonly bucketsCount: number;
  readonly extendedTableFactor: number;
  /** USD; what the extended table forgives, growing with the move. */
  readonly extendedDampenerUsd: number;
  /** Delta shock: growth per coin above the threshold, its largest rate, and the threshold in USD. */
  readonly mInc: number;
  readonly maxDeltaShock: number;
  readonly deltaTotalLiqShockThresholdUsd: number;
  /** Roll shock: annualised move of an expiry against the index, and the least move. */
  readonly annualisedMoveRisk: number;
  readonly minAnnualisedMove: number;
  /** Share of a gain that counts in a scenario, and the most of it, USD. */
  readonly pnlOffset: number;
  readonly maxOffsetablePnlUsd: number;
  /** Maintenance margin over the risk matrix margin. */
  readonly mmFactor: number;
}

const UNITS: Readonly<Record<keyof PortfolioMarginParameters, string>> = {
  priceRange: 'fraction',
  bucketsCount: 'steps each side',
  volatilityRangeUp: 'fraction of vol',
  volatilityRangeDown: 'fraction of vol',
  minVolatilityForShockUp: 'vol',
  shortTermVegaPower: 'exponent',
  longTermVegaPower: 'exponent',
  extendedTableFactor: 'factor',
  extendedDampenerUsd: 'USD',
  mInc: 'fraction per coin',
  maxDeltaShock: 'fraction',
  deltaTotalLiqShockThresholdUsd: 'USD',
  annualisedMoveRisk: 'fraction per year',
  minAnnualisedMove: 'fraction',
  pnlOffset: 'fraction',
  maxOffsetablePnlUsd: 'USD',
  mmFactor: 'fraction',
};

const BTC_JUNE_2024: PortfolioMarginParameters = {
  priceRange: 0.16,
  bucketsCount: 4,
  volatilityRangeUp: 0.5,
  volatilityRangeDown: 0.25,
  minVolatilityForShockUp: 0.5,
  shortTermVegaPower: 0.3,
  longTermVegaPower: 0.13,
  extendedTableFactor: 1,
  extendedDampenerUsd: 100_000,
  mInc: 0.00005,
  maxDeltaShock: 0.1,
  deltaTotalLiqShockThresholdUsd: 20_000_000,
  annualisedMoveRisk: 0.075,
  minAnnualisedMove: 0.01,
  pnlOffset: 0,
  maxOffsetablePnlUsd: 0,
  mmFactor: 0.8,
};

/** Whole sets that the venue printed or returned. Later single numbers from third parties are left out: a set is of one day. */
export const PORTFOLIO_MARGIN_PARAMETERS: readonly VenueParameters<PortfolioMarginParameters>[] = [
  {
    scope: 'BTC, coin pool',
    date: '2024-06',
    source: 'docs.deribit.com private/simulate_portfolio, example response',
    units: UNITS,
    values: BTC_JUNE_2024,
  },
  {
    scope: 'ETH, coin pool',
    date: '2026-02',
    source: 'a response of the venue, February 2026',
    units: UNITS,
    values: {
      ...BTC_JUNE_2024,
      priceRange: 0.18,
      volatilityRangeUp: 0.4,
      extendedDampenerUsd: 200_000,
      mInc: 0.000004,
      annualisedMoveRisk: 0.05,
      minAnnualisedMove: 0.005,
      pnlOffset: 0.6,
      maxOffsetablePnlUsd: 20_000_000,
    },
  },
];

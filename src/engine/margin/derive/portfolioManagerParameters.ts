import { spec } from '../parameterSpec.ts';
import { publishedValues, type TableValues } from './parameterTable.ts';
import { regularGrid, type ScenarioShock } from './ScenarioShock.ts';
import { sharedManagerRows } from './sharedManagerRows.ts';

/**
 * Production values of Derive's first portfolio manager. Source: derivexyz/v2-core 7736900d of 2026-01-21, production
 * configuration script (`scripts/config-mainnet.sol`).
 */
export const PORTFOLIO_MANAGER_TABLE = [
  spec('basePercent', 'Base contingency', 'fraction of spot', 0.03, 0, 1, 'Charged on the wrapped underlying held.'),
  spec('perpPercent', 'Perpetual contingency', 'fraction of spot', 0.03, 0, 1, 'Charged on perpetuals, either side.'),
  spec(
    'optionPercent',
    'Short option contingency',
    'fraction of spot',
    0.02,
    0,
    1,
    'Charged on options sold and not covered at their strike.',
  ),
  spec('imFactor', 'Initial factor', 'factor', 1.25, 1, 10, 'Initial margin over maintenance margin.'),
  spec(
    'baseStaticDiscount',
    'Static discount',
    'factor',
    0.95,
    0,
    1,
    'What a net long expiry is counted at in a scenario.',
  ),
  spec('rateMultScale', 'Discount per rate', 'factor', 1, 0, 10, 'Weight of the rate in the static discount.'),
  spec('rateAddScale', 'Discount a year', 'per year', 0.12, 0, 5, 'Added to the rate in the static discount.'),
  ...sharedManagerRows({
    scenarioSpotUp: 1.05,
    scenarioSpotDown: 0.95,
    addFactor: 1,
    multFactor: 1.2,
    volRangeUp: 0.6,
    volRangeDown: 0.3,
  }),
] as const;

export type PortfolioManagerParameters = TableValues<typeof PORTFOLIO_MANAGER_TABLE>;

export const PORTFOLIO_MANAGER_VALUES: PortfolioManagerParameters = publishedValues(PORTFOLIO_MANAGER_TABLE);

/** The 23 scenarios of a grid that reaches `range` either way in quarters; in production a fifth. */
export function portfolioManagerScenarios(range: number): ScenarioShock[] {
  return regularGrid(range, [range / 4, range / 2, (3 * range) / 4]);
}

export const SCENARIO_RANGE = spec(
  'scenarioRange',
  'Spot range',
  'fraction',
  0.2,
  0.02,
  0.6,
  'Largest spot move of the scenarios, either way; the others are its quarters. The chain has since had 0.18 by one account.',
);

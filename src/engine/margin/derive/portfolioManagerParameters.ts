import { publishedValues, row, type TableValues } from './parameterTable.ts';
import { regularGrid } from './ScenarioShock.ts';
import { VOL_TERM_ROWS } from './volShockParameters.ts';

/**
 * Production values of Derive's first portfolio manager. Source: derivexyz/v2-core 7736900d of 2026-01-21, production
 * configuration script (`scripts/config-mainnet.sol`).
 */
export const PORTFOLIO_MANAGER_TABLE = [
  row('scenarioSpotUp', 'Basis move up', 'factor', 1.05, 1, 3, 'Forward factor of the basis contingency, up.'),
  row('scenarioSpotDown', 'Basis move down', 'factor', 0.95, 0.01, 1, 'Forward factor of the basis contingency, down.'),
  row('addFactor', 'Basis share', 'fraction', 1, 0, 5, 'Share of the basis loss that counts at any expiry.'),
  row(
    'multFactor',
    'Basis share per year',
    'fraction per year',
    1.2,
    0,
    5,
    'Added to the share for each year to expiry.',
  ),
  row(
    'pegLossThreshold',
    'Peg threshold',
    'USD',
    0.99,
    0,
    1.5,
    'Stablecoin price below which the initial factor grows.',
  ),
  row(
    'pegLossFactor',
    'Peg factor',
    'per USD',
    4,
    0,
    20,
    'Growth of the initial factor for each dollar below the peg threshold.',
  ),
  row(
    'confThreshold',
    'Confidence threshold',
    'fraction',
    0.55,
    0,
    1,
    'Feed confidence below which initial margin is charged.',
  ),
  row('confMargin', 'Confidence charge', 'fraction of spot', 1, 0, 2, 'Charge at zero confidence, on the notional.'),
  row('basePercent', 'Base contingency', 'fraction of spot', 0.03, 0, 1, 'Charged on the wrapped underlying held.'),
  row('perpPercent', 'Perpetual contingency', 'fraction of spot', 0.03, 0, 1, 'Charged on perpetuals, either side.'),
  row(
    'optionPercent',
    'Short option contingency',
    'fraction of spot',
    0.02,
    0,
    1,
    'Charged on options sold and not covered at their strike.',
  ),
  row('imFactor', 'Initial factor', 'factor', 1.25, 1, 10, 'Initial margin over maintenance margin.'),
  row(
    'baseStaticDiscount',
    'Static discount',
    'factor',
    0.95,
    0,
    1,
    'What a net long expiry is counted at in a scenario.',
  ),
  row('rateMultScale', 'Discount per rate', 'factor', 1, 0, 10, 'Weight of the rate in the static discount.'),
  row('rateAddScale', 'Discount a year', 'per year', 0.12, 0, 5, 'Added to the rate in the static discount.'),
  row('volRangeUp', 'Vol shock up', 'fraction', 0.6, 0, 5, 'Relative rise of the vol of a 30-day option.'),
  row('volRangeDown', 'Vol shock down', 'fraction', 0.3, 0, 2, 'Relative fall of the vol of a 30-day option.'),
  ...VOL_TERM_ROWS,
] as const;

export type PortfolioManagerParameters = TableValues<typeof PORTFOLIO_MANAGER_TABLE>;

export const PORTFOLIO_MANAGER_VALUES: PortfolioManagerParameters = publishedValues(PORTFOLIO_MANAGER_TABLE);

/** The 23 production scenarios, same source. */
export const PORTFOLIO_MANAGER_SCENARIOS = regularGrid(0.2, [0.05, 0.1, 0.15]);

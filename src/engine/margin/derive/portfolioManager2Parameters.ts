import { publishedValues, row, type TableValues } from './parameterTable.ts';
import { regularGrid, type ScenarioShock } from './ScenarioShock.ts';
import { VOL_TERM_ROWS } from './volShockParameters.ts';

/**
 * Production values of Derive's second portfolio manager. Source: derivexyz/v2-core 7736900d of 2026-01-21, production
 * configuration script (`scripts/config-mainnet.sol`), but for one pair: the script gives the static discounts as 1.05 for
 * holdings and 0.95 for debts, which would mark holdings up and debts down. Every test of the same repository has them the
 * other way round (0.95 and 1.04), as a haircut must be, and those stand here.
 */
export const PORTFOLIO_MANAGER_2_TABLE = [
  row('scenarioSpotUp', 'Basis move up', 'factor', 1.045, 1, 3, 'Forward factor of the basis contingency, up.'),
  row(
    'scenarioSpotDown',
    'Basis move down',
    'factor',
    0.955,
    0.01,
    1,
    'Forward factor of the basis contingency, down.',
  ),
  row('addFactor', 'Basis share', 'fraction', 0.5, 0, 5, 'Share of the basis loss that counts at any expiry.'),
  row(
    'multFactor',
    'Basis share per year',
    'fraction per year',
    2,
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
    100,
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
  row(
    'confMargin',
    'Confidence charge',
    'fraction of notional',
    1,
    0,
    2,
    'Charge at zero confidence, on the notional.',
  ),
  row('MMPerpPercent', 'Perpetual contingency', 'fraction of spot', 0.03, 0, 3, 'Charged on perpetuals, either side.'),
  row(
    'IMPerpPercent',
    'Perpetual contingency, initial',
    'fraction of spot',
    0.01,
    0,
    3,
    'Added to it in initial margin.',
  ),
  row(
    'MMOptionPercent',
    'Short option contingency',
    'fraction of spot',
    0.003,
    0,
    3,
    'Charged on options sold and not covered at their strike.',
  ),
  row(
    'IMOptionPercent',
    'Short option contingency, initial',
    'fraction of spot',
    0.002,
    0,
    3,
    'Added to it in initial margin.',
  ),
  row('imFactor', 'Initial factor', 'factor', 1, 1, 10, 'Share of the worst loss in initial margin.'),
  row('mmFactor', 'Maintenance factor', 'factor', 0.8, 0, 10, 'Share of the worst loss in maintenance margin.'),
  row(
    'longBaseStaticDiscount',
    'Static discount, held',
    'factor',
    0.95,
    0,
    1.1,
    'What an expiry worth something is counted at in a scenario.',
  ),
  row('longRateMultScale', 'Discount per rate, held', 'factor', 0, 0, 10, 'Weight of the rate in it.'),
  row('longRateAddScale', 'Discount a year, held', 'per year', 0.16, 0, 10, 'Added to the rate in it.'),
  row(
    'shortBaseStaticDiscount',
    'Static premium, owed',
    'factor',
    1.04,
    0.9,
    4,
    'What an expiry that owes something is counted at in a scenario.',
  ),
  row('shortRateMultScale', 'Premium per rate, owed', 'factor', 0, 0, 10, 'Weight of the rate in it.'),
  row('shortRateAddScale', 'Premium a year, owed', 'per year', 0.16, 0, 10, 'Added to the rate in it.'),
  row('volRangeUp', 'Vol shock up', 'fraction', 0.5, 0, 5, 'Relative rise of the vol of a 30-day option.'),
  row('volRangeDown', 'Vol shock down', 'fraction', 0.3, 0, 2, 'Relative fall of the vol of a 30-day option.'),
  ...VOL_TERM_ROWS,
  row(
    'minVolUpShock',
    'Least vol when vol rises',
    'vol',
    0.4,
    0,
    20,
    'No vol is below this in a scenario of rising vol.',
  ),
  row(
    'linearBaseCap',
    'Tilt cap',
    'fraction',
    0.25,
    0,
    10,
    'Largest relative change of a vol when the smile is tilted.',
  ),
  row(
    'linearCBase',
    'Tilt cap, time',
    'per square root of a year',
    -0.1,
    -10,
    10,
    'Change of the tilt cap with time to expiry.',
  ),
  row(
    'absBaseCap',
    'Wing cap',
    'fraction',
    0.25,
    0,
    10,
    'Largest relative change of a vol when both wings are lifted.',
  ),
  row(
    'absCBase',
    'Wing cap, time',
    'per square root of a year',
    -0.1,
    -10,
    10,
    'Change of the wing cap with time to expiry.',
  ),
  row(
    'minKStar',
    'Least skew width',
    'log-moneyness',
    0.01,
    0,
    5,
    'Least distance from the forward at which the cap is reached.',
  ),
  row('widthScale', 'Skew width', 'multiple', 4, 0, 10, 'Width of the skew in standard deviations.'),
  row('volParamStatic', 'Skew width vol', 'vol', 0.6, 0, 10, 'Vol that sets the width of the skew.'),
  row(
    'volParamScale',
    'Skew width vol, time',
    'per square root of a year',
    0,
    -20,
    5,
    'Change of that vol with time to expiry.',
  ),
] as const;

export type PortfolioManager2Parameters = TableValues<typeof PORTFOLIO_MANAGER_2_TABLE>;

export const PORTFOLIO_MANAGER_2_VALUES: PortfolioManager2Parameters = publishedValues(PORTFOLIO_MANAGER_2_TABLE);

/** Spot factors of the tails and the share of their P&L that counts. */
const TAILS: readonly (readonly [number, number])[] = [
  [0.34, 0.21],
  [0.67, 0.42],
  [1.5, 0.2772],
  [2, 0.1386],
  [3, 0.0693],
  [4, 0.0462],
  [5, 0.03465],
  [6, 0.02772],
];

/** The 33 production scenarios of BTC and ETH, same source. */
export const PORTFOLIO_MANAGER_2_SCENARIOS: readonly ScenarioShock[] = [
  ...regularGrid(0.18, [0.045, 0.09, 0.135]),
  ...TAILS.map(([spotFactor, dampening]): ScenarioShock => ({ spotFactor, volMove: 'up', dampening })),
  { spotFactor: 1, volMove: 'linear', dampening: 1 },
  { spotFactor: 1, volMove: 'abs', dampening: 1 },
];

/** Haircuts on a collateral: in maintenance margin, and what initial margin adds. */
export interface CollateralHaircuts {
  readonly maintenanceHaircut: number;
  readonly initialHaircut: number;
}

const haircuts = (maintenanceHaircut: number, initialHaircut: number): CollateralHaircuts => ({
  maintenanceHaircut,
  initialHaircut,
});

/**
 * Haircuts by coin, and for coins the smaller ones where the coin is the manager's own underlying, so that its price risk is in
 * the scenarios. Source: derivexyz/v2-core 7736900d, the portfolio tests of PMRM_2; production values are not published.
 */
export const COLLATERAL_HAIRCUTS: Readonly<
  Record<string, { readonly foreign: CollateralHaircuts; readonly riskCancelling?: CollateralHaircuts }>
> = {
  ETH: { foreign: haircuts(0.15, 0.05), riskCancelling: haircuts(0.015, 0.005) },
  BTC: { foreign: haircuts(0.25, 0.05), riskCancelling: haircuts(0.02, 0.01) },
  USDT: { foreign: haircuts(0.02, 0.03) },
};

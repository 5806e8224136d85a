import { spec } from '../parameterSpec.ts';
import { CHAIN_RECORD, publishedValues, type TableValues } from './parameterTable.ts';
import { regularGrid, type ScenarioShock } from './ScenarioShock.ts';
import { sharedManagerRows } from './sharedManagerRows.ts';

const DISCOUNTS = { source: CHAIN_RECORD, date: '2026-01-08' };

/**
 * Production values of Derive's second portfolio manager, as the production script has them but for the static discounts.
 * There the script has 1.05 for what is held and 0.95 for what is owed, which would mark holdings up and debts down. The
 * managers went live with that pair and had it turned round on 8 January 2026, to 0.98 and 1.02 with 0.1 a year; the tests of
 * the same repository have 0.95 and 1.04. What was in force last stands here.
 */
export const PORTFOLIO_MANAGER_2_TABLE = [
  spec('MMPerpPercent', 'Perpetual contingency', 'fraction of spot', 0.03, 0, 3, 'Charged on perpetuals, either side.'),
  spec(
    'IMPerpPercent',
    'Perpetual contingency, initial',
    'fraction of spot',
    0.01,
    0,
    3,
    'Added to it in initial margin.',
  ),
  spec(
    'MMOptionPercent',
    'Short option contingency',
    'fraction of spot',
    0.003,
    0,
    3,
    'Charged on options sold and not covered at their strike.',
  ),
  spec(
    'IMOptionPercent',
    'Short option contingency, initial',
    'fraction of spot',
    0.002,
    0,
    3,
    'Added to it in initial margin.',
  ),
  spec('imFactor', 'Initial factor', 'factor', 1, 1, 10, 'Share of the worst loss in initial margin.'),
  spec('mmFactor', 'Maintenance factor', 'factor', 0.8, 0, 10, 'Share of the worst loss in maintenance margin.'),
  spec(
    'longBaseStaticDiscount',
    'Static discount, held',
    'factor',
    0.98,
    0,
    1.1,
    'What an expiry worth something is counted at in a scenario. The production script has 1.05, a premium on holdings: the pair stands there transposed and was turned round on the chain.',
    DISCOUNTS,
  ),
  spec('longRateMultScale', 'Discount per rate, held', 'factor', 0, 0, 10, 'Weight of the rate in it.'),
  spec(
    'longRateAddScale',
    'Discount a year, held',
    'per year',
    0.1,
    0,
    10,
    'Added to the rate in it. The production script has 0.16.',
    DISCOUNTS,
  ),
  spec(
    'shortBaseStaticDiscount',
    'Static premium, owed',
    'factor',
    1.02,
    0.9,
    4,
    'What an expiry that owes something is counted at in a scenario, at most what undoes the discount of its mark. The production script has 0.95, a discount on debts: the pair stands there transposed and was turned round on the chain.',
    DISCOUNTS,
  ),
  spec('shortRateMultScale', 'Premium per rate, owed', 'factor', 0, 0, 10, 'Weight of the rate in it.'),
  spec(
    'shortRateAddScale',
    'Premium a year, owed',
    'per year',
    0.1,
    0,
    10,
    'Added to the rate in it. The production script has 0.16.',
    DISCOUNTS,
  ),
  ...sharedManagerRows({
    scenarioSpotUp: 1.045,
    scenarioSpotDown: 0.955,
    addFactor: 0.5,
    multFactor: 2,
    volRangeUp: 0.5,
    volRangeDown: 0.3,
  }),
  spec(
    'minVolUpShock',
    'Least vol when vol rises',
    'vol',
    0.4,
    0,
    20,
    'No vol is below this in a scenario of rising vol.',
  ),
  spec(
    'linearBaseCap',
    'Tilt cap',
    'fraction',
    0.25,
    0,
    10,
    'Largest relative change of a vol when the smile is tilted.',
  ),
  spec(
    'linearCBase',
    'Tilt cap, time',
    'per square root of a year',
    -0.1,
    -10,
    10,
    'Change of the tilt cap with time to expiry.',
  ),
  spec(
    'absBaseCap',
    'Wing cap',
    'fraction',
    0.25,
    0,
    10,
    'Largest relative change of a vol when both wings are lifted.',
  ),
  spec(
    'absCBase',
    'Wing cap, time',
    'per square root of a year',
    -0.1,
    -10,
    10,
    'Change of the wing cap with time to expiry.',
  ),
  spec(
    'minKStar',
    'Least skew width',
    'log-moneyness',
    0.01,
    0,
    5,
    'Least distance from the forward at which the cap is reached.',
  ),
  spec('widthScale', 'Skew width', 'multiple', 4, 0, 10, 'Width of the skew in standard deviations.'),
  spec('volParamStatic', 'Skew width vol', 'vol', 0.6, 0, 10, 'Vol that sets the width of the skew.'),
  spec(
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

/** Spot factors of tails and the share of their P&L that counts. */
type Tails = readonly (readonly [number, number])[];

const TAILS: Tails = [
  [0.34, 0.21],
  [0.67, 0.42],
  [1.5, 0.2772],
  [2, 0.1386],
  [3, 0.0693],
  [4, 0.0462],
  [5, 0.03465],
  [6, 0.02772],
];

/**
 * Tails of SOL as the documentation has them. The last share, which it cuts off, follows the others: a rise of so many times the
 * price counts by 0.24 over it.
 */
export const SOL_TAILS: Tails = [
  [0.34, 0.36],
  [0.67, 0.72],
  [1.5, 0.48],
  [2, 0.24],
  [3, 0.12],
  [4, 0.08],
  [5, 0.06],
  [6, 0.048],
];

/** The 33 scenarios around a regular grid that reaches `range` either way in quarters; for BTC and ETH 18 %. Same source. */
export function portfolioManager2Scenarios(range: number, tails: Tails = TAILS): ScenarioShock[] {
  return [
    ...regularGrid(range, [range / 4, range / 2, (3 * range) / 4]),
    ...tails.map(([spotFactor, dampening]): ScenarioShock => ({ spotFactor, volMove: 'up', dampening })),
    { spotFactor: 1, volMove: 'linear', dampening: 1 },
    { spotFactor: 1, volMove: 'abs', dampening: 1 },
  ];
}

export const SCENARIO_RANGE_2 = spec(
  'scenarioRange',
  'Spot range',
  'fraction',
  0.18,
  0.02,
  0.33,
  'Largest spot move of the regular scenarios, either way; the others are its quarters. The tails stay where they are.',
);

export const SCENARIO_RANGE_SOL = spec(
  'scenarioRangeSOL',
  'Spot range, SOL',
  'fraction',
  0.27,
  0.02,
  0.33,
  'The same for SOL.',
  { source: 'docs.derive.xyz, portfolio manager with SOL and HYPE', date: '2026-01-15' },
);

const UPSTREAM_TESTS = { source: 'derivexyz/v2-core 7736900d, portfolio tests of PMRM_2', date: '2026-01-21' };
const HAIRCUT = 'Production values are not published: these are those of the upstream tests.';

/** Haircuts of what can be held beside cash: a coin under its own manager, where its price risk is in the scenarios, and USD tokens. */
export const HAIRCUT_ROWS = [
  ...haircutRows('BTC', 0.02, 0.01),
  ...haircutRows('ETH', 0.015, 0.005),
  ...haircutRows('USDT', 0.02, 0.03),
  ...haircutRows('DAI', 0.08, 0.02),
] as const;

function haircutRows<Asset extends string>(asset: Asset, maintenance: number, initial: number) {
  return [
    spec(
      `maintenanceHaircut${asset}`,
      `${asset} haircut`,
      'fraction',
      maintenance,
      0,
      1,
      `Of ${asset} held. ${HAIRCUT}`,
      UPSTREAM_TESTS,
    ),
    spec(
      `initialHaircut${asset}`,
      `${asset} haircut, initial`,
      'fraction',
      initial,
      0,
      1,
      `Added to it in initial margin. ${HAIRCUT}`,
      UPSTREAM_TESTS,
    ),
  ] as const;
}

/** Haircuts on a collateral: in maintenance margin, and what initial margin adds. */
interface CollateralHaircuts {
  readonly maintenanceHaircut: number;
  readonly initialHaircut: number;
}

/** Haircuts of a coin under its own manager, or of a token; null for what is not taken. */
export function collateralHaircuts(values: TableValues<typeof HAIRCUT_ROWS>, asset: string): CollateralHaircuts | null {
  if (asset !== 'BTC' && asset !== 'ETH' && asset !== 'USDT' && asset !== 'DAI') return null;
  return {
    maintenanceHaircut: values[`maintenanceHaircut${asset}`],
    initialHaircut: values[`initialHaircut${asset}`],
  };
}

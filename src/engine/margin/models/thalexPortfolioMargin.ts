import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { Usd, Vol } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginComponent, MarginModel, MarginRequirement } from '../MarginModel.ts';
import {
  chargedRows,
  type NetCoin,
  type NetFuture,
  type NetOption,
  USD_SETTLED_APPROXIMATION,
} from '../netPositions.ts';
import { spec } from '../parameterSpec.ts';
import {
  meanVol,
  type NetCharge,
  type RiskUnit,
  riskUnits,
  type ScanGrid,
  scanComponent,
  totalCharge,
  unitScan,
  worstOfUnits,
} from '../venueScan.ts';

const ASSUMED = 'Assumed: Thalex does not say it on the pages that were read.';

/**
 * Thalex portfolio margin, as far as it is public, per underlying and added:
 *
 *   IMR = maximum loss coverage + roll contingency + option contingency;  MMR = 70 % IMR
 *
 * Scenarios are relative moves of the price and absolute moves of vol, "about 50" of them: all of the loss counts within +-20 % and -30 to
 * +45 vol points, half of it at +-40 %, so that a book without options never feels the extremes. BTC and ETH held as collateral are positions.
 */
export const thalexPortfolioMargin: MarginModel = {
  id: 'thalex-pm',
  title: 'Thalex PM',
  venue: 'Thalex',
  source: 'thalex.com/trading-information/portfolio-margin, support.thalex.com',
  parametersDate: '2026-09-01',
  parameters: [
    spec(
      'priceRange',
      'Price range',
      'fraction',
      0.2,
      0.02,
      0.6,
      'Largest price move of full coverage, either way. That it is scanned in quarters is assumed; the venue says about 50 scenarios in all, these make 51.',
    ),
    spec(
      'volatilityUp',
      'Vol up',
      'vol',
      0.45,
      0,
      2,
      'Vol points added at the upper end; the middle between it and none is scanned as well, which is assumed.',
    ),
    spec(
      'volatilityDown',
      'Vol down',
      'vol',
      0.3,
      0,
      1,
      'Vol points taken off at the lower end, half of them in between; no vol goes below zero.',
    ),
    spec(
      'extremeMove',
      'Extreme move',
      'fraction',
      0.4,
      0.02,
      0.9,
      'Extreme price move either way; with vol up, unchanged and down, which is assumed.',
    ),
    spec('extremeCover', 'Extreme cover', 'fraction', 0.5, 0, 1, 'Coverage factor of the loss in the extreme move.'),
    spec(
      'rollContingency',
      'Roll contingency',
      'fraction of index',
      0.01,
      0,
      0.2,
      `Charged on deltas of different maturities that offset one another. ${ASSUMED}`,
    ),
    spec(
      'optionContingency',
      'Option contingency',
      'fraction of index',
      0.005,
      0,
      0.2,
      `Charged on each option sold, net within one contract. ${ASSUMED}`,
    ),
    spec(
      'maintenanceFactor',
      'Maintenance factor',
      'fraction',
      0.7,
      0.1,
      1,
      'Maintenance margin as a share of initial margin.',
    ),
  ],
  requirement,
};

const LISTED = new Set(['BTC', 'ETH']);

const APPROXIMATIONS: readonly string[] = [
  'The rates of the roll and the option contingency are assumed, and so are the steps between the ends of the scan that the venue states.',
  USD_SETTLED_APPROXIMATION,
  'Perpetuals and coins are taken as one maturity of the roll contingency, each expiry as another.',
  'Stablecoins count as in the book; Thalex sets their value itself.',
];

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const answers = riskUnits(book).map((unit) => unitAnswer(unit, parameters));
  const components = answers.flatMap((answer) => answer.components);
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: parameters.maintenanceFactor! * initialMarginUsd,
    worstScenario: worstOfUnits(answers.map(({ scan }) => scan)),
    components,
    positions: chargedRows(
      book,
      answers.flatMap(({ charges }) => charges),
    ),
    approximations: APPROXIMATIONS,
  };
}

function unitAnswer(unit: RiskUnit, parameters: ParameterSet) {
  const { underlying, index, options, futures, coins } = unit;
  if (!LISTED.has(underlying)) throw unlisted(unit);
  const scan = unitScan(
    unit,
    [
      ...futures.map((net) => ({ net, exposureUsd: net.notionalUsd })),
      ...coins.map((net) => ({ net, exposureUsd: net.quantity * index })),
    ],
    scanGrid(parameters, meanVol(unit)),
    ({ volatility }) => VOL_STEPS.map((step) => Math.max(volatility + volPoints(step, parameters), 0)),
  );
  const roll = rollCharges(unit, parameters.rollContingency! * index);
  const sold = options.map(
    (net): NetCharge => [net, parameters.optionContingency! * index * Math.max(-net.quantity, 0)],
  );
  const components: MarginComponent[] = [
    scanComponent(`Maximum loss coverage, ${underlying}`, scan),
    { name: `Roll contingency, ${underlying}`, usd: totalCharge(roll) },
    { name: `Option contingency, ${underlying}`, usd: totalCharge(sold) },
  ];
  return { scan, components, charges: [...scan.charges, ...roll, ...sold] };
}

function unlisted({ underlying, options, futures, coins }: RiskUnit): RiskError {
  const { contract } = [...options, ...futures][0] ?? {};
  const what = contract?.name ?? `${coins[0]!.underlying} held as collateral`;
  return new RiskError(
    'unsupported',
    `${what}: Thalex lists contracts on BTC and ETH and takes no ${underlying}. Take it out of the book, or choose another rulebook`,
  );
}

/** Vol states, as shares of the range up (positive) or down. */
const VOL_STEPS = [1, 0.5, 0, -0.5, -1];
const PRICE_STEPS = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];

function volPoints(step: number, { volatilityUp, volatilityDown }: ParameterSet): number {
  return step * (step > 0 ? volatilityUp! : volatilityDown!);
}

/** 45 points of full coverage and six extremes; a shock in points is shown relative to the mean vol of the unit's options. */
function scanGrid(parameters: ParameterSet, vol: Vol): ScanGrid {
  const { priceRange, extremeMove, extremeCover } = parameters;
  return {
    points: [
      ...PRICE_STEPS.flatMap((step) => VOL_STEPS.map((_, vol) => ({ spotMove: step * priceRange!, vol, cover: 1 }))),
      ...[-1, 1].flatMap((sign) =>
        [0, 2, 4].map((vol) => ({ spotMove: sign * extremeMove!, vol, cover: extremeCover! })),
      ),
    ],
    volStates: VOL_STEPS.map((step) => {
      const points = volPoints(step, parameters);
      if (points === 0) return { label: 'IV unchanged', shock: 0 };
      const size = Math.round(Math.abs(points) * 1000) / 10;
      return { label: `IV ${points > 0 ? '+' : '−'}${size} points`, shock: points / vol };
    }),
  };
}

/** The smaller of long and short deltas by maturity, charged on the smaller side in proportion to what makes it up. */
function rollCharges({ options, futures, coins }: RiskUnit, chargeUsd: Usd): NetCharge[] {
  const deltas: (readonly [NetOption | NetFuture | NetCoin, number, number])[] = [
    ...options.map((net) => [net, net.timeToExpiryYears, net.deltaCoins] as const),
    ...futures.map((net) => [net, net.timeToExpiryYears, net.sizeCoins] as const),
    ...coins.map((net) => [net, Number.POSITIVE_INFINITY, net.quantity] as const),
  ];
  const byMaturity = new Map<number, number>();
  for (const [, maturity, delta] of deltas) byMaturity.set(maturity, (byMaturity.get(maturity) ?? 0) + delta);
  let long = 0;
  let short = 0;
  for (const delta of byMaturity.values()) {
    if (delta > 0) long += delta;
    else short -= delta;
  }
  const smallerSide = long < short ? 1 : -1;
  return deltas.map(([net, maturity, delta]) => {
    const smaller = byMaturity.get(maturity)! * smallerSide > 0;
    return [net, smaller ? smallerSide * delta * chargeUsd : 0];
  });
}

import { RiskError } from '../../domain/failure.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { Usd, Vol } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginComponent, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, type NetFuture, type NetOption, USD_SETTLED_APPROXIMATION } from '../netPositions.ts';
import { paradexMinimumDelta } from '../onchain/paradexMinimumDelta.ts';
import { spec } from '../parameterSpec.ts';
import {
  derivativesDelta,
  type NetCharge,
  type RiskUnit,
  riskUnits,
  type ScanGrid,
  scanComponent,
  totalCharge,
  unitScan,
  worstOfUnits,
} from '../venueScan.ts';

const SOURCE = 'docs.paradex.trade/risk/portfolio-margin, text of August 2026';
const FROM_MEMORY = 'From memory, unverified.';

/**
 * Paradex portfolio margin (beta), per underlying and added:
 *
 *   net IM = max(SCAN, minimum delta), SCAN = worst weighted loss of 24 scenarios
 *   IMR = net IM + funding provision + fee provision;  MMR = 50 % net IM + the same provisions
 *
 * Tables for BTC and ETH, HYPE and CL. The vol shock goes by (30 / days)^power; vol up rises by at least the floor.
 */
export const paradexPortfolioMargin: MarginModel = {
  id: 'paradex-pm',
  title: 'Paradex PM',
  venue: 'Paradex',
  source: SOURCE,
  parametersDate: '2026-08-20',
  parameters: [
    spec(
      'spotStep',
      'Spot step, BTC and ETH',
      'fraction',
      0.04,
      0.005,
      0.24,
      'Spot moves of the scan are up to four of these steps either way; the fourth with vol up only.',
    ),
    spec('spotStepOther', 'Spot step, HYPE and CL', 'fraction', 0.07, 0.005, 0.24, 'The same for HYPE and CL.'),
    spec('volatilityUp', 'Vol up, BTC and ETH', 'fraction', 0.4, 0, 2, 'Relative rise of the vol of a 30-day option.'),
    spec('volatilityUpOther', 'Vol up, HYPE and CL', 'fraction', 0.64, 0, 2, 'The same for HYPE and CL.'),
    spec(
      'volatilityDown',
      'Vol down, BTC and ETH',
      'fraction',
      0.22,
      0,
      0.95,
      'Relative fall of the vol of a 30-day option.',
    ),
    spec('volatilityDownOther', 'Vol down, HYPE and CL', 'fraction', 0.352, 0, 0.95, 'The same for HYPE and CL.'),
    spec(
      'volatilityUpFloor',
      'Least vol up, BTC and ETH',
      'fraction',
      0.4,
      0,
      2,
      'Vol up rises by at least this share at every expiry: the page calls it a floor applied to the upside vol shock. It could also be read as a floor on the vol itself; 0 takes it away.',
    ),
    spec(
      'volatilityUpFloorOther',
      'Least vol up, HYPE and CL',
      'fraction',
      0.6,
      0,
      2,
      'The same for HYPE and CL. An earlier version of the page has 40 % for every coin.',
    ),
    spec(
      'shortTermPower',
      'Vol power under 30 days',
      'exponent',
      0.3,
      0,
      1,
      'Vol shocks are multiplied by (30 / days)^power below 30 days to expiry; days count as at least one.',
    ),
    spec('longTermPower', 'Vol power from 30 days', 'exponent', 0.13, 0, 1, 'The same from 30 days to expiry on.'),
    spec(
      'tailWeight',
      'Tail weights',
      'multiple',
      1,
      0,
      4,
      'Multiplies the printed weights of the eight tail scenarios (BTC: 18 % at -66 %, 12 % at +100 %, ..). An earlier page prints a third more, 16 % over the move, which is 1.333 here; the newer text of August 2026 is taken.',
    ),
    spec(
      'unhedgedDelta',
      'Minimum for net delta, BTC and ETH',
      'fraction of spot',
      0.02,
      0,
      0.5,
      'Least margin on the net delta.',
    ),
    spec(
      'hedgedDelta',
      'Minimum for hedged delta, BTC and ETH',
      'fraction of spot',
      0.01,
      0,
      0.5,
      'Least margin on deltas that hedge one another, half of gross less net.',
    ),
    spec(
      'unhedgedDeltaOther',
      'Minimum for net delta, HYPE and CL',
      'fraction of spot',
      0.03,
      0,
      0.5,
      'The same for HYPE and CL.',
    ),
    spec(
      'hedgedDeltaOther',
      'Minimum for hedged delta, HYPE and CL',
      'fraction of spot',
      0.015,
      0,
      0.5,
      'The same for HYPE and CL.',
    ),
    spec(
      'takerFee',
      'Fee provision',
      'fraction of notional',
      0.0003,
      0,
      0.01,
      `Fee for closing each position, at the index; of an option at most the fee cap. ${FROM_MEMORY}`,
    ),
    spec(
      'feeCap',
      'Fee cap of options',
      'fraction of price',
      0.125,
      0,
      1,
      `The fee of an option is at most this share of its price. ${FROM_MEMORY}`,
    ),
    spec(
      'maintenanceFactor',
      'Maintenance factor',
      'fraction',
      0.5,
      0.1,
      1,
      'Maintenance margin counts this share of the net initial margin, and all of the provisions.',
    ),
  ],
  requirement,
};

/** Underlyings that the page has tables for, and the ending of the keys of their parameters. */
const COLUMNS = new Map([
  ['BTC', ''],
  ['ETH', ''],
  ['HYPE', 'Other'],
  ['CL', 'Other'],
]);

/** Tail moves and their printed weights: of BTC and ETH, of HYPE and CL. */
const TAIL_MOVES = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5];
const TAIL_WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  '': [0.18, 0.36, 0.24, 0.12, 0.06, 0.04, 0.03, 0.024],
  Other: [0.3, 0.5, 0.4, 0.2, 0.1, 0.07, 0.05, 0.04],
};

const UP = 0;
const DOWN = 1;

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const units = riskUnits(book).filter(({ options, futures }) => options.length + futures.length > 0);
  const answers = units.map((unit) => unitAnswer(unit, book, parameters));
  const components = answers.flatMap((answer) => answer.components);
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  const provisions = sum(answers.map(({ provisionUsd }) => provisionUsd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: parameters.maintenanceFactor! * (initialMarginUsd - provisions) + provisions,
    worstScenario: worstOfUnits(answers.map(({ scan }) => scan)),
    components,
    positions: chargedRows(
      book,
      answers.flatMap(({ charges }) => charges),
    ),
    approximations: approximations(units),
  };
}

function approximations(units: readonly RiskUnit[]): string[] {
  const dated = units.some(({ futures }) => futures.some(({ expiry }) => expiry !== null));
  return [
    USD_SETTLED_APPROXIMATION,
    ...(dated ? ['Paradex lists no dated futures: they are margined and funded as perpetuals at their own mark.'] : []),
    'Each option is priced on the forward of its expiry, which moves with spot; the page prices on spot.',
    'The fee provision takes a taker fee from memory for closing what is held; open orders are not provided for.',
    "The funding provision is what the net position in perpetuals pays over 8 hours at the market's present rate, and nothing where it would receive or the market does not say.",
    'Paradex takes USDC as collateral: coins count in equity at their index and are not scanned.',
  ];
}

function unitAnswer(unit: RiskUnit, book: MarginBook, parameters: ParameterSet) {
  const { underlying, index, options, futures } = unit;
  const column = COLUMNS.get(underlying);
  if (column === undefined) throw unlisted(unit);
  const scan = unitScan(
    unit,
    futures.map((net) => ({ net, exposureUsd: net.notionalUsd })),
    scanGrid(parameters, column),
    (option) => shockedVols(option, parameters, column),
  );

  const deltas: readonly (readonly [NetOption | NetFuture, number])[] = [
    ...options.map((net) => [net, net.deltaCoins] as const),
    ...futures.map((net) => [net, net.sizeCoins] as const),
  ];
  const grossDelta = sum(deltas.map(([, delta]) => Math.abs(delta)));
  const minimum = paradexMinimumDelta(
    { netDelta: derivativesDelta(unit), grossDelta, spot: index },
    { unhedged: parameters[`unhedgedDelta${column}`]!, hedged: parameters[`hedgedDelta${column}`]! },
  );
  const scanUsd = scan.lossUsd[scan.binding]!;
  const toppedUp = Math.max(minimum - scanUsd, 0);

  const fees = [...options, ...futures].map((net): NetCharge => [net, closingFee(net, parameters)]);
  const funding = fundingProvisions(unit, book);
  const components: MarginComponent[] = [
    scanComponent(`Worst weighted loss, ${underlying}`, scan),
    { name: `Up to the minimum for delta, ${underlying}`, usd: toppedUp },
    { name: `Fee provision, ${underlying}`, usd: totalCharge(fees) },
    { name: `Funding provision, ${underlying}`, usd: totalCharge(funding) },
  ];
  const charges: NetCharge[] = [...scan.charges, ...fees, ...funding];
  if (toppedUp > 0) {
    charges.push(...deltas.map(([net, delta]): NetCharge => [net, (toppedUp * Math.abs(delta)) / grossDelta]));
  }
  return { scan, components, charges, provisionUsd: totalCharge(fees) + totalCharge(funding) };
}

function unlisted({ underlying, options, futures }: RiskUnit): RiskError {
  const { contract } = [...options, ...futures][0]!;
  return new RiskError(
    'unsupported',
    `${contract.name}: Paradex states the scenarios of its portfolio margin for BTC, ETH, HYPE and CL, not for ${underlying}. Take it out of the book, or choose another rulebook`,
  );
}

/** The 24 scenarios in the order of the page. */
function scanGrid(parameters: ParameterSet, column: string): ScanGrid {
  const step = parameters[`spotStep${column}`]!;
  const points = [{ spotMove: 4 * step, vol: UP, cover: 1 }];
  for (let k = 3; k >= -3; k -= 1) {
    for (const vol of [UP, DOWN]) points.push({ spotMove: k * step, vol, cover: 1 });
  }
  points.push({ spotMove: -4 * step, vol: UP, cover: 1 });
  TAIL_MOVES.forEach((spotMove, tail) => {
    points.push({ spotMove, vol: UP, cover: parameters.tailWeight! * TAIL_WEIGHTS[column]![tail]! });
  });
  return {
    points,
    volStates: [
      { label: 'IV up', shock: parameters[`volatilityUp${column}`]! },
      { label: 'IV down', shock: -parameters[`volatilityDown${column}`]! },
    ],
  };
}

function shockedVols({ volatility, daysToExpiry }: NetOption, parameters: ParameterSet, column: string): Vol[] {
  const power = daysToExpiry < 30 ? parameters.shortTermPower! : parameters.longTermPower!;
  const factor = (30 / Math.max(daysToExpiry, 1)) ** power;
  const up = Math.max(parameters[`volatilityUp${column}`]! * factor, parameters[`volatilityUpFloor${column}`]!);
  const down = parameters[`volatilityDown${column}`]! * factor;
  return [volatility * (1 + up), Math.max(volatility * (1 - down), 0)];
}

function closingFee(net: NetOption | NetFuture, { takerFee, feeCap }: ParameterSet): Usd {
  if ('markUsd' in net) return Math.abs(net.quantity) * Math.min(takerFee! * net.index, feeCap! * net.markUsd);
  return takerFee! * Math.abs(net.notionalUsd);
}

/** What the net of the perpetuals, and of dated futures as such, pays over 8 hours; a position against it takes its share off. */
function fundingProvisions({ underlying, futures }: RiskUnit, { market }: MarginBook): NetCharge[] {
  const rate = market.underlyings.find(({ symbol }) => symbol === underlying)?.perpetual?.fundingRate8h ?? 0;
  const paid = rate * sum(futures.map(({ notionalUsd }) => notionalUsd));
  return futures.map((net) => [net, paid > 0 ? rate * net.notionalUsd : 0]);
}

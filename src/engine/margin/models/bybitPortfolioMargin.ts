import type { ParameterSet } from '../../domain/riskParameters.ts';
import { DAYS_PER_YEAR, type Vol } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import type { MarginBook, MarginComponent, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, type NetFuture, type NetOption, USD_SETTLED_APPROXIMATION } from '../netPositions.ts';
import { spec } from '../parameterSpec.ts';
import {
  hedgingCoins,
  type NetCharge,
  type RiskUnit,
  riskUnits,
  type ScanGrid,
  scanComponent,
  totalCharge,
  unitScan,
  worstOfUnits,
} from '../venueScan.ts';

const HELP = 'Bybit help centre, "Margin calculations under portfolio margin"';
const LEARN = 'Bybit Learn, "Portfolio margin model: risk parameter adjustment in 2025"';
const SECONDARY = 'scallope.com/9990, a secondary page';
const ASSUMED = 'Assumed: Bybit does not say it on any page that was read.';

/**
 * Bybit portfolio margin, as far as it is public. A risk unit is all derivatives on one underlying, with coins as far as they hedge them
 * when spot hedging is on:
 *
 *   MM = maximum loss of the stress test + contingencies,  IM = MM x IM factor
 *
 * Contingencies: options sold, vega spread, delta spread, perpetuals and futures. Most of the sizes
 * are assumed, and each says so.
 */
export const bybitPortfolioMargin: MarginModel = {
  id: 'bybit-pm',
  title: 'Bybit PM',
  venue: 'Bybit',
  source: HELP,
  parametersDate: '2025-01-10',
  parameters: [
    spec(
      'priceRange',
      'Price range, BTC and ETH',
      'fraction',
      0.1,
      0.01,
      0.6,
      'Largest price move of the stress test, either way: 10 % since 10 January 2025, 15 % before. One source, read in translation. That it is tested in quarters is assumed.',
      { source: LEARN, date: '2025-02-10' },
    ),
    spec(
      'priceRangeOther',
      'Price range, other coins',
      'fraction',
      0.2,
      0.01,
      0.8,
      `The same for every other coin. ${ASSUMED}`,
    ),
    spec(
      'volatilityUp',
      'Vol up',
      'fraction',
      0.35,
      0,
      2,
      `Relative rise of every vol. ${ASSUMED} A secondary page speaks of 20 to 50 %; this is the middle.`,
      { source: SECONDARY, date: '2025-01-10' },
    ),
    spec(
      'volatilityDown',
      'Vol down',
      'fraction',
      0.35,
      0,
      0.95,
      `Relative fall of every vol. ${ASSUMED} Taken like the rise.`,
      { source: SECONDARY, date: '2025-01-10' },
    ),
    spec(
      'shortOption',
      'Options sold',
      'fraction of index',
      0.005,
      0,
      0.2,
      `Charged on each option sold, net within one contract. ${ASSUMED}`,
    ),
    spec(
      'vegaSpread',
      'Vega spread',
      'fraction of index and day',
      0.0003,
      0,
      0.01,
      'Charged on options of one expiry that hedge options of another, for each day between them. One secondary page, for BTC and ETH; that what hedges is counted in options, and nearest expiries first, is our reading.',
      { source: SECONDARY, date: '2025-01-10' },
    ),
    spec(
      'deltaSpread',
      'Delta spread',
      'fraction of index and year',
      0.05,
      0,
      1,
      `Charged on deltas of one expiry that hedge those of another, for each year between them; perpetuals expire now. ${ASSUMED} A secondary page prints a factor of 45 to 60 % and does not say of what.`,
    ),
    spec(
      'futures',
      'Perpetuals and futures',
      'fraction of index',
      0.005,
      0,
      0.2,
      `Charged on the size of every perpetual and future. ${ASSUMED}`,
    ),
    spec(
      'initialFactor',
      'IM factor',
      'multiple',
      1.2,
      1,
      3,
      `Initial margin is this multiple of maintenance margin. ${ASSUMED}`,
    ),
    spec(
      'spotHedging',
      'Spot hedging',
      '1 = on, 0 = off',
      1,
      0,
      1,
      'A setting of the account. On, coins count in the stress test as far as they hedge the derivatives on them (from memory, unverified); off, they are collateral only.',
    ),
  ],
  requirement,
};

const APPROXIMATIONS: readonly string[] = [
  'The grid of the stress test is assumed: only its largest price move for BTC and ETH was read, not its steps nor its vol moves. So are the factors of options sold, of delta spreads, of perpetuals and futures, and the factor from maintenance to initial margin: take the figure as an order of magnitude.',
  USD_SETTLED_APPROXIMATION,
  'Hedged size across expiries is our reading of a secondary page: long against short, nearest expiries first, by number of options for vega and by delta for futures, perpetuals and options.',
  'The spread between USDT and USDC is left out: all quotes are one.',
  "Coins count in equity at their index: the venue's collateral ratios and the margin of what is borrowed are left out.",
];

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const units = riskUnits(book).filter(({ options, futures }) => options.length + futures.length > 0);
  const answers = units.map((unit) => unitAnswer(unit, parameters));
  const components = answers.flatMap((answer) => answer.components);
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: initialMarginUsd / parameters.initialFactor!,
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
  const { underlying, index, options, futures } = unit;
  const factor = parameters.initialFactor!;
  const coins = parameters.spotHedging! > 0 ? hedgingCoins(unit) : [];
  const scan = unitScan(
    unit,
    [
      ...futures.map((net) => ({ net, exposureUsd: net.notionalUsd })),
      ...coins.map(({ net, exposureUsd }) => ({ net, exposureUsd: parameters.spotHedging! * exposureUsd })),
    ],
    scanGrid(underlying, parameters),
    ({ volatility }): Vol[] => [
      volatility * (1 + parameters.volatilityUp!),
      volatility,
      volatility * (1 - parameters.volatilityDown!),
    ],
  );

  const sold = options.map((net): NetCharge => [net, parameters.shortOption! * index * Math.max(-net.quantity, 0)]);
  const vega = spreadCharges(
    options.map((net) => ({ net, days: net.daysToExpiry, size: net.quantity })),
    parameters.vegaSpread! * index,
  );
  const delta = spreadCharges(
    [
      ...options.map((net) => ({ net, days: net.daysToExpiry, size: net.deltaCoins })),
      ...futures.map((net) => ({
        net,
        days: net.expiry === null ? 0 : net.timeToExpiryYears * DAYS_PER_YEAR,
        size: net.sizeCoins,
      })),
    ],
    (parameters.deltaSpread! * index) / DAYS_PER_YEAR,
  );
  const held = futures.map((net): NetCharge => [net, parameters.futures! * index * Math.abs(net.sizeCoins)]);

  const components: MarginComponent[] = [
    scanComponent(`Maximum loss, ${underlying}`, scan, factor),
    { name: `Options sold, ${underlying}`, usd: factor * totalCharge(sold) },
    { name: `Vega spread, ${underlying}`, usd: factor * totalCharge(vega) },
    { name: `Delta spread, ${underlying}`, usd: factor * totalCharge(delta) },
    { name: `Perpetuals and futures, ${underlying}`, usd: factor * totalCharge(held) },
  ];
  const charges = [...scan.charges, ...sold, ...vega, ...delta, ...held];
  return { scan, components, charges: charges.map(([net, usd]): NetCharge => [net, factor * usd]) };
}

const PRICE_STEPS = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];

function scanGrid(underlying: string, parameters: ParameterSet): ScanGrid {
  const { priceRange, priceRangeOther, volatilityUp, volatilityDown } = parameters;
  const range = underlying === 'BTC' || underlying === 'ETH' ? priceRange! : priceRangeOther!;
  return {
    points: PRICE_STEPS.flatMap((step) => [0, 1, 2].map((vol) => ({ spotMove: step * range, vol, cover: 1 }))),
    volStates: [
      { label: `IV ×${(1 + volatilityUp!).toFixed(2)}`, shock: volatilityUp! },
      { label: 'IV unchanged', shock: 0 },
      { label: `IV ×${(1 - volatilityDown!).toFixed(2)}`, shock: -volatilityDown! },
    ],
  };
}

interface SpreadLeg {
  readonly net: NetOption | NetFuture;
  readonly days: number;
  /** Signed. */
  readonly size: number;
}

/**
 * Charge on what long and short expiries hedge of one another: nets by expiry are matched, nearest first, and each match costs its size
 * times the days between. An expiry's charge falls on the positions that make up its net.
 */
function spreadCharges(legs: readonly SpreadLeg[], usdPerDay: number): NetCharge[] {
  const nets = new Map<number, number>();
  for (const { days, size } of legs) nets.set(days, (nets.get(days) ?? 0) + size);
  const open = [...nets].sort(([a], [b]) => a - b).map(([days, size]) => ({ days, size }));
  const long = open.filter(({ size }) => size > 0);
  const short = open.filter(({ size }) => size < 0);
  const charged = new Map<number, number>();
  for (let l = 0, s = 0; l < long.length && s < short.length; ) {
    const [bought, sold] = [long[l]!, short[s]!];
    const matched = Math.min(bought.size, -sold.size);
    const usd = matched * Math.abs(bought.days - sold.days) * usdPerDay;
    for (const { days } of [bought, sold]) charged.set(days, (charged.get(days) ?? 0) + usd / 2);
    bought.size -= matched;
    sold.size += matched;
    if (bought.size === 0) l += 1;
    if (sold.size === 0) s += 1;
  }
  return legs.map(({ net, days, size }) => {
    const usd = charged.get(days);
    return [net, usd === undefined ? 0 : (usd * size) / nets.get(days)!];
  });
}

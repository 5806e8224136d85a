import { RiskError } from '../../domain/failure.ts';
import type { Settlement } from '../../domain/instrument.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { WorstScenario } from '../../domain/riskReport.ts';
import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { deltaShockShares, rollShockShares } from '../deribit/contingencies.ts';
import { type PoolMargin, type PortfolioPosition, poolMargin } from '../deribit/portfolioMargin.ts';
import type { PortfolioMarginParameters } from '../deribit/portfolioMarginParameters.ts';
import { PORTFOLIO_MARGIN_SPECS, pairParameters } from '../deribit/portfolioMarginSpecs.ts';
import type { MarginBook, MarginComponent, MarginModel, MarginRequirement } from '../MarginModel.ts';
import { chargedRows, type NetFuture, type NetOption, netPositions } from '../netPositions.ts';
import { signedPercent } from '../percent.ts';
import { worstOfParts } from '../worstOfParts.ts';

/**
 * Deribit portfolio margin, the risk matrix of 2024 on, for one cross-collateral account. Contracts of one coin and one settlement
 * currency are a pair with a matrix of its own: the worst of 27 + 8 scenarios, delta shock and roll shock. The pairs' requirements
 * are added, coin at the index; maintenance margin is a share of them.
 *
 * The margin is held against the book's whole equity, option values included: the matrix charges what positions can lose from their
 * present value, so that value has to stand on the other side. (The standard margin charges a sold option its mark, and so is held
 * against equity without option value.)
 *
 * A position's share is its own profit in its pair's binding scenario, in the proportion in which the sum counts there, plus its
 * delta at its expiry's roll rate (a relief where it is against the expiry's net), plus its part of the delta that the delta shock
 * charges. Sources and how sure they are: `deribit/portfolioMargin.ts`.
 */
export const deribitPortfolioMargin: MarginModel = {
  id: 'deribit-pm',
  title: 'Deribit PM',
  venue: 'Deribit',
  source: 'support.deribit.com article 25944756247837; docs.deribit.com private/simulate_portfolio',
  parametersDate: '2026-02-01',
  parameters: PORTFOLIO_MARGIN_SPECS,
  requirement,
};

/** Contracts of one coin in one settlement currency. */
interface Pair {
  /** `BTC`, or `BTC_USDC` for linear contracts. */
  readonly name: string;
  readonly underlying: string;
  readonly settlement: Settlement;
  readonly index: Usd;
  readonly parameters: PortfolioMarginParameters;
  readonly members: (NetOption | NetFuture)[];
  readonly positions: PortfolioPosition[];
}

interface ChargedPair extends Omit<Pair, 'positions'> {
  readonly margin: PoolMargin;
  /** USD per unit of the pool's currency. */
  readonly unitUsd: Usd;
  readonly worstUsd: Usd;
  readonly rollUsd: Usd;
  readonly deltaUsd: Usd;
}

function requirement(book: MarginBook, parameters: ParameterSet): MarginRequirement {
  const { options, futures, coins } = netPositions(book);
  const pairs = pairsOf([...futures, ...options], parameters).map(charged);
  const components = pairs.flatMap(pairComponents);
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: sum(pairs.map((pair) => pair.parameters.mmFactor * requiredUsd(pair))),
    worstScenario: worstScenario(pairs),
    components,
    positions: chargedRows(book, pairs.flatMap(memberCharges)),
    approximations: approximations(pairs, options.length > 0, coins.length > 0),
  };
}

/** @throws RiskError `unsupported` naming the first contract of a coin whose numbers are not known. */
function pairsOf(contracts: readonly (NetOption | NetFuture)[], parameters: ParameterSet): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const net of contracts) {
    const { underlying, index } = net;
    const { settlement } = net.contract;
    const name = settlement === 'coin' ? underlying : `${underlying}_USDC`;
    let pair = pairs.get(name);
    if (pair === undefined) {
      const numbers = pairParameters(parameters, underlying, settlement);
      if (numbers === undefined) {
        throw new RiskError(
          'unsupported',
          `${net.contract.name}: Deribit's portfolio margin numbers of ${underlying} were not obtained, only those of BTC and ETH. Take the leg out, or choose Deribit SM`,
        );
      }
      pair = { name, underlying, settlement, index, parameters: numbers, members: [], positions: [] };
      pairs.set(name, pair);
    }
    pair.members.push(net);
    pair.positions.push(matrixPosition(net));
  }
  return [...pairs.values()];
}

function matrixPosition(net: NetOption | NetFuture): PortfolioPosition {
  if ('sizeCoins' in net) {
    return {
      kind: 'future',
      sizeCoin: net.sizeCoins,
      mark: net.mark,
      expiry: net.expiry ?? 'perpetual',
      timeToExpiryYears: net.expiry === null ? null : net.timeToExpiryYears,
    };
  }
  return {
    kind: 'option',
    type: net.contract.optionType,
    strike: net.strikeUsd,
    timeToExpiryYears: net.timeToExpiryYears,
    volatility: net.volatility,
    // A profit in USDC is discounted as the option's value is, and its delta with it.
    quantity: net.quantity * net.discount,
    underlying: net.forward,
    expiry: net.contract.expiry,
  };
}

function charged({ name, underlying, settlement, index, parameters, members, positions }: Pair): ChargedPair {
  const margin = poolMargin(positions, index, settlement, parameters);
  const unitUsd = settlement === 'coin' ? index : 1;
  return {
    name,
    underlying,
    settlement,
    index,
    parameters,
    members,
    margin,
    unitUsd,
    worstUsd: margin.worstCase * unitUsd,
    rollUsd: margin.rollShock * unitUsd,
    deltaUsd: margin.deltaShock * unitUsd,
  };
}

function requiredUsd({ worstUsd, rollUsd, deltaUsd }: ChargedPair): Usd {
  return worstUsd + rollUsd + deltaUsd;
}

function pairComponents(pair: ChargedPair): MarginComponent[] {
  const { name, margin, unitUsd, worstUsd, rollUsd, deltaUsd } = pair;
  const amountUsd = new Float64Array(margin.losses.length);
  for (let s = 0; s < amountUsd.length; s += 1) amountUsd[s] = margin.losses[s]! * unitUsd;
  return [
    {
      name: `Risk matrix, ${name}`,
      usd: worstUsd,
      scan: { amountUsd, binding: margin.worstIndex, label: (scenario) => scenarioLabel(pair, scenario) },
    },
    { name: `Roll shock, ${name}`, usd: rollUsd },
    { name: `Delta shock, ${name}`, usd: deltaUsd },
  ];
}

function memberCharges({
  members,
  margin,
  parameters,
  unitUsd,
  deltaUsd,
  settlement,
  index,
}: ChargedPair): (readonly [NetOption | NetFuture, Usd])[] {
  const { profits, sums, worstIndex, worstCase, matrix, deltas } = margin;
  // A loss binds, or nothing is lost; a dampened loss is shared in proportion to the loss itself.
  const perProfit = worstCase > 0 ? (worstCase * unitUsd) / sums[worstIndex]! : 0;
  const roll = rollShockShares(deltas, parameters);
  const liquidity = deltaShockShares(deltas);
  const perCoin = settlement === 'coin' ? unitUsd : index;
  return members.map((net, i) => [
    net,
    profits[i * matrix.count + worstIndex]! * perProfit + roll[i]! * perCoin + liquidity[i]! * deltaUsd,
  ]);
}

const VOL_STATES: readonly ((parameters: PortfolioMarginParameters) => number)[] = [
  ({ volatilityRangeUp }) => volatilityRangeUp,
  () => 0,
  ({ volatilityRangeDown }) => -volatilityRangeDown,
];

/** Relative shock of the vol of a 30-day option, its floor aside. */
function volShock({ margin, parameters }: ChargedPair, scenario: number): number {
  return VOL_STATES[margin.matrix.volStates[scenario]!]!(parameters);
}

/** `−16 %, IV ×1.50`; `−66 % extended, IV ×1.50`. */
function scenarioLabel(pair: ChargedPair, scenario: number): string {
  const { moves, standardCount } = pair.margin.matrix;
  const extended = scenario >= standardCount ? ' extended' : '';
  return `${signedPercent(moves[scenario]!)}${extended}, IV ×${(1 + volShock(pair, scenario)).toFixed(2)}`;
}

/** Every pair in its own worst scenario, those that lose most first. */
function worstScenario(pairs: readonly ChargedPair[]): WorstScenario | null {
  const byLoss = [...pairs].sort((a, b) => b.worstUsd - a.worstUsd);
  return worstOfParts(
    byLoss.map((pair) => ({
      // A coin goes by its symbol, as elsewhere, unless it has both pools.
      underlying: pairs.some(({ underlying, name }) => underlying === pair.underlying && name !== pair.name)
        ? pair.name
        : pair.underlying,
      label: scenarioLabel(pair, pair.margin.worstIndex),
      spotMove: pair.margin.matrix.moves[pair.margin.worstIndex]!,
      volShock: volShock(pair, pair.margin.worstIndex),
      lossUsd: pair.worstUsd,
    })),
  );
}

function approximations(pairs: readonly ChargedPair[], hasOptions: boolean, hasCoins: boolean): string[] {
  const isLinear = pairs.some(({ settlement }) => settlement === 'usdc');
  return [
    ...(pairs.some(({ underlying }) => underlying === 'BTC')
      ? [
          'BTC’s numbers are of June 2024, the last whole set that the venue published. A third party’s of September 2026 ask for less: price range 14 %, vol shock up 40 %.',
        ]
      : []),
    ...(hasOptions
      ? [
          'Options follow the formulas that the venue publishes and one third-party implementation: the venue has published no figure with options to compare. In the extended table their loss is taken in dollars and restated at the edge of the price range, the form that fits its futures.',
        ]
      : []),
    ...(isLinear
      ? [
          'Contracts settled in USDC are taken at their plain profit in dollars: no figure of the venue with them was seen.',
        ]
      : []),
    ...(pairs.length > 1
      ? [
          'One cross-collateral account: the requirements of its pairs are added, coin at the index. What the venue lets pairs offset is not published, so nothing is offset between coins, nor between coin-settled and USDC-settled contracts of one coin.',
        ]
      : []),
    ...(hasCoins
      ? [
          'Coins held count in full, without the venue’s collateral haircuts, and their delta is not part of the risk matrix.',
        ]
      : []),
    'The book alone is margined: nothing for open orders, market maker protection or spot, and no correlation contingency, which was zero in all that was seen.',
  ];
}

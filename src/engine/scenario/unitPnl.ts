import { RiskError } from '../domain/failure.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import type { CoinMoves, Kernels, OptionTerms } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { type ContractState, contractState, daysToExpiry, type OptionState, settlementLevel } from './contractState.ts';
import type { PreparedMarket } from './preparedMarket.ts';
import { followedShock, varianceFollowing } from './varianceTerm.ts';
import { carryDecay, remainingDiscount, shockedVol, shockTermFactor, slidVol } from './shiftedState.ts';

/** P&L in USD of ONE unit (quantity +1) of each instrument in each scenario. Independent of quantities. */
export interface UnitPnl {
  readonly instruments: readonly Instrument[];
  readonly count: number;
  /** Row-major: `values[instrument * count + scenario]`. */
  readonly values: Float64Array;
}

/** @throws RiskError when an instrument has no state in the market. */
export function unitPnl(
  market: PreparedMarket,
  instruments: readonly Instrument[],
  set: ScenarioSet,
  kernels: Kernels = referenceKernels,
): UnitPnl {
  const states = instruments.map((instrument) => {
    const state = contractState(market, instrument);
    if (!state.ok) throw new RiskError(state.failure.code, state.failure.message);
    return state.value;
  });
  const values = new Float64Array(instruments.length * set.count);
  unitPnlRows(states, set, kernels).forEach((row, i) => {
    values.set(row, i * set.count);
  });
  return { instruments, count: set.count, values };
}

/**
 * P&L in USD of one unit of one contract in each scenario of a set. Contracts already settled move no more.
 * Inverse futures: index' (1/F - 1/F') per USD of notional. Linear futures: F' - F. Options: value' - value.
 */
export function unitPnlRow(state: ContractState, set: ScenarioSet, kernels: Kernels = referenceKernels): Float64Array {
  return unitPnlRows([state], set, kernels)[0]!;
}

/** The same of many contracts, in their order: each row has the bits that it has alone. */
export function unitPnlRows(
  states: readonly ContractState[],
  set: ScenarioSet,
  kernels: Kernels = referenceKernels,
): Float64Array[] {
  const rows = states.map(() => new Float64Array(set.count));
  const byCoin = new Map<number, OptionRow[]>();
  states.forEach((state, i) => {
    if (state.timeToExpiryYears <= 0) return;
    const coin = underlyingRow(set, state.instrument.underlying);
    const row = rows[i]!;
    if (state.option === null) fillFutureRow(state, set, coin * set.count, row);
    else {
      const member = optionRow(state, state.option, set, coin, kernels, row);
      const members = byCoin.get(coin);
      if (members) members.push(member);
      else byCoin.set(coin, [member]);
    }
  });
  for (const [coin, members] of byCoin) fillOptionRows(members, set, coin, kernels);
  return rows;
}

/** P&L in USD of holding one coin outright: index x move. */
export function coinPnlRow(index: number, symbol: string, set: ScenarioSet): Float64Array {
  const offset = underlyingRow(set, symbol) * set.count;
  const row = new Float64Array(set.count);
  for (let s = 0; s < set.count; s += 1) row[s] = index * set.spotMove[offset + s]!;
  return row;
}

function underlyingRow(set: ScenarioSet, symbol: string): number {
  const row = set.underlyings.indexOf(symbol);
  if (row < 0) throw new RiskError('internal', `Scenario set ${set.id} does not move ${symbol}`);
  return row;
}

function fillFutureRow(state: ContractState, set: ScenarioSet, offset: number, row: Float64Array): void {
  const later = state.timeToExpiryYears - set.horizonDays / DAYS_PER_YEAR;
  const decay = carryDecay(state, later);
  const inverse = state.instrument.settlement === 'coin';
  for (let s = 0; s < set.count; s += 1) {
    const factor = 1 + set.spotMove[offset + s]!;
    const forward = state.forward * factor * decay;
    // A move of exactly zero must be worth exactly zero, so the difference is taken on the price, not on its reciprocal.
    row[s] = inverse
      ? (state.index * factor * (forward - state.forward)) / (state.forward * forward)
      : forward - state.forward;
  }
}

/** A row to be priced. `ownVols` writes the vols themselves of scenarios [from, to); null where the set's own shocks say them. */
interface OptionRow {
  readonly terms: OptionTerms;
  readonly ownVols: ((from: number, to: number, out: Float64Array) => void) | null;
  readonly row: Float64Array;
}

/**
 * Scenarios that are priced for every row of a coin before the next ones are looked at: their columns stay in the nearest cache. Whole
 * batches of every kernel, so that none of a block is a remainder.
 */
const BLOCK = 1920;

function fillOptionRows(members: readonly OptionRow[], set: ScenarioSet, coin: number, kernels: Kernels): void {
  const { count } = set;
  const { growth, logGrowth } = spotColumns(set, coin);
  const offset = coin * count;
  for (let from = 0; from < count; from += BLOCK) {
    const to = Math.min(from + BLOCK, count);
    const block = blockColumns(kernels, to - from);
    block.shocked.growth.set(growth.subarray(from, to));
    block.shocked.logGrowth.set(logGrowth.subarray(from, to));
    block.shocked.volShock.set(set.volShock.subarray(offset + from, offset + to));
    for (const { terms, ownVols, row } of members) {
      ownVols?.(from, to, block.own.volShock);
      block.total.fill(0);
      kernels.addOptionPnl(terms, 1, ownVols === null ? block.shocked : block.own, block.total);
      row.set(block.total, from);
    }
  }
}

/** Growth of a coin in each scenario, made once a set and forgotten with it. */
const spotColumnsOf = new WeakMap<ScenarioSet, Map<number, Pick<CoinMoves, 'growth' | 'logGrowth'>>>();

function spotColumns(set: ScenarioSet, coin: number): Pick<CoinMoves, 'growth' | 'logGrowth'> {
  const { count, spotMove } = set;
  let made = spotColumnsOf.get(set);
  if (made === undefined) spotColumnsOf.set(set, (made = new Map()));
  const known = made.get(coin);
  if (known) return known;
  const growth = new Float64Array(count);
  const logGrowth = new Float64Array(count);
  for (let s = 0; s < count; s += 1) {
    const move = spotMove[coin * count + s]!;
    growth[s] = 1 + move;
    logGrowth[s] = Math.log1p(move);
  }
  const columns = { growth, logGrowth };
  made.set(coin, columns);
  return columns;
}

/** Columns where kernels work in place. */
interface BlockColumns {
  readonly length: number;
  /** Vol by the set's own shocks. */
  readonly shocked: CoinMoves;
  /** The same moves of spot with vols of their own. */
  readonly own: CoinMoves;
  readonly total: Float64Array;
}

/** Of the longest block, and of the length asked for last. */
const blocksOf = new WeakMap<Kernels, { readonly whole: BlockColumns; part: BlockColumns }>();

function blockColumns(kernels: Kernels, length: number): BlockColumns {
  let blocks = blocksOf.get(kernels);
  if (blocks === undefined) {
    const column = () => kernels.column(BLOCK);
    const [growth, logGrowth] = [column(), column()];
    const whole = {
      length: BLOCK,
      shocked: { growth, logGrowth, volShock: column() },
      own: { growth, logGrowth, volShock: column() },
      total: column(),
    };
    blocksOf.set(kernels, (blocks = { whole, part: whole }));
  }
  const { whole, part } = blocks;
  if (length === BLOCK) return whole;
  if (length === part.length) return part;
  const [growth, logGrowth] = [whole.shocked.growth.subarray(0, length), whole.shocked.logGrowth.subarray(0, length)];
  blocks.part = {
    length,
    shocked: { growth, logGrowth, volShock: whole.shocked.volShock.subarray(0, length) },
    own: { growth, logGrowth, volShock: whole.own.volShock.subarray(0, length) },
    total: whole.total.subarray(0, length),
  };
  return blocks.part;
}

const unmoved: CoinMoves = {
  growth: Float64Array.of(1),
  logGrowth: new Float64Array(1),
  volShock: new Float64Array(1),
};
const presentPremium = new Float64Array(1);

function optionRow(
  state: ContractState,
  option: OptionState,
  set: ScenarioSet,
  coin: number,
  kernels: Kernels,
  row: Float64Array,
): OptionRow {
  const terms = optionTerms(state, set.horizonDays, kernels);
  const { count, spotMove, volShock, volUnit, smile, spotVolBeta, leastVolUp = 0 } = set;
  const offset = coin * count;
  const termFactor = shockTermFactor(state, set.volTermPower);
  const varianceTerm = set.varianceTerms?.[coin];
  if (smile === 'sticky-strike' && varianceTerm === undefined && leastVolUp === 0) {
    const volPerShock = termFactor * (volUnit === 'relative' ? option.volatility : 1);
    return { terms: { ...terms, volPerShock }, ownVols: null, row };
  }
  const following = varianceTerm === undefined ? null : varianceFollowing(varianceTerm, daysToExpiry(state));
  const ownVols = (from: number, to: number, out: Float64Array): void => {
    for (let s = from; s < to; s += 1) {
      const shock = volShock[offset + s]!;
      const own = following === null ? shock * termFactor : followedShock(shock, following);
      const moved = shockedVol(slidVol(state, option, spotMove[offset + s]!, smile, spotVolBeta), own, volUnit);
      out[s - from] = own > 0 ? Math.max(moved, leastVolUp) : moved;
    }
  };
  return { terms: { ...terms, volatility: 0, volPerShock: 1 }, ownVols, row };
}

/** Of an option at its own vol, unshocked. */
export function optionTerms(state: ContractState, horizonDays: number, kernels: Kernels): OptionTerms {
  const { contract, volatility } = state.option!;
  const later = state.timeToExpiryYears - horizonDays / DAYS_PER_YEAR;
  const decay = carryDecay(state, later);
  const sign = contract.optionType === 'C' ? 1 : -1;
  const coinSettled = contract.settlement === 'coin';
  // Coin-settled: premium x index / forward, and both move by the same factor except for the decay of carry.
  const toUsdNow = coinSettled ? state.index / state.forward : state.usdcPrice * state.discount;
  const now: OptionTerms = {
    sign,
    strike: contract.strike,
    forward: settlementLevel(state) / state.usdcPrice,
    timeToExpiryYears: state.timeToExpiryYears,
    volatility,
    volPerShock: 0,
    leastVol: 0,
    premiumToUsd: toUsdNow,
    presentUsd: 0,
  };
  presentPremium[0] = 0;
  // By the same kernel, so that a scenario that moves nothing is worth exactly zero.
  kernels.addOptionPnl(now, 1, unmoved, presentPremium);
  return {
    ...now,
    forward: (state.forward * decay) / state.usdcPrice,
    timeToExpiryYears: later,
    premiumToUsd: coinSettled ? toUsdNow / decay : state.usdcPrice * remainingDiscount(state, later),
    presentUsd: presentPremium[0]!,
  };
}

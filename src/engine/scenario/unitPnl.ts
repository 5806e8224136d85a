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
  const values = new Float64Array(instruments.length * set.count);
  instruments.forEach((instrument, row) => {
    const state = contractState(market, instrument);
    if (!state.ok) throw new RiskError(state.failure.code, state.failure.message);
    values.set(unitPnlRow(state.value, set, kernels), row * set.count);
  });
  return { instruments, count: set.count, values };
}

/**
 * P&L in USD of one unit of one contract in each scenario of a set. Contracts already settled move no more.
 * Inverse futures: index' (1/F - 1/F') per USD of notional. Linear futures: F' - F. Options: value' - value.
 */
export function unitPnlRow(state: ContractState, set: ScenarioSet, kernels: Kernels = referenceKernels): Float64Array {
  const row = new Float64Array(set.count);
  if (state.timeToExpiryYears <= 0) return row;
  const offset = underlyingRow(set, state.instrument.underlying) * set.count;
  return state.option === null ? futureRow(state, set, offset, row) : optionRow(state, set, offset, row, kernels);
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

function futureRow(state: ContractState, set: ScenarioSet, offset: number, row: Float64Array): Float64Array {
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
  return row;
}

/** Columns of the kernel, reused from row to row: rows are short and many, and allocating them costs more than pricing. */
let movesOfRow: CoinMoves = columns(64);
const unmoved: CoinMoves = {
  growth: Float64Array.of(1),
  logGrowth: new Float64Array(1),
  volShock: new Float64Array(1),
};
const presentPremium = new Float64Array(1);

function optionRow(
  state: ContractState,
  set: ScenarioSet,
  offset: number,
  row: Float64Array,
  kernels: Kernels,
): Float64Array {
  const option = state.option!;
  const { count } = set;
  if (movesOfRow.growth.length < count) movesOfRow = columns(count);
  const moves = {
    growth: movesOfRow.growth.subarray(0, count),
    logGrowth: movesOfRow.logGrowth.subarray(0, count),
    volShock: movesOfRow.volShock.subarray(0, count),
  };
  for (let s = 0; s < count; s += 1) {
    const move = set.spotMove[offset + s]!;
    moves.growth[s] = 1 + move;
    moves.logGrowth[s] = Math.log1p(move);
  }
  const { volatility, volPerShock } = rowVols(state, option, set, offset, moves.volShock);
  kernels.addOptionPnl({ ...optionTerms(state, set.horizonDays, kernels), volatility, volPerShock }, 1, moves, row);
  return row;
}

/** All that a row's option terms hold but its vols. */
function optionTerms(state: ContractState, horizonDays: number, kernels: Kernels): OptionTerms {
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

/** Fills the column of vol shocks, and says what they mean: shocks of the option's own vol, or vols themselves. */
function rowVols(
  state: ContractState,
  option: OptionState,
  set: ScenarioSet,
  offset: number,
  out: Float64Array,
): Pick<OptionTerms, 'volatility' | 'volPerShock'> {
  const { count, spotMove, volShock, volUnit, smile, spotVolBeta, leastVolUp = 0 } = set;
  const termFactor = shockTermFactor(state, set.volTermPower);
  const varianceTerm = set.varianceTerms?.[offset / count];
  if (smile === 'sticky-strike' && varianceTerm === undefined && leastVolUp === 0) {
    out.set(volShock.subarray(offset, offset + count));
    const { volatility } = option;
    return { volatility, volPerShock: termFactor * (volUnit === 'relative' ? volatility : 1) };
  }
  const following = varianceTerm === undefined ? null : varianceFollowing(varianceTerm, daysToExpiry(state));
  for (let s = 0; s < count; s += 1) {
    const shock = volShock[offset + s]!;
    const own = following === null ? shock * termFactor : followedShock(shock, following);
    const moved = shockedVol(slidVol(state, option, spotMove[offset + s]!, smile, spotVolBeta), own, volUnit);
    out[s] = own > 0 ? Math.max(moved, leastVolUp) : moved;
  }
  return { volatility: 0, volPerShock: 1 };
}

function columns(length: number): CoinMoves {
  return {
    growth: new Float64Array(length),
    logGrowth: new Float64Array(length),
    volShock: new Float64Array(length),
  };
}

import { RiskError } from '../domain/failure.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { type ContractState, contractState, daysToExpiry, settlementLevel } from './contractState.ts';
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

/** Arguments of the kernel, reused from row to row: rows are short and many, and allocating them costs more than pricing. */
let scenarioForward = new Float64Array(64);
let scenarioVol = new Float64Array(64);
const presentForward = new Float64Array(1);
const presentVol = new Float64Array(1);
const presentValue = new Float64Array(1);

function optionRow(
  state: ContractState,
  set: ScenarioSet,
  offset: number,
  row: Float64Array,
  kernels: Kernels,
): Float64Array {
  const option = state.option!;
  const { count, spotMove, volShock, volUnit, smile, spotVolBeta, leastVolUp = 0 } = set;
  const later = state.timeToExpiryYears - set.horizonDays / DAYS_PER_YEAR;
  const decay = carryDecay(state, later);
  const termFactor = shockTermFactor(state, set.volTermPower);
  const varianceTerm = set.varianceTerms?.[offset / count];
  const following = varianceTerm === undefined ? null : varianceFollowing(varianceTerm, daysToExpiry(state));
  if (scenarioForward.length < count) {
    scenarioForward = new Float64Array(count);
    scenarioVol = new Float64Array(count);
  }
  // The kernel prices in the strike's currency, so a linear contract's forward is in USDC.
  const present = settlementLevel(state) / state.usdcPrice;
  for (let s = 0; s < count; s += 1) {
    const move = spotMove[offset + s]!;
    scenarioForward[s] = (state.forward * (1 + move) * decay) / state.usdcPrice;
    const shock = volShock[offset + s]!;
    const own = following === null ? shock * termFactor : followedShock(shock, following);
    const moved = shockedVol(slidVol(state, option, move, smile, spotVolBeta), own, volUnit);
    scenarioVol[s] = own > 0 ? Math.max(moved, leastVolUp) : moved;
  }
  const sign = option.contract.optionType === 'C' ? 1 : -1;
  const terms = { sign, strike: option.contract.strike, discount: 1 } as const;
  presentForward[0] = present;
  presentVol[0] = option.volatility;
  kernels.optionValues(
    { ...terms, timeToExpiryYears: state.timeToExpiryYears },
    presentForward,
    presentVol,
    presentValue,
  );
  kernels.optionValues({ ...terms, timeToExpiryYears: later }, scenarioForward, scenarioVol, row);

  const coinSettled = option.contract.settlement === 'coin';
  // Coin-settled: premium x index / forward, and both move by the same factor except for the decay of carry.
  const toUsdNow = coinSettled ? state.index / state.forward : state.usdcPrice * state.discount;
  const toUsdLater = coinSettled ? toUsdNow / decay : state.usdcPrice * remainingDiscount(state, later);
  const value = presentValue[0]! * toUsdNow;
  for (let s = 0; s < count; s += 1) row[s] = row[s]! * toUsdLater - value;
  return row;
}

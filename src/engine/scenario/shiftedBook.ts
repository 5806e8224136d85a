import { type Movers, type Scenario, spotMoveOf } from '../domain/scenario.ts';
import { sum } from '../numerics/sum.ts';
import type { BookPositions, LegPosition } from './bookPositions.ts';
import { type ContractState, unitValueUsd } from './contractState.ts';
import { scenarioMark, shiftedState } from './shiftedState.ts';

/**
 * The book after a scenario: every priced leg revalued, what expired on the way settled at intrinsic value, coin collateral
 * at the new index. Underlyings that do not take part keep their spot and vol, but time passes for all.
 */
export function shiftedBook(book: BookPositions, scenario: Scenario, movers: Movers): BookPositions {
  const still = { ...scenario, spotMove: 0, volShock: 0 };
  const scenarioOf = (underlying: string): Scenario => {
    if (movers !== 'all' && movers !== underlying) return still;
    const spotMove = spotMoveOf(scenario, underlying);
    return spotMove === scenario.spotMove ? scenario : { ...scenario, spotMove };
  };
  const [mark, stillMark] = [scenarioMark(scenario), scenarioMark(still)];
  const legs = book.legs.map((position) => {
    const own = scenarioOf(position.state.instrument.underlying);
    return movedLeg(
      position,
      shiftedState(position.state, own, own === scenario ? mark : own === still ? stillMark : scenarioMark(own)),
    );
  });
  const coins = book.coins.map((coin) => ({ ...coin, index: coin.index * (1 + scenarioOf(coin.symbol).spotMove) }));
  const indexOf = new Map(coins.map((coin) => [coin.symbol, coin.index]));
  const collateral = book.collateral.map((holding) => {
    const index = indexOf.get(holding.asset);
    return index === undefined ? holding : { ...holding, valueUsd: holding.quantity * index };
  });
  const collateralUsd = sum(collateral.map((holding) => holding.valueUsd ?? 0));
  return { ...book, legs, coins, collateral, collateralUsd, equityUsd: collateralUsd + legsValueUsd({ legs }) };
}

/** What the priced legs are worth together, collateral left out. */
export function legsValueUsd({ legs }: Pick<BookPositions, 'legs'>): number {
  return sum(legs.map(({ valueUsd }) => valueUsd));
}

/** A held leg once its contract has come to another state: what it then is worth, and what of it is coin. */
export function movedLeg({ leg, state, valueUsd, unrealisedCoins }: LegPosition, later: ContractState): LegPosition {
  if (state.option !== null) {
    const value = leg.quantity * unitValueUsd(later);
    // A coin-settled option that has expired has become coins, which go on moving with the index.
    const settledInCoin = later.timeToExpiryYears <= 0 && later.instrument.settlement === 'coin';
    return { leg, state: later, valueUsd: value, unrealisedCoins: settledInCoin ? value / later.index : 0 };
  }
  if (state.instrument.settlement === 'usdc') {
    // A leg without an entry price counts as entered at its mark.
    const entry = leg.entryPrice ?? state.forward / state.usdcPrice;
    const gain = later.forward - state.forward - entry * (later.usdcPrice - state.usdcPrice);
    return { leg, state: later, valueUsd: valueUsd + leg.quantity * gain, unrealisedCoins: 0 };
  }
  const gain = (leg.quantity * (later.forward - state.forward)) / (state.forward * later.forward);
  const coins = unrealisedCoins + gain;
  return { leg, state: later, valueUsd: coins * later.index, unrealisedCoins: coins };
}

import { failureOf } from '../domain/failure.ts';
import type { ParameterSet } from '../domain/riskParameters.ts';
import type { MarginOutcome } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import { unitGreeks } from '../scenario/positionGreeks.ts';
import type { BookPositions } from '../scenario/bookPositions.ts';
import { coinPnlRow } from '../scenario/unitPnl.ts';
import type { UnitPnlRows } from '../scenario/unitPnlCache.ts';
import type { MarginModel, MarginPosition } from './MarginModel.ts';

/** One rulebook's answer for a book; a rule that cannot take the book answers with the reason instead of a number. */
export function marginOutcome(
  model: MarginModel,
  parameters: ParameterSet,
  book: BookPositions,
  underlyings: readonly string[],
  rows: UnitPnlRows,
): MarginOutcome {
  const { id, title } = model;
  try {
    const set = model.scenarios(parameters, underlyings);
    const requirement = model.requirement({ set, positions: marginPositions(book, set, rows) }, parameters);
    return {
      id,
      title,
      ...requirement,
      equityUsd: book.equityUsd,
      availableUsd: book.equityUsd - requirement.initialMarginUsd,
      marginRatio: book.equityUsd > 0 ? requirement.maintenanceMarginUsd / book.equityUsd : null,
    };
  } catch (error) {
    return { id, title, unsupported: failureOf(error) };
  }
}

/** Legs first, in the portfolio's order, then coin collateral; each with its P&L in every scenario of the set. */
export function marginPositions(book: BookPositions, set: ScenarioSet, rows: UnitPnlRows): MarginPosition[] {
  const legs = book.legs.map(({ leg, state, valueUsd, unrealisedCoins }): MarginPosition => {
    const { underlying } = state.instrument;
    const pnlUsd = scaled(rows(state, set), leg.quantity);
    if (unrealisedCoins !== 0) addScaled(pnlUsd, coinPnlRow(state.index, underlying, set), unrealisedCoins);
    return {
      id: leg.id,
      underlying,
      contract: state,
      quantity: leg.quantity,
      valueUsd,
      deltaCoins: leg.quantity * unitGreeks(state).delta,
      index: state.index,
      pnlUsd,
    };
  });
  const coins = book.coins.map(({ id, symbol, quantity, index }): MarginPosition => {
    const pnlUsd = scaled(coinPnlRow(index, symbol, set), quantity);
    return {
      id,
      underlying: symbol,
      contract: null,
      quantity,
      valueUsd: quantity * index,
      deltaCoins: quantity,
      index,
      pnlUsd,
    };
  });
  return [...legs, ...coins];
}

// Plain loops: `map` of a typed array is several times slower, and this runs for every leg of every cell of the grid.

function scaled(row: Float64Array, factor: number): Float64Array {
  const result = new Float64Array(row.length);
  addScaled(result, row, factor);
  return result;
}

function addScaled(target: Float64Array, row: Float64Array, factor: number): void {
  for (let s = 0; s < target.length; s += 1) target[s] = target[s]! + row[s]! * factor;
}

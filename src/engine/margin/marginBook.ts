import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { BookPositions, LegPosition } from '../scenario/bookPositions.ts';
import { unitDelta } from '../scenario/positionGreeks.ts';
import { coinPnlRow } from '../scenario/unitPnl.ts';
import { computedRows, type UnitPnlRows } from '../scenario/unitPnlCache.ts';
import type { MarginBook, MarginPosition, ScannedPosition } from './MarginModel.ts';

/** A priced book, as it stands or moved by a scenario, as margin rules read it. */
export function marginBook(book: BookPositions, market: MarketSnapshot, rows: UnitPnlRows = computedRows): MarginBook {
  const legs = book.legs.map(legMarginPosition);
  const coins = book.coins.map(
    ({ id, symbol, quantity, index }): MarginPosition => ({
      id,
      underlying: symbol,
      contract: null,
      quantity,
      valueUsd: quantity * index,
      deltaCoins: quantity,
      index,
    }),
  );
  return {
    positions: [...legs, ...coins],
    collateral: book.collateral,
    equityUsd: book.equityUsd,
    market,
    underlyings: market.underlyings.map(({ symbol }) => symbol),
    scanned: (set) => [
      ...scannedLegs(book.legs, legs, set, rows),
      ...coins.map(
        (coin): ScannedPosition => ({
          ...coin,
          pnlUsd: scaled(coinPnlRow(coin.index, coin.underlying, set), coin.quantity),
        }),
      ),
    ],
  };
}

function legMarginPosition({ leg, state, valueUsd }: LegPosition): MarginPosition {
  return {
    id: leg.id,
    underlying: state.instrument.underlying,
    contract: state,
    quantity: leg.quantity,
    valueUsd,
    deltaCoins: leg.quantity * unitDelta(state),
    index: state.index,
  };
}

/** Whole literals: copying the common part by spread costs more than adding the scan up. */
function scannedLegs(
  held: readonly LegPosition[],
  positions: readonly MarginPosition[],
  set: ScenarioSet,
  rows: UnitPnlRows,
): ScannedPosition[] {
  const units = rows.together(
    held.map(({ state }) => state),
    set,
  );
  return held.map(({ leg, state, unrealisedCoins }, i) => {
    const pnlUsd = scaled(units[i]!, leg.quantity);
    if (unrealisedCoins !== 0)
      addScaled(pnlUsd, coinPnlRow(state.index, state.instrument.underlying, set), unrealisedCoins);
    const { id, underlying, contract, quantity, valueUsd, deltaCoins, index } = positions[i]!;
    return { id, underlying, contract, quantity, valueUsd, deltaCoins, index, pnlUsd };
  });
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

import type { Movers } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import type { BookPositions, LegPosition } from './bookPositions.ts';
import { type ContractColumns, movedStates } from './contractColumns.ts';
import { gridOfCoin, type MoveGrid } from './moveGrid.ts';
import { movedLeg } from './shiftedBook.ts';

/** A book in every cell of a grid, to the bits that `shiftedBook` gives it in each. */
export interface BookOverGrid {
  readonly cells: number;
  readonly legs: readonly LegOverGrid[];
  /** Value of the priced legs, cell by cell. */
  readonly legsUsd: Float64Array;
  /** With the collateral. */
  readonly equityUsd: Float64Array;
  /** What a coin goes through. */
  gridOf(symbol: string): MoveGrid;
}

export interface LegOverGrid {
  readonly position: LegPosition;
  readonly grid: MoveGrid;
  readonly timeToExpiryYears: number;
  /** As `LegPosition` has it, cell by cell; null where it is zero in all. */
  readonly unrealisedCoins: Float64Array | null;
}

export function bookOverGrid(
  book: BookPositions,
  grid: MoveGrid,
  movers: Movers,
  columns: ContractColumns,
): BookOverGrid {
  const gridOf = gridOfCoin(grid, movers);
  const cells = grid.cells.length;
  const legsUsd = new Float64Array(cells);
  const legs = book.legs.map((position): LegOverGrid => {
    const { state } = position;
    const own = gridOf(state.instrument.underlying);
    const timeToExpiryYears = state.timeToExpiryYears - grid.days / DAYS_PER_YEAR;
    const unrealisedCoins = addLeg(position, own, columns, legsUsd, timeToExpiryYears <= 0);
    return { position, grid: own, timeToExpiryYears, unrealisedCoins };
  });
  const equityUsd = new Float64Array(cells);
  const coins = new Map(book.coins.map((coin) => [coin.symbol, coin]));
  for (const { asset, quantity, valueUsd } of book.collateral) {
    const coin = coins.get(asset);
    const moves = coin && gridOf(asset).cells;
    for (let c = 0; c < cells; c += 1)
      equityUsd[c] = equityUsd[c]! + (moves ? quantity * (coin.index * (1 + moves[c]!.spotMove)) : (valueUsd ?? 0));
  }
  for (let c = 0; c < cells; c += 1) equityUsd[c] = equityUsd[c]! + legsUsd[c]!;
  return { cells, legs, legsUsd, equityUsd, gridOf };
}

/** Value of the priced legs in every cell: what a curve of P&L is drawn from. */
export function legsOverGrid(
  { legs }: BookPositions,
  grid: MoveGrid,
  movers: Movers,
  columns: ContractColumns,
): Float64Array {
  const gridOf = gridOfCoin(grid, movers);
  const legsUsd = new Float64Array(grid.cells.length);
  for (const position of legs) addLeg(position, gridOf(position.state.instrument.underlying), columns, legsUsd, false);
  return legsUsd;
}

/** Adds what a leg is worth in each cell to `legsUsd`. Answers what of it is coin, null for nothing or where `settled` is not told. */
function addLeg(
  position: LegPosition,
  grid: MoveGrid,
  columns: ContractColumns,
  legsUsd: Float64Array,
  settled: boolean,
): Float64Array | null {
  const { leg, state } = position;
  const { settlement } = state.instrument;
  if (state.option !== null) {
    const unitsUsd = columns.over(grid).valuesUsd(state);
    for (let c = 0; c < legsUsd.length; c += 1) legsUsd[c] = legsUsd[c]! + leg.quantity * unitsUsd[c]!;
    if (!settled || settlement !== 'coin') return null;
    return unitsUsd.map((unit, c) => (leg.quantity * unit) / (state.index * (1 + grid.cells[c]!.spotMove)));
  }
  const unrealisedCoins = new Float64Array(legsUsd.length);
  movedStates(state, grid).forEach((later, c) => {
    const moved = movedLeg(position, later);
    legsUsd[c] = legsUsd[c]! + moved.valueUsd;
    unrealisedCoins[c] = moved.unrealisedCoins;
  });
  return settlement === 'coin' ? unrealisedCoins : null;
}

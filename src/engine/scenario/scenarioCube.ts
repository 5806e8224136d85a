import type { ScenarioSet } from '../domain/scenario.ts';
import { type BookPositions } from './bookPositions.ts';
import { coinPnlRow } from './unitPnl.ts';
import type { UnitPnlRows } from './unitPnlCache.ts';

/** P&L of books over one set of scenarios: quantities times remembered rows. */
export interface ScenarioCube {
  readonly set: ScenarioSet;
  /** P&L in USD of the legs and the coin collateral in each scenario. The array is overwritten by the next call. */
  pnl(book: BookPositions): Float64Array;
}

/** Rows that are added up on their own, and kept so. */
const GROUP = 8;
/** Scenarios that are added up for all rows of a group before the next: they stay in the nearest cache. */
const BLOCK = 2048;

interface Group {
  readonly rows: readonly Float64Array[];
  readonly quantities: readonly number[];
  readonly total: Float64Array;
}

/**
 * Rows come in the book's order in groups of eight. A group's sum is kept until one of its rows or quantities is another, so an edit
 * of one leg adds up its group and then the groups: some fifteen rows in place of fifty. The order of every addition is that of a
 * cube that knows nothing yet, so the bits do not depend on what was asked before.
 */
export function scenarioCube(set: ScenarioSet, rows: UnitPnlRows): ScenarioCube {
  const coinRows = new Map<string, Float64Array>();
  const coinRow = (symbol: string): Float64Array => {
    const known = coinRows.get(symbol);
    if (known) return known;
    const row = coinPnlRow(1, symbol, set);
    coinRows.set(symbol, row);
    return row;
  };
  let groups: Group[] = [];
  const total = new Float64Array(set.count);
  return {
    set,
    pnl({ legs, coins }) {
      const units = rows.together(
        legs.map(({ state }) => state),
        set,
      );
      const held: Float64Array[] = [...units];
      const quantities = legs.map(({ leg }) => leg.quantity);
      const add = (row: Float64Array, quantity: number): void => {
        held.push(row);
        quantities.push(quantity);
      };
      // Profit already earned on an inverse future is coin, so its dollars move too.
      for (const { state, unrealisedCoins } of legs)
        if (unrealisedCoins !== 0) add(coinRow(state.instrument.underlying), unrealisedCoins * state.index);
      for (const { symbol, quantity, index } of coins) add(coinRow(symbol), quantity * index);

      groups = Array.from({ length: Math.ceil(held.length / GROUP) }, (_, g) =>
        summed(held.slice(g * GROUP, (g + 1) * GROUP), quantities.slice(g * GROUP, (g + 1) * GROUP), groups[g]),
      );
      total.fill(0);
      for (let from = 0; from < set.count; from += BLOCK) {
        const to = Math.min(from + BLOCK, set.count);
        for (const group of groups) addTo(total, group.total, from, to);
      }
      return total;
    },
  };
}

function summed(rows: readonly Float64Array[], quantities: readonly number[], known: Group | undefined): Group {
  const isSame =
    known?.rows.length === rows.length &&
    rows.every((row, i) => row === known.rows[i] && quantities[i] === known.quantities[i]);
  if (known && isSame) return known;
  const { length } = rows[0]!;
  const total = known?.total.fill(0) ?? new Float64Array(length);
  for (let from = 0; from < length; from += BLOCK) {
    const to = Math.min(from + BLOCK, length);
    rows.forEach((row, i) => addScaledTo(total, row, quantities[i]!, from, to));
  }
  return { rows, quantities, total };
}

// Plain loops in one place each, so that they are compiled for one kind of array alone.

function addTo(total: Float64Array, column: Float64Array, from: number, to: number): void {
  for (let s = from; s < to; s += 1) total[s] = total[s]! + column[s]!;
}

function addScaledTo(total: Float64Array, column: Float64Array, scale: number, from: number, to: number): void {
  for (let s = from; s < to; s += 1) total[s] = total[s]! + scale * column[s]!;
}

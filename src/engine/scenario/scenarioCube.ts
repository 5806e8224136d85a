import type { ScenarioSet } from '../domain/scenario.ts';
import { type BookPositions } from './bookPositions.ts';
import { coinPnlRow } from './unitPnl.ts';
import type { UnitPnlRows } from './unitPnlCache.ts';

/** P&L of books over one set of scenarios: quantities times remembered rows. */
export interface ScenarioCube {
  readonly set: ScenarioSet;
  /** P&L in USD of the legs and the coin collateral in each scenario. The array is overwritten by the next call. */
  pnl(book: BookPositions): Float64Array;
  /** Mean P&L over some of the scenarios of each leg, then of each coin held as collateral, USD. */
  meanPnl(book: BookPositions, scenarios: Int32Array): number[];
}

/** Rows, or sums of rows, that are added up on their own, and kept so. */
const GROUP = 8;
/** Scenarios that are added up for all rows of a group before the next: they stay in the nearest cache. */
const BLOCK = 2048;

/** What has been added up: rows times quantities, or the sums of groups. */
interface Group {
  readonly terms: readonly Term[];
  /** Written anew when a term is another. */
  readonly total: Float64Array;
  /** How often it has been written. */
  readonly stamp: number;
}

interface Term {
  readonly row: Float64Array;
  readonly quantity: number;
  /** Tells the content of a row that is written again and again. */
  readonly stamp: number;
}

/**
 * Rows come in the book's order in groups of eight, their sums in groups of eight again, up to one. A sum is kept until one of its rows or
 * quantities is another, so an edit of one leg adds up a group on each level: some fifteen rows in place of fifty. The order of every
 * addition is that of a cube that knows nothing yet, so the bits do not depend on what was asked before.
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
  const unitRows = (legs: BookPositions['legs']): readonly Float64Array[] =>
    rows.together(
      legs.map(({ state }) => state),
      set,
    );
  let levels: Group[][] = [];
  const nothing = new Float64Array(set.count);
  return {
    set,
    pnl({ legs, coins }) {
      const units = unitRows(legs);
      const held: Term[] = legs.map(({ leg }, i) => ({ row: units[i]!, quantity: leg.quantity, stamp: 0 }));
      const addCoins = (symbol: string, quantity: number): void => {
        held.push({ row: coinRow(symbol), quantity, stamp: 0 });
      };
      // Profit already earned on an inverse future is coin, so its dollars move too.
      for (const { state, unrealisedCoins } of legs)
        if (unrealisedCoins !== 0) addCoins(state.instrument.underlying, unrealisedCoins * state.index);
      for (const { symbol, quantity, index } of coins) addCoins(symbol, quantity * index);
      if (held.length === 0) return nothing.fill(0);

      const known = levels;
      levels = [];
      let terms = held;
      do {
        const groups = grouped(terms, known[levels.length] ?? []);
        levels.push(groups);
        terms = groups.map(({ total, stamp }) => ({ row: total, quantity: 1, stamp }));
      } while (terms.length > 1);
      return terms[0]!.row;
    },
    meanPnl({ legs, coins }, scenarios) {
      const units = unitRows(legs);
      const mean = (quantity: number, row: Float64Array, dollars: number, coin: Float64Array | null): number => {
        let total = 0;
        for (const s of scenarios) total += quantity * row[s]! + (coin === null ? 0 : dollars * coin[s]!);
        return total / scenarios.length;
      };
      return [
        ...legs.map(({ leg, state, unrealisedCoins }, i) =>
          mean(
            leg.quantity,
            units[i]!,
            unrealisedCoins * state.index,
            unrealisedCoins === 0 ? null : coinRow(state.instrument.underlying),
          ),
        ),
        ...coins.map(({ symbol, quantity, index }) => mean(quantity * index, coinRow(symbol), 0, null)),
      ];
    },
  };
}

function grouped(terms: readonly Term[], known: readonly Group[]): Group[] {
  return Array.from({ length: Math.ceil(terms.length / GROUP) }, (_, g) =>
    summed(terms.slice(g * GROUP, (g + 1) * GROUP), known[g]),
  );
}

function summed(terms: readonly Term[], known: Group | undefined): Group {
  const isSame =
    known?.terms.length === terms.length &&
    terms.every(({ row, quantity, stamp }, i) => {
      const term = known.terms[i]!;
      return row === term.row && quantity === term.quantity && stamp === term.stamp;
    });
  if (known && isSame) return known;
  const { length } = terms[0]!.row;
  const total = known?.total.fill(0) ?? new Float64Array(length);
  for (let from = 0; from < length; from += BLOCK) {
    const to = Math.min(from + BLOCK, length);
    let i = 0;
    for (; i + 4 <= terms.length; i += 4)
      addFour(total, terms[i]!, terms[i + 1]!, terms[i + 2]!, terms[i + 3]!, from, to);
    for (; i < terms.length; i += 1) addOne(total, terms[i]!, from, to);
  }
  return { terms, total, stamp: (known?.stamp ?? 0) + 1 };
}

// Plain loops in one place each, so that they are compiled for one kind of array alone.

function addOne(total: Float64Array, { row, quantity }: Term, from: number, to: number): void {
  for (let s = from; s < to; s += 1) total[s] = total[s]! + quantity * row[s]!;
}

/** One after the other in each scenario, so the bits are those of four times one, while the total is read and written once. */
function addFour(total: Float64Array, a: Term, b: Term, c: Term, d: Term, from: number, to: number): void {
  const [rowA, rowB, rowC, rowD] = [a.row, b.row, c.row, d.row];
  const { quantity: timesA } = a;
  const { quantity: timesB } = b;
  const { quantity: timesC } = c;
  const { quantity: timesD } = d;
  for (let s = from; s < to; s += 1)
    total[s] = total[s]! + timesA * rowA[s]! + timesB * rowB[s]! + timesC * rowC[s]! + timesD * rowD[s]!;
}

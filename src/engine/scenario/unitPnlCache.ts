import type { ScenarioSet } from '../domain/scenario.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import type { ContractState } from './contractState.ts';
import { unitPnlRow, unitPnlRows } from './unitPnl.ts';

/** Rows of numbers of contracts, computed or remembered: a row a contract in some set of moves, which its id tells from others. */
export interface ContractRows<Moves extends { readonly id: string }> {
  (state: ContractState, set: Moves): Float64Array;
  /** Of many contracts in one set, in their order: what has to be priced is priced together, to the same bits. */
  together(states: readonly ContractState[], set: Moves): readonly Float64Array[];
}

/** Where rows of unit P&L come from. */
export type UnitPnlRows = ContractRows<ScenarioSet>;

export const computedRows: UnitPnlRows = rowsBy(referenceKernels);

/** The same by given kernels. */
export function rowsBy(kernels: Kernels): UnitPnlRows {
  return Object.assign((state: ContractState, set: ScenarioSet) => unitPnlRow(state, set, kernels), {
    together: (states: readonly ContractState[], set: ScenarioSet) => unitPnlRows(states, set, kernels),
  });
}

/** Rows that are kept from one question to the next. */
export interface RememberedRows<Moves extends { readonly id: string } = ScenarioSet> extends ContractRows<Moves> {
  /** A new question: rows that the former ones used may be let go again. */
  startRequest(): void;
  held(): { readonly rows: number; readonly bytes: number };
}

/** A row that so many questions in a row have not read belongs to a leg, a view or settings that are gone. */
const REQUESTS_KEPT = 32;

/** What a row costs beside its numbers: its entry and the array's own head, measured roughly. */
const ROW_OVERHEAD_BYTES = 400;

/** A remembered row, in a list from the row unused for longest to the newest. */
interface Entry {
  readonly table: Table;
  readonly name: string;
  readonly row: Float64Array;
  /** The request that used it last. */
  request: number;
  older: Entry | null;
  newer: Entry | null;
}

/** Rows by instrument, of one set and one scenario that the contracts have been moved by. */
interface Table {
  readonly set: string;
  readonly moved: string;
  readonly rows: Map<string, Entry>;
}

/**
 * Rows of one market, remembered by scenario set, instrument and the scenario that the contract has been moved by, so that an
 * edit of a quantity reprices nothing and a new leg prices one row. A new market needs a new memory.
 *
 * Holds at most `maxBytes`; the row unused for longest leaves first, and so does one that `REQUESTS_KEPT` requests did not use, so
 * that memory follows the book rather than everything that was ever tried. What the request in hand has used stays: a request that
 * needs more rows than there is room for keeps those that fit and computes the others each time, where letting go the oldest
 * would keep none in time for the next request.
 */
export function rememberedRows(maxBytes?: number, compute?: UnitPnlRows): RememberedRows;
export function rememberedRows<Moves extends { readonly id: string }>(
  maxBytes: number,
  compute: ContractRows<Moves>,
): RememberedRows<Moves>;
export function rememberedRows(
  maxBytes = 96 * 1024 * 1024,
  compute: ContractRows<ScenarioSet> = computedRows,
): RememberedRows {
  const tables = new Map<string, Map<string, Table>>();
  let oldest: Entry | null = null;
  let newest: Entry | null = null;
  let bytes = 0;
  let count = 0;
  let request = 0;
  // Legs are asked for one after the other in one set, so the table found last is mostly the one that is wanted.
  let lastSet: ScenarioSet | null = null;
  let lastTable: Table | null = null;

  const tableOf = (set: ScenarioSet, moved: string): Table => {
    if (lastTable !== null && lastTable.moved === moved && (set === lastSet || set.id === lastTable.set)) {
      lastSet = set;
      return lastTable;
    }
    let bySet = tables.get(set.id);
    if (bySet === undefined) tables.set(set.id, (bySet = new Map()));
    let table = bySet.get(moved);
    if (table === undefined) bySet.set(moved, (table = { set: set.id, moved, rows: new Map() }));
    lastSet = set;
    lastTable = table;
    return table;
  };

  const link = (entry: Entry): void => {
    entry.older = newest;
    entry.newer = null;
    if (newest === null) oldest = entry;
    else newest.newer = entry;
    newest = entry;
  };
  const unlink = (entry: Entry): void => {
    if (entry.older === null) oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === null) newest = entry.older;
    else entry.newer.older = entry.older;
  };

  const known = (table: Table, name: string): Float64Array | null => {
    const entry = table.rows.get(name);
    if (entry === undefined) return null;
    entry.request = request;
    if (entry !== newest) {
      unlink(entry);
      link(entry);
    }
    return entry.row;
  };

  const release = (entry: Entry): void => {
    unlink(entry);
    bytes -= entry.row.byteLength + ROW_OVERHEAD_BYTES;
    count -= 1;
    const { table } = entry;
    table.rows.delete(entry.name);
    if (table.rows.size > 0) return;
    const bySet = tables.get(table.set)!;
    bySet.delete(table.moved);
    if (bySet.size === 0) tables.delete(table.set);
    if (table === lastTable) lastTable = null;
  };

  const keep = (set: ScenarioSet, moved: string, name: string, row: Float64Array): void => {
    const needed = row.byteLength + ROW_OVERHEAD_BYTES;
    if (needed > maxBytes) return;
    while (bytes + needed > maxBytes) {
      // Every row that is newer has been used in this request as well.
      if (oldest === null || oldest.request === request) return;
      release(oldest);
    }
    const table = tableOf(set, moved);
    const entry: Entry = { table, name, row, request, older: null, newer: null };
    table.rows.set(name, entry);
    link(entry);
    bytes += needed;
    count += 1;
  };

  const one = (state: ContractState, set: ScenarioSet): Float64Array => {
    const { name } = state.instrument;
    const found = known(tableOf(set, state.moved), name);
    if (found !== null) return found;
    const row = compute(state, set);
    keep(set, state.moved, name, row);
    return row;
  };

  const together = (states: readonly ContractState[], set: ScenarioSet): readonly Float64Array[] => {
    const rows: Float64Array[] = [];
    const missing = new Map<string, { readonly state: ContractState; readonly places: number[] }>();
    states.forEach((state, place) => {
      const { name } = state.instrument;
      const found = known(tableOf(set, state.moved), name);
      if (found !== null) {
        rows[place] = found;
        return;
      }
      const key = state.moved === '' ? name : `${name}${state.moved}`;
      const wanted = missing.get(key);
      if (wanted) wanted.places.push(place);
      else missing.set(key, { state, places: [place] });
    });
    if (missing.size === 0) return rows;
    const wanted = [...missing.values()];
    compute
      .together(
        wanted.map(({ state }) => state),
        set,
      )
      .forEach((row, i) => {
        const { state, places } = wanted[i]!;
        for (const place of places) rows[place] = row;
        keep(set, state.moved, state.instrument.name, row);
      });
    return rows;
  };

  return Object.assign(one, {
    together,
    startRequest: () => {
      request += 1;
      while (oldest !== null && oldest.request < request - REQUESTS_KEPT) release(oldest);
    },
    held: () => ({ rows: count, bytes }),
  });
}

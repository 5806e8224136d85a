import type { ScenarioSet } from '../domain/scenario.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { ContractState } from './contractState.ts';
import { unitPnlRow } from './unitPnl.ts';

/** Where rows of unit P&L come from: computed, or remembered. */
export type UnitPnlRows = (state: ContractState, set: ScenarioSet) => Float64Array;

export const computedRows: UnitPnlRows = (state, set) => unitPnlRow(state, set);

/** The same by given kernels. */
export function rowsBy(kernels: Kernels): UnitPnlRows {
  return (state, set) => unitPnlRow(state, set, kernels);
}

/** What a row costs beside its numbers: its key, its map entry and the array's own head, measured roughly. */
const ROW_OVERHEAD_BYTES = 400;

/**
 * Rows of one market, remembered by scenario set, instrument and the scenario that the contract has been moved by, so that an
 * edit of a quantity reprices nothing and a new leg prices one row. Holds at most `maxBytes`; the row unused for longest leaves
 * first. A new market needs a new memory.
 */
export function rememberedRows(maxBytes = 96 * 1024 * 1024, compute: UnitPnlRows = computedRows): UnitPnlRows {
  const rows = new Map<string, Float64Array>();
  let bytes = 0;
  return (state, set) => {
    const key = `${state.instrument.name}|${set.id}${state.moved}`;
    const known = rows.get(key);
    if (known) {
      // Map keeps insertion order: putting a row back makes it the newest.
      rows.delete(key);
      rows.set(key, known);
      return known;
    }
    const row = compute(state, set);
    rows.set(key, row);
    bytes += row.byteLength + ROW_OVERHEAD_BYTES;
    for (const [oldest, evicted] of rows) {
      if (bytes <= maxBytes || oldest === key) break;
      rows.delete(oldest);
      bytes -= evicted.byteLength + ROW_OVERHEAD_BYTES;
    }
    return row;
  };
}

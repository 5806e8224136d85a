import type { ScenarioSet } from '../domain/scenario.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { type ContractState, unitValueUsd } from './contractState.ts';
import type { MoveGrid } from './moveGrid.ts';
import { unitDelta } from './positionGreeks.ts';
import { scenarioMark, shiftedState } from './shiftedState.ts';
import { unitPnlRows } from './unitPnl.ts';
import { type ContractRows, rememberedRows } from './unitPnlCache.ts';

/**
 * What one unit of a contract comes to in each cell of a grid of moves: nothing of it depends on a quantity, so it is computed once
 * and read by every edit that follows.
 */
export interface ContractColumns {
  /** A new question: columns that the former ones used may be let go again. */
  startRequest(): void;
  over(grid: MoveGrid): GridColumns;
}

/** A number a cell, row by row, of one unit of a contract. */
export interface GridColumns {
  valuesUsd(state: ContractState): Float64Array;
  /** In coins. */
  deltas(state: ContractState): Float64Array;
  /** P&L of one unit, moved to a cell, in each scenario of a set: `[cell * set.count + scenario]`, USD. */
  scansUsd(state: ContractState, set: ScenarioSet): Float64Array;
}

/** Some seventy contracts in the curves and the grid of a view. Curves over other moves are other columns, so more would keep old views. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A kind of column over a grid, by the id under which it is remembered. */
interface Asked {
  readonly id: string;
  column(state: ContractState): Float64Array;
}

/** Columns of one market, in at most `maxBytes`: those unused for longest leave first, by the rule of `rememberedRows`. */
export function contractColumns(kernels: Kernels, maxBytes = MAX_BYTES): ContractColumns {
  const compute = (state: ContractState, asked: Asked) => asked.column(state);
  const together = (states: readonly ContractState[], asked: Asked) => states.map(asked.column);
  const columns = rememberedRows<Asked>(maxBytes, Object.assign(compute, { together }));
  const made = new WeakMap<MoveGrid, GridColumns>();
  return {
    startRequest: columns.startRequest,
    over(grid) {
      let known = made.get(grid);
      if (known === undefined) made.set(grid, (known = gridColumns(columns, grid, kernels)));
      return known;
    },
  };
}

function gridColumns(columns: ContractRows<Asked>, grid: MoveGrid, kernels: Kernels): GridColumns {
  // What is new of a contract is asked for in turn.
  let last: { readonly state: ContractState; readonly moved: readonly ContractState[] } | null = null;
  const movedTo = (state: ContractState): readonly ContractState[] => {
    if (last?.state !== state) last = { state, moved: movedStates(state, grid) };
    return last.moved;
  };
  const each = (kind: string, figure: (moved: ContractState) => number): Asked => ({
    id: `${kind}|${grid.id}`,
    column: (state) => Float64Array.from(movedTo(state), figure),
  });
  const [values, deltas] = [each('values', unitValueUsd), each('deltas', unitDelta)];
  let scans: Asked | null = null;
  let scanned: ScenarioSet | null = null;
  return {
    valuesUsd: (state) => columns(state, values),
    deltas: (state) => columns(state, deltas),
    scansUsd(state, set) {
      if (scans === null || scanned !== set) {
        scanned = set;
        scans = { id: `scans|${set.id}|${grid.id}`, column: (contract) => scanOf(movedTo(contract), set, kernels) };
      }
      return columns(state, scans);
    },
  };
}

function scanOf(moved: readonly ContractState[], set: ScenarioSet, kernels: Kernels): Float64Array {
  const scans = new Float64Array(moved.length * set.count);
  unitPnlRows(moved, set, kernels).forEach((row, cell) => scans.set(row, cell * set.count));
  return scans;
}

/** The contract in each cell. */
export function movedStates(state: ContractState, { cells }: MoveGrid): ContractState[] {
  return cells.map((cell) => shiftedState(state, cell, scenarioMark(cell)));
}

const columnsOf = new WeakMap<object, { readonly kernels: Kernels; readonly columns: ContractColumns }>();

/** The columns that belong to some other memory of the same market, `owner`, and are forgotten with it. */
export function columnsBeside(owner: object, kernels: Kernels): ContractColumns {
  const known = columnsOf.get(owner);
  if (known?.kernels === kernels) return known.columns;
  const columns = contractColumns(kernels);
  columnsOf.set(owner, { kernels, columns });
  return columns;
}

import type { CoinMoves, Kernels } from '../kernels/Kernels.ts';
import type { PathBlock } from './PathPool.ts';
import type { PathPlan, PathRow } from './pathPlan.ts';
import { cutMoves, isWeighted, pathSampler } from './pathSampler.ts';
import { pathVol } from './pathVol.ts';
import { addProxyRowPnl } from './proxyRow.ts';

/**
 * Paths valued at once: moves, vectors and a row between stay in the cache of a core. Whole batches of every kernel, so that none of a
 * block is a remainder.
 */
export const PATHS_AT_ONCE = 1920;

/** A plan on this thread, ready for any of its paths. */
export interface PathValuation {
  /** P&L of each book in paths `firstPath` to `firstPath + count - 1`. */
  pnl(firstPath: number, count: number): Omit<PathBlock, 'fault'>;
  /**
   * P&L of one unit of some rows, which need not be of the plan, in chosen paths, at most `PATHS_AT_ONCE` of them: the paths are drawn
   * once and each row is valued on them alone. `visit` gets each in turn, in an array that the next one overwrites.
   */
  rowPnl(rows: readonly PathRow[], paths: Int32Array, visit: (pnl: Float64Array, row: number) => void): void;
}

/**
 * Path i has the same bits in any block, as all arithmetic goes path by path. Nothing is allocated by row or by path; the columns of
 * the kernels are one set for all plans, since a block is over before another begins.
 */
export async function pathValuation(plan: PathPlan, kernels: Kernels): Promise<PathValuation> {
  const sample = await pathSampler(plan, kernels);
  const held = plan.rows.map((row, r) => ({ row, holders: holdersOf(plan.books, r) }));
  const weighted = isWeighted(plan.draws);
  const numbers = new Int32Array(PATHS_AT_ONCE);
  return {
    pnl(firstPath, count) {
      const pnl = plan.books.map(() => new Float64Array(count));
      const weights = new Float64Array(count);
      const columns = columnsOf(kernels, plan.underlyings.length, plan.books.length);
      for (let from = 0; from < count; from += PATHS_AT_ONCE) {
        const length = Math.min(PATHS_AT_ONCE, count - from);
        const { moves, vols, row: unit, totals } = cut(columns, length);
        for (let i = 0; i < length; i += 1) numbers[i] = firstPath + from + i;
        sample(numbers.subarray(0, length), moves, weights.subarray(from, from + length));
        for (const total of totals) total.fill(0);
        for (const { row, holders } of held) {
          if (holders.length === 1) {
            addRowPnl(row, holders[0]!.units, moves, vols, totals[holders[0]!.book]!, kernels);
          } else if (holders.length > 1) {
            unit.fill(0);
            addRowPnl(row, 1, moves, vols, unit, kernels);
            for (const { book, units } of holders) kernels.addScaled(units, unit, totals[book]!);
          }
        }
        pnl.forEach((values, book) => values.set(totals[book]!, from));
      }
      return { pnl, weights: weighted ? weights : null };
    },
    rowPnl(rows, paths, visit) {
      const { moves, vols, row: unit } = cut(columnsOf(kernels, plan.underlyings.length, 0), paths.length);
      sample(paths, moves);
      rows.forEach((row, r) => {
        unit.fill(0);
        addRowPnl(row, 1, moves, vols, unit, kernels);
        visit(unit, r);
      });
    },
  };
}

function holdersOf(books: readonly Float64Array[], row: number): readonly { book: number; units: number }[] {
  return books.map((units, book) => ({ book, units: units[row]! })).filter(({ units }) => units !== 0);
}

/** `total[s] += units x P&L` of one unit of a row over moves of all coins. `vols` is a column to write to. */
export function addRowPnl(
  row: PathRow,
  units: number,
  moves: readonly CoinMoves[],
  vols: Float64Array,
  total: Float64Array,
  kernels: Kernels,
): void {
  const coin = moves[row.coin]!;
  switch (row.kind) {
    case 'option':
      if (row.vols === null) return kernels.addOptionPnl(row.terms, units, coin, total);
      for (let s = 0; s < vols.length; s += 1) vols[s] = pathVol(row, coin.growth[s]!, coin.volShock[s]!);
      return kernels.addOptionPnl(row.terms, units, { ...coin, volShock: vols }, total);
    case 'linear': {
      const scale = units * row.usdPerMove;
      const { growth } = coin;
      for (let s = 0; s < total.length; s += 1) total[s] = total[s]! + scale * (growth[s]! - 1);
      return;
    }
    case 'proxy':
      return addProxyRowPnl(row, units, coin, total, kernels);
    case 'quadratic': {
      const { delta, gamma, vega, vanna, volga } = row;
      const { growth, volShock } = coin;
      for (let k = 0; k < total.length; k += 1) {
        const s = growth[k]! - 1;
        const v = volShock[k]!;
        total[k] = total[k]! + units * (s * (delta + (gamma * s) / 2 + vanna * v) + v * (vega + (volga * v) / 2));
      }
    }
  }
}

// ---- columns -------------------------------------------------------------------------------------------------------

interface Columns {
  readonly moves: readonly CoinMoves[];
  /** Vols of an option that does not read the shock as it is. */
  readonly vols: Float64Array;
  /** A row held by several books. */
  readonly row: Float64Array;
  /** One a book. */
  readonly totals: readonly Float64Array[];
}

/** Kernels keep their columns for life, so each has one stock of them. */
const stocks = new WeakMap<Kernels, Float64Array[]>();

function columnsOf(kernels: Kernels, coins: number, books: number): Columns {
  const stock = stocks.get(kernels) ?? [];
  stocks.set(kernels, stock);
  const at = (k: number): Float64Array => (stock[k] ??= kernels.column(PATHS_AT_ONCE));
  const coin = (u: number): CoinMoves => ({
    growth: at(2 + 3 * u),
    logGrowth: at(3 + 3 * u),
    volShock: at(4 + 3 * u),
  });
  return {
    vols: at(0),
    row: at(1),
    moves: Array.from({ length: coins }, (_, u) => coin(u)),
    totals: Array.from({ length: books }, (_, book) => at(2 + 3 * coins + book)),
  };
}

function cut({ moves, vols, row, totals }: Columns, length: number): Columns {
  const some = (column: Float64Array): Float64Array => column.subarray(0, length);
  return {
    vols: some(vols),
    row: some(row),
    moves: moves.map((coin) => cutMoves(coin, 0, length)),
    totals: totals.map(some),
  };
}

import { benchBook, COINS } from './BenchBook.ts';
import { floats, resident, type Workload, type WorkloadSetting } from './Workload.ts';

const CHECKED_CELL = 5;

/**
 * W4: the P&L of the book in every cell of a grid of relative spot moves by relative vol moves, as a stress grid has them. All
 * coins move alike; a row a spot move.
 */
export async function stressGrid({ kernels, files }: WorkloadSetting): Promise<Workload> {
  const legs = await benchBook(kernels, files, 'relative');
  const spot = await floats(files, 'w4_spot');
  const vol = await floats(files, 'w4_vol');
  const cells = spot.length * vol.length;
  const spotOf = (cell: number) => spot[Math.floor(cell / vol.length)]!;
  const moves = {
    growth: resident(
      kernels,
      Float64Array.from({ length: cells }, (_, cell) => 1 + spotOf(cell)),
    ),
    logGrowth: resident(
      kernels,
      Float64Array.from({ length: cells }, (_, cell) => Math.log1p(spotOf(cell))),
    ),
    volShock: resident(
      kernels,
      Float64Array.from({ length: cells }, (_, cell) => vol[cell % vol.length]!),
    ),
  };
  const byCoin = COINS.map(() => moves);
  const grid = kernels.column(cells);
  return {
    items: cells,
    options: cells * legs.length,
    run: () => {
      grid.fill(0);
      for (const { coin, quantity, terms } of legs) kernels.addOptionPnl(terms, quantity, byCoin[coin]!, grid);
    },
    check: () => grid[CHECKED_CELL]!,
  };
}

import type { CoinMoves, EllipticalDraws } from '../../../src/engine/kernels/Kernels.ts';
import { benchBook, type BenchLeg, bookSettings, COINS, moveColumns, movesFrom } from './BenchBook.ts';
import { BLOCK, floats, inBlocks, resident, type Workload, type WorkloadSetting } from './Workload.ts';

const CONFIDENCE = 0.99;

/** W2R: the P&L of the book in given joint moves; W2: in moves that are drawn first, with VaR and ES at the end. */
export async function revaluedBook(
  { kernels, files, pnl }: WorkloadSetting,
  moves: 'given' | 'drawn',
): Promise<Workload> {
  const legs = await benchBook(kernels, files, 'absolute');
  const shared = new Float64Array(pnl);
  const items = shared.length;
  const block = COINS.map(() => moveColumns(kernels, BLOCK));
  const total = kernels.column(BLOCK);
  const movesOf = await (moves === 'given' ? givenMoves : drawnMoves)({ kernels, files }, block);
  let tail = { valueAtRisk: 0, expectedShortfall: 0 };
  return {
    items,
    options: items * legs.length,
    run: (first, last) =>
      inBlocks(first, last, (from, to) => {
        const here = movesOf(from, to);
        const sum = total.subarray(0, to - from).fill(0);
        addLegs(legs, here, sum);
        shared.set(sum, from);
      }),
    ...(moves === 'drawn' && {
      finish: () => {
        tail = tailOf(kernels.smallest(shared, tailCount(items)));
      },
    }),
    check: () => (moves === 'given' ? shared.reduce((sum, x) => sum + x, 0) : tail.expectedShortfall),
  };

  function addLegs(all: readonly BenchLeg[], here: readonly CoinMoves[], sum: Float64Array): void {
    for (const { coin, quantity, terms } of all) kernels.addOptionPnl(terms, quantity, here[coin]!, sum);
  }
}

/**
 * W2I: one leg of the book is another. Its P&L in all scenarios joins the remembered P&L of the rest, and VaR and ES are read
 * again. Scenarios stay as they were, so what they do to a coin is at hand.
 */
export async function editedLeg({ kernels, files, pnl }: WorkloadSetting): Promise<Workload> {
  const legs = await benchBook(kernels, files, 'absolute');
  const items = pnl.byteLength / Float64Array.BYTES_PER_ELEMENT;
  const all = await Promise.all(
    COINS.map(async (coin) => {
      const logGrowth = resident(kernels, await floats(files, `w2_s${coin}`));
      const growth = resident(kernels, logGrowth.map(Math.exp));
      return { growth, logGrowth, volShock: resident(kernels, await floats(files, `w2_s${coin + COINS.length}`)) };
    }),
  );
  const [edited, ...others] = legs;
  const rest = kernels.column(items);
  for (const { coin, quantity, terms } of others)
    inBlocks(0, items, (from, to) =>
      kernels.addOptionPnl(terms, quantity, movesFrom(all[coin]!, from, to), rest.subarray(from, to)),
    );
  const total = kernels.column(items);
  let tail = { valueAtRisk: 0, expectedShortfall: 0 };
  return {
    items,
    options: items,
    run: () => {
      inBlocks(0, items, (from, to) => {
        const sum = total.subarray(from, to);
        sum.set(rest.subarray(from, to));
        kernels.addOptionPnl(edited!.terms, edited!.quantity, movesFrom(all[edited!.coin]!, from, to), sum);
      });
      tail = tailOf(kernels.smallest(total, tailCount(items)));
    },
    check: () => tail.valueAtRisk,
  };
}

type MovesOf = (from: number, to: number) => readonly CoinMoves[];
type Inputs = Pick<WorkloadSetting, 'kernels' | 'files'>;

/** Log-moves are given; what they multiply a coin by is part of the work. */
async function givenMoves({ files, kernels }: Inputs, block: readonly CoinMoves[]): Promise<MovesOf> {
  const logs = await Promise.all(COINS.map(async (coin) => resident(kernels, await floats(files, `w2_s${coin}`))));
  const vols = await Promise.all(COINS.map(async (coin) => resident(kernels, await floats(files, `w2_s${coin + 2}`))));
  return (from, to) =>
    COINS.map((coin) => {
      const logGrowth = logs[coin]!.subarray(from, to);
      const growth = block[coin]!.growth.subarray(0, to - from);
      for (let s = 0; s < growth.length; s += 1) growth[s] = Math.exp(logGrowth[s]!);
      return { growth, logGrowth, volShock: vols[coin]!.subarray(from, to) };
    });
}

/**
 * Student-t with four degrees of freedom and the covariance of the given moves. The kernel's vol shocks are exp(x) - 1 where the
 * given ones are x, the same to first order.
 */
async function drawnMoves({ kernels, files }: Inputs, block: readonly CoinMoves[]): Promise<MovesOf> {
  const { L } = await bookSettings(files);
  const draws: EllipticalDraws = {
    seed: 20_240_607,
    normalStream: 0,
    chiSquareStream: 1,
    degreesOfFreedom: 4,
    factor: Float64Array.from(L),
    mostLogMove: 0.9,
    volShockRange: [-0.9, 0.9],
  };
  return (from, to) => {
    kernels.ellipticalMoves(draws, from, to - from, block);
    return to - from === BLOCK ? block : block.map((moves) => movesFrom(moves, 0, to - from));
  };
}

function tailCount(items: number): number {
  return Math.max(1, Math.round(items * (1 - CONFIDENCE)));
}

/** Losses are positive. */
function tailOf(worst: Float64Array) {
  return {
    valueAtRisk: -worst[worst.length - 1]!,
    expectedShortfall: -worst.reduce((sum, x) => sum + x, 0) / worst.length,
  };
}

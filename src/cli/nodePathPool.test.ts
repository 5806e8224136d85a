import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { referenceKernels } from '../engine/kernels/referenceKernels.ts';
import { inlinePathPool } from '../engine/scenario/inlinePathPool.ts';
import type { PathBlock } from '../engine/scenario/PathPool.ts';
import type { PathPlan } from '../engine/scenario/pathPlan.ts';
import type { WorkerPathPool } from '../engine/scenario/WorkerPathPool.ts';
import { nodeKernels } from './nodeKernels.ts';
import { nodePathPool } from './nodePathPool.ts';

const PATHS = 60_000;
/** More than lie with two threads before the first of them has answered. */
const MANY_PATHS = 200_000;

/** Calls and puts on one coin, held in two books, on Student-t moves. */
const plan: PathPlan = {
  underlyings: ['BTC'],
  draws: {
    kind: 'elliptical',
    seed: 7,
    normalStream: 0,
    chiSquareStream: 1,
    degreesOfFreedom: 4,
    factor: Float64Array.of(0.04, 0, -0.03, 0.07),
    mostLogMove: 2,
    volShockRange: [-0.8, 4],
  },
  rows: Array.from({ length: 12 }, (_, row) => ({
    kind: 'option',
    coin: 0,
    terms: {
      sign: row % 2 === 0 ? 1 : -1,
      forward: 70_000,
      strike: 50_000 + 4_000 * row,
      timeToExpiryYears: 0.02 * (row + 1),
      volatility: 0.6,
      volPerShock: 0.5,
      leastVol: 0.01,
      premiumToUsd: 1,
      presentUsd: 3_000,
    },
    vols: null,
  })),
  books: [Float64Array.from({ length: 12 }, (_, row) => row - 5), new Float64Array(12).fill(1)],
};

/** A digest: to compare a million bytes one by one takes an assertion a minute. */
const bits = (block: PathBlock | null) =>
  block?.pnl.map((column) => createHash('sha256').update(new Uint8Array(column.slice().buffer)).digest('hex'));

let pool: WorkerPathPool | null = null;
afterEach(() => pool?.end());

it('gives the same bits as no threads at all', async () => {
  const inline = await inlinePathPool(nodeKernels()).pnl(plan, 11, PATHS);
  pool = nodePathPool(2);
  const block = await pool.pnl(plan, 11, PATHS);
  expect(bits(block)).toEqual(bits(inline));
});

it('replaces threads that are ended on the way, and nobody can tell', async () => {
  const inline = await inlinePathPool(nodeKernels()).pnl(plan, 0, MANY_PATHS);
  const threads: Worker[] = [];
  pool = nodePathPool(2, { onStart: (thread) => threads.push(thread) });
  let killed = false;
  const block = await pool.pnl(plan, 0, MANY_PATHS, {
    // At the first word: however late it is heard, the two have been given a few blocks and most of the paths nobody.
    onProgress: () => {
      if (killed) return;
      killed = true;
      for (const thread of threads) void thread.terminate();
    },
  });
  expect(killed).toBe(true);
  expect(threads.length).toBeGreaterThan(2);
  expect(bits(block)).toEqual(bits(inline));
});

it('gives up when asked to', async () => {
  pool = nodePathPool(2);
  let done = 0;
  const asked = pool.pnl(plan, 0, 2_000_000, { onProgress: (paths) => (done = paths), cancelled: () => done > 0 });
  expect(await asked).toBeNull();
  expect(done).toBeLessThan(2_000_000);
});

it('goes on in plain TypeScript where the kernels do not start, and says so', async () => {
  // A module that exports nothing.
  const module = new WebAssembly.Module(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
  pool = nodePathPool(2, { module });
  const block = await pool.pnl(plan, 0, 3_000);
  expect(block?.fault).toMatch(/\w/);
  expect(bits(block)).toEqual(bits(await inlinePathPool(referenceKernels).pnl(plan, 0, 3_000)));
});

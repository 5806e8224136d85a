import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../src/engine/kernels/referenceKernels.ts';
import { inlinePathPool } from '../src/engine/scenario/inlinePathPool.ts';
import type { PathPlan } from '../src/engine/scenario/pathPlan.ts';
import { pathPoolAtHand } from './pathPools.ts';

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
  rows: [{ kind: 'quadratic', coin: 0, delta: 1, gamma: 0.1, vega: 0, vanna: 0, volga: 0 }],
  books: [Float64Array.of(2)],
};

/** Pools that say what is asked of their workers. */
function pools() {
  const asked: number[] = [];
  let started = 0;
  const atHand = pathPoolAtHand({
    workers: 2,
    start: async () => {
      started += 1;
      const inline = inlinePathPool(referenceKernels);
      return {
        workers: 2,
        pnl: (given, first, count, control) => {
          asked.push(count);
          return inline.pnl(given, first, count, control);
        },
        end: () => undefined,
      };
    },
  });
  return { atHand, asked, started: () => started };
}

describe('a pool that starts late', () => {
  it('computes few paths on its own thread, and starts its workers for many; the paths are the same', async () => {
    const { atHand, asked, started } = pools();
    const { pool } = atHand.startedLate(null, referenceKernels);
    const few = await pool!.pnl(plan, 0, 10_000);
    expect([started(), asked]).toEqual([0, []]);
    const many = await pool!.pnl(plan, 0, 10_001);
    expect([started(), asked]).toEqual([1, [10_001]]);
    expect(many!.pnl[0]!.subarray(0, 10_000)).toEqual(few!.pnl[0]);
    // They are there by now.
    await pool!.pnl(plan, 0, 500);
    expect([started(), asked]).toEqual([1, [10_001, 500]]);
  });

  it('asks workers that others have started', async () => {
    const { atHand, asked, started } = pools();
    const late = atHand.startedLate(null, referenceKernels);
    await atHand.started(null);
    await late.pool!.pnl(plan, 0, 500);
    expect([started(), asked]).toEqual([1, [500]]);
  });

  it('has its own thread do few paths again once its workers were ended', async () => {
    const { atHand, asked } = pools();
    await atHand.started(null);
    atHand.end();
    await atHand.startedLate(null, referenceKernels).pool!.pnl(plan, 0, 500);
    expect(asked).toEqual([]);
  });

  it('is none where this thread computes all paths', () => {
    expect(pathPoolAtHand(null).startedLate(null, referenceKernels)).toEqual({});
  });
});

import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import { trappingKernels } from '../fixtures/trappingKernels.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { kernelModule } from '../kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../kernels/wasm/wasmKernels.ts';
import { inlinePathPool } from './inlinePathPool.ts';
import type { PathAnswer } from './pathMessages.ts';
import type { PathPlan } from './pathPlan.ts';
import { type PathThread, pathWorker } from './pathWorker.ts';

const module = new WebAssembly.Module(kernelModule('simd'));
const compiled = (): Kernels => wasmKernels(new WebAssembly.Instance(module).exports, 'simd');

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
  rows: [70_000, 80_000].map((strike) => ({
    kind: 'option',
    coin: 0,
    terms: {
      sign: 1,
      forward: 70_000,
      strike,
      timeToExpiryYears: 0.1,
      volatility: 0.6,
      volPerShock: 0.5,
      leastVol: 0.01,
      premiumToUsd: 1,
      presentUsd: 3_000,
    },
    vols: null,
  })),
  books: [Float64Array.of(2, -1)],
};
const COUNT = 4_000;

function worker(thread: Partial<PathThread> = {}) {
  const said: PathAnswer[] = [];
  let time = 0;
  const ask = pathWorker({
    startKernels: compiled,
    now: () => (time += 60),
    say: (answer) => said.push(answer),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    startWork: async () => {
      throw new Error('no work is known');
    },
    ...thread,
  });
  const block = (number: number) =>
    ask({ kind: 'block', block: number, plan: 1, firstPath: 0, count: COUNT, into: null });
  return { ask, block, said };
}

const pnlOf = (answer: PathAnswer | null): Float64Array => {
  if (answer?.kind !== 'done') throw new Error(`not done: ${answer?.kind}`);
  return answer.pnl![0]!;
};

describe('kernels that fail', () => {
  it('are those of the inline pool as long as they do not', async () => {
    const { ask, block } = worker();
    await ask({ kind: 'plan', plan: 1, value: plan });
    const answer = await block(1);
    const inline = await inlinePathPool(compiled()).pnl(plan, 0, COUNT);
    expect(pnlOf(answer)).toEqual(inline!.pnl[0]);
    expect(answer).toMatchObject({ fault: null });
  });

  it.each([0, 1, 3])('after %i calls are replaced by the reference for good, and the answers say so', async (calls) => {
    const { ask, block } = worker({ startKernels: () => trappingKernels(compiled(), calls) });
    await ask({ kind: 'plan', plan: 1, value: plan });
    const reference = (await inlinePathPool(referenceKernels).pnl(plan, 0, COUNT))!.pnl[0]!;
    const sound = (await inlinePathPool(compiled()).pnl(plan, 0, COUNT))!.pnl[0]!;
    for (const number of [1, 2]) {
      const answer = await block(number);
      expect(answer).toMatchObject({ kind: 'done', block: number, fault: 'memory access out of bounds' });
      const pnl = pnlOf(answer);
      expect(pnl).toEqual(reference);
      const scale = Math.max(...sound.map(Math.abs));
      expect(Math.max(...pnl.map((value, i) => Math.abs(value - sound[i]!)))).toBeLessThan(1e-12 * scale);
    }
  });

  it('to start leave the reference, which says why', async () => {
    const { ask, block } = worker({
      startKernels: () => {
        throw new RangeError('could not allocate memory');
      },
    });
    await ask({ kind: 'plan', plan: 1, value: plan });
    const answer = await block(1);
    expect(answer).toMatchObject({ fault: 'could not allocate memory' });
    expect(pnlOf(answer)).toEqual((await inlinePathPool(referenceKernels).pnl(plan, 0, COUNT))!.pnl[0]);
  });

  it('are noticed although whoever called them made an answer of it', async () => {
    const builds: string[] = [];
    const { ask } = worker({
      startKernels: () => trappingKernels(compiled(), 0),
      startWork: async (_, kernels) => async () => {
        builds.push(kernels.build);
        const column = () => new Float64Array(8).fill(1);
        const moves = { growth: column(), logGrowth: new Float64Array(8), volShock: new Float64Array(8) };
        const row = plan.rows[0]!;
        try {
          if (row.kind === 'option') kernels.addOptionPnl(row.terms, 1, moves, column());
        } catch {
          return { value: 'cut short', moved: [] };
        }
        return { value: 'whole', moved: [] };
      },
    });
    await ask({ kind: 'work', plan: 2, value: null });
    expect(await ask({ kind: 'part', block: 1, plan: 2, part: 0 })).toMatchObject({
      part: { value: 'whole' },
      fault: 'memory access out of bounds',
    });
    expect(builds).toEqual(['simd', 'typescript']);
  });
});

describe('what is not the kernels’ fault', () => {
  it('is a refusal where it is the plan’s, and the end of the worker where it is nobody’s', async () => {
    const refusing = worker({
      startWork: async () => {
        throw new RiskError('missing-data', 'BTC has no history');
      },
    });
    await refusing.ask({ kind: 'work', plan: 2, value: null });
    expect(await refusing.ask({ kind: 'part', block: 5, plan: 2, part: 0 })).toEqual({
      kind: 'refused',
      block: 5,
      failure: { code: 'missing-data', message: 'BTC has no history' },
    });
    const broken = worker();
    await broken.ask({ kind: 'work', plan: 2, value: null });
    await expect(broken.ask({ kind: 'part', block: 5, plan: 2, part: 0 })).rejects.toThrow('no work is known');
  });
});

describe('parts', () => {
  it('follow each other, let blocks of paths in between, and say that they are alive', async () => {
    const order: string[] = [];
    const { ask, block, said } = worker({
      startWork: async () => async (part, gate) => {
        order.push(`begin ${part}`);
        for (let slice = 0; slice < 4; slice += 1) await gate();
        order.push(`end ${part}`);
        return { value: part, moved: [] };
      },
    });
    await ask({ kind: 'plan', plan: 1, value: plan });
    await ask({ kind: 'work', plan: 2, value: null });
    const parts = [0, 1].map((part) => ask({ kind: 'part', block: part, plan: 2, part }));
    const between = block(9).then(() => order.push('block'));
    await Promise.all([...parts, between]);
    expect(order.filter((word) => word !== 'block')).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1']);
    expect(order.indexOf('block')).toBeLessThan(order.indexOf('end 1'));
    expect(said.length).toBeGreaterThan(0);
    expect(said.every(({ kind }) => kind === 'alive')).toBe(true);
  });

  it('that are forgotten end, those that wait too', async () => {
    let slices = 0;
    const { ask } = worker({
      startWork: async () => async (_part, gate) => {
        for (;;) {
          slices += 1;
          if (slices === 3) await ask({ kind: 'forget', plan: 2 });
          await gate();
        }
      },
    });
    await ask({ kind: 'work', plan: 2, value: null });
    const parts = await Promise.all([0, 1].map((part) => ask({ kind: 'part', block: part, plan: 2, part })));
    expect(parts.map((answer) => answer?.kind === 'part' && answer.part.value)).toEqual([null, null]);
    expect(slices).toBeLessThan(10);
  });
});

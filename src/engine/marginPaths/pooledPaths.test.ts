import { afterEach, expect, it } from 'vitest';
import type { MarginPathsReport, MarginPathsRequest } from '../domain/marginPaths.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { trappingKernels } from '../fixtures/trappingKernels.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { kernelModule } from '../kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../kernels/wasm/wasmKernels.ts';
import { headroomModels } from '../margin/headroomModels.ts';
import type { PathAnswer, PathWorkerLink } from '../scenario/pathMessages.ts';
import { pathWorker } from '../scenario/pathWorker.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { WorkerPathPool } from '../scenario/WorkerPathPool.ts';
import { marginPaths } from './marginPaths.ts';
import { pathsPartWork } from './pathsPartWork.ts';

const module = new WebAssembly.Module(kernelModule('simd'));
const compiled = (): Kernels => wasmKernels(new WebAssembly.Instance(module).exports, 'simd');
const moves = randomMoves(200);
const market = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(AS_OF, moves.btc, moves.btcVol),
    ETH: dailyHistory(AS_OF, moves.eth, moves.ethVol),
  }),
  compiled(),
);
const request: MarginPathsRequest = {
  marketId: market.snapshot.id,
  book: smallBook(
    [
      [`BTC-${CODES.week}-90000-C`, -2],
      ['ETH-PERPETUAL', 20_000],
    ],
    [{ asset: 'USDC', quantity: 50_000 }],
  ),
  model: 'portfolio',
  parameters: {},
  days: 4,
  stepsPerDay: 4,
  paths: 2_000,
  seed: 1,
  distribution: 'student-t',
  degreesOfFreedom: 4,
  smile: 'sticky-strike',
};

let pool: WorkerPathPool | null = null;
afterEach(() => pool?.end());

/** Workers on this thread, to whom everything is sent as it would be to others. */
function workers(count: number, startKernels: () => Kernels = compiled): WorkerPathPool {
  return new WorkerPathPool({
    workers: count,
    shared: false,
    clock: {
      now: () => performance.now(),
      after: (milliseconds, run) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    spawn: (): PathWorkerLink => {
      let hear: (answer: PathAnswer) => void = () => {};
      const say = (answer: PathAnswer | null): void => {
        if (answer !== null) setImmediate(() => hear(structuredClone(answer)));
      };
      const answerTo = pathWorker({
        startKernels,
        now: () => performance.now(),
        say,
        pause: () => new Promise((resolve) => setImmediate(resolve)),
        startWork: pathsPartWork,
      });
      return {
        post: (question) => void answerTo(structuredClone(question)).then(say),
        listen(onAnswer) {
          hear = onAnswer;
          say({ kind: 'ready' });
        },
        end: () => {
          hear = () => {};
        },
      };
    },
  });
}

async function report(by: WorkerPathPool | null): Promise<MarginPathsReport> {
  pool = by;
  return (await marginPaths(market, request, headroomModels, by === null ? {} : { pool: by }))!;
}

it('is the same to the bit by this thread and by one, two or three workers', async () => {
  const inline = await report(null);
  expect(inline.touchByDay.at(-1)!.probability).toBeGreaterThan(0);
  for (const count of [1, 2, 3]) expect(await report(workers(count))).toEqual(inline);
}, 60_000);

it('goes on by the reference where a worker’s kernels trap, and says so', async () => {
  const inline = await report(null);
  const trapped = await report(workers(2, () => trappingKernels(compiled(), 40)));
  expect(trapped.notices.filter(({ message }) => message.includes('plain TypeScript'))).toHaveLength(1);
  expect(trapped.touchByDay).toEqual(inline.touchByDay);
  trapped.fan.equityUsd.forEach((row, level) =>
    row.forEach((value, time) => expect(value / inline.fan.equityUsd[level]![time]!).toBeCloseTo(1, 11)),
  );
}, 60_000);

it('leaves off when it is given up', async () => {
  pool = workers(2);
  let cancelled = false;
  const asked = marginPaths(market, { ...request, paths: 100_000 }, headroomModels, {
    pool,
    cancelled: () => cancelled,
    onProgress: ({ pathsDone }) => {
      cancelled ||= pathsDone > 0;
    },
  });
  expect(await asked).toBeNull();
}, 60_000);

import { afterEach, expect, it } from 'vitest';
import type { VarRequest } from '../domain/riskReport.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { trappingKernels } from '../fixtures/trappingKernels.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { kernelModule } from '../kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../kernels/wasm/wasmKernels.ts';
import type { PathAnswer, PathWorkerLink } from '../scenario/pathMessages.ts';
import { pathWorker } from '../scenario/pathWorker.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { WorkerPathPool } from '../scenario/WorkerPathPool.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const module = new WebAssembly.Module(kernelModule('simd'));
const compiled = (): Kernels => wasmKernels(new WebAssembly.Instance(module).exports, 'simd');

const { btc, btcVol } = randomMoves(300);
const market = prepareMarket(withHistory(smallSnapshot(), { BTC: dailyHistory(AS_OF, btc, btcVol) }), compiled());
const request: VarRequest = {
  inputVersion: 1,
  marketId: market.snapshot.id,
  portfolio: smallBook([
    [`BTC-${CODES.month}-75000-P`, -5],
    [`BTC-${CODES.month}-100000-C`, -3],
    ['BTC-PERPETUAL', -30_000],
  ]),
  lossLevelsUsd: [],
  method: 'monte-carlo',
  confidence: 0.99,
  horizonDays: 1,
  paths: 60_000,
  seed: 1,
  distribution: 'student-t',
  degreesOfFreedom: 4,
  revaluation: 'full',
  smile: 'sticky-strike',
};

let pool: WorkerPathPool | null = null;
afterEach(() => pool?.end());

/** Two workers on this thread. The kernels of the first trap on their call of that number; then it computes its paths by the reference. */
function workers(trapAt: number): WorkerPathPool {
  let started = 0;
  return new WorkerPathPool({
    workers: 2,
    shared: false,
    clock: {
      now: () => performance.now(),
      after: (milliseconds, run) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    spawn: (): PathWorkerLink => {
      started += 1;
      const isFirst = started === 1;
      let hear: (answer: PathAnswer) => void = () => {};
      const answerTo = pathWorker({
        startKernels: () => (isFirst ? trappingKernels(compiled(), trapAt) : compiled()),
        now: () => performance.now(),
        say: () => {},
        pause: async () => {},
        startWork: async () => {
          throw new Error('no work is known');
        },
      });
      return {
        post: (question) => void answerTo(question).then((answer) => answer && setImmediate(() => hear(answer))),
        listen(onAnswer) {
          hear = onAnswer;
          setImmediate(() => hear({ kind: 'ready' }));
        },
        end: () => {
          hear = () => {};
        },
      };
    },
  });
}

it.each([0, 1, 7])(
  'kernels that trap in a path worker after %i calls end no run: same figures, and a word of it',
  async (calls) => {
    const whole = (await valueAtRisk(market, request, {}))!;
    pool = workers(calls);
    const trapped = (await valueAtRisk(market, request, { pool }))!;
    for (const figure of ['valueAtRiskUsd', 'expectedShortfallUsd'] as const)
      expect(Math.abs(trapped[figure] / whole[figure] - 1)).toBeLessThan(1e-12);
    trapped.byPosition.forEach(({ valueAtRiskUsd }, i) =>
      expect(Math.abs(valueAtRiskUsd / whole.byPosition[i]!.valueAtRiskUsd - 1)).toBeLessThan(1e-9),
    );
    const words = ({ notices }: typeof whole) => notices.filter(({ message }) => message.includes('plain TypeScript'));
    expect(words(whole)).toEqual([]);
    expect(words(trapped).map(({ message }) => message)).toEqual([
      'The WebAssembly kernels of a path worker stopped working (memory access out of bounds): plain TypeScript computed its share, the same to twelve digits',
    ]);
  },
);

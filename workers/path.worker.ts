import { answeredBuffers, pathWorker } from '../src/engine/scenario/pathWorker.ts';
import type { PathAnswer, PathQuestion } from '../src/engine/scenario/pathMessages.ts';
import { wasmProxyReads } from '../src/engine/kernels/wasm/wasmProxyReads.ts';
import { kernelsOf } from './instantiatedKernels.ts';
import type { CompiledKernels } from './RiskApi.ts';

/** Computes blocks of paths, or parts of other work, for a `browserPathPool`. The first message brings the kernels, every other one is a question. */
addEventListener(
  'message',
  ({ data: compiled }: MessageEvent<CompiledKernels | null>) => {
    const say = (answer: PathAnswer | null) => {
      if (answer !== null) postMessage(answer, answeredBuffers(answer));
    };
    const answerTo = pathWorker({
      startKernels: () => kernelsOf(compiled, wasmProxyReads),
      now: () => performance.now(),
      say,
      pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
      startWork: async (value, kernels) => {
        const { pathsPartWork } = await import('../src/engine/marginPaths/pathsPartWork.ts');
        return pathsPartWork(value, kernels);
      },
    });
    addEventListener('message', ({ data: question }: MessageEvent<PathQuestion>) => {
      // What is reported is heard by the pool, which ends this worker and starts another.
      answerTo(question).then(say, reportError);
    });
    say({ kind: 'ready' });
  },
  { once: true },
);

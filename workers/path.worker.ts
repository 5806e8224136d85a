import type { PathAnswer, PathQuestion } from '../src/engine/scenario/pathMessages.ts';
import { answeredBuffers, pathWorker } from '../src/engine/scenario/pathWorker.ts';
import { wasmProxyReads } from '../src/engine/kernels/wasm/wasmProxyReads.ts';
import { kernelsOf } from './instantiatedKernels.ts';
import type { CompiledKernels } from './RiskApi.ts';

/** Computes blocks of paths for a `browserPathPool`. The first message brings the kernels, every other one is a question. */
addEventListener(
  'message',
  ({ data: compiled }: MessageEvent<CompiledKernels | null>) => {
    const answerTo = pathWorker(kernelsOf(compiled, wasmProxyReads), () => performance.now());
    const say = (answer: PathAnswer | null) => {
      if (answer !== null) postMessage(answer, answeredBuffers(answer));
    };
    addEventListener('message', ({ data: question }: MessageEvent<PathQuestion>) => {
      // What is reported is heard by the pool, which ends this worker and starts another.
      answerTo(question).then(say, reportError);
    });
    say({ kind: 'ready' });
  },
  { once: true },
);

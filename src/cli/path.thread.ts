import { parentPort } from 'node:worker_threads';
import { setImmediate } from 'node:timers/promises';
import { answeredBuffers, pathWorker } from '../engine/scenario/pathWorker.ts';
import type { PathAnswer, PathQuestion } from '../engine/scenario/pathMessages.ts';
import { instanceOf } from './nodeKernels.ts';

/** A thread of `nodePathPool`: the first message brings the compiled kernels, every other one is a question. */
const port = parentPort!;
port.once('message', (module: WebAssembly.Module) => {
  const say = (answer: PathAnswer | null): void => {
    if (answer !== null) port.postMessage(answer, answeredBuffers(answer));
  };
  const answerTo = pathWorker({
    startKernels: () => instanceOf(module),
    now: () => performance.now(),
    say,
    pause: () => setImmediate(),
    startWork: async (value, kernels) => {
      const { pathsPartWork } = await import('../engine/marginPaths/pathsPartWork.ts');
      return pathsPartWork(value, kernels);
    },
  });
  // What is thrown here ends the thread; the pool hears of it and starts another.
  port.on('message', async (question: PathQuestion) => say(await answerTo(question)));
  say({ kind: 'ready' });
});

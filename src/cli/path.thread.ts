import { parentPort } from 'node:worker_threads';
import type { PathAnswer, PathQuestion } from '../engine/scenario/pathMessages.ts';
import { answeredBuffers, pathWorker } from '../engine/scenario/pathWorker.ts';
import { nodeKernels } from './nodeKernels.ts';

/** A thread of `nodePathPool`: the first message brings the compiled kernels, every other one is a question. */
const port = parentPort!;
port.once('message', (module: WebAssembly.Module) => {
  const answerTo = pathWorker(nodeKernels(module), () => performance.now());
  // What is thrown here ends the thread; the pool hears of it and starts another.
  port.on('message', async (question: PathQuestion) => {
    const answer = await answerTo(question);
    if (answer !== null) port.postMessage(answer, answeredBuffers(answer));
  });
  port.postMessage({ kind: 'ready' } satisfies PathAnswer);
});

import type { Worker } from 'node:worker_threads';
import type { PathAnswer, PathWorkerLink, PoolClock } from '../engine/scenario/pathMessages.ts';
import { WorkerPathPool } from '../engine/scenario/WorkerPathPool.ts';
import { compiledModule } from './nodeKernels.ts';
import { startThread } from './startThread.ts';

/** Threads that share out the paths of a plan, by the kernels of `nodeKernels`. End it, or the process stays. */
export function nodePathPool(workers: number, onStart: (thread: Worker) => void = () => {}): WorkerPathPool {
  return new WorkerPathPool({ workers, spawn: () => spawned(onStart), clock, shared: true });
}

const clock: PoolClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

function spawned(onStart: (thread: Worker) => void): PathWorkerLink {
  const thread = startThread(new URL('./path.thread.ts', import.meta.url));
  thread.postMessage(compiledModule());
  onStart(thread);
  return {
    post: (question) => thread.postMessage(question),
    listen: (onAnswer, onDeath) => {
      thread
        .on('message', (answer: PathAnswer) => onAnswer(answer))
        .on('error', (error) => onDeath(error.message))
        .on('messageerror', () => onDeath('sent what cannot be read'))
        .on('exit', (code) => onDeath(`ended with code ${code}`));
    },
    end: () => void thread.terminate(),
  };
}

import type { Worker } from 'node:worker_threads';
import type { PathAnswer, PathWorkerLink, PoolClock } from '../engine/scenario/pathMessages.ts';
import { WorkerPathPool } from '../engine/scenario/WorkerPathPool.ts';
import { compiledModule } from './nodeKernels.ts';
import { startThread } from './startThread.ts';

export interface NodePathPoolOptions {
  /** Hears of each thread. */
  readonly onStart?: (thread: Worker) => void;
  /** The compiled kernels; those of `nodeKernels` where none are given. */
  readonly module?: WebAssembly.Module;
}

/** Threads that share out the paths of a plan, or other long work of one, by the kernels of `nodeKernels`. End it, or the process stays. */
export function nodePathPool(workers: number, options: NodePathPoolOptions = {}): WorkerPathPool {
  return new WorkerPathPool({ workers, spawn: () => spawned(options), clock, shared: true });
}

const clock: PoolClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

function spawned({ onStart, module = compiledModule() }: NodePathPoolOptions): PathWorkerLink {
  const thread = startThread(new URL('./path.thread.ts', import.meta.url));
  thread.postMessage(module);
  onStart?.(thread);
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

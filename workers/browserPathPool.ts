import type { PathAnswer, PathQuestion, PathWorkerLink, PoolClock } from '../src/engine/scenario/pathMessages.ts';
import { WorkerPathPool } from '../src/engine/scenario/WorkerPathPool.ts';
import type { CompiledKernels } from './RiskApi.ts';

/** Workers of this worker, at most so many; all compute with the same kernels. The first ones start at once. */
export function browserPathPool(compiled: CompiledKernels | null, workers: number): WorkerPathPool {
  const pool = new WorkerPathPool({
    workers,
    spawn: () => spawned(compiled),
    clock,
    shared: crossOriginIsolated,
  });
  pool.start();
  return pool;
}

const clock: PoolClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

function spawned(compiled: CompiledKernels | null): PathWorkerLink {
  const worker = new Worker(new URL('./path.worker.ts', import.meta.url), { type: 'module', name: 'paths' });
  worker.postMessage(compiled);
  return {
    post: (question: PathQuestion) => worker.postMessage(question),
    listen: (onAnswer, onDeath) => {
      worker.addEventListener('message', ({ data }: MessageEvent<PathAnswer>) => onAnswer(data));
      worker.addEventListener('messageerror', () => onDeath('sent what cannot be read'));
      worker.addEventListener('error', (event) => {
        // Heard here, it is no error of this worker's own, which would end it too.
        event.preventDefault();
        onDeath(event.message === '' ? 'did not load' : event.message);
      });
    },
    end: () => worker.terminate(),
  };
}

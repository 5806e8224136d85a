import type { Kernels } from '../src/engine/kernels/Kernels.ts';
import type { PathPool } from '../src/engine/scenario/PathPool.ts';
import type { CompiledKernels } from './RiskApi.ts';

/** A pool whose workers can be ended. */
type EndingPathPool = PathPool & { end(): void };

/** Who starts workers that share out paths. */
export interface PathPools {
  /** At most so many. */
  readonly workers: number;
  start(compiled: CompiledKernels | null): Promise<EndingPathPool>;
}

/** So many paths are done before workers that have to load are at work. */
const FEW_PATHS = 10_000;

/** The pool of this thread, which starts when paths are first to be shared out. */
export interface PathPoolAtHand {
  /** The same, but workers that have not started do so once there is more to do than this thread has done sooner. */
  startedLate(compiled: CompiledKernels | null, kernels: Kernels): { readonly pool?: PathPool };
  /** Of workers with these kernels; nothing where this thread computes all paths itself. */
  started(compiled: CompiledKernels | null): Promise<{ readonly pool?: PathPool }>;
  /** The workers of other kernels are of no more use: all of a page compute with the same. */
  end(): void;
}

export function pathPoolAtHand(pools: PathPools | null): PathPoolAtHand {
  let pool: Promise<EndingPathPool> | null = null;
  return {
    startedLate(compiled, kernels) {
      if (pools === null) return {};
      // Loaded with what asks: no verdict waits for it.
      let inline: Promise<PathPool> | null = null;
      const ownThread = async () => {
        const { inlinePathPool } = await import('../src/engine/scenario/inlinePathPool.ts');
        return inlinePathPool(kernels);
      };
      return {
        pool: {
          workers: pools.workers,
          async pnl(plan, firstPath, count, control) {
            const isFew = pool === null && count <= FEW_PATHS;
            const chosen = isFew ? (inline ??= ownThread()) : (pool ??= pools.start(compiled));
            return (await chosen).pnl(plan, firstPath, count, control);
          },
        },
      };
    },
    async started(compiled) {
      if (pools === null) return {};
      pool ??= pools.start(compiled);
      return { pool: await pool };
    },
    end() {
      void pool?.then((running) => running.end()).catch(() => undefined);
      pool = null;
    },
  };
}

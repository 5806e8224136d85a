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

/** The pool of this thread, which starts when paths are first to be shared out. */
export interface PathPoolAtHand {
  /** Of workers with these kernels; nothing where this thread computes all paths itself. */
  started(compiled: CompiledKernels | null): Promise<{ readonly pool?: PathPool }>;
  /** The workers of other kernels are of no more use: all of a page compute with the same. */
  end(): void;
}

export function pathPoolAtHand(pools: PathPools | null): PathPoolAtHand {
  let pool: Promise<EndingPathPool> | null = null;
  return {
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

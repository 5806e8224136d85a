import type { RunControl } from '../domain/RunControl.ts';
import type { PathPlan } from './pathPlan.ts';

/**
 * Whoever computes the paths of a plan: this thread (`inlinePathPool`), or several workers that share them out.
 *
 * What every pool promises:
 * - Bits: path i has those of `pathValuation(plan, kernels)`, whatever the number of workers and however they cut the paths, as long
 *   as all of them run one build of the kernels.
 * - Cancel: `control.cancelled` is asked between blocks of a few milliseconds; once true, no further block begins and the answer
 *   is null. Blocks under way end unheard.
 * - Failure: a worker that dies or is silent is replaced and its block computed again, unseen by the caller. One whose kernels fail
 *   computes by the reference from then on, which the answer says. What fails for a reason of the plan (a RiskError) rejects with it,
 *   at once.
 * - A plan is known by its identity: calls with the same object send it to each worker once.
 *
 * What the caller promises: plans are not changed, paths are whole numbers from 0 to 2^53, and calls may overlap only if `workers`
 * is above zero.
 */
export interface PathPool {
  /** Threads beside the caller's own; 0 where paths are computed on the calling thread. */
  readonly workers: number;

  /**
   * P&L of each book of the plan in paths `firstPath` to `firstPath + count - 1`; null when cancelled. `onProgress` hears the number
   * of paths of this call that are done. The arrays are the caller's to keep.
   */
  pnl(plan: PathPlan, firstPath: number, count: number, control?: RunControl<number>): Promise<PathBlock | null>;

  /**
   * Parts 0 to `count - 1` of some work that is no plan of paths, handed out in this order, by whoever the workers were taught to start
   * it with; absent where there are no workers. All of the answers are null from the cancel on. `onProgress` hears a sign of life too.
   */
  parts?(work: unknown, count: number, control?: RunControl<number>): readonly Promise<ComputedPart | null>[];
}

export interface ComputedPart {
  readonly value: unknown;
  /** As of a block. */
  readonly fault: string | null;
}

export interface PathBlock {
  /** By book of the plan; element i belongs to path `firstPath + i`. */
  readonly pnl: readonly Float64Array[];
  /** Likelihood of each path over the chance with which it was drawn; null where all are 1. */
  readonly weights: Float64Array | null;
  /** Why a worker has computed some of it in plain TypeScript, whose last bits may differ; null where none has. */
  readonly fault: string | null;
}

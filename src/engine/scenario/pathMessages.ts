import type { Failure } from '../domain/failure.ts';
import type { PathPlan } from './pathPlan.ts';

/** What a pool and its workers say to each other. All of it survives structured clone. */

export type PathQuestion =
  /** A plan that blocks will name by its number. */
  | { readonly kind: 'plan'; readonly plan: number; readonly value: PathPlan }
  | { readonly kind: 'forget'; readonly plan: number }
  | {
      readonly kind: 'block';
      readonly block: number;
      readonly plan: number;
      readonly firstPath: number;
      readonly count: number;
      /** Shared memory for the P&L by book, from its first element on; null: the answer carries it. */
      readonly into: readonly Float64Array[] | null;
    }
  /** What parts are of: plain data that the worker's `startWork` understands. */
  | { readonly kind: 'work'; readonly plan: number; readonly value: unknown }
  | { readonly kind: 'part'; readonly block: number; readonly plan: number; readonly part: number };

export type PathAnswer =
  | { readonly kind: 'ready' }
  /** A sign of life from within a part. */
  | { readonly kind: 'alive' }
  | {
      readonly kind: 'done';
      readonly block: number;
      /** How long it took, without the way. */
      readonly milliseconds: number;
      /** Null where it is in shared memory. */
      readonly pnl: readonly Float64Array[] | null;
      readonly weights: Float64Array | null;
      /** Why it was computed in plain TypeScript, where the worker's kernels have failed. */
      readonly fault: string | null;
    }
  | {
      readonly kind: 'part';
      readonly block: number;
      readonly milliseconds: number;
      readonly part: PartAnswer;
      readonly fault: string | null;
    }
  /** The plan is at fault, and no other worker would fare better. */
  | { readonly kind: 'refused'; readonly block: number; readonly failure: Failure };

/** A part of some work, done. */
export interface PartAnswer {
  readonly value: unknown;
  /** What of it is moved, not copied, on its way. */
  readonly moved: readonly ArrayBuffer[];
}

/** One worker as a pool has it, over whatever joins the two threads. */
export interface PathWorkerLink {
  post(question: PathQuestion): void;
  /** Called once, before anything is posted. Death is an error that nobody caught, a message that cannot be read, an early end. */
  listen(onAnswer: (answer: PathAnswer) => void, onDeath: (reason: string) => void): void;
  /** Ends the thread at once. Nothing is heard of it afterwards. */
  end(): void;
}

/** The time of whoever runs the pool. */
export interface PoolClock {
  /** Milliseconds. */
  now(): number;
  /** Calls back later; answers how to call that off. */
  after(milliseconds: number, run: () => void): () => void;
}

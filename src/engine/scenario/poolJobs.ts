import { RiskError } from '../domain/failure.ts';
import type { RunControl } from '../domain/RunControl.ts';
import type { PathAnswer, PathQuestion } from './pathMessages.ts';
import type { ComputedPart, PathBlock } from './PathPool.ts';
import type { PathPlan } from './pathPlan.ts';

/** How a job ends: with all of it, given up, or failed. */
export type JobEnd = 'done' | 'cancelled' | RiskError;

/** What a caller of a pool waits for: elements, handed out a block at a time. */
export interface Job {
  readonly plan: KnownPlan;
  readonly count: number;
  readonly control: RunControl<number>;
  /** How an element is called where a failure names some. */
  readonly unit: 'path' | 'part';
  /** Of the first element. */
  readonly first: number;
  /** Elements that have been handed out at least once. */
  given: number;
  done: number;
  /** Blocks whose worker died, to be handed out again. */
  readonly again: Block[];
  /** What tells a worker of the plan. */
  readonly told: PathQuestion;
  question(number: number, from: number, count: number): PathQuestion;
  take(answer: PathAnswer, from: number): void;
  end(how: JobEnd): void;
}

export interface Block {
  readonly job: Job;
  /** From the job's first element on. */
  readonly from: number;
  readonly count: number;
  /** Workers that died of it, or with it. */
  deaths: number;
}

export interface KnownPlan {
  readonly number: number;
  /** Elements a millisecond, of one worker; null until it has been measured. */
  rate: number | null;
}

/** Paths of a plan, whose P&L may be written to shared memory. */
export function pathJob(
  plan: KnownPlan,
  value: PathPlan,
  paths: { readonly first: number; readonly count: number; readonly shared: boolean },
  control: RunControl<number>,
): { readonly job: Job; readonly answer: Promise<PathBlock | null> } {
  const { first, count, shared } = paths;
  const pnl = value.books.map(() =>
    shared ? new Float64Array(new SharedArrayBuffer(8 * count)) : new Float64Array(count),
  );
  let weights: Float64Array | null = null;
  let fault: string | null = null;
  const { promise, resolve, reject } = deferred<PathBlock | null>();
  const job: Job = {
    ...fresh(plan, count, control),
    unit: 'path',
    first,
    told: { kind: 'plan', plan: plan.number, value },
    question: (block, from, length) => ({
      kind: 'block',
      block,
      plan: plan.number,
      firstPath: first + from,
      count: length,
      into: shared ? pnl.map((column) => column.subarray(from, from + length)) : null,
    }),
    take(answer, from) {
      if (answer.kind !== 'done') return;
      answer.pnl?.forEach((column, book) => pnl[book]!.set(column, from));
      if (answer.weights !== null) (weights ??= new Float64Array(count)).set(answer.weights, from);
      fault ??= answer.fault;
    },
    end(how) {
      if (how instanceof RiskError) reject(how);
      else resolve(how === 'done' ? { pnl, weights, fault } : null);
    },
  };
  return { job, answer: promise };
}

/** Parts of some work, a block each. */
export function partJob(
  plan: KnownPlan,
  value: unknown,
  count: number,
  control: RunControl<number>,
): { readonly job: Job; readonly answers: readonly Promise<ComputedPart | null>[] } {
  const parts = Array.from({ length: count }, () => deferred<ComputedPart | null>());
  // Who awaits a part hears of a failure; that it comes before its turn is no reason to end the thread.
  for (const { promise } of parts) promise.catch(() => undefined);
  const job: Job = {
    ...fresh(plan, count, control),
    unit: 'part',
    first: 0,
    told: { kind: 'work', plan: plan.number, value },
    question: (block, from) => ({ kind: 'part', block, plan: plan.number, part: from }),
    take(answer, from) {
      if (answer.kind === 'part') parts[from]!.resolve({ value: answer.part.value, fault: answer.fault });
    },
    end(how) {
      for (const { resolve, reject } of parts) {
        if (how instanceof RiskError) reject(how);
        else resolve(null);
      }
    },
  };
  return { job, answers: parts.map(({ promise }) => promise) };
}

function fresh(plan: KnownPlan, count: number, control: RunControl<number>) {
  return { plan, count, control, given: 0, done: 0, again: [] };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: RiskError) => void;
}

function deferred<T>(): Deferred<T> {
  let [resolve, reject]: [Deferred<T>['resolve'], Deferred<T>['reject']] = [() => {}, () => {}];
  const promise = new Promise<T>((found, failed) => {
    [resolve, reject] = [found, failed];
  });
  return { promise, resolve, reject };
}

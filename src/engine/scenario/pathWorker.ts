import { RiskError } from '../domain/failure.ts';
import { FallbackKernels } from '../kernels/FallbackKernels.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { PartAnswer, PathAnswer, PathQuestion } from './pathMessages.ts';
import type { PathPlan } from './pathPlan.ts';
import { type PathValuation, pathValuation } from './pathValuation.ts';

/** How long a part may go on before the worker says that it is alive and hears what is said to it. */
const SIGN_OF_LIFE_MS = 100;

/** Computes a part of some work by its number. `gate` is awaited every few milliseconds; it throws once nobody waits for the part. */
export type PartWork = (part: number, gate: () => Promise<void>) => Promise<PartAnswer>;

/** The thread that a worker of a pool runs in. */
export interface PathThread {
  /** The kernels; where that fails the worker computes in plain TypeScript, and says so. */
  startKernels(): Kernels;
  /** Milliseconds of any clock. */
  now(): number;
  /** To the pool, besides the answers. */
  say(answer: PathAnswer): void;
  /** Lets messages in. */
  pause(): Promise<void>;
  /** What parts are computed by, of the value that the pool was asked with. */
  startWork(value: unknown, kernels: Kernels): Promise<PartWork>;
}

/** Ends a part that nobody waits for. */
class Forgotten extends Error {}

/**
 * A worker of a pool, whatever joins it to the pool: answers questions in the order in which they are put, blocks of paths in between
 * the slices of a part. Kernels that fail are never used again: what they were at is computed by the reference, and the answers say so.
 * Rejects with what is not the plan's fault; the worker is then of no more use.
 */
export function pathWorker(thread: PathThread): (question: PathQuestion) => Promise<PathAnswer | null> {
  const kernelsAtHand = new FallbackKernels(() => thread.startKernels());
  const plans = new Map<number, Prepared<PathPlan, PathValuation>>();
  const works = new Map<number, Prepared<unknown, PartWork>>();
  let turn: Promise<unknown> = Promise.resolve();

  /** `answered`, with the time it took, from plans or work whose own refusal is an answer too. */
  const answerOf = async (block: number, answered: (kernels: Kernels) => Promise<PathAnswer>): Promise<PathAnswer> => {
    try {
      return await kernelsAtHand.run(answered);
    } catch (error) {
      if (error instanceof RiskError) return { kind: 'refused', block, failure: error.failure };
      throw error;
    }
  };

  const gateOf = (plan: number): (() => Promise<void>) => {
    let since = thread.now();
    return async () => {
      if (thread.now() - since < SIGN_OF_LIFE_MS) return;
      thread.say({ kind: 'alive' });
      await thread.pause();
      if (!works.has(plan)) throw new Forgotten();
      since = thread.now();
    };
  };

  const partOf = async (block: number, plan: number, part: number): Promise<PathAnswer> => {
    const started = thread.now();
    const answer = (found: PartAnswer): PathAnswer => ({
      kind: 'part',
      block,
      milliseconds: thread.now() - started,
      part: found,
      fault: kernelsAtHand.fault,
    });
    try {
      return await answerOf(block, async (kernels) => {
        const work = works.get(plan);
        if (work === undefined) throw new Forgotten();
        const compute = await work.on(kernels);
        return answer(await compute(part, gateOf(plan)));
      });
    } catch (error) {
      if (error instanceof Forgotten) return answer({ value: null, moved: [] });
      throw error;
    }
  };

  return async (question) => {
    switch (question.kind) {
      case 'plan': {
        const plan = new Prepared(question.value, pathValuation);
        plans.set(question.plan, plan);
        // Whoever asks for its paths hears of a refusal.
        await kernelsAtHand.run((kernels) => plan.on(kernels)).catch(() => undefined);
        return null;
      }
      case 'work':
        works.set(question.plan, new Prepared(question.value, (value, kernels) => thread.startWork(value, kernels)));
        return null;
      case 'forget':
        plans.delete(question.plan);
        works.delete(question.plan);
        return null;
      case 'part': {
        const { block, plan, part } = question;
        const answered = turn.then(() => partOf(block, plan, part));
        turn = answered.catch(() => undefined);
        return answered;
      }
      case 'block': {
        const { block, plan, firstPath, count, into } = question;
        return answerOf(block, async (kernels) => {
          const valuation = await plans.get(plan)!.on(kernels);
          const started = thread.now();
          const { pnl, weights } = valuation.pnl(firstPath, count);
          if (into !== null) pnl.forEach((column, book) => into[book]!.set(column));
          const milliseconds = thread.now() - started;
          const { fault } = kernelsAtHand;
          return { kind: 'done', block, milliseconds, pnl: into === null ? pnl : null, weights, fault };
        });
      }
    }
  };
}

/** What is made of a value once for the kernels at hand. */
class Prepared<Value, Made> {
  readonly #value: Value;
  readonly #make: (value: Value, kernels: Kernels) => Promise<Made>;
  #kernels: Kernels | null = null;
  #made: Promise<Made> | null = null;

  constructor(value: Value, make: (value: Value, kernels: Kernels) => Promise<Made>) {
    this.#value = value;
    this.#make = make;
  }

  on(kernels: Kernels): Promise<Made> {
    if (this.#made === null || this.#kernels !== kernels) {
      this.#kernels = kernels;
      this.#made = this.#make(this.#value, kernels);
    }
    return this.#made;
  }
}

/** What of an answer need not be copied on its way. */
export function answeredBuffers(answer: PathAnswer): ArrayBuffer[] {
  if (answer.kind === 'part') return [...answer.part.moved];
  if (answer.kind !== 'done') return [];
  const columns = [...(answer.pnl ?? []), ...(answer.weights === null ? [] : [answer.weights])];
  return columns.map(({ buffer }) => buffer as ArrayBuffer);
}

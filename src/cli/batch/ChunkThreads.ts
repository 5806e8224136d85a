import type { Worker } from 'node:worker_threads';
import { type Failure, RiskError, riskError } from '../../engine/domain/failure.ts';
import { startThread } from '../startThread.ts';
import type { AccountChunk } from './AccountChunk.ts';
import type { AccountRow } from './AccountRow.ts';
import type { BatchQuestion } from './accountRows.ts';

type Answer = { readonly rows: AccountRow[] } | { readonly failure: Failure };

/** Threads that compute chunks, one each at a time; they are started as chunks come, at most so many. */
export class ChunkThreads {
  readonly #question: BatchQuestion;
  readonly #most: number;
  readonly #all: Worker[] = [];
  readonly #free: Worker[] = [];
  readonly #waiting: ((thread: Worker) => void)[] = [];

  constructor(question: BatchQuestion, most: number) {
    this.#question = question;
    this.#most = most;
  }

  /** @throws RiskError `internal` when the thread dies. */
  async compute(chunk: AccountChunk): Promise<AccountRow[]> {
    const thread = await this.#thread();
    const answer = await answerOf(thread, chunk);
    const next = this.#waiting.shift();
    if (next) next(thread);
    else this.#free.push(thread);
    if ('failure' in answer) throw riskError(answer.failure);
    return answer.rows;
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((thread) => thread.terminate()));
  }

  async #thread(): Promise<Worker> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#all.length === this.#most) return new Promise((resolve) => this.#waiting.push(resolve));
    const thread = startThread(new URL('./batch.thread.ts', import.meta.url));
    thread.postMessage(this.#question);
    this.#all.push(thread);
    return thread;
  }
}

function answerOf(thread: Worker, chunk: AccountChunk): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      thread.off('message', onAnswer).off('error', onError).off('exit', onExit);
    };
    const onAnswer = (answer: Answer): void => {
      settle();
      resolve(answer);
    };
    const died = (why: string): void => {
      settle();
      reject(new RiskError('internal', `A thread ended: ${why}. What is written stands; --resume goes on from there`));
    };
    const onError = (error: Error): void => died(error.message);
    const onExit = (code: number): void => died(`exit code ${code}`);
    thread.on('message', onAnswer).on('error', onError).on('exit', onExit);
    // The bytes of an account are its own, so that no more than them is sent; copying them is cheaper than keeping track of them.
    thread.postMessage(chunk);
  });
}

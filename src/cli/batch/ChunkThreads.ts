import type { Worker } from 'node:worker_threads';
import { type Failure, RiskError, riskError } from '../../engine/domain/failure.ts';
import { startThread } from '../startThread.ts';
import type { AccountChunk } from './AccountChunk.ts';
import type { AccountRow } from './AccountRow.ts';
import type { BatchQuestion } from './accountRows.ts';

type Answer = { readonly rows: AccountRow[] } | { readonly failure: Failure };

/** A chunk that has ended so many threads would end the next one too. */
const MOST_DEATHS = 2;

export interface ChunkThreadsOptions {
  /** Hears of each thread. */
  readonly onStart?: (thread: Worker) => void;
  /** Hears why a thread has ended that should not have; its accounts are computed again. */
  readonly onDeath?: (why: string) => void;
}

/** A chunk that has no thread yet, or has none any more. */
interface Waiting {
  readonly chunk: AccountChunk;
  readonly settle: (answer: Answer | RiskError) => void;
  deaths: number;
}

/**
 * Threads that compute chunks, one each at a time; they are started as chunks come, at most so many. One that dies is replaced, and its
 * chunk computed again: a row depends on its account alone, so nobody can tell.
 */
export class ChunkThreads {
  readonly #question: BatchQuestion;
  readonly #most: number;
  readonly #options: ChunkThreadsOptions;
  /** What each is at. */
  readonly #threads = new Map<Worker, Waiting | null>();
  readonly #waiting: Waiting[] = [];

  constructor(question: BatchQuestion, most: number, options: ChunkThreadsOptions = {}) {
    this.#question = question;
    this.#most = most;
    this.#options = options;
  }

  /** @throws RiskError `internal` when the chunk has ended two threads. */
  compute(chunk: AccountChunk): Promise<AccountRow[]> {
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer | RiskError): void => {
        if (answer instanceof RiskError) reject(answer);
        else if ('failure' in answer) reject(riskError(answer.failure));
        else resolve(answer.rows);
      };
      this.#waiting.push({ chunk, settle, deaths: 0 });
      this.#handOut();
    });
  }

  async close(): Promise<void> {
    const threads = [...this.#threads.keys()];
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #handOut(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const free = [...this.#threads].find(([, at]) => at === null)?.[0];
      if (free === undefined && this.#threads.size >= this.#most) return;
      this.#waiting.shift();
      const thread = free ?? this.#start();
      this.#threads.set(thread, next);
      // The bytes of an account are its own, so that no more than them is sent; copying them is cheaper than keeping track of them.
      thread.postMessage(next.chunk);
    }
  }

  #start(): Worker {
    const thread = startThread(new URL('./batch.thread.ts', import.meta.url));
    this.#threads.set(thread, null);
    thread
      .on('message', (answer: Answer) => this.#hear(thread, answer))
      .on('error', (error) => this.#bury(thread, error.message))
      .on('messageerror', () => this.#bury(thread, 'it sent what cannot be read'))
      .on('exit', (code) => this.#bury(thread, `exit code ${code}`));
    thread.postMessage(this.#question);
    this.#options.onStart?.(thread);
    return thread;
  }

  #hear(thread: Worker, answer: Answer): void {
    const at = this.#threads.get(thread);
    if (at === undefined) return;
    this.#threads.set(thread, null);
    at?.settle(answer);
    this.#handOut();
  }

  /** A death is told more than once, and is none after the end. */
  #bury(thread: Worker, why: string): void {
    const at = this.#threads.get(thread);
    if (at === undefined) return;
    this.#threads.delete(thread);
    void thread.terminate();
    this.#options.onDeath?.(why);
    if (at !== null) {
      at.deaths += 1;
      if (at.deaths < MOST_DEATHS) this.#waiting.unshift(at);
      else at.settle(stoppedTwice(at.chunk, why));
    }
    this.#handOut();
  }
}

function stoppedTwice(chunk: AccountChunk, why: string): RiskError {
  const [first, last] = [chunk[0]!.place, chunk.at(-1)!.place];
  const named = first === last ? first : `${first} to ${last}`;
  return new RiskError(
    'internal',
    `Two threads in a row ended at the accounts ${named} (the last one: ${why}). What is written stands; --resume goes on from there`,
  );
}

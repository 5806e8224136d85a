import { expose } from 'comlink';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Failure, type Result, success } from '../engine/domain/failure.ts';
import { SupervisedWorker, type WorkerLike } from './SupervisedWorker.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** For whoever answers: no machine is as slow. */
const LONG_MS = 30_000;

interface TestApi {
  double(x: number): Result<number>;
  never(): Promise<Result<number>>;
  slowly(steps: number): Promise<Result<number>>;
  broken(): Result<number>;
  told(): Result<number>;
}

/** A worker made of a message port: it can die as a real one does, without a word to whoever waits. */
class FakeWorker {
  static alive: FakeWorker[] = [];
  readonly #channel = new MessageChannel();
  readonly #listeners = new Map<string, Set<() => void>>();
  ended = false;

  constructor(api: TestApi) {
    expose(api, this.#channel.port2);
    FakeWorker.alive.push(this);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#channel.port1.postMessage(message, transfer);
  }

  addEventListener(type: string, listener: () => void): void {
    if (type === 'message') {
      this.#channel.port1.addEventListener('message', listener);
      this.#channel.port1.start();
      return;
    }
    const listeners = this.#listeners.get(type) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(type, listeners);
  }

  removeEventListener(type: string, listener: () => void): void {
    if (type === 'message') this.#channel.port1.removeEventListener('message', listener);
    else this.#listeners.get(type)?.delete(listener);
  }

  terminate(): void {
    this.ended = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
    FakeWorker.alive = FakeWorker.alive.filter((worker) => worker !== this);
  }

  crash(): void {
    for (const listener of this.#listeners.get('error') ?? []) listener();
  }
}

function supervised(onSpawn: (worker: FakeWorker, number: number) => void = () => undefined) {
  let spawned = 0;
  const told: number[] = [];
  const worker = new SupervisedWorker<TestApi>(
    () => {
      spawned += 1;
      const number = spawned;
      const fake = new FakeWorker({
        double: (x) => success(2 * x),
        never: () => new Promise(() => undefined),
        slowly: async () => success(1),
        broken: () => {
          throw new Error('out of order');
        },
        told: () => {
          told.push(number);
          return success(number);
        },
      });
      onSpawn(fake, number);
      return fake as unknown as WorkerLike;
    },
    async (api): Promise<Failure | null> => {
      await api.told();
      return null;
    },
  );
  return { worker, told, spawned: () => spawned };
}

afterEach(() => {
  for (const worker of FakeWorker.alive) worker.terminate();
});

describe('SupervisedWorker', () => {
  it('asks and answers', async () => {
    const { worker } = supervised();
    expect(await worker.ask((api) => api.double(21), LONG_MS, 'a test')).toEqual(success(42));
  });

  it('lets go of an answer once it was given', async () => {
    const { worker } = supervised();
    const ask = async () => new WeakRef(await worker.ask((api) => api.double(21), LONG_MS, 'a test'));
    const answers = [await ask(), await ask(), await ask()];
    // The one of the last turn may still be held by the turn itself.
    await vi.waitFor(
      () => {
        collectGarbage();
        expect(answers.filter((answer) => answer.deref() !== undefined)).toEqual([]);
      },
      { timeout: LONG_MS },
    );
  });

  it('replaces a worker that dies, tells the new one what the old one knew, and asks again', async () => {
    let fakes: FakeWorker[] = [];
    const { worker, told } = supervised((fake) => {
      fakes = [...fakes, fake];
    });
    await worker.ask((api) => api.double(1), LONG_MS, 'a test');
    let asked = 0;
    const answer = await worker.ask(
      (api) => {
        asked += 1;
        if (asked === 1) {
          queueMicrotask(() => fakes[0]!.crash());
          return api.never();
        }
        return api.double(4);
      },
      LONG_MS,
      'a test',
    );
    expect(answer).toEqual(success(8));
    expect(told).toEqual([1, 2]);
    expect(fakes[0]!.ended).toBe(true);
    expect(FakeWorker.alive).toHaveLength(1);
  });

  it('gives up on a question at which two workers died', async () => {
    const { worker, spawned } = supervised((fake) => setTimeout(() => fake.crash(), 0));
    const answer = await worker.ask((api) => api.never(), LONG_MS, 'this book');
    expect(answer).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(!answer.ok && answer.failure.message).toContain('this book');
    expect(spawned()).toBe(2);
  });

  it('ends a worker that stays silent, asks another once, and serves the next question with a third', async () => {
    const { worker, spawned } = supervised();
    const answer = await worker.ask((api) => api.never(), 20, 'this book');
    expect(answer).toMatchObject({ ok: false, failure: { code: 'internal' } });
    expect(!answer.ok && answer.failure.message).toContain('did not answer this book');
    expect(spawned()).toBe(2);
    expect(await worker.ask((api) => api.double(3), LONG_MS, 'a test')).toEqual(success(6));
    expect(spawned()).toBe(3);
  });

  it('answers by a new worker what a silent one was asked', async () => {
    const { worker, spawned } = supervised();
    let asked = 0;
    const answer = await worker.ask(
      (api) => {
        asked += 1;
        return asked === 1 ? api.never() : api.double(3);
      },
      LONG_MS,
      'this book',
    );
    expect(answer).toEqual(success(6));
    expect(spawned()).toBe(2);
  });

  it('waits for as long as there are signs of life', async () => {
    const { worker } = supervised();
    const answer = await worker.ask(
      (_api, alive) =>
        new Promise<Result<number>>((resolve) => {
          let signs = 0;
          const sign = setInterval(() => {
            signs += 1;
            alive();
            if (signs === 8) {
              clearInterval(sign);
              resolve(success(signs));
            }
          }, 20);
        }),
      100,
      'a long question',
    );
    expect(answer).toEqual(success(8));
  });

  it('turns what the worker throws into a failure and keeps the worker', async () => {
    const { worker, spawned } = supervised();
    expect(await worker.ask((api) => api.broken(), LONG_MS, 'a test')).toMatchObject({
      ok: false,
      failure: { code: 'internal', message: expect.stringContaining('out of order') },
    });
    expect(await worker.ask((api) => api.double(3), LONG_MS, 'a test')).toEqual(success(6));
    expect(spawned()).toBe(1);
  });

  it('answers with a failure when no worker can be started', async () => {
    const worker = new SupervisedWorker<TestApi>(
      () => {
        throw new Error('workers are not allowed here');
      },
      async () => null,
    );
    expect(await worker.ask((api) => api.double(1), LONG_MS, 'a test')).toMatchObject({
      ok: false,
      failure: { code: 'internal', message: expect.stringContaining('workers are not allowed here') },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { latestWins } from './latestWins.ts';

/** A runner whose answers are released by hand. */
function controlled() {
  const started: number[] = [];
  const answered: number[] = [];
  const errors: number[] = [];
  const release: (() => void)[] = [];
  const ask = latestWins(
    (request: number) =>
      new Promise<number>((resolve, reject) => {
        started.push(request);
        release.push(() => (request < 0 ? reject(new Error('refused')) : resolve(request)));
      }),
    (answer) => answered.push(answer),
    (_error, request) => errors.push(request),
  );
  const settle = async () => {
    release.shift()?.();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { ask, settle, started, answered, errors };
}

describe('latestWins', () => {
  it('turns a burst into two runs, the first and the newest', async () => {
    const { ask, settle, started, answered } = controlled();
    for (let request = 1; request <= 50; request += 1) ask(request);
    expect(started).toEqual([1]);
    await settle();
    expect(started).toEqual([1, 50]);
    await settle();
    expect(answered).toEqual([1, 50]);
  });

  it('is ready again after everything was answered', async () => {
    const { ask, settle, answered } = controlled();
    ask(1);
    await settle();
    ask(2);
    await settle();
    expect(answered).toEqual([1, 2]);
  });

  it('goes on with what waits when a run fails', async () => {
    const { ask, settle, answered, errors } = controlled();
    ask(-1);
    ask(2);
    await settle();
    await settle();
    expect(errors).toEqual([-1]);
    expect(answered).toEqual([2]);
  });

  it('never has two runs under way', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    const ask = latestWins(
      async (request: number) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return request;
      },
      (answer) => {
        done.push(answer);
        if (answer < 5) ask(answer + 1);
      },
      () => undefined,
    );
    ask(1);
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
    expect(most).toBe(1);
    expect(done).toEqual([1, 2, 3, 4, 5]);
  });
});

import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import type { PathAnswer, PathQuestion, PathWorkerLink } from './pathMessages.ts';
import type { PathBlock } from './PathPool.ts';
import type { PathPlan } from './pathPlan.ts';
import { WorkerPathPool } from './WorkerPathPool.ts';

type BlockQuestion = Extract<PathQuestion, { kind: 'block' }>;

/** What the fake workers compute: any function of plan, book and path will do. */
const value = (plan: PathPlan, book: number, path: number) => Math.sin(path * (book + 1) + plan.books[book]![0]!);

function planOf(quantity: number, rows = 1): PathPlan {
  return {
    underlyings: ['BTC'],
    draws: {} as PathPlan['draws'],
    rows: Array.from({ length: rows }, () => ({}) as PathPlan['rows'][number]),
    books: [Float64Array.of(quantity), Float64Array.of(-quantity)],
  };
}

function expected(plan: PathPlan, first: number, count: number): Float64Array[] {
  return plan.books.map((_, book) => Float64Array.from({ length: count }, (_, i) => value(plan, book, first + i)));
}

/** A thread that works when the test says so. */
class FakeThread implements PathWorkerLink {
  readonly plans = new Map<number, PathPlan>();
  readonly heard: PathQuestion[] = [];
  readonly waiting: BlockQuestion[] = [];
  ended = false;
  onAnswer: (answer: PathAnswer) => void = () => {};
  onDeath: (reason: string) => void = () => {};

  constructor(readonly pathsPerMs: number) {}

  post(question: PathQuestion): void {
    this.heard.push(question);
    if (question.kind === 'block') this.waiting.push(question);
    else if (question.kind === 'plan') this.plans.set(question.plan, question.value);
    else this.plans.delete(question.plan);
  }
  listen(onAnswer: (answer: PathAnswer) => void, onDeath: (reason: string) => void): void {
    this.onAnswer = onAnswer;
    this.onDeath = onDeath;
  }
  end(): void {
    this.ended = true;
  }

  /** Answers its oldest block, or one that came later. */
  answer(at = 0): void {
    const [question] = this.waiting.splice(at, 1);
    if (question === undefined) throw new Error('nothing was asked');
    const { block, firstPath, count, into } = question;
    const plan = this.plans.get(question.plan);
    if (plan === undefined) throw new Error('a block of a plan that was not sent');
    const pnl = expected(plan, firstPath, count);
    if (into !== null) pnl.forEach((column, book) => into[book]!.set(column));
    const milliseconds = count / this.pathsPerMs;
    this.onAnswer({ kind: 'done', block, milliseconds, pnl: into === null ? pnl : null, weights: null, fault: null });
  }
}

function workshop({ workers = 2, shared = false, pathsPerMs = 100, startAtOnce = true } = {}) {
  const threads: FakeThread[] = [];
  let time = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const pool = new WorkerPathPool({
    workers,
    shared,
    spawn: () => {
      const thread = new FakeThread(pathsPerMs);
      threads.push(thread);
      if (startAtOnce) queueMicrotask(() => !thread.ended && thread.onAnswer({ kind: 'ready' }));
      return thread;
    },
    clock: {
      now: () => time,
      after: (milliseconds, run) => {
        const timer = { at: time + milliseconds, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
    },
  });
  /** Lets time pass, and what falls due happen. */
  const pass = (milliseconds: number) => {
    const end = time + milliseconds;
    for (;;) {
      const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers = timers.filter((each) => each !== due);
      time = due.at;
      due.run();
    }
    time = end;
  };
  const busy = () => threads.filter(({ ended, waiting }) => !ended && waiting.length > 0);
  /** Answers until nothing is asked any more; `turn` says who is next, and may let it die instead. */
  const workOff = (turn: (busy: FakeThread[]) => void = ([thread]) => thread!.answer()) => {
    for (let guard = 0; busy().length > 0; guard += 1) {
      if (guard > 100_000) throw new Error('it never ends');
      turn(busy());
    }
  };
  return { pool, threads, pass, busy, workOff, timers: () => timers };
}

/** Lets threads that have been started say so. */
const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

/** Whether all columns have the same bits. */
const areSame = (some: readonly Float64Array[], others: readonly Float64Array[]): boolean =>
  some.length === others.length &&
  some.every((column, book) => {
    const other = others[book]!;
    return column.length === other.length && column.every((element, i) => Object.is(element, other[i]));
  });

const pnlOf = (block: PathBlock | null): readonly Float64Array[] => {
  if (block === null) throw new Error('cancelled');
  return block.pnl;
};

describe('the figures', () => {
  property.prop([
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
    fc.integer({ min: 0, max: 20_000 }),
    fc.infiniteStream(fc.nat(999)),
  ])(
    'are the same however many workers there are, in whatever order they answer, and whoever dies',
    async (workers, shared, count, dice) => {
      const { pool, workOff } = workshop({ workers, shared });
      const plan = planOf(1);
      const asked = pool.pnl(plan, 7, count);
      const roll = (sides: number) => dice.next().value! % sides;
      const blamed = new Set<number>();
      for (let round = 0; round < 50; round += 1) {
        await settled();
        workOff((busy) => {
          const thread = busy[roll(busy.length)]!;
          const [{ firstPath }] = thread.waiting as [BlockQuestion];
          if (roll(10) > 0 || blamed.has(firstPath)) return thread.answer(roll(thread.waiting.length));
          // Whoever stands behind the block that a worker died of is asked again too, and may be the next to die.
          blamed.add(firstPath);
          thread.onDeath('was ended');
        });
      }
      expect(areSame(pnlOf(await asked), expected(plan, 7, count))).toBe(true);
    },
  );

  it('lie in shared memory where there is some', async () => {
    for (const shared of [true, false]) {
      const { pool, workOff } = workshop({ shared });
      const asked = pool.pnl(planOf(1), 0, 5_000);
      await settled();
      workOff();
      const { buffer } = pnlOf(await asked)[0]!;
      expect(buffer instanceof SharedArrayBuffer).toBe(shared);
    }
  });

  it('come with the weights of paths that are not equally likely', async () => {
    const { pool, threads, busy } = workshop({ workers: 1 });
    const asked = pool.pnl(planOf(1), 100, 2_000);
    await settled();
    while (busy().length > 0) {
      const [thread] = threads;
      const { block, firstPath, count } = thread!.waiting.shift()!;
      const weights = Float64Array.from({ length: count }, (_, i) => firstPath + i);
      thread!.onAnswer({ kind: 'done', block, milliseconds: 1, pnl: [], weights, fault: null });
    }
    expect((await asked)?.weights).toEqual(Float64Array.from({ length: 2_000 }, (_, i) => 100 + i));
  });
});

describe('a worker that dies', () => {
  for (const share of [0.01, 0.25, 0.5, 0.99])
    it(`after ${100 * share} % of the paths is replaced, and its block computed again`, async () => {
      const { pool, threads, workOff } = workshop({ workers: 2 });
      const count = 100_000;
      const plan = planOf(3);
      let done = 0;
      const asked = pool.pnl(plan, 0, count, { onProgress: (paths) => (done = paths) });
      let killed = false;
      const turn = ([thread]: FakeThread[]) => {
        if (killed || done < share * count) return thread!.answer();
        killed = true;
        thread!.onDeath('was ended');
        expect(thread!.ended).toBe(true);
      };
      await settled();
      workOff(turn);
      await settled();
      workOff(turn);
      expect(areSame(pnlOf(await asked), expected(plan, 0, count))).toBe(true);
      expect(done).toBe(count);
      expect(threads.length).toBe(3);
      expect(threads.filter(({ ended }) => !ended).length).toBe(2);
    });

  it('of the same block as another before it fails the call by name, and no other call', async () => {
    const { pool, workOff } = workshop({ workers: 1 });
    const failing = pool.pnl(planOf(1), 0, 5_000);
    const other = planOf(2);
    const unharmed = pool.pnl(other, 0, 5_000);
    const turn = ([thread]: FakeThread[]) => {
      const { plan, firstPath } = thread!.waiting[0]!;
      if (plan === 1 && firstPath === 0) thread!.onDeath('ran out of memory');
      else thread!.answer();
    };
    const outcome = failing.catch((error: unknown) => error);
    for (let round = 0; round < 4; round += 1) {
      await settled();
      workOff(turn);
    }
    const error = await outcome;
    expect(error).toBeInstanceOf(RiskError);
    expect((error as RiskError).message).toMatch(
      /^Two workers in a row stopped at paths 0 to \d+ \(the last one ran out of memory\)/,
    );
    expect(areSame(pnlOf(await unharmed), expected(other, 0, 5_000))).toBe(true);
  });

  it('without a word is taken for dead after two seconds at least, and after what its block should take', async () => {
    for (const [pathsPerMs, limit] of [
      [1_000, 2_000],
      // Blocks of 256 paths are the smallest: four of them take 1,024 ms, and as much is forgiven 25 times.
      [1, 25 * 1024],
    ] as const) {
      const { pool, threads, pass, workOff } = workshop({ workers: 1, pathsPerMs });
      const plan = planOf(1);
      const asked = pool.pnl(plan, 0, 20_000);
      await settled();
      for (let block = 0; block < 5; block += 1) threads[0]!.answer();
      pass(0.9 * limit);
      expect(threads.length).toBe(1);
      pass(0.3 * limit);
      expect(threads[0]!.ended).toBe(true);
      expect(threads.length).toBe(2);
      await settled();
      workOff();
      expect(areSame(pnlOf(await asked), expected(plan, 0, 20_000))).toBe(true);
    }
  });

  it('may take its time to start', async () => {
    const { pool, threads, pass, workOff } = workshop({ workers: 1, startAtOnce: false });
    const plan = planOf(1);
    const asked = pool.pnl(plan, 0, 1_000);
    pass(9_000);
    threads[0]!.onAnswer({ kind: 'ready' });
    workOff();
    expect(areSame(pnlOf(await asked), expected(plan, 0, 1_000))).toBe(true);
  });
});

describe('workers that do not start', () => {
  it('fail the call by name, and the next call tries again', async () => {
    const { pool, threads, workOff } = workshop({ workers: 1, startAtOnce: false });
    const asked = pool.pnl(planOf(1), 0, 1_000);
    threads[0]!.onDeath('did not load');
    threads[1]!.onDeath('did not load');
    await expect(asked).rejects.toThrow('The workers for the paths could not be started (did not load)');
    expect(threads.length).toBe(2);
    const plan = planOf(2);
    const again = pool.pnl(plan, 0, 1_000);
    threads[2]!.onAnswer({ kind: 'ready' });
    workOff();
    expect(areSame(pnlOf(await again), expected(plan, 0, 1_000))).toBe(true);
  });

  it('are done without where another has started', async () => {
    const { pool, threads, workOff } = workshop({ workers: 2, startAtOnce: false });
    const plan = planOf(1);
    const asked = pool.pnl(plan, 0, 10_000);
    threads[0]!.onAnswer({ kind: 'ready' });
    threads[1]!.onDeath('did not load');
    threads[2]!.onDeath('did not load');
    workOff();
    expect(threads.length).toBe(3);
    expect(areSame(pnlOf(await asked), expected(plan, 0, 10_000))).toBe(true);
  });

  it('where starting throws, the call fails with the reason', async () => {
    const pool = new WorkerPathPool({
      workers: 2,
      shared: false,
      clock: { now: () => 0, after: () => () => {} },
      spawn: () => {
        throw new Error('no threads here');
      },
    });
    await expect(pool.pnl(planOf(1), 0, 10)).rejects.toThrow('no threads here');
  });
});

describe('giving up', () => {
  it('answers null at once although no worker says a word, and hands out nothing more', async () => {
    const { pool, threads, pass, timers } = workshop({ workers: 2 });
    let cancelled = false;
    const asked = pool.pnl(planOf(1), 0, 100_000, { cancelled: () => cancelled });
    await settled();
    const posted = () => threads.reduce((sum, { heard }) => sum + heard.length, 0);
    const before = posted();
    cancelled = true;
    pass(49);
    expect(await asked).toBeNull();
    for (const thread of threads) while (thread.waiting.length > 0) thread.answer();
    expect(posted()).toBe(before);
    expect(timers(), 'nothing is waited for').toEqual([]);
  });

  it('leaves at most four blocks of some milliseconds with a worker', async () => {
    const pathsPerMs = 500;
    const { pool, threads, workOff } = workshop({ workers: 2, pathsPerMs });
    const asked = pool.pnl(planOf(1), 0, 1_000_000);
    let worst = 0;
    await settled();
    workOff((busy) => {
      for (const { waiting } of threads) {
        const milliseconds = waiting.reduce((sum, { count }) => sum + count, 0) / pathsPerMs;
        worst = Math.max(worst, milliseconds);
        expect(waiting.length).toBeLessThanOrEqual(4);
      }
      busy[0]!.answer();
    });
    await asked;
    expect(worst).toBeLessThan(50);
  });

  it('the newest question is not kept waiting by one that was given up', async () => {
    const { pool, workOff } = workshop({ workers: 2 });
    let newest = 1;
    const old = pool.pnl(planOf(1), 0, 1_000_000, { cancelled: () => newest !== 1 });
    await settled();
    newest = 2;
    const plan = planOf(2);
    const young = pool.pnl(plan, 0, 10_000, { cancelled: () => newest !== 2 });
    let answers = 0;
    workOff((busy) => {
      answers += 1;
      busy[0]!.answer();
    });
    expect(await old).toBeNull();
    expect(areSame(pnlOf(await young), expected(plan, 0, 10_000))).toBe(true);
    // Eight blocks of the old one at most were under way; none of the other hundreds follows.
    expect(answers).toBeLessThan(40);
  });

  it('ends the workers with the pool, and whoever waits is told', async () => {
    const { pool, threads, timers } = workshop({ workers: 2 });
    const asked = pool.pnl(planOf(1), 0, 1_000);
    await settled();
    pool.end();
    await expect(asked).rejects.toThrow('ended before they had answered');
    expect(threads.every(({ ended }) => ended)).toBe(true);
    expect(timers()).toEqual([]);
  });
});

describe('what is sent', () => {
  it('is a plan once a worker, until others push it out', async () => {
    const { pool, threads, workOff } = workshop({ workers: 2 });
    const plan = planOf(1);
    const ask = async (each: PathPlan) => {
      const asked = pool.pnl(each, 0, 20_000);
      await settled();
      workOff();
      await asked;
    };
    await ask(plan);
    await ask(plan);
    const sent = () =>
      threads.map(({ heard }) => heard.filter((each) => each.kind === 'plan' && each.value === plan).length);
    expect(sent()).toEqual([1, 1]);
    for (const quantity of [2, 3, 4]) await ask(planOf(quantity));
    await ask(plan);
    expect(sent()).toEqual([1, 1]);
    for (const quantity of [5, 6, 7, 8]) await ask(planOf(quantity));
    expect(threads.map(({ plans }) => plans.size)).toEqual([4, 4]);
    await ask(plan);
    expect(sent()).toEqual([2, 2]);
  });

  it('is the reason of a plan that cannot be computed, at once', async () => {
    const { pool, threads, workOff } = workshop({ workers: 1 });
    const asked = pool.pnl(planOf(1), 0, 1_000_000);
    const outcome = asked.catch((error: unknown) => error);
    await settled();
    const [{ block }] = threads[0]!.waiting as [BlockQuestion];
    threads[0]!.waiting.shift();
    threads[0]!.onAnswer({ kind: 'refused', block, failure: { code: 'bad-value', message: 'Vol is negative' } });
    expect(await outcome).toEqual(new RiskError('bad-value', 'Vol is negative'));
    workOff();
    expect(threads[0]!.heard.filter(({ kind }) => kind === 'block').length).toBeLessThanOrEqual(2);
  });
});

describe('parts of other work', () => {
  type PartQuestion = Extract<PathQuestion, { kind: 'part' }>;
  const partsOf = (thread: FakeThread) => thread.heard.filter((each): each is PartQuestion => each.kind === 'part');
  const answerPart = (thread: FakeThread, { block, part }: PartQuestion, fault: string | null = null) =>
    thread.onAnswer({ kind: 'part', block, milliseconds: 1, part: { value: part ** 2, moved: [] }, fault });

  it('are answered under their numbers, two with a worker at a time, and again where it dies', async () => {
    const { pool, threads } = workshop({ workers: 2 });
    const answers = pool.parts({ any: 'work' }, 7);
    await settled();
    expect(threads.map((thread) => partsOf(thread).map(({ part }) => part))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    threads[1]!.onDeath('was ended');
    await settled();
    const answered = new Set<number>();
    for (let turn = 0; turn < 10; turn += 1)
      for (const thread of threads.filter(({ ended }) => !ended))
        for (const question of partsOf(thread)) {
          if (answered.has(question.block)) continue;
          answered.add(question.block);
          answerPart(thread, question, question.part === 4 ? 'out of memory' : null);
        }
    const found = await Promise.all(answers);
    expect(found.map((each) => each?.value)).toEqual([0, 1, 4, 9, 16, 25, 36]);
    expect(found.map((each) => each?.fault)).toEqual([null, null, null, null, 'out of memory', null, null]);
    expect(threads.filter(({ ended }) => !ended).map(({ heard }) => heard.at(-1)?.kind)).toEqual(['forget', 'forget']);
  });

  it('may take their time as long as their worker says that it is alive', async () => {
    const { pool, threads, pass } = workshop({ workers: 1 });
    let signs = 0;
    const [answer] = pool.parts({}, 1, { onProgress: () => (signs += 1) });
    await settled();
    for (let second = 0; second < 30; second += 9) {
      pass(9_000);
      threads[0]!.onAnswer({ kind: 'alive' });
    }
    expect(signs).toBeGreaterThan(2);
    expect(threads.length).toBe(1);
    pass(11_000);
    expect(threads.length).toBe(2);
    await settled();
    answerPart(threads[1]!, partsOf(threads[1]!)[0]!);
    expect((await answer)?.value).toBe(0);
  });

  it('are null once given up, and their workers hear of it', async () => {
    const { pool, threads, pass } = workshop({ workers: 1 });
    let cancelled = false;
    const answers = pool.parts({}, 3, { cancelled: () => cancelled });
    await settled();
    cancelled = true;
    pass(49);
    expect(await Promise.all(answers)).toEqual([null, null, null]);
    expect(threads[0]!.heard.at(-1)).toEqual({ kind: 'forget', plan: 1 });
  });

  it('fail by name where two workers end at one of them', async () => {
    const { pool, threads } = workshop({ workers: 1 });
    const answers = pool.parts({}, 2);
    await settled();
    threads[0]!.onDeath('ran out of memory');
    await settled();
    threads[1]!.onDeath('ran out of memory');
    for (const answer of answers)
      await expect(answer).rejects.toThrow('Two workers in a row stopped at part 0 (the last one ran out of memory)');
  });
});

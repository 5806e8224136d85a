import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CODES, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { identified, marketFileText } from '../../formats/marketFile.ts';
import type { AccountText } from './AccountText.ts';
import { runBatch } from './runBatch.ts';

const QUESTION = {
  marketText: marketFileText(identified(smallSnapshot())),
  models: ['portfolio', 'cross'],
  parameters: {},
  valueAtRisk: [],
};
const COUNT = 600;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'threads-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function* accounts(): AsyncGenerator<AccountText> {
  for (let n = 0; n < COUNT; n += 1) {
    const positions = [
      { instrument: `BTC-${CODES.month}-100000-C`, quantity: -1 - (n % 5) },
      { instrument: 'BTC-PERPETUAL', quantity: 1_000 * n },
    ];
    const collateral = [{ asset: 'USDC', quantity: 10_000 }];
    const text = JSON.stringify({ schema: 'headroom/portfolio@1', account: `A-${n}`, positions, collateral });
    yield { place: `line-${n + 1}`, kind: 'json', bytes: new TextEncoder().encode(text), failure: null };
  }
}

interface Trial {
  readonly out: string;
  readonly workers?: number;
  readonly resume?: boolean;
  readonly onStart?: (thread: Worker) => void;
  readonly onRows?: (accounts: number) => void;
}

/** A run whose rows go to a file, and what it heard of deaths. */
async function run({ out, workers = 2, resume = false, onStart = () => {}, onRows = () => {} }: Trial) {
  const deaths: string[] = [];
  const file = path.join(folder, out);
  const found = await runBatch({
    question: QUESTION,
    accounts: accounts(),
    out: file,
    resume,
    workers,
    write: async () => true,
    onRows: (totals) => onRows(totals.accounts),
    threads: { onStart, onDeath: (why) => deaths.push(why) },
  });
  return { deaths, text: await readFile(file, 'utf8'), found };
}

test('threads that die are replaced, their accounts computed again, and the rows are the same', async () => {
  const whole = await run({ out: 'whole.jsonl', workers: 1 });
  expect(whole.text.trimEnd().split('\n')).toHaveLength(COUNT);
  const threads: Worker[] = [];
  let killed = false;
  const { deaths, text, found } = await run({
    out: 'killed.jsonl',
    onStart: (thread) => threads.push(thread),
    onRows: () => {
      if (killed) return;
      killed = true;
      // All at once: those that are at a chunk, and any that has none.
      for (const thread of threads) void thread.terminate();
    },
  });
  expect(deaths.length).toBe(2);
  expect(deaths[0]).toContain('exit code');
  expect(threads.length).toBeGreaterThan(2);
  expect(text).toBe(whole.text);
  expect(found.totals).toEqual(whole.found.totals);
}, 60_000);

test('a chunk that ends two threads ends the run by name, and what is written can be gone on from', async () => {
  const { text: whole } = await run({ out: 'all.jsonl', workers: 1 });
  let dying = false;
  // Threads live until somebody ends them; from the second chunk on a new one never gets to its chunk.
  const threads: Worker[] = [];
  const killing = run({
    out: 'cut.jsonl',
    onStart: (thread) => {
      threads.push(thread);
      if (dying) void thread.terminate();
    },
    onRows: (count) => {
      if (count < 64) return;
      dying = true;
      for (const thread of threads) void thread.terminate();
    },
  });
  await expect(killing).rejects.toThrow(/Two threads in a row ended at the accounts line-\d+ to line-\d+ .*--resume/);
  const written = await readFile(path.join(folder, 'cut.jsonl'), 'utf8');
  expect(whole.startsWith(written)).toBe(true);
  expect(written.length).toBeGreaterThan(0);
  expect((await run({ out: 'cut.jsonl', resume: true, workers: 1 })).text).toBe(whole);
}, 60_000);

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AS_OF, CODES, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { identified, marketFileText } from '../../formats/marketFile.ts';
import { portfolioFileText, portfolioFileValue } from '../../formats/portfolioFile.ts';
import { commandRun } from '../fixtures/commandRun.ts';
import type { AccountRow } from './AccountRow.ts';
import type { AccountText } from './AccountText.ts';
import { runBatch } from './runBatch.ts';

const MARKET = identified({
  ...smallSnapshot(),
  underlyings: smallSnapshot().underlyings.map((underlying, coin) => ({
    ...underlying,
    history: {
      intervalDays: 1,
      closes: Array.from({ length: 300 }, (_, day) => {
        const at = AS_OF - 8 * 3_600_000 - (300 - day) * MILLISECONDS_PER_DAY;
        return [at, underlying.index * Math.exp(0.04 * Math.sin(day * (1.7 + coin)))] as const;
      }),
      volatilityIndex: [],
    },
  })),
});
const MARKET_TEXT = marketFileText(MARKET);
const NAMES = [
  `BTC-${CODES.month}-100000-C`,
  `BTC-${CODES.month}-80000-P`,
  `ETH-${CODES.year}-3000-C`,
  'BTC-PERPETUAL',
  `BTC-${CODES.week}-95000-C`,
];

function portfolio(n: number) {
  return {
    name: `Book ${n}`,
    legs: [0, 1, 2].map((k) => ({ id: `p${k}`, instrument: NAMES[(n + k) % 5]!, quantity: (k - 1.3) * (1 + (n % 7)) })),
    collateral: [{ asset: 'USDC', quantity: 1_000 * n }],
  };
}

const line = (n: number) => JSON.stringify({ account: `A-${n}`, ...portfolioFileValue(portfolio(n)) });
const lines = (count: number) => `${Array.from({ length: count }, (_, n) => line(n)).join('\n')}\n`;

let folder: string;
const inFolder = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'batch-'));
  await writeFile(inFolder('m.json'), MARKET_TEXT);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs over accounts in a file; the market is at hand. */
async function batch(accounts: string | Uint8Array, ...args: readonly string[]) {
  await writeFile(inFolder('accounts.jsonl'), accounts);
  return command(...args);
}

function command(...args: readonly string[]) {
  // A thread takes its time to start; those that are meant to have some ask for them.
  const workers = args.includes('--workers') ? [] : ['--workers', '1'];
  const argv = ['batch', '--market', 'm.json', '--accounts', inFolder('accounts.jsonl'), ...args, ...workers];
  return commandRun(argv, { 'm.json': MARKET_TEXT });
}

const rowsOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row) as AccountRow);

describe('accounts', () => {
  test('each have, digit for digit, the figures of risk margin and risk var', async () => {
    const models = ['portfolio', 'deribit-pm'];
    const { code, stdout } = await batch(
      lines(6),
      '--model',
      models.join(','),
      '--var',
      'historical,parametric,monte-carlo',
      '--paths',
      '2000',
    );
    expect(code).toBe(0);
    const rows = rowsOf(stdout);
    expect(rows).toHaveLength(6);
    for (const [n, row] of rows.entries()) {
      if ('error' in row) throw new Error(row.error.message);
      const files = { 'm.json': MARKET_TEXT, 'p.json': portfolioFileText(portfolio(n)) };
      const inputs = ['--market', 'm.json', '--portfolio', 'p.json'];
      for (const [i, model] of models.entries()) {
        const alone = await commandRun(['margin', ...inputs, '--model', model], files);
        const [expected] = JSON.parse(alone.stdout) as [Record<string, unknown>];
        const { worstScenario, ...figures } = row.margins[i] as Extract<
          (typeof row.margins)[number],
          { initialMarginUsd: number }
        >;
        expect(expected).toMatchObject(figures);
        if (worstScenario === null) expect(expected.worstScenario).toBeNull();
        else expect(expected.worstScenario).toMatchObject(worstScenario);
      }
      for (const figures of row.valueAtRisk!) {
        const argv = ['var', ...inputs, '--method', figures.method, '--paths', '2000'];
        expect(JSON.parse((await commandRun(argv, files)).stdout)).toMatchObject(figures);
      }
      expect(row.account).toBe(`A-${n}`);
    }
  });

  test('come out in order and with the same bytes by any number of threads', async () => {
    const one = await batch(lines(400), '--model', 'portfolio,cross', '--workers', '1');
    const three = await command('--model', 'portfolio,cross', '--workers', '3');
    expect(rowsOf(one.stdout).map(({ account }) => account)).toEqual(Array.from({ length: 400 }, (_, n) => `A-${n}`));
    expect(three.stdout).toBe(one.stdout);
    expect(three.stderr).toContain('400 accounts, 0 failed');
  });

  test('that cannot be read have their error, and the others their figures', async () => {
    const whole = portfolioFileValue(portfolio(1));
    const accounts = [
      line(0),
      '{"account":"cut","schema":',
      '',
      `{"account":"deep","x-a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      line(0),
      JSON.stringify({ account: 'typo', ...whole, colateral: [] }),
      JSON.stringify({ account: 7, ...whole }),
      JSON.stringify({ account: 'nested', portfolio: { ...whole, positions: [{ id: 'a' }] } }),
      JSON.stringify({
        account: 'unlisted',
        ...whole,
        positions: [{ id: 'a', instrument: 'XRP-PERPETUAL', quantity: 1 }],
      }),
      `{"account":"long","name":"${'x'.repeat(2_000_000)}"}`,
      JSON.stringify(whole),
      JSON.stringify({ account: 'held', portfolio: whole }),
      '[]',
      JSON.stringify({ account: 'huge', ...whole, collateral: [{ asset: 'USDC', quantity: 1e308 }] }),
    ].join('\n');
    const notText = Uint8Array.of(...new TextEncoder().encode('\n{"account":"'), 0xff, 0x22, 0x7d);
    const { code, stdout, stderr } = await batch(
      Buffer.concat([Buffer.from(accounts), notText]),
      '--model',
      'portfolio',
    );
    expect(code).toBe(0);
    const rows = rowsOf(stdout);
    expect(rows.map((row) => ('error' in row ? [row.account, row.error.code, row.error.path] : [row.account]))).toEqual(
      [
        ['A-0'],
        ['line-2', 'bad-json', '/schema'],
        ['line-4', 'too-large', expect.stringMatching(/^\/x-a(\/0)*$/)],
        ['A-0', 'bad-value', '/account'],
        ['typo', expect.any(String), '/colateral'],
        ['line-7', 'bad-value', '/account'],
        ['nested', expect.any(String), '/portfolio/positions/0/instrument'],
        ['unlisted', 'unknown-instrument', '/positions/0/instrument'],
        ['line-10', 'too-large', ''],
        ['line-11'],
        ['held'],
        ['line-13', 'bad-format', ''],
        ['huge', 'bad-value', '/collateral/0/quantity'],
        ['line-15', 'bad-format', ''],
      ],
    );
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^14 accounts, 11 failed, \d+ under water/);
    const alone = await batch(line(0), '--model', 'portfolio');
    expect(stdout.split('\n')[0]).toBe(alone.stdout.trimEnd());
  });

  test('are added up in a document when asked', async () => {
    await batch(`${lines(40)}nonsense\n`, '--model', 'portfolio', '--totals', inFolder('totals.json'));
    const rows = rowsOf((await command('--model', 'portfolio')).stdout);
    const margins = rows.flatMap((row) => ('error' in row ? [] : row.margins)) as {
      initialMarginUsd: number;
      maintenanceMarginUsd: number;
      equityUsd: number;
    }[];
    const totals = JSON.parse(await readFile(inFolder('totals.json'), 'utf8')) as Record<string, unknown>;
    const under = margins.filter(({ equityUsd, maintenanceMarginUsd }) => equityUsd < maintenanceMarginUsd).length;
    expect(under).toBeGreaterThan(0);
    expect(totals).toMatchObject({
      accounts: 41,
      failed: 1,
      errors: { 'bad-json': 1 },
      underWater: under,
      models: [
        {
          id: 'portfolio',
          accounts: 40,
          underWater: under,
          initialMarginUsd: margins.reduce((sum, { initialMarginUsd }) => sum + initialMarginUsd, 0),
        },
      ],
    });
  });
});

describe('the command', () => {
  test.each<[string, readonly string[], string, string]>([
    ['an unknown model', ['--model', 'portfolio,nope'], '', '"nope"'],
    ['a model named twice', ['--model', 'portfolio,portfolio'], '/model', 'twice'],
    ['no model', [], '/model', 'missing'],
    ['an unknown method', ['--model', 'portfolio', '--var', 'guess'], '/var', 'historical'],
    ['half a thread', ['--model', 'portfolio', '--workers', '0.5'], '/workers', 'whole number'],
    ['a resume of nothing', ['--model', 'portfolio', '--resume'], '/resume', '--out'],
    ['no place to write', ['--model', 'portfolio', '--out', '/nowhere/rows.jsonl'], '/out', 'ENOENT'],
  ])('refuses %s', async (_what, args, at, words) => {
    const { code, stdout, stderr } = await batch(lines(1), ...args);
    const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as { error: { path: string; message: string } };
    expect([code, stdout]).toEqual([2, '']);
    expect(error.message).toContain(words);
    if (at !== '') expect(error.path).toBe(at);
  });
});

describe('a resumed run', () => {
  const MODEL = ['--model', 'portfolio'];
  const out = () => inFolder('rows.jsonl');
  const totals = () => inFolder('resumed-totals.json');
  const accounts = () => `${lines(90)}torn\n${line(3)}\n`;

  test('ends byte for byte as one that was not interrupted, wherever that was cut', async () => {
    await batch(accounts(), ...MODEL, '--out', out(), '--totals', totals());
    const whole = await readFile(out());
    const wholeTotals = await readFile(totals(), 'utf8');
    const rowEnds = [...whole.keys()].filter((at) => whole[at] === 0x0a).map((at) => at + 1);
    expect(rowEnds).toHaveLength(92);
    const cuts = [0, 1, rowEnds[0]! - 1, rowEnds[0]!, rowEnds[40]! + 7, rowEnds[89]!, rowEnds[90]!, whole.length];
    for (const cut of cuts) {
      await truncate(out(), cut);
      const { code, stderr } = await command(...MODEL, '--out', out(), '--totals', totals(), '--resume');
      expect(code).toBe(0);
      expect((await readFile(out())).equals(whole)).toBe(true);
      expect(await readFile(totals(), 'utf8')).toBe(wholeTotals);
      const kept = rowEnds.filter((end) => end <= cut).length;
      expect(stderr).toContain(kept === 0 ? '92 accounts, 2 failed' : `92 accounts (${kept} from before), 2 failed`);
    }
  });

  test('goes on behind a process that was killed', async () => {
    await batch(lines(2_000), ...MODEL, '--out', inFolder('whole.jsonl'));
    // The killed one reads from a pipe that is never closed: however slow this process is to kill it, it cannot have ended.
    await promisify(execFile)('mkfifo', [inFolder('accounts.pipe')]);
    const argv = ['--import', 'tsx', 'src/cli/risk.ts', 'batch', '--market', inFolder('m.json')];
    const files = ['--accounts', inFolder('accounts.pipe'), '--out', inFolder('killed.jsonl')];
    const child = spawn(process.execPath, [...argv, ...files, ...MODEL, '--workers', '1'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const pipe = await open(inFolder('accounts.pipe'), 'r+');
    await pipe.write(lines(200));
    const size = async () => (await stat(inFolder('killed.jsonl')).catch(() => ({ size: 0 }))).size;
    while (child.exitCode === null && (await size()) === 0) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await ended;
    await pipe.close();
    const whole = await readFile(inFolder('whole.jsonl'));
    expect(await size()).toBeGreaterThan(0);
    expect(await size()).toBeLessThan(whole.length);
    const { code } = await command(...MODEL, '--out', inFolder('killed.jsonl'), '--resume');
    expect(code).toBe(0);
    expect((await readFile(inFolder('killed.jsonl'))).equals(whole)).toBe(true);
  });

  test('is refused where the rows are of another run, and leaves them as they are', async () => {
    await batch(lines(5), ...MODEL, '--out', out());
    const rows = await readFile(out(), 'utf8');
    const refused = async (accountsNow: string, ...args: readonly string[]) => {
      const { code, stderr } = await batch(accountsNow, ...args, '--out', out(), '--resume');
      expect(code).toBe(2);
      expect(await readFile(out(), 'utf8')).toBe(rows);
      return stderr;
    };
    expect(await refused(lines(5), '--model', 'cross')).toContain('comes out otherwise than its line 1 says');
    expect(await refused(`${line(0)}\n${line(2)}\n`, ...MODEL)).toContain('it has 5 rows, and there are 2 accounts');
    expect(await refused(`${line(0)}\n${lines(4)}`, ...MODEL)).toContain('line 5');
    await writeFile(out(), 'no row\n');
    expect((await command(...MODEL, '--out', out(), '--resume')).stderr).toContain('its line 1 is no row');
  });
});

describe('memory', () => {
  test('holds no more accounts than a few chunks, however many there are and however slow the reader', async () => {
    let taken = 0;
    let written = 0;
    let most = 0;
    async function* accounts(): AsyncGenerator<AccountText> {
      for (; taken < 2_000; taken += 1) {
        most = Math.max(most, taken - written);
        yield { place: `line-${taken + 1}`, kind: 'json', bytes: new TextEncoder().encode(line(taken)), failure: null };
      }
    }
    const question = { marketText: MARKET_TEXT, models: ['portfolio'], parameters: {}, valueAtRisk: [] };
    const { totals } = await runBatch({
      question,
      accounts: accounts(),
      out: null,
      resume: false,
      workers: 2,
      write: async (rows) => {
        written += rows.trimEnd().split('\n').length;
        return true;
      },
      onRows: () => undefined,
    });
    expect([totals.accounts, written]).toEqual([2_000, 2_000]);
    // Three chunks of 32 for each of two threads, the one being filled and the one being written.
    expect(most).toBeLessThanOrEqual(8 * 32);
  });

  test('a reader that goes away ends the run', async () => {
    let taken = 0;
    async function* accounts(): AsyncGenerator<AccountText> {
      for (; taken < 100_000; taken += 1)
        yield { place: `line-${taken + 1}`, kind: 'json', bytes: new TextEncoder().encode(line(taken)), failure: null };
    }
    const question = { marketText: MARKET_TEXT, models: ['portfolio'], parameters: {}, valueAtRisk: [] };
    const write = async () => false;
    const run = {
      question,
      accounts: accounts(),
      out: null,
      resume: false,
      workers: 2,
      write,
      onRows: () => undefined,
    };
    expect((await runBatch(run)).isWhole).toBe(false);
    expect(taken).toBeLessThan(1_000);
  });
});

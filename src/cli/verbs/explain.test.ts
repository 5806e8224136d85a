import { describe, expect, test } from 'vitest';
import type { ExplainedPosition, ExplainedSum } from '../../engine/domain/pnlExplanation.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { identified, marketFileText } from '../../formats/marketFile.ts';
import { portfolioFileText } from '../../formats/portfolioFile.ts';
import { commandRun } from '../fixtures/commandRun.ts';

const LATER = {
  ...smallSnapshot(),
  asOf: AS_OF + MILLISECONDS_PER_DAY,
  underlyings: smallSnapshot().underlyings.map((underlying) => ({
    ...underlying,
    index: underlying.index * 0.93,
    perpetual: { mark: underlying.perpetual!.mark * 0.93 },
    expiries: underlying.expiries.map((expiry) => ({
      ...expiry,
      forward: expiry.forward * 0.931,
      quotes: expiry.quotes.map((quote) => ({ ...quote, markIv: quote.markIv! + 0.04 })),
    })),
  })),
};
const FILES: Readonly<Record<string, string>> = {
  'monday.json': marketFileText(identified(smallSnapshot())),
  'tuesday.json': marketFileText(identified(LATER)),
  'book.json': portfolioFileText(
    smallBook(
      [
        [`BTC-${CODES.month}-100000-C`, -2],
        [`ETH-${CODES.year}-3000-C`, 10],
        ['BTC-PERPETUAL', -30_000, 91_000],
        ['BTC-1JAN25-100000-C', 1],
      ],
      [
        { asset: 'USDC', quantity: 100_000 },
        { asset: 'BTC', quantity: 1.5 },
      ],
    ),
  ),
  'expired.json': portfolioFileText(smallBook([['BTC-1JAN25-100000-C', 1]])),
};
const BOOK = ['--portfolio', 'book.json'];
const DAYS = ['--from-market', 'monday.json', '--market', 'tuesday.json', ...BOOK];

interface Explained {
  readonly from: { asOf: string; source: { kind: string } | null };
  readonly to: { asOf: string; source: { kind: string } | null };
  readonly days: number;
  readonly scenario: object | null;
  readonly legs: readonly ExplainedPosition[];
  readonly collateral: readonly ExplainedPosition[];
  readonly leftOut: readonly { id: string; failure: { message: string } }[];
  readonly byUnderlying: Readonly<Record<string, ExplainedSum & { indexFrom: number; indexTo: number }>>;
  readonly legsTotal: ExplainedSum;
  readonly total: ExplainedSum;
  readonly notices: readonly { severity: string; message: string }[];
}

const run = (argv: readonly string[]) => commandRun(['explain', ...argv], FILES);

async function answer(argv: readonly string[]): Promise<Explained> {
  const { code, stdout, stderr } = await run(argv);
  if (code !== 0) throw new Error(stderr);
  expect(stdout).not.toMatch(/NaN|Infinity|undefined|\u2212/);
  return JSON.parse(stdout) as Explained;
}

async function refusal(argv: readonly string[]) {
  const { code, stdout, stderr } = await run(argv);
  const last = stderr.trimEnd().split('\n').at(-1)!;
  return {
    exit: code,
    stdout,
    ...(JSON.parse(last) as { error: { code: string; path: string; message: string } }).error,
  };
}

const partsOf = ({ delta, gamma, vega, theta, vanna, volga, basis, currency, residual }: ExplainedSum) =>
  delta + gamma + vega + theta + vanna + volga + basis + currency + residual;

describe('risk explain', () => {
  test('from one market to another: parts add up in every row, and rows to the change of equity', async () => {
    const explained = await answer(DAYS);
    expect(explained.from).toMatchObject({ asOf: '2026-11-20T08:00:00Z', source: { kind: 'simulated' } });
    expect(explained.to.asOf).toBe('2026-11-21T08:00:00Z');
    expect(explained.days).toBe(1);
    expect(explained.scenario).toBeNull();
    const rows = [...explained.legs, ...explained.collateral, explained.legsTotal, explained.total];
    for (const row of rows) expect(partsOf(row)).toBeCloseTo(row.pnlUsd, 6);
    expect(explained.legs.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(explained.leftOut.map(({ id }) => id)).toEqual(['d']);
    expect(explained.byUnderlying.BTC).toMatchObject({ indexFrom: 90_000, indexTo: 83_700 });
    // The values at both ends are those of `value`: an independent way to the same difference.
    const equity = async (market: string) => {
      const { stdout } = await commandRun(['value', '--market', market, ...BOOK], FILES);
      return (JSON.parse(stdout) as { equityUsd: number }).equityUsd;
    };
    expect(explained.total.pnlUsd).toBeCloseTo((await equity('tuesday.json')) - (await equity('monday.json')), 6);
    expect(explained.notices.some(({ message }) => /funding is left out/.test(message))).toBe(true);
  });

  test('through a scenario: options as stress takes them, the end has no source', async () => {
    const move = '--spot -0.1 --vol 0.25 --vol-unit relative --days 1 --smile sticky-strike'.split(' ');
    const explained = await answer(['--market', 'monday.json', ...BOOK, ...move]);
    expect(explained.scenario).toEqual({
      spotMove: -0.1,
      volShock: 0.25,
      volUnit: 'relative',
      days: 1,
      smile: 'sticky-strike',
    });
    expect(explained.to).toEqual({ asOf: '2026-11-21T08:00:00Z', source: null });
    expect(explained.legs[0]!.volatility).toMatchObject({ fromSource: 'mark', toSource: 'scenario' });
    expect(explained.legs[0]!.delta).toBeCloseTo(explained.legs[0]!.greeks.delta * -9_000, 6);
    expect(partsOf(explained.total)).toBeCloseTo(explained.total.pnlUsd, 6);
    const rule = ['--spot', '-0.1', '--smile', 'spot-vol-beta', '--spot-vol-beta', '-0.5'];
    const follows = await answer(['--market', 'monday.json', ...BOOK, ...rule]);
    expect(follows.legs[0]!.volatility!.change).toBeGreaterThan(0.04);
    expect(partsOf(follows.total)).toBeCloseTo(follows.total.pnlUsd, 6);
    const points = await answer(['--market', 'monday.json', ...BOOK, '--vol', '0.25', '--vol-unit', 'points']);
    expect(points.legs[0]!.volatility!.change).toBeCloseTo(0.25, 12);
  });

  test.each<[string, readonly string[], string, RegExp]>([
    ['no move', ['--market', 'monday.json', ...BOOK], '/from-market', /give --from-market, or --spot/],
    ['both moves', [...DAYS, '--spot', '0.1'], '/spot', /does not go with --from-market/],
    ['a spot below zero', ['--market', 'monday.json', ...BOOK, '--spot', '-1'], '/spot', /above -1/],
    ['an unknown rule', ['--market', 'monday.json', ...BOOK, '--days', '1', '--smile', 'x'], '/smile', /sticky/],
    [
      'a beta without its rule',
      ['--market', 'monday.json', ...BOOK, '--spot-vol-beta', '1', '--days', '1'],
      '/spot-vol-beta',
      /goes with/,
    ],
    ['the wrong order', ['--from-market', 'tuesday.json', '--market', 'monday.json', ...BOOK], '/from-market', /after/],
    ['a missing file', ['--from-market', 'sunday.json', '--market', 'monday.json', ...BOOK], '', /sunday\.json/],
    [
      'a portfolio for a market',
      ['--from-market', 'book.json', '--market', 'monday.json', ...BOOK],
      '/schema',
      /book\.json/,
    ],
    [
      'no leg with a value',
      ['--market', 'monday.json', '--portfolio', 'expired.json', '--spot', '0.1'],
      '/positions/0/instrument',
      /No leg can be explained.*expired/,
    ],
  ])('refuses %s', async (_, argv, path, message) => {
    const refused = await refusal(argv);
    expect(refused).toMatchObject({ exit: 2, stdout: '', path });
    expect(refused.message).toMatch(message);
  });
});

import { describe, expect, test } from 'vitest';
import type { MarginPathsReport } from '../../engine/domain/marginPaths.ts';
import { dailyHistory, randomMoves, withHistory } from '../../engine/fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { identified, marketFileText } from '../../formats/marketFile.ts';
import { portfolioFileText } from '../../formats/portfolioFile.ts';
import { commandRun } from '../fixtures/commandRun.ts';

const { btc, btcVol, eth, ethVol } = randomMoves(200);
const FILES: Readonly<Record<string, string>> = {
  'market.json': marketFileText(identified(withHistory(smallSnapshot(), { BTC: dailyHistory(AS_OF, btc, btcVol) }))),
  'still.json': marketFileText(identified(smallSnapshot())),
  'coins.json': marketFileText(
    identified(
      withHistory(smallSnapshot(), { BTC: dailyHistory(AS_OF, btc, btcVol), ETH: dailyHistory(AS_OF, eth, ethVol) }),
    ),
  ),
  'coins-book.json': portfolioFileText(
    smallBook(
      [
        [`BTC-${CODES.week}-90000-C`, -2],
        [`BTC-${CODES.month}-80000-P`, -1],
        ['ETH-PERPETUAL', 20_000],
      ],
      [{ asset: 'USDC', quantity: 60_000 }],
    ),
  ),
  'book.json': portfolioFileText(smallBook([[`BTC-${CODES.week}-90000-C`, -2]], [{ asset: 'USDC', quantity: 40_000 }])),
};

const run = (...args: string[]) =>
  commandRun(['paths', ...(args.includes('--portfolio') ? [] : ['--portfolio', 'book.json']), ...args], FILES);

describe('risk paths', () => {
  test('prints how likely equity touches maintenance by each day, with the settings asked for', async () => {
    const settings = ['--days', '8', '--steps-per-day', '4', '--paths', '2000', '--seed', '3'];
    const { code, stdout, stderr } = await run('--market', 'market.json', ...settings);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as MarginPathsReport & { asOf: string };
    expect(answer).toMatchObject({
      asOf: '2026-11-20T08:00:00Z',
      model: 'portfolio',
      days: 8,
      stepsPerDay: 4,
      paths: 2000,
    });
    expect(answer.touchByDay.map(({ day }) => day)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const probabilities = answer.touchByDay.map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => a - b));
    expect(probabilities.at(-1)).toBeGreaterThan(0);
    expect(answer.settlements).toEqual([{ expiry: '2026-11-27T08:00:00Z', days: 7, legs: ['a'] }]);
    expect(answer.fan.equityUsd).toHaveLength(7);
    expect(stderr).toContain('2000 of 2000');
  });

  test('has the same bits whatever the number of threads', async () => {
    const settings = ['--days', '6', '--steps-per-day', '4', '--paths', '3000', '--model', 'deribit-pm'];
    const answers: unknown[] = [];
    for (const workers of ['1', '2', '3']) {
      const { code, stdout } = await run(
        '--market',
        'coins.json',
        '--portfolio',
        'coins-book.json',
        ...settings,
        '--workers',
        workers,
      );
      expect(code).toBe(0);
      const { elapsedMs: _elapsed, ...answer } = JSON.parse(stdout) as MarginPathsReport;
      answers.push(answer);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((answers[0] as MarginPathsReport).touchByDay.at(-1)!.probability).toBeGreaterThan(0);
  }, 60_000);

  test.each([
    [['--market', 'market.json', '--workers', '0'], '/workers'],
    [['--market', 'market.json', '--days', '0.5'], '/days'],
    [['--market', 'market.json', '--paths', '5'], '/paths'],
    [['--market', 'market.json', '--distribution', 'cauchy'], '/distribution'],
    [['--market', 'market.json', '--degrees-of-freedom', '2'], '/degrees-of-freedom'],
  ])('refuses %j and says where', async (args, path) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error.path).toBe(path);
  });

  test('says which history is missing', async () => {
    const { code, stderr } = await run('--market', 'still.json');
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error.message).toContain('BTC has no price history');
  });
});

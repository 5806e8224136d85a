import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BacktestMethod, BacktestReport, BacktestRequest } from '../domain/backtestReport.ts';
import type { MarketSnapshot, PriceHistory } from '../domain/marketSnapshot.ts';
import type { VarRequest } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { normals } from '../numerics/sampling.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { backtest } from './backtest.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const METHODS: readonly BacktestMethod[] = ['historical', 'age-weighted', 'filtered-historical', 'parametric'];
const MIDNIGHT = Math.floor(AS_OF / MILLISECONDS_PER_DAY) * MILLISECONDS_PER_DAY;
const MOVES = randomMoves(160);
const FULL = withHistory(smallSnapshot(), {
  BTC: dailyHistory(MIDNIGHT, MOVES.btc, MOVES.btcVol),
  ETH: dailyHistory(MIDNIGHT, MOVES.eth, MOVES.ethVol),
});
const BOOK = smallBook(
  [
    [`BTC-${CODES.month}-80000-P`, -2],
    [`BTC-${CODES.month}-100000-C`, -2],
    [`ETH-${CODES.year}-3000-C`, 10],
    ['BTC-PERPETUAL', -30_000, 91_000],
  ],
  [{ asset: 'BTC', quantity: 0.5 }],
);

async function report(snapshot: MarketSnapshot, change: Partial<BacktestRequest> = {}): Promise<BacktestReport> {
  const request: BacktestRequest = {
    marketId: snapshot.id,
    portfolio: BOOK,
    methods: METHODS,
    confidence: 0.95,
    window: 100,
    smile: 'sticky-strike',
    ...change,
  };
  return (await backtest(prepareMarket(snapshot), request))!;
}

/** The snapshot with one close of one coin multiplied, and its vol index too. */
function touched(snapshot: MarketSnapshot, symbol: string, at: number, factor: number): MarketSnapshot {
  const scaled = (points: PriceHistory['closes']) =>
    points.map(([time, value], i) => [time, i === at ? value * factor : value] as const);
  const history = snapshot.underlyings.find((each) => each.symbol === symbol)!.history!;
  return withHistory(snapshot, {
    [symbol]: { ...history, closes: scaled(history.closes), volatilityIndex: scaled(history.volatilityIndex) },
  });
}

describe('rolling forecasts', () => {
  test.each(['historical', 'filtered-historical', 'parametric'] as const)(
    '%s: each is the VaR of a market that ends the day before and begins with the window',
    async (method) => {
      const rolled = await report(FULL, { methods: [method] });
      for (const day of [0, 17, 59]) {
        const cut = withHistory(
          FULL,
          Object.fromEntries(
            FULL.underlyings.map(({ symbol, history }) => [
              symbol,
              {
                intervalDays: 1,
                closes: history!.closes.slice(day, day + 101),
                volatilityIndex: history!.volatilityIndex.slice(day, day + 101),
              },
            ]),
          ),
        );
        const request: VarRequest = {
          inputVersion: 0,
          marketId: cut.id,
          portfolio: BOOK,
          method,
          confidence: 0.95,
          horizonDays: 1,
          paths: 1000,
          seed: 1,
          distribution: 'normal',
          degreesOfFreedom: 4,
          revaluation: method === 'parametric' ? 'delta-gamma' : 'full',
          smile: 'sticky-strike',
          lossLevelsUsd: [],
        };
        const then = (await valueAtRisk(prepareMarket(cut), request))!;
        const [forecast] = rolled.methods;
        expect(forecast!.valueAtRiskUsd[day]! / then.valueAtRiskUsd).toBeCloseTo(1, 9);
        expect(forecast!.expectedShortfallUsd[day]! / then.expectedShortfallUsd).toBeCloseTo(1, 9);
      }
    },
  );

  test('P&L is that of the day: the worst move of all, valued alone', async () => {
    const { pnlUsd, dates } = await report(FULL);
    expect(dates).toHaveLength(60);
    expect(dates.at(-1)).toBe(MIDNIGHT);
    // A perpetual alone loses what its formula says.
    const linear = smallBook([['BTC-PERPETUAL', 90_000, 90_000]], []);
    const alone = await report(FULL, { portfolio: linear });
    const mark = 90_000 * 1.0004;
    MOVES.btc.slice(100).forEach((move, day) => {
      // The coins earned since entry, at what spot then is, against the same before the move.
      const coins = 90_000 * (1 / 90_000 - 1 / (mark * Math.exp(move)));
      const before = 90_000 * (1 / 90_000 - 1 / mark) * 90_000;
      expect(alone.pnlUsd[day]).toBeCloseTo(coins * 90_000 * Math.exp(move) - before, 6);
    });
    expect(pnlUsd).toHaveLength(60);
  });

  const withoutVolIndex = withHistory(FULL, { ETH: dailyHistory(MIDNIGHT, MOVES.eth) });
  const noIndexAtAll = withHistory(withoutVolIndex, { BTC: dailyHistory(MIDNIGHT, MOVES.btc) });
  property.prop(
    [
      fc.integer({ min: 101, max: 160 }),
      fc.constantFrom('BTC', 'ETH'),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.constantFrom(FULL, withoutVolIndex, noIndexAtAll),
    ],
    { seed: 4, numRuns: 8 },
  )('a later close never changes an earlier forecast', async (at, symbol, factor, snapshot) => {
    const before = await report(snapshot);
    const after = await report(touched(snapshot, symbol, at, factor));
    // Close `at` ends move `at - 1`, which is tested day `at - 101`: its own forecast knows nothing of it either.
    const known = at - 100;
    METHODS.forEach((_, m) => {
      for (const series of ['valueAtRiskUsd', 'expectedShortfallUsd'] as const)
        expect(after.methods[m]![series].slice(0, known)).toEqual(before.methods[m]![series].slice(0, known));
    });
    expect(after.pnlUsd.slice(0, known - 1)).toEqual(before.pnlUsd.slice(0, known - 1));
    if (factor !== 1) expect(after.pnlUsd[known - 1]).not.toBe(before.pnlUsd[known - 1]);
  });

  test('a wild day enters the forecast of the day after', async () => {
    const crash = touched(FULL, 'BTC', 140, 0.4);
    const { methods } = await report(crash);
    const calm = await report(FULL);
    methods.forEach(({ expectedShortfallUsd }, m) =>
      expect(expectedShortfallUsd[40]).toBeGreaterThan(1.5 * calm.methods[m]!.expectedShortfallUsd[40]!),
    );
  });
});

describe('what is counted', () => {
  // Independent normal days and a book that is linear in them: everything is known in advance.
  const days = 1000;
  const iid = (seed: number) => {
    const moves = new Float64Array(days);
    normals(seed, 0, 0, days, 1, moves);
    return withHistory(smallSnapshot(), {
      BTC: dailyHistory(
        MIDNIGHT,
        Array.from(moves, (z) => 0.01 * z),
        Array.from(moves, () => 0),
      ),
    });
  };
  test('independent days are exceeded as often as promised, and no test rejects too often', async () => {
    const linear = smallBook([], [{ asset: 'BTC', quantity: 1 }]);
    const tested = (seeds: readonly number[], methods: readonly BacktestMethod[]) =>
      Promise.all(
        seeds.map((seed) => report(iid(seed), { portfolio: linear, window: 250, confidence: 0.95, methods })),
      );
    const judge = (runs: readonly BacktestReport[], promised: number) => {
      const exceptions = runs.reduce((sum, run) => sum + run.methods[0]!.exceptions.length, 0);
      const all = runs.length * (days - 250);
      expect(Math.abs(exceptions / all - promised)).toBeLessThan(4 * Math.sqrt((promised * (1 - promised)) / all));
      expect(runs.filter((run) => run.methods[0]!.coverage.pValue < 0.01).length).toBeLessThanOrEqual(1);
      for (const { methods } of runs) {
        const { shortfall } = methods[0]!;
        if (!('z2' in shortfall)) throw new Error(shortfall.message);
        expect(shortfall.pValue).toBeGreaterThan(0.001);
      }
    };
    // The 13th of 250 losses is exceeded with probability 13 / 251; a normal quantile, known but for its scale, with 5 %.
    judge(await tested([1, 2, 3, 4, 5, 6, 7, 8], ['historical']), 13 / 251);
    judge(await tested([1, 2], ['parametric']), 0.05);
  });

  test('a model that is too mild is found out: the calm before tells nothing of the storm', async () => {
    const calm = Array.from({ length: 100 }, (_, i) => 0.005 * Math.sin(i * 1.7));
    const storm = Array.from({ length: 60 }, (_, i) => 0.05 * Math.sin(i * 1.3));
    const snapshot = withHistory(smallSnapshot(), {
      BTC: dailyHistory(
        MIDNIGHT,
        [...calm, ...storm],
        [...calm, ...storm].map(() => 0),
      ),
    });
    const linear = smallBook([], [{ asset: 'BTC', quantity: 1 }]);
    const { methods } = await report(snapshot, { portfolio: linear, methods: ['historical'], window: 100 });
    const [result] = methods;
    expect(result!.exceptions.length).toBeGreaterThan(result!.expectedExceptions * 2);
    expect(result!.coverage.pValue).toBeLessThan(0.05);
    expect(result!.trafficLight.zone).not.toBe('green');
    if (!('z2' in result!.shortfall)) throw new Error(result!.shortfall.message);
    expect(result!.shortfall.z2).toBeLessThan(result!.shortfall.criticalValueFatTails);
  });

  test('the series, the exceptions and the counts agree', async () => {
    const { pnlUsd, methods } = await report(FULL);
    for (const { valueAtRiskUsd, expectedShortfallUsd, exceptions, independence, expectedExceptions } of methods) {
      const beyond = pnlUsd.flatMap((usd, day) => (-usd > valueAtRiskUsd[day]! ? [day] : []));
      expect(exceptions).toEqual(beyond);
      expect(expectedExceptions).toBe(60 * 0.05);
      const { n00, n01, n10, n11 } = independence;
      expect(n00 + n01 + n10 + n11).toBe(59);
      expectedShortfallUsd.forEach((usd, day) => expect(usd).toBeGreaterThanOrEqual(valueAtRiskUsd[day]! - 1e-9));
    }
  });

  test('a day after a gap is the successor of no day, and the report says so', async () => {
    const gapped = withHistory(
      FULL,
      Object.fromEntries(
        FULL.underlyings.map(({ symbol, history }) => [
          symbol,
          { ...history!, closes: history!.closes.filter((_, i) => i !== 140) },
        ]),
      ),
    );
    const { dates, methods, notices } = await report(gapped);
    expect(dates).toHaveLength(58);
    const { n00, n01, n10, n11 } = methods[0]!.independence;
    expect(n00 + n01 + n10 + n11).toBe(56);
    expect(notices.map((notice) => notice.message).join('\n')).toContain('1 tested day follows a gap');
  });
});

describe('what cannot be tested says why', () => {
  test.each<[string, Partial<BacktestRequest>, string]>([
    ['a window that leaves nothing', { window: 140 }, 'choose a window of at most 130'],
    ['a window of hours', { window: 2.5 }, 'from 30 to 5000'],
    ['certainty', { confidence: 1 }, '0.75 to 0.9999'],
    ['no method', { methods: [] }, 'at least one method'],
    ['an empty book', { portfolio: smallBook([]) }, 'nothing whose value moves'],
  ])('%s', async (_, change, words) => {
    await expect(report(FULL, change)).rejects.toThrow(words);
  });

  test('no history, and too short a one', async () => {
    await expect(report(smallSnapshot())).rejects.toThrow('has no price history in this market; a backtest needs it');
    const short = withHistory(smallSnapshot(), {
      BTC: dailyHistory(MIDNIGHT, MOVES.btc.slice(0, 50), MOVES.btcVol.slice(0, 50)),
      ETH: dailyHistory(MIDNIGHT, MOVES.eth.slice(0, 50), MOVES.ethVol.slice(0, 50)),
    });
    await expect(report(short, { window: 30 })).rejects.toThrow('open a market with a longer history');
  });

  test('few expected exceptions are a warning', async () => {
    const { notices } = await report(FULL, { confidence: 0.999 });
    const messages = notices.map((notice) => notice.message).join('\n');
    expect(messages).toContain('Only 0.1 exceptions are expected in 60 days');
    expect(messages).toContain('Less than one of 100 moves lies beyond this VaR');
  });

  test('a book that only gains has exceptions, and no test of expected shortfall', async () => {
    // A straddle under large moves that shrink day by day: each gains less than any before it.
    const shrinking = Array.from({ length: 140 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (0.09 - 0.0002 * i));
    const still = shrinking.map(() => 0);
    const snapshot = withHistory(smallSnapshot(), { BTC: dailyHistory(MIDNIGHT, shrinking, still) });
    const straddle = smallBook(
      [
        [`BTC-${CODES.month}-90000-C`, 1],
        [`BTC-${CODES.month}-90000-P`, 1],
      ],
      [],
    );
    const { methods, pnlUsd } = await report(snapshot, { portfolio: straddle, methods: ['historical'] });
    expect(Math.min(...pnlUsd)).toBeGreaterThan(0);
    expect(methods[0]!.exceptions.length).toBeGreaterThan(15);
    expect(methods[0]!.coverage.pValue).toBeLessThan(1e-6);
    expect(methods[0]!.shortfall).toMatchObject({ code: 'unsupported' });
    expect((methods[0]!.shortfall as { message: string }).message).toMatch(/is no loss on 2026-\d\d-\d\d/);
  });

  test('a cancelled run answers null', async () => {
    let asked = 0;
    const request: BacktestRequest = {
      marketId: FULL.id,
      portfolio: BOOK,
      methods: METHODS,
      confidence: 0.95,
      window: 100,
      smile: 'sticky-strike',
    };
    const done: number[] = [];
    const cancelled = await backtest(prepareMarket(FULL), request, {
      cancelled: () => (asked += 1) > 3,
      onProgress: ({ daysDone, daysAsked }) => done.push(daysDone / daysAsked),
    });
    expect(cancelled).toBeNull();
    expect(done).toEqual([16 / 240, 32 / 240, 48 / 240]);
  });
});

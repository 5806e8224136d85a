import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmileRule } from '../domain/scenario.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { calibratedGenerator } from '../scenario/calibratedGenerator.ts';
import { jointMoves } from '../scenario/jointMoves.ts';
import { ellipticalGenerator } from '../scenario/monteCarloScenarios.ts';
import type { PathPlan } from '../scenario/pathPlan.ts';
import { pathPlan, pathPositions, varianceTermsOf } from '../scenario/pathPositions.ts';
import { pathValuation } from '../scenario/pathValuation.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { PROXY_TOLERANCE, proxyPlan } from './proxyPlan.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(500);
const market = prepareMarket(
  withHistory(smallSnapshot({ usdcPrice: 0.998 }), {
    BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
    ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
  }),
);
const underlyings = ['BTC', 'ETH'];
const moves = jointMoves(market.snapshot, underlyings, 'Monte Carlo VaR');
const asked = { degreesOfFreedom: 4, seed: 9, smile: 'sticky-strike', estimates: {} } as const;
const studentT = (horizonDays: number) =>
  ellipticalGenerator(moves, { ...asked, horizonDays, distribution: 'student-t' }).draws;

type Legs = readonly (readonly [string, number, number?])[];
const BOOK: Legs = [
  [`BTC-${CODES.week}-85000-P`, -12],
  [`BTC-${CODES.week}-95000-C`, 30],
  [`BTC-${CODES.month}-100000-C`, -30],
  [`BTC_USDC-${CODES.month}-90000-C`, 15],
  [`BTC-${CODES.year}-120000-C`, 8],
  ['BTC-PERPETUAL', 500_000, 70_000],
  [`ETH-${CODES.week}-3000-P`, -200],
  [`ETH-${CODES.month}-3400-C`, 150],
  ['ETH_USDC-PERPETUAL', -40, 2_900],
];

function planOf(
  books: readonly Legs[],
  smile: SmileRule = 'sticky-strike',
  draws: PathPlan['draws'] = studentT(1),
): PathPlan {
  const seen = { underlyings, varianceTerms: varianceTermsOf(draws), smile, kernels: referenceKernels };
  const positions = books.map((legs) =>
    pathPositions(bookPositions(market, smallBook(legs, [{ asset: 'BTC', quantity: 7 }])), seen),
  );
  return pathPlan(underlyings, draws, positions);
}

/** Of the first book, in paths that neither the box nor the checks have seen. */
async function unseenPnl(plan: PathPlan, count: number): Promise<Float64Array> {
  return (await pathValuation(plan, referenceKernels)).pnl(40_000, count).pnl[0]!;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

const strikes = fc.integer({ min: -6, max: 6 });
const leg = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('BTC', 'BTC_USDC', 'ETH'),
        fc.constantFrom(...Object.values(CODES)),
        strikes,
        fc.constantFrom('C', 'P'),
      )
      .map(
        ([coin, code, n, type]) => `${coin}-${code}-${coin === 'ETH' ? 3_000 + 200 * n : 90_000 + 5_000 * n}-${type}`,
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom('BTC-PERPETUAL', `ETH-${CODES.month}`, 'ETH_USDC-PERPETUAL') },
);
const legs: fc.Arbitrary<Legs> = fc
  .array(
    fc.tuple(
      leg,
      fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0),
    ),
    { minLength: 1, maxLength: 14 },
  )
  .filter((drawn) => drawn.some(([name]) => /[CP]$/.test(name)));

describe('a proxy in place of positions', () => {
  it('keeps within its stated error of full revaluation in unseen paths, whatever the book', async () => {
    await fc.assert(
      fc.asyncProperty(
        legs,
        fc.constantFrom<SmileRule>('sticky-strike', 'sticky-delta', 'spot-vol-beta'),
        fc.constantFrom(1, 5),
        async (book, smile, horizonDays) => {
          const plan = planOf([book], smile, studentT(horizonDays));
          const { plan: fitted, error, notices } = await proxyPlan(plan, referenceKernels);
          const [exact, found] = [await unseenPnl(plan, 2_000), await unseenPnl(fitted, 2_000)];
          expect(largestDifference(exact, found)).toBeLessThanOrEqual(error.maxUsd + 1e-9 * error.grossPremiumUsd);
          expect(error.maxUsd).toBeLessThanOrEqual(PROXY_TOLERANCE * error.grossPremiumUsd);
          expect(notices.length).toBe(error.fullCoins.length);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it.each<[SmileRule, number]>([
    ['sticky-strike', 1],
    ['sticky-delta', 1],
    ['spot-vol-beta', 10],
  ])('stands for a book under %s over %i days with every coin fitted and few paths outside', async (smile, days) => {
    const plan = planOf([BOOK], smile, studentT(days));
    const { plan: fitted, error, notices } = await proxyPlan(plan, referenceKernels);
    expect(notices).toEqual([]);
    expect(error.fullCoins).toEqual([]);
    expect(error.shareOfGrossPremium).toBeGreaterThan(0);
    expect(error.shareOfGrossPremium).toBeLessThanOrEqual(1e-6);
    expect(error.outsideBox).toBeLessThan(0.01);
    expect(fitted.rows.every(({ kind }) => kind === 'proxy')).toBe(true);
    expect(fitted.rows).toHaveLength(2);
    const difference = largestDifference(await unseenPnl(plan, 20_000), await unseenPnl(fitted, 20_000));
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThanOrEqual(error.maxUsd);
  });

  it('follows a mean-reverting variance as its options do', async () => {
    const { draws } = calibratedGenerator(market, moves, { ...asked, horizonDays: 3, distribution: 'bates' });
    const plan = planOf([BOOK], 'sticky-delta', draws);
    const { plan: fitted, error } = await proxyPlan(plan, referenceKernels);
    expect(error.fullCoins).toEqual([]);
    expect(largestDifference(await unseenPnl(plan, 4_000), await unseenPnl(fitted, 4_000))).toBeLessThanOrEqual(
      error.maxUsd,
    );
  }, 60_000);

  it('of a book that nets to nearly nothing is judged by its gross premium', async () => {
    const net = BOOK.flatMap(
      ([name, quantity]): Legs =>
        /[CP]$/.test(name)
          ? [
              [name, quantity],
              [name.replace(/-[CP]$/, name.endsWith('C') ? '-P' : '-C'), -quantity * 0.999],
            ]
          : [],
    );
    const plan = planOf([net]);
    const { plan: fitted, error } = await proxyPlan(plan, referenceKernels);
    expect(error.fullCoins).toEqual([]);
    expect(error.maxUsd).toBeLessThanOrEqual(1e-6 * error.grossPremiumUsd);
    expect(largestDifference(await unseenPnl(plan, 5_000), await unseenPnl(fitted, 5_000))).toBeLessThanOrEqual(
      error.maxUsd,
    );
  });

  it('of two books together is the sum of their proxies, within the errors of all three', async () => {
    const [first, second] = [BOOK.slice(0, 4), BOOK.slice(4)];
    const coinless = async (part: Legs) => {
      const draws = studentT(1);
      const seen = { underlyings, varianceTerms: null, smile: 'sticky-strike', kernels: referenceKernels } as const;
      const positions = pathPositions(bookPositions(market, smallBook(part)), seen);
      const { plan, error } = await proxyPlan(pathPlan(underlyings, draws, [positions]), referenceKernels);
      return { pnl: await unseenPnl(plan, 4_000), error: error.maxUsd };
    };
    const [a, b, both] = [await coinless(first), await coinless(second), await coinless(BOOK)];
    const sum = a.pnl.map((value, i) => value + b.pnl[i]!);
    expect(largestDifference(sum, both.pnl)).toBeLessThanOrEqual(a.error + b.error + both.error);
  });

  it('is made for each book of a plan; the error told is that of the first', async () => {
    const plan = planOf([BOOK, BOOK.slice(0, 3)]);
    const { plan: fitted, error } = await proxyPlan(plan, referenceKernels);
    const [alone, exact, found] = [
      await proxyPlan(planOf([BOOK]), referenceKernels),
      (await pathValuation(plan, referenceKernels)).pnl(0, 3_000).pnl,
      (await pathValuation(fitted, referenceKernels)).pnl(0, 3_000).pnl,
    ];
    expect({ ...error, buildMs: null }).toEqual({ ...alone.error, buildMs: null });
    expect(largestDifference(exact[0]!, found[0]!)).toBeLessThanOrEqual(error.maxUsd);
    expect(largestDifference(exact[1]!, found[1]!)).toBeLessThanOrEqual(error.maxUsd);
  });

  it('gives a path the same bits wherever it is cut, and as another thread has it', async () => {
    const { plan } = await proxyPlan(planOf([BOOK], 'sticky-delta', studentT(10)), referenceKernels);
    const valuation = await pathValuation(plan, referenceKernels);
    const whole = valuation.pnl(0, 30_000).pnl[0]!;
    const there = await pathValuation(structuredClone(plan), referenceKernels);
    const cut = [there.pnl(0, 777), there.pnl(777, 12_345), there.pnl(13_122, 16_878)];
    expect(Float64Array.from(cut.flatMap(({ pnl }) => [...pnl[0]!]))).toEqual(whole);
  });

  it('falls back to full revaluation, to the bit, and says so, where the error asked for is out of reach', async () => {
    const plan = planOf([BOOK]);
    const { plan: fitted, error, notices } = await proxyPlan(plan, referenceKernels, { tolerance: 1e-17 });
    expect(error).toMatchObject({ fullCoins: ['BTC', 'ETH'], maxUsd: 0, pieces: 0 });
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^BTC is revalued in full: /),
      expect.stringMatching(/^ETH is revalued in full: /),
    ]);
    expect(await unseenPnl(fitted, 1_000)).toEqual(await unseenPnl(plan, 1_000));
  });

  it('has nothing to do in a book without options', async () => {
    const plan = planOf([[['BTC-PERPETUAL', 50_000]]]);
    const { plan: fitted, error } = await proxyPlan(plan, referenceKernels);
    expect(error).toMatchObject({ maxUsd: 0, shareOfGrossPremium: null, grossPremiumUsd: 0, nodes: 0 });
    expect(await unseenPnl(fitted, 100)).toEqual(await unseenPnl(plan, 100));
  });
});

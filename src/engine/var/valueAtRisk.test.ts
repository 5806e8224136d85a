import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../domain/portfolio.ts';
import type { VarMethod, VarProgress, VarReport, VarRequest } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { unitGreeks } from '../scenario/positionGreeks.ts';
import { inlinePathPool } from '../scenario/inlinePathPool.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { exposures, sensitivity } from './exposures.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(500);
const market = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
    ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
  }),
);
const bareMarket = prepareMarket(smallSnapshot());

const NOTHING: Portfolio = { name: 'empty', legs: [], collateral: [] };
const perpetual = (usd: number): Portfolio => smallBook([['BTC-PERPETUAL', usd]]);
const optionBook = smallBook(
  [
    [`BTC-${CODES.month}-100000-C`, -3],
    [`BTC-${CODES.month}-75000-P`, -2],
    [`BTC-${CODES.year}-90000-C`, 1],
    [`ETH-${CODES.week}-3000-P`, -20],
    ['ETH-PERPETUAL', -20_000],
  ],
  [
    { asset: 'USDC', quantity: 50_000 },
    { asset: 'BTC', quantity: 0.5 },
  ],
);

function request(part: Partial<VarRequest> = {}): VarRequest {
  return {
    inputVersion: 5,
    marketId: 'small',
    portfolio: optionBook,
    method: 'historical',
    confidence: 0.99,
    horizonDays: 1,
    paths: 20_000,
    seed: 1,
    distribution: 'normal',
    degreesOfFreedom: 4,
    revaluation: 'full',
    smile: 'sticky-strike',
    lossLevelsUsd: [],
    ...part,
  };
}

async function report(part: Partial<VarRequest> = {}): Promise<VarReport> {
  const found = await valueAtRisk(market, request(part));
  if (found === null) throw new Error('cancelled');
  return found;
}

const total = (found: VarReport): number => found.byPosition.reduce((sum, row) => sum + row.valueAtRiskUsd, 0);
const METHODS: VarMethod[] = ['historical', 'filtered-historical', 'parametric', 'monte-carlo'];
/** Standard deviation of BTC's daily log-returns about zero. */
const deviation = Math.sqrt(random.btc.reduce((sum, r) => sum + r * r, 0) / random.btc.length);
const index = market.snapshot.underlyings[0]!.index;
const mark = market.snapshot.underlyings[0]!.perpetual!.mark;
/** USD gained per 1.00 of relative spot move by one USD of notional. */
const perNotional = index / mark;

describe('a linear book', () => {
  it('has the historical VaR of its worst days', async () => {
    const found = await report({ portfolio: perpetual(100_000), confidence: 0.99 });
    const losses = random.btc.map((r) => -100_000 * perNotional * Math.expm1(r)).sort((a, b) => b - a);
    expect(found.valueAtRiskUsd).toBeCloseTo(losses[4]!, 6);
    expect(found.expectedShortfallUsd).toBeCloseTo(losses.slice(0, 5).reduce((sum, value) => sum + value, 0) / 5, 6);
    expect(found.observations).toBe(500);
    expect(found.standardError).toBeNull();
    expect(found.confidenceInterval95).toBeNull();
  });

  it('has the parametric VaR z sd, whatever the sign of the position', async () => {
    for (const notional of [100_000, -250_000]) {
      const found = await report({ portfolio: perpetual(notional), method: 'parametric', horizonDays: 4 });
      const exact = 2.3263478740408408 * 2 * deviation * Math.abs(notional) * perNotional;
      expect(Math.abs(found.valueAtRiskUsd / exact - 1)).toBeLessThan(1e-6);
      expect(
        Math.abs(found.expectedShortfallUsd / found.valueAtRiskUsd - 2.6652142203457994 / 2.3263478740408408),
      ).toBeLessThan(1e-6);
    }
  });

  it.each([
    // 99 % quantiles: normal; t with 4 degrees of freedom (3.746947) scaled to unit variance.
    ['normal', 2.3263478740408408],
    ['student-t', 3.746947387979197 * Math.SQRT1_2],
  ] as const)('has the Monte Carlo VaR of the closed form within four standard errors: %s', async (distribution, z) => {
    for (const notional of [100_000, -100_000]) {
      const found = await report({
        portfolio: perpetual(notional),
        method: 'monte-carlo',
        distribution,
        paths: 100_000,
      });
      const exact = -notional * perNotional * Math.expm1(-Math.sign(notional) * z * deviation);
      const error = found.standardError!.valueAtRiskUsd;
      expect(Math.abs(found.valueAtRiskUsd - exact)).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.02 * exact);
      const [low, high] = found.confidenceInterval95!.valueAtRiskUsd;
      expect(low).toBeLessThan(found.valueAtRiskUsd);
      expect(high).toBeGreaterThan(found.valueAtRiskUsd);
      expect(found.expectedShortfallUsd).toBeGreaterThan(found.valueAtRiskUsd);
    }
  });

  it('counts coin collateral as the spot it is, and profit in coin of an inverse future too', async () => {
    const coins = {
      ...NOTHING,
      collateral: [
        { asset: 'BTC', quantity: 2 },
        { asset: 'USDC', quantity: 1e6 },
      ],
    };
    const held = await report({ portfolio: coins });
    const spot = await report({ portfolio: perpetual((2 * index) / perNotional) });
    expect(held.valueAtRiskUsd).toBeCloseTo(spot.valueAtRiskUsd, 4);
    expect(held.byPosition).toEqual([
      {
        id: 'collateral:BTC',
        valueAtRiskUsd: held.valueAtRiskUsd,
        marginalVaRUsd: held.valueAtRiskUsd / 2,
        incrementalVaRUsd: held.valueAtRiskUsd,
      },
    ]);
    const won = await report({ portfolio: smallBook([['BTC-PERPETUAL', 100_000, mark / 2]]) });
    const earned = (100_000 / mark) * index;
    const doubled = await report({ portfolio: perpetual(100_000 + earned / perNotional) });
    expect(won.valueAtRiskUsd).toBeCloseTo(doubled.valueAtRiskUsd, 4);
  });

  it('is flat when coin collateral is hedged by a short perpetual', async () => {
    const hedged = smallBook([['BTC-PERPETUAL', -index / perNotional]], [{ asset: 'BTC', quantity: 1 }]);
    for (const method of METHODS) {
      expect(Math.abs((await report({ portfolio: hedged, method, paths: 2_000 })).valueAtRiskUsd)).toBeLessThan(1e-6);
    }
  });
});

describe.each(METHODS)('%s VaR of an option book', (method) => {
  it('adds up over positions, has ES above VaR, counts every outcome and reads exceedance', async () => {
    const first = await report({ method });
    const found = await report({
      method,
      lossLevelsUsd: [first.valueAtRiskUsd, 0, 1e9, -1e9],
    });
    expect(found.valueAtRiskUsd).toBe(first.valueAtRiskUsd);
    expect(found.valueAtRiskUsd).toBeGreaterThan(0);
    expect(found.expectedShortfallUsd).toBeGreaterThan(found.valueAtRiskUsd);
    expect(found.byPosition.map((row) => row.id)).toEqual(['a', 'b', 'c', 'd', 'e', 'collateral:BTC']);
    expect(Math.abs(total(found) / found.valueAtRiskUsd - 1)).toBeLessThan(1e-12);
    const [atVar, atZero, never, always] = found.exceedance.map((row) => row.probability);
    expect(Math.abs(atVar! - 0.01)).toBeLessThan(1 / found.observations + 1e-9);
    expect(atZero!).toBeGreaterThan(0.2);
    expect(atZero!).toBeLessThan(0.8);
    expect([never, always]).toEqual([0, 1]);
    expect(found.histogram.counts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(found.observations, 6);
    expect(found.histogram.edgesUsd.length).toBe(found.histogram.counts.length + 1);
    expect(found.inputVersion).toBe(5);
    expect(found.method).toBe(method);
  });

  it('grows with confidence, and scales with the book', async () => {
    const figures = await Promise.all([0.9, 0.95, 0.99].map((confidence) => report({ method, confidence })));
    for (const [i, figure] of figures.slice(1).entries()) {
      expect(figure.valueAtRiskUsd).toBeGreaterThanOrEqual(figures[i]!.valueAtRiskUsd);
      expect(figure.expectedShortfallUsd).toBeGreaterThanOrEqual(figures[i]!.expectedShortfallUsd);
    }
    const triple = await report({
      method,
      portfolio: {
        ...optionBook,
        legs: optionBook.legs.map((leg) => ({ ...leg, quantity: 3 * leg.quantity })),
        collateral: optionBook.collateral.map((held) => ({ ...held, quantity: 3 * held.quantity })),
      },
    });
    expect(triple.valueAtRiskUsd / figures[2]!.valueAtRiskUsd).toBeCloseTo(3, 9);
    expect(triple.expectedShortfallUsd / figures[2]!.expectedShortfallUsd).toBeCloseTo(3, 9);
  });

  it('reads ES at its own confidence', async () => {
    // Importance sampling looks where the question does, so that another question has other paths.
    const sampling = 'plain';
    const found = await report({ method, sampling, confidence: 0.99, expectedShortfallConfidence: 0.975 });
    expect(found.valueAtRiskUsd).toBe((await report({ method, sampling })).valueAtRiskUsd);
    expect(found.expectedShortfallUsd).toBeCloseTo(
      (await report({ method, sampling, confidence: 0.975 })).expectedShortfallUsd,
      8,
    );
  });

  it('leaves out what has no price, with a notice, and is zero for nothing', async () => {
    const odd = {
      ...optionBook,
      legs: [...optionBook.legs, { id: 'z', instrument: 'BTC-1JAN20-5000-C', quantity: 1 }],
    };
    const found = await report({ method, portfolio: odd });
    expect(found.valueAtRiskUsd).toBe((await report({ method })).valueAtRiskUsd);
    expect(found.notices.filter((notice) => notice.legId === 'z').map((notice) => notice.severity)).toEqual([
      'warning',
    ]);
    const empty = await valueAtRisk(bareMarket, request({ method, portfolio: NOTHING, lossLevelsUsd: [100] }));
    expect(empty).toMatchObject({
      valueAtRiskUsd: 0,
      expectedShortfallUsd: 0,
      byPosition: [],
      exceedance: [{ lossUsd: 100, probability: 0 }],
    });
  });

  it('says which history is missing', async () => {
    const name = {
      historical: 'historical',
      'filtered-historical': 'filtered historical',
      parametric: 'parametric',
      'monte-carlo': 'Monte Carlo',
      'age-weighted': 'age-weighted',
      'cornish-fisher': 'Cornish-Fisher',
      evt: 'extreme value',
    };
    await expect(valueAtRisk(bareMarket, request({ method }))).rejects.toThrow(
      `BTC has no price history in this market; ${name[method]} VaR needs it`,
    );
  });

  it('refuses quantities whose losses no number holds', async () => {
    await expect(report({ method, portfolio: smallBook([[`BTC-${CODES.month}-100000-C`, 1e308]]) })).rejects.toThrow(
      /too large to compute/,
    );
  });
});

describe('Monte Carlo VaR', () => {
  it.each(['normal', 'student-t', 'jump-diffusion'] as const)(
    'gives the same report to the bit however the paths are cut into blocks: %s',
    async (distribution) => {
      const asked = request({ method: 'monte-carlo', distribution, paths: 12_345 });
      const whole = await valueAtRisk(market, asked);
      for (const blockPaths of [1_000, 777, 20_000]) {
        const pool = inlinePathPool(market.kernels, blockPaths);
        expect(await valueAtRisk(market, asked, { pool })).toEqual(whole);
      }
      expect(await valueAtRisk(market, { ...asked, seed: 2 })).not.toEqual(whole);
    },
  );

  it('shows its first figure after 10,000 paths, then each doubling, and pauses between blocks', async () => {
    const seen: VarProgress[] = [];
    let [pauses, clock] = [0, 0];
    const last = await valueAtRisk(
      market,
      request({ method: 'monte-carlo', paths: 50_000, revaluation: 'delta-gamma' }),
      {
        onProgress: (progress) => seen.push(progress),
        pause: async () => {
          pauses += 1;
        },
        // A clock on which every block is a long one.
        now: () => (clock += 100),
      },
    );
    expect(pauses).toBeGreaterThanOrEqual(seen.length);
    const figures = [...new Set(seen.map((progress) => progress.soFar?.observations ?? null))];
    expect(figures).toEqual([null, 10_000, 20_000, 40_000, 50_000]);
    expect(seen.every((progress) => progress.pathsAsked === 50_000 && progress.inputVersion === 5)).toBe(true);
    expect(seen[seen.length - 1]).toMatchObject({ pathsDone: 50_000, soFar: last });
    const early = seen.find((progress) => progress.soFar !== null)!.soFar!;
    // What VaR would be without each position waits for the whole run.
    const alone = await report({ method: 'monte-carlo', paths: 10_000, revaluation: 'delta-gamma' });
    const rows = alone.byPosition.map((row) => ({ ...row, incrementalVaRUsd: null }));
    expect(early).toEqual({ ...alone, byPosition: rows, elapsedMs: early.elapsedMs });
    expect(last!.standardError!.valueAtRiskUsd).toBeLessThan(early.standardError!.valueAtRiskUsd);
  });

  it('answers null within a block of being cancelled', async () => {
    let blocks = 0;
    const cancelled = await valueAtRisk(market, request({ method: 'monte-carlo', paths: 100_000 }), {
      onProgress: () => {
        blocks += 1;
      },
      cancelled: () => blocks >= 2,
    });
    expect(cancelled).toBeNull();
    expect(blocks).toBe(2);
  });

  it('agrees with delta-gamma-normal VaR where the book is nearly quadratic', async () => {
    const portfolio = smallBook([
      [`BTC-${CODES.year}-90000-C`, -2],
      [`ETH-${CODES.year}-3000-P`, -30],
      ['BTC-PERPETUAL', 60_000],
    ]);
    const drawn = await report({ portfolio, method: 'monte-carlo', paths: 60_000 });
    const approximate = await report({ portfolio, method: 'monte-carlo', paths: 60_000, revaluation: 'delta-gamma' });
    const parametric = await report({ portfolio, method: 'parametric' });
    expect(Math.abs(approximate.valueAtRiskUsd / drawn.valueAtRiskUsd - 1)).toBeLessThan(0.02);
    expect(Math.abs(parametric.valueAtRiskUsd / drawn.valueAtRiskUsd - 1)).toBeLessThan(0.05);
    parametric.byPosition.forEach((row, i) => {
      expect(Math.abs(row.valueAtRiskUsd - drawn.byPosition[i]!.valueAtRiskUsd)).toBeLessThan(
        0.15 * drawn.valueAtRiskUsd,
      );
    });
  });

  it('warns when hardly any path lies beyond the VaR', async () => {
    const asked = { method: 'monte-carlo', paths: 1_000, confidence: 0.995, revaluation: 'delta-gamma' } as const;
    const few = await report({ ...asked, sampling: 'plain' });
    // Drawn where the book loses, there are enough of them.
    const enough = await report({ ...asked, sampling: 'importance' });
    expect(enough.notices.some(({ message }) => message.startsWith('Only'))).toBe(false);
    expect(few.notices.map((notice) => notice.message)).toContain(
      'Only 5 of 1000 outcomes lie at or beyond this VaR; it is little more than the worst one',
    );
  });
});

describe('sensitivities', () => {
  it('are the analytic Greeks in units of relative moves', () => {
    const [call] = exposures(bookPositions(market, smallBook([[`BTC-${CODES.month}-100000-C`, -3]], [])));
    const state = bookPositions(market, smallBook([[`BTC-${CODES.month}-100000-C`, -3]], [])).legs[0]!.state;
    const greeks = unitGreeks(state);
    const vol = state.option!.volatility * (30 / 35) ** 0.13;
    const found = sensitivity(call!, 'sticky-strike');
    const close = (actual: number, unit: number): void => expect(Math.abs(actual / (-3 * unit) - 1)).toBeLessThan(1e-5);
    close(found.delta, greeks.delta * index);
    close(found.gamma, greeks.gamma * index ** 2);
    close(found.vega, greeks.vega * vol);
    close(found.vanna, greeks.vanna * index * vol);
    close(found.volga, greeks.volga * vol ** 2);
  });
});

describe('properties of random books', () => {
  const names = [
    `BTC-${CODES.month}-100000-C`,
    `BTC-${CODES.week}-80000-P`,
    `ETH-${CODES.year}-3000-C`,
    `BTC_USDC-${CODES.month}-90000-P`,
    'BTC-PERPETUAL',
    'ETH_USDC-PERPETUAL',
  ];
  const books = fc.array(
    fc.tuple(
      fc.constantFrom(...names),
      fc.double({ min: -5, max: 5, noNaN: true }).filter((q) => Math.abs(q) > 1e-3),
    ),
    { minLength: 1, maxLength: 5 },
  );

  it('ES of two books together is at most that of each alone, and leg order does not matter', async () => {
    await fc.assert(
      fc.asyncProperty(books, books, fc.boolean(), async (one, other, filtered) => {
        const method = filtered ? 'filtered-historical' : 'historical';
        // Both coins in every book, so that the moves are of the same dates.
        const ask = (legs: typeof one): Promise<VarReport> =>
          report({ method, portfolio: smallBook([...legs, ['BTC-PERPETUAL', 1e-9], ['ETH-PERPETUAL', 1e-9]], []) });
        const [a, b, both, turned] = await Promise.all([one, other, [...one, ...other], [...other, ...one]].map(ask));
        const size = 1 + Math.abs(a!.expectedShortfallUsd) + Math.abs(b!.expectedShortfallUsd);
        expect(both!.expectedShortfallUsd).toBeLessThanOrEqual(
          a!.expectedShortfallUsd + b!.expectedShortfallUsd + 1e-8 * size,
        );
        expect(Math.abs(turned!.valueAtRiskUsd - both!.valueAtRiskUsd)).toBeLessThan(1e-8 * size);
        for (const found of [a!, b!, both!]) {
          expect(found.expectedShortfallUsd).toBeGreaterThanOrEqual(found.valueAtRiskUsd);
          expect(Math.abs(total(found) - found.valueAtRiskUsd)).toBeLessThan(
            1e-8 * (size + Math.abs(found.valueAtRiskUsd)),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('requests', () => {
  it.each([
    [{ confidence: 0.5 }, 'Confidence must be above 0.5 and below 1, like 0.99; got 0.5'],
    [{ confidence: Number.NaN }, /Confidence must be/],
    [{ expectedShortfallConfidence: 1 }, /Expected shortfall confidence must be/],
    [{ horizonDays: 0 }, 'The horizon must be a whole number from 1 to 365 days; got 0'],
    [{ horizonDays: 400 }, /The horizon/],
    [{ method: 'monte-carlo', paths: 999 }, 'The number of paths must be a whole number from 1000 to 5000000; got 999'],
    [{ method: 'monte-carlo', paths: 5_000_001 }, /number of paths/],
    [{ method: 'monte-carlo', seed: 0.5 }, /The seed must be a whole number/],
    [{ method: 'monte-carlo', distribution: 'student-t', degreesOfFreedom: 2 }, /Degrees of freedom must be above 2/],
    [{ lossLevelsUsd: [Number.POSITIVE_INFINITY] }, /Each loss level/],
    [
      { revaluation: 'proxy' },
      'Proxy revaluation is for the many paths of Monte Carlo; use full or delta-gamma for this method',
    ],
  ] as [Partial<VarRequest>, string | RegExp][])('are refused in words: %o', async (part, message) => {
    await expect(report(part)).rejects.toThrow(message);
  });
});

describe('tail methods and position figures', () => {
  const EVERY: VarMethod[] = [...METHODS, 'age-weighted', 'cornish-fisher', 'evt'];

  it.each(EVERY)('%s: components add up, marginals times quantities too, and ES is beyond VaR', async (method) => {
    const found = await report({ method, confidence: 0.98 });
    expect(total(found)).toBeCloseTo(found.valueAtRiskUsd, 5);
    const quantities = new Map([
      ...optionBook.legs.map(({ id, quantity }) => [id, quantity] as const),
      ['collateral:BTC', 0.5] as const,
    ]);
    const sum = found.byPosition.reduce((all, row) => all + row.marginalVaRUsd! * quantities.get(row.id)!, 0);
    expect(sum).toBeCloseTo(found.valueAtRiskUsd, 5);
    expect(found.expectedShortfallUsd).toBeGreaterThan(found.valueAtRiskUsd);
  });

  it.each(EVERY)(
    '%s: incremental VaR is what the book without the position lacks, computed on its own',
    async (method) => {
      const confidence = 0.98;
      // Importance sampling looks where a book loses: another book would have other paths.
      const sampling = 'plain';
      const found = await report({ method, sampling, confidence });
      const [first, ...rest] = optionBook.legs;
      const row = found.byPosition.find(({ id }) => id === first!.id)!;
      const without: Portfolio = { ...optionBook, legs: rest };
      // The other book may draw on the same factors in the same order: BTC stays first by another leg.
      const other = await report({ method, sampling, confidence, portfolio: without });
      expect(row.incrementalVaRUsd).toBeCloseTo(found.valueAtRiskUsd - other.valueAtRiskUsd, 4);
      const proposed = await report({ method, sampling, confidence, before: without });
      expect(proposed.incremental!.valueAtRiskUsd).toBeCloseTo(found.valueAtRiskUsd - other.valueAtRiskUsd, 4);
      expect(proposed.incremental!.expectedShortfallUsd).toBeCloseTo(
        found.expectedShortfallUsd - other.expectedShortfallUsd,
        4,
      );
    },
  );

  it('a position alone adds all of VaR', async () => {
    for (const method of EVERY) {
      const found = await report({ method, portfolio: perpetual(100_000), confidence: 0.98 });
      expect(found.byPosition[0]!.incrementalVaRUsd).toBeCloseTo(found.valueAtRiskUsd, 6);
    }
  });

  it('the tail method reads the losses of the method asked for, and says what it did', async () => {
    const tail = await report({ method: 'evt', tailOf: 'monte-carlo', paths: 5_000, distribution: 'student-t' });
    const drawn = await report({ method: 'monte-carlo', paths: 5_000, distribution: 'student-t' });
    expect(tail.observations).toBe(5_000);
    expect(tail.extremeValue).toMatchObject({ source: 'monte-carlo', chosenBy: 'rule', fit: { exceedances: 500 } });
    const { standardError } = tail;
    expect(Math.abs(tail.valueAtRiskUsd - drawn.valueAtRiskUsd)).toBeLessThan(4 * standardError!.valueAtRiskUsd);
    expect(tail.notices.map(({ message }) => message).join()).toContain('Pareto tail over 500 losses');
    await expect(report({ method: 'evt', thresholdQuantile: 0.98 })).rejects.toThrow('Only 10 of 500 losses');
  });

  it('age weights make old days count less: a history that was wild long ago is calmer', async () => {
    const calm = random.btc.map((r, i) => (i < 100 ? 5 * r : r));
    const aged = prepareMarket(
      withHistory(smallSnapshot(), {
        BTC: dailyHistory(MIDNIGHT, calm, random.btcVol),
        ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
      }),
    );
    const ask = (part: Partial<VarRequest>) => valueAtRisk(aged, request({ portfolio: perpetual(100_000), ...part }));
    const [plain, weighted] = [await ask({}), await ask({ method: 'age-weighted' })];
    expect(weighted!.valueAtRiskUsd).toBeLessThan(0.6 * plain!.valueAtRiskUsd);
    expect(weighted!.ageWeights!.effectiveObservations).toBeCloseTo(99, 0);
    const flat = await ask({ method: 'age-weighted', ageDecay: 1 });
    expect(flat!.valueAtRiskUsd).toBeCloseTo(plain!.valueAtRiskUsd, 9);
    expect(flat!.expectedShortfallUsd).toBeCloseTo(plain!.expectedShortfallUsd, 6);
  });
});

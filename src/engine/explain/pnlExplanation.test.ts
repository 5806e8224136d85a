import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { ExplainedSum, PnlExplanation, PnlParts } from '../domain/pnlExplanation.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import type { Scenario } from '../domain/scenario.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallMarket, smallSnapshot } from '../fixtures/smallMarket.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { legsValueUsd, shiftedBook } from '../scenario/shiftedBook.ts';
import { explainedMarkets, explainedScenario } from './pnlExplanation.ts';

const PARTS = [
  'delta',
  'gamma',
  'vega',
  'theta',
  'vanna',
  'volga',
  'basis',
  'currency',
  'residual',
] as const satisfies readonly (keyof PnlParts)[];

const STILL: Scenario = { spotMove: 0, volShock: 0, volUnit: 'relative', days: 0, smile: 'sticky-strike' };
const CALL = `BTC-${CODES.month}-95000-C`;
const PUT = `BTC-${CODES.month}-80000-P`;
const LINEAR_CALL = `ETH_USDC-${CODES.month}-3000-C`;

const MIXED = smallBook(
  [
    [CALL, -2, 0.03],
    [PUT, 5],
    [LINEAR_CALL, 40, 150],
    ['BTC-PERPETUAL', -30_000, 88_000],
    ['ETH_USDC-PERPETUAL', 12, 2_900],
    [`BTC-${CODES.year}`, 50_000, 85_000],
    [`ETH-${CODES.week}-2800-P`, -10],
  ],
  [
    { asset: 'USDC', quantity: 100_000 },
    { asset: 'BTC', quantity: 1.5 },
    { asset: 'ETH', quantity: -3 },
  ],
);

const moved = (change: Partial<Scenario>): Scenario => ({ ...STILL, ...change });
const inScenario = (book: Portfolio, change: Partial<Scenario>, market = smallMarket()) =>
  explainedScenario(market, book, moved(change), 'all');
const between = (from: MarketSnapshot, to: MarketSnapshot, book: Portfolio) =>
  explainedMarkets(prepareMarket(from), prepareMarket(to), book);

function partsSum(row: ExplainedSum): number {
  return PARTS.reduce((total, part) => total + row[part], 0);
}

/** The largest figure that went into a row: rounding is judged against it. */
function scaleOf(row: ExplainedSum): number {
  return Math.max(
    1,
    ...Object.values(row)
      .filter((value) => typeof value === 'number')
      .map(Math.abs),
  );
}

function rowsOf({ legs, collateral, byUnderlying, legsTotal, total }: PnlExplanation): readonly ExplainedSum[] {
  return [...legs, ...collateral, ...byUnderlying, legsTotal, total];
}

interface MarketEdit {
  readonly spot?: number;
  readonly forward?: number;
  readonly vol?: (markIv: number) => number;
  readonly discount?: number;
  readonly usdc?: number;
  readonly days?: number;
}

/** The small market after moves: spot carries the forwards along, `forward` moves them on their own. */
function editedSnapshot({ spot = 0, forward = 0, vol = (iv) => iv, discount = 1, usdc = 1, days = 0 }: MarketEdit) {
  const market = smallSnapshot();
  return {
    ...market,
    id: 'edited',
    asOf: AS_OF + days * MILLISECONDS_PER_DAY,
    stablecoins: [{ asset: 'USDC', priceUsd: usdc }],
    underlyings: market.underlyings.map((underlying) => ({
      ...underlying,
      index: underlying.index * (1 + spot),
      perpetual: { mark: underlying.perpetual!.mark * (1 + spot) },
      expiries: underlying.expiries.map((expiry) => ({
        ...expiry,
        forward: expiry.forward * (1 + spot) * (1 + forward),
        discount: expiry.discount * discount,
        quotes: expiry.quotes.map((quote) => ({ ...quote, markIv: vol(quote.markIv!) })),
      })),
    })),
  };
}

const anyScenario = fc.record({
  spotMove: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
  volShock: fc.double({ min: -0.5, max: 1, noNaN: true }),
  volUnit: fc.constantFrom('relative' as const, 'points' as const),
  days: fc.double({ min: 0, max: 60, noNaN: true }),
  smile: fc.constantFrom('sticky-strike' as const, 'sticky-delta' as const),
});
const anyQuantity = fc.double({ min: -50, max: 50, noNaN: true }).filter((quantity) => quantity !== 0);

describe('explainedScenario', () => {
  it('adds up: parts and residual are the P&L of every row, and rows are their totals', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const explained = inScenario(MIXED, scenario);
        for (const row of rowsOf(explained)) {
          expect(Math.abs(partsSum(row) - row.pnlUsd)).toBeLessThan(1e-12 * scaleOf(row));
          expect(row.pnlUsd).toBeCloseTo(row.toUsd - row.fromUsd, 6);
        }
        for (const figure of [...PARTS, 'pnlUsd', 'fromUsd', 'toUsd'] as const) {
          const over = (rows: readonly ExplainedSum[]) => rows.reduce((total, row) => total + row[figure], 0);
          expect(over(explained.legs)).toBeCloseTo(explained.legsTotal[figure], 6);
          expect(over(explained.byUnderlying)).toBeCloseTo(explained.legsTotal[figure], 6);
          expect(over([explained.legsTotal, ...explained.collateral])).toBeCloseTo(explained.total[figure], 6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('explains the P&L of the stress grid, coins that stand still included', () => {
    fc.assert(
      fc.property(anyScenario, fc.constantFrom('all', 'BTC', 'ETH'), (scenario, movers) => {
        const market = smallMarket();
        const book = bookPositions(market, MIXED);
        const shifted = shiftedBook(book, scenario, movers);
        const explained = explainedScenario(market, MIXED, scenario, movers);
        expect(explained.legsTotal.pnlUsd).toBeCloseTo(legsValueUsd(shifted) - legsValueUsd(book), 6);
        expect(explained.total.pnlUsd).toBeCloseTo(shifted.equityUsd - book.equityUsd, 6);
        for (const { underlying, delta, gamma, vanna } of explained.byUnderlying)
          if (movers !== 'all' && movers !== underlying) expect([delta, gamma, vanna].map(Math.abs)).toEqual([0, 0, 0]);
      }),
      { numRuns: 40 },
    );
  });

  it('is nothing where nothing moves', () => {
    for (const row of rowsOf(inScenario(MIXED, {}))) {
      for (const part of PARTS) expect(row[part]).toBeCloseTo(0, 12);
      expect(row.pnlUsd).toBe(0);
    }
  });

  it('leaves a residual of third order when spot and vol move, and of second order once time passes', () => {
    const residual = (instrument: string, size: number, days: number, smile: Scenario['smile']) =>
      inScenario(smallBook([[instrument, 1]]), {
        spotMove: -0.02 * size,
        volShock: 0.06 * size,
        days: days * size,
        smile,
      }).legsTotal.residual;
    for (const instrument of [CALL, PUT, LINEAR_CALL, `BTC-${CODES.year}-100000-C`])
      for (const smile of ['sticky-strike', 'sticky-delta'] as const) {
        const third = residual(instrument, 0.02, 0, smile) / residual(instrument, 0.01, 0, smile);
        expect(third, `${instrument}, ${smile}`).toBeGreaterThan(7.6);
        expect(third, `${instrument}, ${smile}`).toBeLessThan(8.4);
        const second = residual(instrument, 0.02, 3, smile) / residual(instrument, 0.01, 3, smile);
        expect(second, `${instrument}, ${smile}, 3 days`).toBeGreaterThan(3.8);
        expect(second, `${instrument}, ${smile}, 3 days`).toBeLessThan(4.2);
      }
  });

  it('takes futures, perpetuals and coins apart without a residual, whatever their entry', () => {
    fc.assert(
      fc.property(
        anyScenario,
        fc.constantFrom('BTC-PERPETUAL', 'ETH_USDC-PERPETUAL', `BTC-${CODES.week}`, `ETH_USDC-${CODES.year}`),
        anyQuantity,
        fc.option(fc.double({ min: 500, max: 200_000, noNaN: true }), { nil: undefined }),
        (scenario, instrument, quantity, entry) => {
          const { legs, collateral } = inScenario(
            smallBook([entry === undefined ? [instrument, 1000 * quantity] : [instrument, 1000 * quantity, entry]]),
            scenario,
          );
          for (const row of [...legs, ...collateral])
            expect(Math.abs(row.residual)).toBeLessThan(1e-11 * Math.max(1000 * scaleOf(row), 1));
        },
      ),
      { numRuns: 100 },
    );
    const { legs } = inScenario(smallBook([['ETH_USDC-PERPETUAL', 10, 2_500]]), {
      spotMove: 0.4,
      volShock: 0.5,
      days: 3,
    });
    expect(legs[0]!.delta).toBeCloseTo(10 * 3_000 * 1.0004 * 0.4, 6);
    expect(legs[0]!.pnlUsd).toBeCloseTo(legs[0]!.delta, 6);
  });

  it('is additive over legs and proportional to quantity', () => {
    fc.assert(
      fc.property(anyScenario, anyQuantity, anyQuantity, (scenario, one, other) => {
        const alone = [inScenario(smallBook([[CALL, one]]), scenario), inScenario(smallBook([[PUT, other]]), scenario)];
        const together = inScenario(
          smallBook([
            [CALL, one],
            [PUT, other],
          ]),
          scenario,
        );
        const single = inScenario(smallBook([[CALL, 1]]), scenario);
        for (const part of PARTS) {
          expect(together.legsTotal[part]).toBeCloseTo(alone[0]!.legsTotal[part] + alone[1]!.legsTotal[part], 6);
          expect(alone[0]!.legsTotal[part]).toBeCloseTo(one * single.legsTotal[part], 5);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('measures the vol change of each strike after the smile rule and the shock', () => {
    const volOf = (change: Partial<Scenario>) => inScenario(smallBook([[PUT, 1]]), change).legs[0]!.volatility!;
    const still = volOf({ spotMove: -0.1 });
    expect(still).toMatchObject({ change: 0, fromSource: 'mark', toSource: 'scenario' });
    expect(volOf({ spotMove: -0.1, volShock: 0.25 }).change).toBeCloseTo(0.25 * still.from, 12);
    expect(volOf({ volShock: 0.07, volUnit: 'points' }).change).toBeCloseTo(0.07, 12);
    // A put's strike comes nearer to the money when spot falls, where a skewed smile is lower.
    expect(volOf({ spotMove: -0.1, smile: 'sticky-delta' }).change).toBeLessThan(-0.005);
  });

  it('settles what expires on the way at its intrinsic value, without a vol part, and says so', () => {
    const book = smallBook([
      [`BTC-${CODES.week}-80000-P`, -3],
      [`BTC-${CODES.week}`, 10_000, 90_000],
    ]);
    const explained = inScenario(book, { spotMove: -0.2, volShock: 0.5, days: 10 });
    const [put, future] = explained.legs;
    expect(put).toMatchObject({ settled: true, vega: 0, vanna: 0, volga: 0 });
    expect(put!.days).toBeCloseTo(7, 9);
    expect(put!.toUsd).toBeCloseTo(-3 * 8_000, 6);
    expect(put!.volatility).toMatchObject({ to: null, change: 0, toSource: 'settled' });
    expect(put!.theta).toBeCloseTo((put!.greeks.theta * 7) / 365, 9);
    expect(future!.settled).toBe(true);
    expect(future!.toUsd).toBeCloseTo(10_000 * (72_000 / 90_000 - 1), 6);
    expect(explained.notices.map(({ message }) => message)).toEqual([
      expect.stringMatching(/80000-P expires on the way .* intrinsic value .* 72000\.00/),
      expect.stringMatching(/27NOV26 expires on the way .* at the index .* 72000\.00/),
    ]);
  });

  it('reproduces the Greeks of a published example', () => {
    // Hull, Options, Futures, and Other Derivatives, the chapter on Greek letters: a call, S = 49, K = 50, r = 5 %, vol 20 %,
    // 20 weeks: delta 0.522, gamma 0.066, vega 12.1, theta -4.31 a year (that of a fixed spot: carry and discount included).
    const years = 0.3846;
    const expiry = EXPIRIES.month;
    const growth = Math.exp(0.05 * years);
    const market = prepareMarket({
      id: 'hull',
      asOf: expiry - years * 365 * MILLISECONDS_PER_DAY,
      source: { kind: 'simulated', name: 'textbook' },
      stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
      underlyings: [
        {
          symbol: 'XYZ',
          index: 49,
          expiries: [
            { expiry, forward: 49 * growth, discount: 1 / growth, quotes: [{ strike: 50, type: 'C', markIv: 0.2 }] },
          ],
        },
      ],
    });
    const book = smallBook([[`XYZ_USDC-${CODES.month}-50-C`, 1]], []);
    const parts = (change: Partial<Scenario>) => inScenario(book, change, market).legsTotal;
    expect(parts({}).fromUsd).toBeCloseTo(2.4, 2);
    expect(parts({ spotMove: 1 / 49 }).delta).toBeCloseTo(0.522, 3);
    expect(2 * parts({ spotMove: 1 / 49 }).gamma).toBeCloseTo(0.066, 3);
    expect(parts({ volShock: 0.01, volUnit: 'points' }).vega).toBeCloseTo(0.121, 3);
    const day = parts({ days: 1 });
    expect(365 * (day.theta + day.basis)).toBeCloseTo(-4.31, 1);
    expect(day.pnlUsd).toBeCloseTo(-0.0118, 4);
  });

  it('names funding and leaves it out of both sides', () => {
    const market = smallSnapshot();
    const withRate = prepareMarket({
      ...market,
      underlyings: market.underlyings.map((each) =>
        each.symbol === 'BTC' ? { ...each, perpetual: { mark: each.index, fundingRate8h: 0.0001 } } : each,
      ),
    });
    const book = smallBook([
      ['BTC-PERPETUAL', 30_000, 90_000],
      ['ETH_USDC-PERPETUAL', 1, 3_000],
    ]);
    const explained = inScenario(book, { days: 2 }, withRate);
    expect(explained.legsTotal.pnlUsd).toBeCloseTo(0, 6);
    expect(explained.legs.map(({ notes }) => notes)).toEqual([
      [expect.stringMatching(/funding is left out.* 18\.00 USD paid$/)],
      [expect.stringMatching(/funding is left out.* no funding rate$/)],
    ]);
  });
});

describe('explainedMarkets', () => {
  it('agrees with the scenario that makes the same market', () => {
    const market = smallSnapshot();
    const explained = between(market, editedSnapshot({ spot: 0.12, vol: (iv) => iv * 1.3 }), MIXED);
    const scenario = inScenario(MIXED, { spotMove: 0.12, volShock: 0.3 });
    for (const [row, leg] of explained.legs.entries())
      for (const part of [...PARTS, 'pnlUsd'] as const) expect(leg[part]).toBeCloseTo(scenario.legs[row]![part], 5);
    expect(explained.total.pnlUsd).toBeCloseTo(scenario.total.pnlUsd, 5);
    expect(explained.legs[0]!.volatility).toMatchObject({ fromSource: 'mark', toSource: 'mark' });
  });

  it.each<[keyof PnlParts, MarketEdit, string]>([
    ['delta', { spot: 1e-5 }, CALL],
    ['delta', { spot: 1e-5 }, LINEAR_CALL],
    ['vega', { vol: (iv) => iv + 1e-5 }, CALL],
    ['vega', { vol: (iv) => iv + 1e-5 }, LINEAR_CALL],
    ['theta', { days: 1e-3 }, PUT],
    ['theta', { days: 1e-3 }, LINEAR_CALL],
    ['basis', { forward: 1e-5 }, CALL],
    ['basis', { forward: 1e-5 }, PUT],
    ['basis', { forward: 1e-5 }, LINEAR_CALL],
    ['basis', { discount: 1 - 1e-5 }, LINEAR_CALL],
    ['currency', { usdc: 1 + 1e-5 }, LINEAR_CALL],
  ])('a small move of one thing is all %s (%j, %s)', (part, edit, instrument) => {
    const { legsTotal } = between(smallSnapshot(), editedSnapshot(edit), smallBook([[instrument, 1]]));
    expect(Math.abs(legsTotal.pnlUsd)).toBeGreaterThan(1e-6);
    expect(legsTotal[part] / legsTotal.pnlUsd).toBeCloseTo(1, 2);
    for (const other of PARTS)
      if (other !== part) expect(Math.abs(legsTotal[other] / legsTotal.pnlUsd), other).toBeLessThan(5e-3);
  });

  it('has the cross and second terms of full revaluation', () => {
    const pnl = (spot: number, vol: number, instrument: string) =>
      between(smallSnapshot(), editedSnapshot({ spot, vol: (iv) => iv + vol }), smallBook([[instrument, 1]])).legsTotal;
    const [spot, vol] = [1e-3, 1e-3];
    for (const instrument of [CALL, PUT, LINEAR_CALL]) {
      const p = (s: number, v: number) => pnl(s, v, instrument).pnlUsd;
      const cross = (p(spot, vol) - p(spot, -vol) - p(-spot, vol) + p(-spot, -vol)) / 4;
      expect(pnl(spot, vol, instrument).vanna / cross, instrument).toBeCloseTo(1, 2);
      expect(pnl(spot, 0, instrument).gamma / ((p(spot, 0) + p(-spot, 0)) / 2), instrument).toBeCloseTo(1, 2);
      expect(pnl(0, vol, instrument).volga / ((p(0, vol) + p(0, -vol)) / 2), instrument).toBeCloseTo(1, 2);
    }
  });

  it('takes futures and stablecoins apart without a residual when basis and USDC move too', () => {
    const book = smallBook([
      [`BTC-${CODES.year}`, 70_000, 60_000],
      [`ETH_USDC-${CODES.year}`, -7, 2_500],
      [`ETH_USDC-${CODES.month}`, 7],
    ]);
    const { legs, collateral } = between(
      smallSnapshot(),
      editedSnapshot({ spot: -0.3, forward: 0.02, usdc: 0.97 }),
      book,
    );
    for (const row of [...legs, ...collateral]) expect(Math.abs(row.residual)).toBeLessThan(1e-8);
    expect(legs[0]!.basis).toBeGreaterThan(0);
    expect(legs[1]!.currency).toBeCloseTo(-525, 6);
    expect(collateral[0]).toMatchObject({ underlying: null, delta: 0 });
    expect(collateral[0]!.currency).toBeCloseTo(-3_000, 6);
  });

  it('reads a strike that the later market lacks from its smile, and says so', () => {
    const later = editedSnapshot({ spot: -0.05 });
    const without = {
      ...later,
      underlyings: later.underlyings.map((each) => ({
        ...each,
        expiries: each.expiries.map((expiry) => ({
          ...expiry,
          quotes: expiry.quotes.filter(({ strike }) => strike !== 80_000),
        })),
      })),
    };
    const { legs, legsTotal } = between(smallSnapshot(), without, smallBook([[PUT, 1]]));
    expect(legs[0]!.volatility).toMatchObject({ fromSource: 'mark', toSource: 'fit' });
    expect(legs[0]!.notes).toEqual([expect.stringMatching(/no quote at the end.*fitted smile/)]);
    expect(partsSum(legsTotal)).toBeCloseTo(legsTotal.pnlUsd, 8);
  });

  it('leaves out what has no value at either end, by reason, and sums the rest', () => {
    const later = editedSnapshot({ spot: -0.05, days: 1 });
    const shorter = {
      ...later,
      underlyings: later.underlyings.map((each) => ({
        ...each,
        expiries: each.expiries.filter(({ expiry }) => expiry !== EXPIRIES.year),
      })),
    };
    const book = smallBook(
      [
        ['BTC-1JAN25-90000-C', 1],
        [PUT, 2],
        [`BTC-${CODES.year}-90000-C`, 3],
        ['DOGE-PERPETUAL', 1],
      ],
      [
        { asset: 'DOGE', quantity: 5 },
        { asset: 'BTC', quantity: 1 },
      ],
    );
    const explained = between(smallSnapshot(), shorter, book);
    expect(explained.leftOut.map(({ id, failure }) => [id, failure.message])).toEqual([
      ['a', expect.stringMatching(/starts in: .*expired on 2025-01-01/)],
      ['c', expect.stringMatching(/ends in: .*does not list BTC 24SEP27/)],
      ['d', expect.stringMatching(/starts in: .*DOGE/)],
      ['collateral:DOGE', expect.stringMatching(/starts in has no price of DOGE/)],
    ]);
    expect(explained.legs.map(({ id }) => id)).toEqual(['b']);
    expect(explained.legsTotal.pnlUsd).toBe(explained.legs[0]!.pnlUsd);
    expect(explained.notices.filter(({ severity }) => severity === 'warning')).toHaveLength(4);
  });

  it('settles what expired between the markets at the later index', () => {
    const later = editedSnapshot({ spot: 0.1, days: 9 });
    const running = {
      ...later,
      underlyings: later.underlyings.map((each) => ({
        ...each,
        expiries: each.expiries.filter(({ expiry }) => expiry > later.asOf),
      })),
    };
    const book = smallBook([
      [`BTC-${CODES.week}-90000-C`, -1],
      [`ETH_USDC-${CODES.week}-3400-P`, 2],
      [`ETH_USDC-${CODES.week}`, 3, 3_000],
    ]);
    const { legs, leftOut } = between(smallSnapshot(), running, book);
    expect(leftOut).toEqual([]);
    expect(legs.map(({ settled }) => settled)).toEqual([true, true, true]);
    expect(legs.map(({ toUsd }) => Math.round(toUsd * 1e6) / 1e6)).toEqual([-9_000, 200, 900]);
    expect(legs[0]!.days).toBeCloseTo(7, 9);
  });

  it('refuses markets in the wrong order, and takes the same one twice as no move', () => {
    expect(() => between(editedSnapshot({ days: 1 }), smallSnapshot(), MIXED)).toThrow(
      /start from is of 2026-11-21 08:00 UTC, after 2026-11-20 08:00 UTC; start from an earlier one/,
    );
    for (const row of rowsOf(between(smallSnapshot(), smallSnapshot(), MIXED))) expect(row.pnlUsd).toBe(0);
  });
});

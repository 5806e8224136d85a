import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookRisk } from '../../bookRisk.ts';
import type { MarginResult, VarRequest } from '../../domain/riskReport.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import { MILLISECONDS_PER_DAY } from '../../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallMarket, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { prepareMarket, type PreparedMarket } from '../../scenario/preparedMarket.ts';
import { valueAtRisk } from '../../var/valueAtRisk.ts';
import { marginModels } from '../marginModels.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const DAYS = 400;
const moves = randomMoves(DAYS);
const snapshot = withHistory(smallSnapshot(), {
  BTC: dailyHistory(MIDNIGHT, moves.btc, moves.btcVol),
  ETH: dailyHistory(MIDNIGHT, moves.eth, moves.ethVol),
});
const market = prepareMarket(snapshot);

const BARE = { deltaSpread: 0, vegaSpread: 0, deltaConcentration: 0, interestConcentration: 0 };

function margin(
  book: Portfolio,
  model: 'var' | 'expected-shortfall',
  edits: Record<string, number> = {},
  on: PreparedMarket = market,
): MarginResult {
  const [outcome] = bookRisk(on, book, {
    models: [model],
    parameters: { [model]: edits },
    library: marginModels,
  }).margins;
  if (outcome === undefined || 'unsupported' in outcome) throw new Error(outcome?.unsupported.message);
  return outcome;
}

async function asked(book: Portfolio, part: Partial<VarRequest>) {
  const request: VarRequest = {
    inputVersion: 1,
    marketId: snapshot.id,
    portfolio: book,
    method: 'historical',
    confidence: 0.99,
    horizonDays: 1,
    paths: 1_000,
    seed: 1,
    distribution: 'normal',
    degreesOfFreedom: 4,
    revaluation: 'full',
    smile: 'sticky-strike',
    lossLevelsUsd: [],
    ...part,
  };
  return (await valueAtRisk(market, request))!;
}

const BOOKS: Record<string, Portfolio> = {
  strangle: smallBook([
    [`BTC-${CODES.month}-75000-P`, -3],
    [`BTC-${CODES.month}-105000-C`, -3],
  ]),
  mixed: smallBook(
    [
      [`ETH-${CODES.week}-2600-P`, -20],
      [`BTC-${CODES.year}-90000-C`, 1],
      ['BTC-PERPETUAL', -120_000, 80_000],
      [`BTC-${CODES.month}`, 40_000],
    ],
    [
      { asset: 'USDC', quantity: 250_000 },
      { asset: 'BTC', quantity: 1.5 },
    ],
  ),
};

describe.each(Object.entries(BOOKS))('margin by the tail of history, %s', (_, book) => {
  it.each([
    [0.99, 1],
    [0.97, 1],
    [0.975, 2],
    [0.9, 5],
  ])('is the VaR and the ES that are shown elsewhere at %d over %d days', async (confidence, horizonDays) => {
    const report = await asked(book, { confidence, horizonDays });
    const settings = { ...BARE, confidence, horizonDays, windowDays: 10_000 };
    expect(margin(book, 'var', settings).initialMarginUsd / report.valueAtRiskUsd).toBeCloseTo(1, 12);
    expect(margin(book, 'expected-shortfall', settings).initialMarginUsd / report.expectedShortfallUsd).toBeCloseTo(
      1,
      12,
    );
  });

  it('is multiplied before add-ons', () => {
    const once = margin(book, 'var', BARE).initialMarginUsd;
    expect(margin(book, 'var', { ...BARE, multiplier: 1.5 }).initialMarginUsd).toBeCloseTo(1.5 * once, 6);
    const addOns = margin(book, 'var').initialMarginUsd - once;
    expect(addOns).toBeGreaterThan(0);
    expect(margin(book, 'var', { multiplier: 3 }).initialMarginUsd).toBeCloseTo(3 * once + addOns, 6);
  });

  it('names the day of the move that binds, and loses there what the rule takes', () => {
    const { worstScenario, components } = margin(book, 'var');
    expect(worstScenario!.label).toMatch(/^\d{1,2} [A-Z]{3} 2[56]: /);
    expect(worstScenario!.lossUsd).toBeCloseTo(components[0]!.usd, 6);
    const byCoin = worstScenario!.byUnderlying.reduce((total, { lossUsd }) => total + lossUsd, 0);
    expect(byCoin).toBeCloseTo(worstScenario!.lossUsd, 6);
  });
});

const NAMES = [
  `BTC-${CODES.week}-75000-P`,
  `BTC-${CODES.month}-90000-C`,
  `BTC-${CODES.month}-105000-C`,
  `ETH-${CODES.week}-2600-P`,
  `ETH_USDC-${CODES.year}-3400-C`,
  'ETH_USDC-PERPETUAL',
];
const legs = fc.array(
  fc
    .tuple(fc.constantFrom(...NAMES), fc.double({ min: -20, max: 20, noNaN: true }))
    .map(([name, quantity]): [string, number] => [name, quantity]),
  { minLength: 1, maxLength: 7 },
);
const coins = fc.double({ min: -2, max: 5, noNaN: true });
const bookOf = (of: readonly [string, number][], held: number, times = 1): Portfolio =>
  smallBook(
    of.map(([name, quantity]) => [name, quantity * times]),
    [
      { asset: 'USDC', quantity: 250_000 },
      { asset: 'BTC', quantity: held * times },
    ],
  );
const LOOSE = { deltaThreshold: 0, interestThreshold: 0 };

describe('margin by the tail of history', () => {
  it('adds up by component and by position, and is never below zero', () => {
    fc.assert(
      fc.property(legs, coins, fc.constantFrom('var' as const, 'expected-shortfall' as const), (of, held, model) => {
        const result = margin(bookOf(of, held), model, { deltaThreshold: 100_000 });
        const slack =
          1e-9 * (1 + result.initialMarginUsd + result.positions.reduce((s, p) => s + Math.abs(p.initialMarginUsd), 0));
        const added = (values: readonly number[]) => values.reduce((total, usd) => total + usd, 0);
        expect(result.initialMarginUsd).toBeGreaterThanOrEqual(0);
        expect(Math.abs(added(result.components.map(({ usd }) => usd)) - result.initialMarginUsd)).toBeLessThan(slack);
        expect(
          Math.abs(added(result.positions.map(({ initialMarginUsd }) => initialMarginUsd)) - result.initialMarginUsd),
        ).toBeLessThan(slack);
        expect(result.positions).toHaveLength(of.length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('is twice as much for twice the book where nothing has a threshold', () => {
    fc.assert(
      fc.property(legs, coins, fc.constantFrom('var' as const, 'expected-shortfall' as const), (of, held, model) => {
        const once = margin(bookOf(of, held), model, LOOSE).initialMarginUsd;
        const twice = margin(bookOf(of, held, 2), model, LOOSE).initialMarginUsd;
        expect(Math.abs(twice - 2 * once)).toBeLessThan(1e-9 * (1 + twice));
      }),
      { numRuns: 40 },
    );
  });

  it('by expected shortfall never needs more for two books together than apart', () => {
    fc.assert(
      fc.property(legs, legs, coins, (a, b, held) => {
        const alone = (of: readonly [string, number][], coin: number) =>
          margin(bookOf(of, coin), 'expected-shortfall', { multiplier: 2 }).initialMarginUsd;
        const together = alone([...a, ...b], held);
        expect(together).toBeLessThanOrEqual((alone(a, held) + alone(b, 0)) * (1 + 1e-9) + 1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('grows with confidence and, at one confidence, with expected shortfall over VaR', () => {
    const book = BOOKS.mixed!;
    const at = (confidence: number) => margin(book, 'var', { confidence }).initialMarginUsd;
    expect(at(0.99)).toBeGreaterThan(at(0.9));
    expect(margin(book, 'expected-shortfall', { confidence: 0.99 }).initialMarginUsd).toBeGreaterThanOrEqual(at(0.99));
  });

  it('looks back as far as it is told', () => {
    // One crash, 200 days ago, in a history that is otherwise still.
    const crash = Array.from({ length: DAYS }, (_, t) => (t === DAYS - 200 ? Math.log(0.7) : 0));
    const calm = prepareMarket(withHistory(smallSnapshot(), { BTC: dailyHistory(MIDNIGHT, crash, null) }));
    const future = smallBook([['BTC_USDC-PERPETUAL', 1]]);
    const settings = { ...BARE, confidence: 0.999, horizonDays: 1 };
    expect(margin(future, 'var', { ...settings, windowDays: 365 }, calm).initialMarginUsd).toBeCloseTo(
      0.3 * 90_000 * 1.0004,
      4,
    );
    expect(margin(future, 'var', { ...settings, windowDays: 100 }, calm).initialMarginUsd).toBe(0);
  });

  it('charges what lies above the thresholds of concentration', () => {
    const quoted = prepareMarket({
      ...snapshot,
      underlyings: snapshot.underlyings.map((coin) => ({
        ...coin,
        expiries: coin.expiries.map((expiry) => ({
          ...expiry,
          quotes: expiry.quotes.map((quote) => ({ ...quote, openInterest: 50 })),
        })),
      })),
    });
    const component = (book: Portfolio, edits: Record<string, number>) =>
      margin(book, 'var', edits, quoted).components.find(({ name }) => name === 'Concentration add-on')!.usd;
    // 8 options against 10 % of 50: three above, each at 1 % of 90,000.
    expect(component(smallBook([[`BTC-${CODES.month}-90000-C`, -8]]), { deltaConcentration: 0 })).toBeCloseTo(2_700, 8);
    expect(component(smallBook([[`BTC-${CODES.month}-90000-C`, -4]]), { deltaConcentration: 0 })).toBe(0);
    // Two coins of the same delta, 10,000 USD of it above the threshold.
    const held = smallBook([], [{ asset: 'BTC', quantity: 2 }]);
    expect(component(held, { deltaThreshold: 170_000, deltaConcentration: 0.02 })).toBeCloseTo(200, 8);
  });

  it('says that open interest is not known, and refuses a coin without history by its name', () => {
    expect(margin(BOOKS.strangle!, 'var').approximations.join(' ')).toContain('open interest');
    const bare = smallMarket();
    const [outcome] = bookRisk(bare, BOOKS.strangle!, { models: ['var'], library: marginModels }).margins;
    expect(outcome).toMatchObject({
      unsupported: {
        code: 'missing-data',
        message: 'BTC has no price history in this market; margin by value at risk needs it',
      },
    });
  });

  it('needs neither history nor margin for a book of cash', () => {
    const [outcome] = bookRisk(smallMarket(), smallBook([]), {
      models: ['expected-shortfall'],
      library: marginModels,
    }).margins;
    expect(outcome).toMatchObject({ initialMarginUsd: 0, maintenanceMarginUsd: 0, worstScenario: null });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../../domain/portfolio.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, smallBook, smallMarket, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { sum } from '../../numerics/sum.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { prepareMarket } from '../../scenario/preparedMarket.ts';
import { shiftedBook } from '../../scenario/shiftedBook.ts';
import { books, markets, slack } from '../../fixtures/deriveBookArbitraries.ts';
import type { MarginModel } from '../MarginModel.ts';
import { marginBook } from '../marginBook.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { derivePortfolioMargin } from './derivePortfolioMargin.ts';
import { derivePortfolioMargin2 } from './derivePortfolioMargin2.ts';
import { deriveStandardMargin } from './deriveStandardMargin.ts';

const MODELS = [deriveStandardMargin, derivePortfolioMargin, derivePortfolioMargin2];
const SPOT = 90_000;
const PERPETUAL_MARK = SPOT * 1.0004;

const market = smallMarket();
const required = (model: MarginModel, book: Portfolio, parameters = {}, prepared = market) =>
  modelRequirement(model, prepared, book, parameters);
const margins = (model: MarginModel, ...legs: [string, number][]) => required(model, smallBook(legs));
const option = (strike: number, type: 'C' | 'P', code: string = CODES.month) => `BTC-${code}-${strike}-${type}`;

/** The coins and tokens that the small market lacks. */
const wideMarket = prepareMarket({
  ...smallSnapshot(),
  id: 'wide',
  underlyings: [
    ...smallSnapshot().underlyings,
    { symbol: 'SOL', index: 200, perpetual: { mark: 200 }, expiries: [] },
    { symbol: 'XRP', index: 2, perpetual: { mark: 2 }, expiries: [] },
  ],
  stablecoins: [
    { asset: 'USDC', priceUsd: 1 },
    { asset: 'USDT', priceUsd: 1 },
    { asset: 'EURC', priceUsd: 1.1 },
  ],
});

describe.each(MODELS.map((model) => [model.title, model] as const))('%s', (_title, model) => {
  it('splits into components and positions that add up, initial over maintenance over nothing', () => {
    fc.assert(
      fc.property(books, fc.constantFrom(1, 0.5), markets, (book, feedConfidence, prepared) => {
        const result = required(model, book, { feedConfidence }, prepared);
        const { initialMarginUsd, maintenanceMarginUsd } = result;
        expect(result.positions.map(({ id }) => id)).toEqual([...book.legs.map(({ id }) => id), 'collateral:BTC']);
        for (const parts of [
          result.components.map(({ usd }) => usd),
          result.positions.map((row) => row.initialMarginUsd),
        ])
          expect(Math.abs(sum(parts) - initialMarginUsd)).toBeLessThanOrEqual(slack(initialMarginUsd));
        expect(maintenanceMarginUsd).toBeGreaterThanOrEqual(0);
        expect(initialMarginUsd).toBeGreaterThanOrEqual(maintenanceMarginUsd - slack(maintenanceMarginUsd));
      }),
    );
  });

  it('scales with the book', () => {
    fc.assert(
      fc.property(books, fc.double({ min: 0.1, max: 10, noNaN: true }), (book, factor) => {
        const many = {
          ...book,
          legs: book.legs.map((one) => ({ ...one, quantity: one.quantity * factor })),
          collateral: book.collateral.map((holding) => ({ ...holding, quantity: holding.quantity * factor })),
        };
        const [before, after] = [required(model, book), required(model, many)];
        expect(Math.abs(after.initialMarginUsd - factor * before.initialMarginUsd)).toBeLessThanOrEqual(
          slack(after.initialMarginUsd),
        );
        expect(Math.abs(after.maintenanceMarginUsd - factor * before.maintenanceMarginUsd)).toBeLessThanOrEqual(
          slack(after.maintenanceMarginUsd),
        );
      }),
    );
  });

  it('does not depend on the order of legs, on splitting one, or on what a contract settles in', () => {
    const legs = smallBook([
      [option(75_000, 'P'), -3],
      [option(110_000, 'C'), -2],
      ['BTC-PERPETUAL', 40_000],
    ]).legs;
    const split = [legs[2]!, { ...legs[0]!, quantity: -1 }, legs[1]!, { ...legs[0]!, id: 'z', quantity: -2 }];
    const whole = required(model, { ...smallBook([]), legs });
    expect(required(model, { ...smallBook([]), legs: split }).initialMarginUsd).toBeCloseTo(whole.initialMarginUsd, 6);
    const both = margins(
      model,
      [option(75_000, 'P'), -3],
      [`BTC_USDC-${CODES.month}-75000-P`, 3],
      ['BTC-PERPETUAL', 90_036],
      ['BTC_USDC-PERPETUAL', -1],
    );
    expect(both.initialMarginUsd).toBeCloseTo(0, 6);
  });

  it('asks nothing of a book without positions, nor for legs that cancel', () => {
    const flat = required(model, smallBook([]));
    expect(flat).toMatchObject({ initialMarginUsd: 0, maintenanceMarginUsd: 0, worstScenario: null });
    expect(margins(model, [option(75_000, 'P'), -3], [option(75_000, 'P'), 3]).initialMarginUsd).toBe(0);
  });

  it('raises initial margin alone when USDC falls below its peg', () => {
    const book = smallBook([
      [option(75_000, 'P'), -2],
      [option(110_000, 'C'), 1],
      ['BTC-PERPETUAL', -50_000],
    ]);
    const [held, fallen] = [1, 0.97].map((usdcPrice) => required(model, book, {}, smallMarket({ usdcPrice })));
    expect(fallen!.maintenanceMarginUsd).toBe(held!.maintenanceMarginUsd);
    const peg = fallen!.components.find(({ name }) => name === 'USDC below its peg')!.usd;
    expect(fallen!.initialMarginUsd).toBeCloseTo(held!.initialMarginUsd + peg, 6);
    // Two cents below the threshold: SM 2 x 0.02 of spot for each contract, the managers 4 x 0.02 of the worst loss and more.
    const worst = held!.worstScenario?.lossUsd;
    const wanted: Readonly<Record<string, number>> = {
      'derive-sm': 0.04 * SPOT * (2 + 50_000 / PERPETUAL_MARK),
      'derive-pm': 0.08 * held!.maintenanceMarginUsd,
      'derive-pm2': 0.08 * (worst ?? 0),
    };
    expect(peg).toBeCloseTo(wanted[model.id]!, 5);
    expect(required(model, book, {}, smallMarket({ usdcPrice: 0.995 })).initialMarginUsd).toBeCloseTo(
      held!.initialMarginUsd,
      6,
    );
  });

  it('charges feeds in doubt on what they price', () => {
    const book = smallBook([
      [option(75_000, 'P'), -2],
      [option(110_000, 'C'), 1],
      ['BTC_USDC-PERPETUAL', -0.5],
    ]);
    const doubt = (feedConfidence: number) => required(model, book, { feedConfidence }).initialMarginUsd;
    // Half in doubt: half of spot, for each contract; the standard manager asks it of what is sold alone.
    const contracts = model === deriveStandardMargin ? 2.5 : 3.5;
    expect(doubt(0.5) - doubt(1)).toBeCloseTo(0.5 * SPOT * contracts, 5);
    expect(doubt(0.55)).toBe(doubt(1));
  });

  it('names what it takes otherwise, and refuses what it cannot take', () => {
    const dated = margins(model, [`BTC-${CODES.month}`, 10_000]);
    expect(dated.approximations.join(' ')).toMatch(/no dated futures.*roll/);
    expect(dated.approximations.join(' ')).toMatch(/settled in USD/);
    expect(() => required(model, smallBook([], [{ asset: 'USDT', quantity: -1 }]), {}, wideMarket)).toThrow(
      /lends no USDT/,
    );
    expect(() => required(model, smallBook([], [{ asset: 'XRP', quantity: -1 }]), {}, wideMarket)).toThrow(
      /^XRP owed: .*XRP.* compare under another rule/,
    );
    expect(() => required(model, smallBook([['XRP_USDC-PERPETUAL', 1]]), {}, wideMarket)).toThrow(
      /^XRP_USDC-PERPETUAL: .*XRP.* compare under another rule/,
    );
  });

  it('takes coins owed as the perpetual sold, so that an option can be bought without coins', () => {
    const [owed, sold] = [
      required(model, smallBook([], [{ asset: 'BTC', quantity: -1 }])),
      margins(model, ['BTC_USDC-PERPETUAL', -1]),
    ];
    // The coin counts at the index, the perpetual at its mark.
    expect(owed.initialMarginUsd / sold.initialMarginUsd).toBeCloseTo(1, 3);
    expect(owed.positions).toEqual([
      { id: 'collateral:BTC', initialMarginUsd: expect.closeTo(owed.initialMarginUsd, 6) },
    ]);
    expect(owed.approximations.join(' ')).toMatch(/lends no coins.*perpetual sold/);
    const bought = (coins: number) =>
      required(model, smallBook([[option(75_000, 'P'), 2]], [{ asset: 'BTC', quantity: coins }])).initialMarginUsd;
    // The premium owed weighs no more than a stress of itself.
    expect(Math.abs(bought(-0.02) - bought(0))).toBeLessThan(0.3 * 0.02 * SPOT);
  });

  it('counts tokens by their haircuts, in rows of their own, and what it does not take as nothing', () => {
    const book = smallBook(
      [],
      [
        { asset: 'USDT', quantity: 10_000 },
        { asset: 'EURC', quantity: 100 },
        { asset: 'SOL', quantity: 1 },
      ],
    );
    const result = required(model, book, {}, wideMarket);
    const haircut: Readonly<Record<string, number>> = {
      'derive-sm': 1 - 0.98 * 0.98,
      'derive-pm': 1,
      'derive-pm2': 0.05,
    };
    const usdt = haircut[model.id]! * 10_000;
    const row = (id: string) => result.positions.find((one) => one.id === `collateral:${id}`)!.initialMarginUsd;
    expect(row('USDT')).toBeCloseTo(usdt, 8);
    expect([row('EURC'), row('SOL')].map((usd) => usd.toFixed(6))).toEqual(['110.000000', '200.000000']);
    expect(result.initialMarginUsd).toBeCloseTo(usdt + 310, 8);
    expect(result.maintenanceMarginUsd).toBeLessThanOrEqual(result.initialMarginUsd);
    expect(result.approximations.at(-1)).toMatch(/^Not taken as collateral.*EURC/);
  });

  it('does not charge what has expired in a moved book', () => {
    const book = smallBook([
      [option(75_000, 'P', CODES.week), -5],
      [option(75_000, 'P', CODES.year), -1],
    ]);
    const scenario = { spotMove: -0.1, volShock: 0, volUnit: 'relative', days: 8, smile: 'sticky-strike' } as const;
    const later = (one: Portfolio) =>
      model.requirement(
        marginBook(shiftedBook(bookPositions(market, one), scenario, 'all'), market.snapshot),
        resolvedParameters(model),
      );
    const rest = later({ ...book, legs: book.legs.slice(1) });
    expect(later(book).initialMarginUsd).toBeCloseTo(rest.initialMarginUsd, 8);
    expect(later(book).positions[0]).toEqual({ id: 'a', initialMarginUsd: 0 });
  });
});

it('SOL has a second manager of a wider grid, no first one, and perpetuals under the standard one', () => {
  const book = smallBook([['SOL_USDC-PERPETUAL', 10]]);
  const margin = (model: MarginModel) => required(model, book, {}, wideMarket);
  expect(margin(derivePortfolioMargin2).initialMarginUsd).toBeCloseTo(2000 * (0.27 + 0.04), 8);
  expect(margin(derivePortfolioMargin2).approximations.at(-1)).toMatch(/^Of SOL/);
  expect(margin(deriveStandardMargin).initialMarginUsd).toBeCloseTo(200, 8);
  expect(() => margin(derivePortfolioMargin)).toThrow(/^SOL_USDC-PERPETUAL: .*BTC, ETH/);
});

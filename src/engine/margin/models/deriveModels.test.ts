import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Portfolio } from '../../domain/portfolio.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallMarket, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { sum } from '../../numerics/sum.ts';
import { black76Price } from '../../pricing/black76.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { prepareMarket } from '../../scenario/preparedMarket.ts';
import { shiftedBook } from '../../scenario/shiftedBook.ts';
import type { MarginModel } from '../MarginModel.ts';
import { marginBook } from '../marginBook.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { derivePortfolioMargin } from './derivePortfolioMargin.ts';
import { derivePortfolioMargin2 } from './derivePortfolioMargin2.ts';
import { deriveStandardMargin } from './deriveStandardMargin.ts';

const MODELS = [deriveStandardMargin, derivePortfolioMargin, derivePortfolioMargin2];
const MANAGERS = [derivePortfolioMargin, derivePortfolioMargin2];
const SPOT = 90_000;
const PERPETUAL_MARK = SPOT * 1.0004;

const market = smallMarket();
const required = (model: MarginModel, book: Portfolio, parameters = {}, prepared = market) =>
  modelRequirement(model, prepared, book, parameters);
const margins = (model: MarginModel, ...legs: [string, number][]) => required(model, smallBook(legs));
const initial = (model: MarginModel, ...legs: [string, number][]) => margins(model, ...legs).initialMarginUsd;

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

const month = (EXPIRIES.month - AS_OF) / (365 * 86_400_000);
const forward = SPOT * Math.exp(0.05 * month);
const mark = (type: 'C' | 'P', strike: number) => {
  const k = Math.log(strike / forward);
  return black76Price(type, forward, strike, month, 0.55 - 0.15 * k + 0.4 * k * k);
};
const option = (strike: number, type: 'C' | 'P', code: string = CODES.month) => `BTC-${code}-${strike}-${type}`;

describe("Derive's standard manager", () => {
  it('charges options sold alone by their mark and a share of spot', () => {
    const call = margins(deriveStandardMargin, [option(90_000, 'C'), -1]);
    expect(call.initialMarginUsd).toBeCloseTo(mark('C', 90_000) + 0.15 * SPOT, 6);
    expect(call.maintenanceMarginUsd).toBeCloseTo(mark('C', 90_000) + 0.09 * SPOT, 6);
    // Far out of the money the least share of spot counts, and 110000 is farther than two percent.
    expect(initial(deriveStandardMargin, [option(110_000, 'C'), -2])).toBeCloseTo(
      2 * (mark('C', 110_000) + 0.13 * SPOT),
      6,
    );
    expect(call.backing!.basis).toBe('Equity without option value');
    expect(call.backing!.equityUsd).toBeCloseTo(100_000, 6);
  });

  it('charges a spread at most its width, a put no more than its strike, and a box bought nothing', () => {
    const spread = margins(deriveStandardMargin, [option(90_000, 'P'), -1], [option(85_000, 'P'), 1]);
    expect(spread.initialMarginUsd).toBeCloseTo(5000, 8);
    expect(spread.maintenanceMarginUsd).toBeCloseTo(5000, 8);
    expect(spread.positions.map(({ initialMarginUsd }) => initialMarginUsd)).toEqual([5000, 0]);
    const box: [string, number][] = [
      [option(80_000, 'C'), 1],
      [option(80_000, 'P'), -1],
      [option(100_000, 'C'), -1],
      [option(100_000, 'P'), 1],
    ];
    expect(initial(deriveStandardMargin, ...box)).toBe(0);
    expect(
      initial(deriveStandardMargin, ...box.map(([name, quantity]): [string, number] => [name, -quantity])),
    ).toBeCloseTo(20_000, 8);
  });

  it('adds a share of the forward for calls sold net, where the largest loss counts', () => {
    // Ten ITM call spreads sold, one long call short of covered.
    const legs: [string, number][] = [
      [option(60_000, 'C'), -10],
      [option(65_000, 'C'), 9],
    ];
    const loss = 9 * 5000;
    const { initialMarginUsd, maintenanceMarginUsd, positions } = margins(deriveStandardMargin, ...legs);
    // At a settlement on 65000 the shorts pay 50000; the call without cover costs 1.2 and 1.1 times the forward.
    expect(initialMarginUsd).toBeCloseTo(loss + 5000 + 1.2 * forward, 6);
    expect(maintenanceMarginUsd).toBeCloseTo(loss + 5000 + 1.1 * forward, 6);
    expect(sum(positions.map((row) => row.initialMarginUsd))).toBeCloseTo(initialMarginUsd, 6);
  });

  it('takes perpetuals and coins by their percentages, and offsets nothing with options', () => {
    const perpetual = margins(deriveStandardMargin, ['BTC_USDC-PERPETUAL', 1]);
    expect(perpetual.initialMarginUsd).toBeCloseTo(0.066 * PERPETUAL_MARK, 8);
    expect(perpetual.maintenanceMarginUsd).toBeCloseTo(0.05 * PERPETUAL_MARK, 8);
    const coins = required(deriveStandardMargin, smallBook([], [{ asset: 'BTC', quantity: 2 }]));
    expect(coins.initialMarginUsd).toBeCloseTo(2 * SPOT * (1 - 0.75 * 0.93), 6);
    expect(coins.maintenanceMarginUsd).toBeCloseTo(2 * SPOT * 0.25, 6);
    expect(initial(deriveStandardMargin, [option(90_000, 'P'), -1], ['BTC_USDC-PERPETUAL', -1])).toBeCloseTo(
      initial(deriveStandardMargin, [option(90_000, 'P'), -1]) + 0.066 * PERPETUAL_MARK,
      6,
    );
  });

  it('is never raised by an option bought', () => {
    fc.assert(
      fc.property(
        books,
        fc.constantFrom(...OPTIONS),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (book, name, size) => {
          const added = { ...book, legs: [...book.legs, { id: 'added', instrument: name, quantity: size }] };
          const [before, after] = [book, added].map((one) => required(deriveStandardMargin, one));
          expect(after!.initialMarginUsd).toBeLessThanOrEqual(before!.initialMarginUsd * (1 + 1e-12) + 1e-6);
          expect(after!.maintenanceMarginUsd).toBeLessThanOrEqual(before!.maintenanceMarginUsd * (1 + 1e-12) + 1e-6);
        },
      ),
    );
  });
});

describe("Derive's portfolio managers", () => {
  it('take a perpetual by the edge of their grid and their contingencies', () => {
    const first = margins(derivePortfolioMargin, ['BTC_USDC-PERPETUAL', 1]);
    expect(first.maintenanceMarginUsd).toBeCloseTo(0.2 * PERPETUAL_MARK + 0.03 * SPOT, 6);
    expect(first.initialMarginUsd).toBeCloseTo(1.25 * (0.2 * PERPETUAL_MARK + 0.03 * SPOT), 6);
    expect(first.worstScenario!.label).toBe('−20 %, IV up');
    const second = margins(derivePortfolioMargin2, ['BTC_USDC-PERPETUAL', -1]);
    expect(second.maintenanceMarginUsd).toBeCloseTo(0.8 * 0.18 * PERPETUAL_MARK + 0.03 * SPOT, 6);
    expect(second.initialMarginUsd).toBeCloseTo(0.18 * PERPETUAL_MARK + 0.04 * SPOT, 6);
    expect(second.worstScenario!).toMatchObject({ label: '+18 %, IV up', volShock: 0.5 });
  });

  it('repriced option by option: a put sold loses its worst repricing', () => {
    const vol = (strike: number) => {
      const k = Math.log(strike / forward);
      return 0.55 - 0.15 * k + 0.4 * k * k;
    };
    const up = 1 + 0.6 * (30 / 35) ** 0.13;
    const price = (spotFactor: number, volFactor: number) =>
      black76Price('P', forward * spotFactor, 75_000, month, vol(75_000) * volFactor);
    const loss = price(0.8, up) - price(1, 1);
    const { initialMarginUsd, maintenanceMarginUsd } = margins(derivePortfolioMargin, [option(75_000, 'P'), -3]);
    expect(maintenanceMarginUsd).toBeCloseTo(3 * (loss + 0.02 * SPOT), 6);
    expect(initialMarginUsd).toBeCloseTo(1.25 * 3 * (loss + 0.02 * SPOT), 6);
  });

  it('lower the margin of a short when a long option covers it, and ask little for a box', () => {
    for (const model of MANAGERS) {
      const naked = initial(model, [option(90_000, 'P'), -1]);
      expect(initial(model, [option(90_000, 'P'), -1], [option(85_000, 'P'), 1])).toBeLessThan(0.5 * naked);
      const box = initial(
        model,
        [option(80_000, 'C'), 1],
        [option(80_000, 'P'), -1],
        [option(100_000, 'C'), -1],
        [option(100_000, 'P'), 1],
      );
      // The discount on what is held, and no more: 5 % and 12 % a year, times 1.25; 2 % and 10 % a year.
      expect(box).toBeLessThan(0.08 * 20_000);
      expect(box).toBeGreaterThan(0);
    }
  });

  it('let coins cover what is sold against them', () => {
    const book = (quantity: number) => smallBook([['BTC_USDC-PERPETUAL', -1]], [{ asset: 'BTC', quantity }]);
    const covered = required(derivePortfolioMargin2, book(1));
    // The scenarios cancel but for the perpetual's four basis points; 4 % of the perpetual and 3 % of the coin are left.
    expect(covered.initialMarginUsd).toBeCloseTo(0.18 * 0.0004 * SPOT + 0.07 * SPOT, 6);
    expect(covered.positions.map(({ id }) => id)).toEqual(['a', 'collateral:BTC']);
    expect(required(derivePortfolioMargin, book(1)).initialMarginUsd).toBeLessThan(
      0.5 * required(derivePortfolioMargin, book(0)).initialMarginUsd,
    );
  });

  it('tell the worst of all scenarios and of the basis beside them', () => {
    const scenarios = { [derivePortfolioMargin.id]: 23, [derivePortfolioMargin2.id]: 33 };
    for (const model of MANAGERS) {
      const { components } = margins(model, [option(90_000, 'C'), -1], [option(90_000, 'C', CODES.year), 1]);
      const { usd, scan } = components[0]!;
      expect(scan!.amountUsd).toHaveLength(scenarios[model.id]! + 1);
      expect(usd).toBe(scan!.amountUsd[scan!.binding]);
      expect(usd).toBeCloseTo(Math.max(...Array.from(scan!.amountUsd)), 6);
      expect(scan!.label(scenarios[model.id]!)).toMatch(/^Basis, forwards \+/);
      // One year apart, it is the forwards' parting that costs most.
      expect(scan!.binding).toBe(scenarios[model.id]);
    }
  });

  it('stand a subaccount by coin: requirements add', () => {
    for (const model of MANAGERS) {
      const btc: [string, number] = [option(75_000, 'P'), -2];
      const eth: [string, number] = [`ETH-${CODES.month}-3400-C`, -30];
      const both = margins(model, btc, eth);
      expect(both.initialMarginUsd).toBeCloseTo(initial(model, btc) + initial(model, eth), 6);
      expect(both.worstScenario!.byUnderlying.map(({ underlying }) => underlying)).toEqual(['BTC', 'ETH']);
      expect(both.approximations.join(' ')).toMatch(/subaccount of its own/);
    }
  });
});

const OPTIONS = [CODES.week, CODES.month, CODES.year].flatMap((code) => [
  option(75_000, 'P', code),
  option(90_000, 'C', code),
  option(90_000, 'P', code),
  option(110_000, 'C', code),
  `ETH_USDC-${code}-3400-C`,
]);
const FUTURES = ['BTC-PERPETUAL', `BTC-${CODES.month}`, 'ETH_USDC-PERPETUAL'];
const leg = fc
  .tuple(fc.constantFrom(...OPTIONS, ...FUTURES), fc.double({ min: -20, max: 20, noNaN: true }))
  .map(([name, size]): [string, number] => {
    const inverseFuture = !name.includes('_USDC') && !/-[CP]$/.test(name);
    return [name, inverseFuture ? Math.round(size * 10_000) : size];
  });
const books = fc
  .tuple(fc.array(leg, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 5, noNaN: true }))
  .map(([legs, coins]) =>
    smallBook(legs, [
      { asset: 'USDC', quantity: 250_000 },
      { asset: 'BTC', quantity: coins },
    ]),
  );
const slack = (usd: number) => 1e-9 * (1e6 + Math.abs(usd));

describe.each(MODELS.map((model) => [model.title, model] as const))('%s', (_title, model) => {
  it('splits into components and positions that add up, initial over maintenance over nothing', () => {
    fc.assert(
      fc.property(books, fc.constantFrom(1, 0.5), fc.constantFrom(1, 0.95), (book, feedConfidence, usdcPrice) => {
        const result = required(model, book, { feedConfidence }, smallMarket({ usdcPrice }));
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
    expect(initial(model, [option(75_000, 'P'), -3], [option(75_000, 'P'), 3])).toBe(0);
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
    const wanted = {
      'derive-sm': 0.04 * SPOT * (2 + 50_000 / PERPETUAL_MARK),
      'derive-pm': 0.08 * held!.maintenanceMarginUsd,
      'derive-pm2': 0.08 * (worst ?? 0),
    }[model.id]!;
    expect(peg).toBeCloseTo(wanted, 5);
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
    expect(() => required(model, smallBook([], [{ asset: 'BTC', quantity: -1 }]))).toThrow(/lends no BTC/);
    expect(() => required(model, smallBook([['XRP_USDC-PERPETUAL', 1]]), {}, wideMarket)).toThrow(
      /^XRP_USDC-PERPETUAL: .*XRP.* compare under another rule/,
    );
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
    const usdt = { 'derive-sm': 1 - 0.98 * 0.98, 'derive-pm': 1, 'derive-pm2': 0.05 }[model.id]! * 10_000;
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

test('SOL has a second manager of a wider grid, no first one, and perpetuals under the standard one', () => {
  const book = smallBook([['SOL_USDC-PERPETUAL', 10]]);
  const margin = (model: MarginModel) => required(model, book, {}, wideMarket);
  expect(margin(derivePortfolioMargin2).initialMarginUsd).toBeCloseTo(2000 * (0.27 + 0.04), 8);
  expect(margin(derivePortfolioMargin2).approximations.at(-1)).toMatch(/^Of SOL/);
  expect(margin(deriveStandardMargin).initialMarginUsd).toBeCloseTo(200, 8);
  expect(() => margin(derivePortfolioMargin)).toThrow(/^SOL_USDC-PERPETUAL: .*BTC, ETH/);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { MarketSnapshot } from '../../domain/marketSnapshot.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import { CODES, smallBook, smallMarket, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { unitValueUsd } from '../../scenario/contractState.ts';
import { type PreparedMarket, prepareMarket } from '../../scenario/preparedMarket.ts';
import { shiftedBook } from '../../scenario/shiftedBook.ts';
import { shiftedState } from '../../scenario/shiftedState.ts';
import { marginBook } from '../marginBook.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { deribitPortfolioMargin } from './deribitPortfolioMargin.ts';

const market = smallMarket();
const INDEX = 90_000;

function required(book: Portfolio, edits: ParameterSet = {}, prepared: PreparedMarket = market) {
  const parameters = resolvedParameters(deribitPortfolioMargin, edits);
  return deribitPortfolioMargin.requirement(marginBook(bookPositions(prepared, book), prepared.snapshot), parameters);
}

/** Nothing forgiven and nothing for liquidity: what is left scales with the book. */
const LINEAR = {
  btcExtendedDampener: 0,
  ethExtendedDampener: 0,
  usdcExtendedDampener: 0,
  btcDeltaShockGrowth: 0,
  ethDeltaShockGrowth: 0,
};

const NAMES = [
  `BTC-${CODES.week}-75000-P`,
  `BTC-${CODES.month}-75000-P`,
  `BTC-${CODES.month}-90000-C`,
  `BTC-${CODES.year}-110000-C`,
  `ETH-${CODES.year}-2600-P`,
  `ETH_USDC-${CODES.month}-3400-C`,
  'BTC-PERPETUAL',
  `BTC-${CODES.month}`,
  'BTC_USDC-PERPETUAL',
  'ETH_USDC-PERPETUAL',
];
const isInverseFuture = (name: string) => !name.includes('_USDC') && !/-[CP]$/.test(name);
const legs = fc.array(
  fc
    .tuple(fc.constantFrom(...NAMES), fc.double({ min: -20, max: 20, noNaN: true }))
    .filter(([, quantity]) => Math.abs(quantity) > 1e-6)
    .map(([name, quantity]): [string, number] => [name, isInverseFuture(name) ? 1e5 * quantity : quantity]),
  { minLength: 1, maxLength: 7 },
);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const component = (result: ReturnType<typeof required>, name: string) =>
  result.components.find((each) => each.name === name)!;

describe('Deribit PM', () => {
  it("meets the venue's example of June 2024", () => {
    const index = 65_666.19;
    const forward = 65_700;
    const expiry = Date.UTC(2024, 5, 28, 8);
    const snapshot: MarketSnapshot = {
      ...smallSnapshot(),
      id: 'june',
      asOf: expiry - 0.029866168791222728 * 365 * 86_400_000,
      underlyings: [
        {
          symbol: 'BTC',
          index,
          perpetual: { mark: index },
          expiries: [{ expiry, forward, discount: 1, quotes: [] }],
        },
      ],
    };
    const book = smallBook([
      ['BTC-PERPETUAL', 0.314538364 * index],
      ['BTC-28JUN24', -0.001187534 * forward],
    ]);
    const result = required(book, {}, prepareMarket(snapshot));
    // 0.122861343 less 0.06 of market maker protection and 0.000018212 of open orders.
    expect(result.initialMarginUsd / index).toBeCloseTo(0.122861343 - 0.06 - 0.000018212, 8);
    expect(result.maintenanceMarginUsd / index).toBeCloseTo(0.050274504784, 8);
    expect(component(result, 'Risk matrix, BTC').usd / index).toBeCloseTo(0.059685872, 8);
    expect(component(result, 'Roll shock, BTC').usd / index).toBeCloseTo(0.00315725898, 10);
    expect(result.worstScenario).toMatchObject({ label: '−16 %, IV ×1.50', spotMove: -0.16, volShock: 0.5 });
    // +0.000226 coin in that scenario, less nothing: a relief; and 1 % of its own size for the roll.
    expect(result.positions[1]!.initialMarginUsd / index).toBeCloseTo(-0.000226197 + 0.00001187534, 8);
  });

  it('charges a sold put what its price in coin gains, at the index', () => {
    const name = NAMES[1]!;
    const book = smallBook([[name, -2]]);
    const { state } = bookPositions(market, book).legs[0]!;
    const moved = shiftedState(state, {
      spotMove: -0.16,
      volShock: 0.5 * (30 / 35) ** 0.13,
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-strike',
    });
    const lossCoin = 2 * (unitValueUsd(moved) / moved.index - unitValueUsd(state) / INDEX);
    const result = required(book);
    expect(component(result, 'Risk matrix, BTC').usd).toBeCloseTo(lossCoin * INDEX, 6);
    const delta = Math.abs(bookPositionsDelta(book));
    expect(component(result, 'Roll shock, BTC').usd).toBeCloseTo(0.01 * delta * INDEX, 6);
    expect(component(result, 'Delta shock, BTC').usd).toBe(0);
    expect(result.backing).toBeUndefined();
  });

  it('charges a sold linear put what its price in dollars gains, in a pool of its own', () => {
    const name = `BTC_USDC-${CODES.month}-75000-P`;
    const book = smallBook([[name, -2]]);
    const { state } = bookPositions(market, book).legs[0]!;
    const shift = { volUnit: 'relative', days: 0, smile: 'sticky-strike', spotMove: -0.16 } as const;
    const moved = shiftedState(state, { ...shift, volShock: 0.5 * (30 / 35) ** 0.13 });
    const result = required(book);
    expect(component(result, 'Risk matrix, BTC_USDC').usd).toBeCloseTo(
      2 * (unitValueUsd(moved) - unitValueUsd(state)),
      6,
    );
    expect(result.approximations.join()).toContain('settled in USDC');
  });

  it('charges linear perpetuals their move, the least roll rate, and a large delta for its liquidity', () => {
    const mark = 90_036;
    const small = required(smallBook([['BTC_USDC-PERPETUAL', -10]]));
    expect(component(small, 'Risk matrix, BTC_USDC').usd).toBeCloseTo(10 * 0.16 * mark, 6);
    expect(component(small, 'Roll shock, BTC_USDC').usd).toBeCloseTo(10 * 0.01 * INDEX, 6);
    expect(component(small, 'Delta shock, BTC_USDC').usd).toBe(0);
    // 20 m USD at 90,000 are 222.2 coins; each coin more costs 0.005 %, on all of them.
    const large = required(smallBook([['BTC_USDC-PERPETUAL', -1000]]));
    expect(component(large, 'Delta shock, BTC_USDC').usd).toBeCloseTo(
      1000 * 0.00005 * (1000 - 20_000_000 / INDEX) * INDEX,
      4,
    );
    expect(total(large.positions.map(({ initialMarginUsd }) => initialMarginUsd))).toBeCloseTo(
      large.initialMarginUsd,
      4,
    );
  });

  it('names the binding scenario, of each pair where there are several, and marks the extended table', () => {
    const one = required(smallBook([[NAMES[2]!, -1]]));
    const { scan, usd } = one.components[0]!;
    expect(scan!.amountUsd).toHaveLength(35);
    expect(scan!.amountUsd[scan!.binding]).toBe(usd);
    expect(scan!.label(0)).toBe('−16 %, IV ×1.50');
    expect(scan!.label(13)).toBe('0 %, IV ×1.00');
    expect(scan!.label(26)).toBe('+16 %, IV ×0.75');
    expect(scan!.label(27)).toBe('−66 % extended, IV ×1.50');
    expect(scan!.label(34)).toBe('+500 % extended, IV ×1.50');
    const several = required(
      smallBook([
        ['BTC-PERPETUAL', 100_000],
        ['BTC_USDC-PERPETUAL', -3],
        ['ETH_USDC-PERPETUAL', 1],
      ]),
    ).worstScenario!;
    expect(several.label).toBe('BTC_USDC +16 %, IV ×1.50; BTC −16 %, IV ×1.50; ETH −18 %, IV ×1.40');
    expect(several.byUnderlying.map(({ underlying }) => underlying)).toEqual(['BTC_USDC', 'BTC', 'ETH']);
    expect(several.lossUsd).toBeCloseTo(total(several.byUnderlying.map(({ lossUsd }) => lossUsd)), 6);
    expect(several.spotMove).toBe(0.16);
  });

  it('lets the extended table bind for options sold far out of the money, and shares what the dampener leaves', () => {
    const wings = smallBook([
      [`BTC-${CODES.month}-120000-C`, -400],
      [`BTC-${CODES.month}-60000-P`, -40],
    ]);
    const result = required(wings);
    const { scan, usd } = result.components[0]!;
    expect(scan!.binding).toBeGreaterThanOrEqual(27);
    expect(result.worstScenario!.label).toContain('extended');
    expect(required(wings, { btcExtendedDampener: 0 }).components[0]!.usd).toBeGreaterThan(usd);
    const rows = total(result.positions.map(({ initialMarginUsd }) => initialMarginUsd));
    expect(rows).toBeCloseTo(result.initialMarginUsd, 4);
  });

  it('splits into components and rows that add up, whatever the order of legs', () => {
    fc.assert(
      fc.property(legs, (some) => {
        const result = required(smallBook(some));
        const slack =
          1e-9 * (1 + total(some.map(([name, quantity]) => Math.abs(quantity) * (isInverseFuture(name) ? 1 : INDEX))));
        expect(Math.abs(total(result.components.map(({ usd }) => usd)) - result.initialMarginUsd)).toBeLessThanOrEqual(
          slack,
        );
        expect(
          Math.abs(total(result.positions.map(({ initialMarginUsd }) => initialMarginUsd)) - result.initialMarginUsd),
        ).toBeLessThanOrEqual(slack);
        expect(result.initialMarginUsd).toBeGreaterThanOrEqual(0);
        expect(result.maintenanceMarginUsd).toBeCloseTo(0.8 * result.initialMarginUsd, 6);
        const turned = required(smallBook([...some].reverse())).initialMarginUsd;
        expect(Math.abs(turned - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
      }),
    );
  });

  it('scales with the book below the liquidity threshold, and asks no more of a book than of its parts', () => {
    fc.assert(
      fc.property(legs, legs, (one, other) => {
        const [a, b, both, twice] = [
          one,
          other,
          [...one, ...other],
          one.map(([name, q]): [string, number] => [name, 2 * q]),
        ].map((some) => required(smallBook(some), LINEAR).initialMarginUsd);
        const slack = 1e-9 * (1 + a! + b!);
        expect(both!).toBeLessThanOrEqual(a! + b! + slack);
        expect(Math.abs(twice! - 2 * a!)).toBeLessThanOrEqual(slack);
      }),
    );
  });

  it('asks of an option bought at most what it is worth, roll aside', () => {
    for (const name of NAMES.filter((each) => /-[CP]$/.test(each))) {
      const book = smallBook([[name, 3]]);
      const value = bookPositions(market, book).legs[0]!.valueUsd;
      expect(required(book).components[0]!.usd).toBeLessThanOrEqual(value);
    }
  });

  it('charges nothing for what cancels, what has expired and coins held', () => {
    const nothing = { initialMarginUsd: 0, maintenanceMarginUsd: 0, worstScenario: null };
    expect(
      required(
        smallBook(
          [
            [NAMES[2]!, 4],
            [NAMES[2]!, -4],
          ],
          [{ asset: 'BTC', quantity: 3 }],
        ),
      ),
    ).toMatchObject({
      ...nothing,
      positions: [{ initialMarginUsd: 0 }, { initialMarginUsd: 0 }, { initialMarginUsd: 0 }],
    });
    const shift = { spotMove: -0.2, volShock: 0, volUnit: 'relative', days: 8, smile: 'sticky-strike' } as const;
    const moved = shiftedBook(bookPositions(market, smallBook([[NAMES[0]!, -4]])), shift, 'all');
    const parameters = resolvedParameters(deribitPortfolioMargin);
    expect(deribitPortfolioMargin.requirement(marginBook(moved, market.snapshot), parameters)).toMatchObject(nothing);
  });

  it('refuses a coin whose numbers it does not have, by the name of the leg', () => {
    const snapshot = smallSnapshot();
    const sol = { symbol: 'SOL', index: 200, perpetual: { mark: 200 }, expiries: [] };
    const withSol = prepareMarket({ ...snapshot, id: 'sol', underlyings: [...snapshot.underlyings, sol] });
    expect(() =>
      required(
        smallBook([
          [NAMES[2]!, 1],
          ['SOL_USDC-PERPETUAL', 10],
        ]),
        {},
        withSol,
      ),
    ).toThrow(/^SOL_USDC-PERPETUAL: .* SOL were not obtained/);
  });

  it('has every parameter within its bounds, and names the later number where one disagrees', () => {
    for (const { key, initial, min, max } of deribitPortfolioMargin.parameters) {
      expect(initial, key).toBeGreaterThanOrEqual(min);
      expect(initial, key).toBeLessThanOrEqual(max);
    }
    const of = (key: string) => deribitPortfolioMargin.parameters.find((each) => each.key === key)!;
    expect(of('btcPriceRange')).toMatchObject({ initial: 0.16, date: '2024-06' });
    expect(of('btcPriceRange').description).toContain('0.14 in September 2026');
    expect(of('ethPriceRange')).toMatchObject({ initial: 0.18, date: '2026-02' });
    const wider = required(smallBook([['BTC-PERPETUAL', 90_000]]), { btcPriceRange: 0.3 });
    expect(wider.worstScenario!.label).toBe('−30 %, IV ×1.50');
  });
});

function bookPositionsDelta(book: Portfolio): number {
  return marginBook(bookPositions(market, book), market.snapshot).positions[0]!.deltaCoins;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../../domain/portfolio.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, EXPIRIES, AS_OF, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { shiftedBook } from '../../scenario/shiftedBook.ts';
import type { MarginModel } from '../MarginModel.ts';
import { marginBook } from '../marginBook.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { binanceOptions } from './binanceOptions.ts';
import { bybitPortfolioMargin } from './bybitPortfolioMargin.ts';
import { okxPortfolioMargin } from './okxPortfolioMargin.ts';
import { paradexPortfolioMargin } from './paradexPortfolioMargin.ts';
import { thalexPortfolioMargin } from './thalexPortfolioMargin.ts';

const market = smallMarket();
const MODELS = [
  okxPortfolioMargin,
  bybitPortfolioMargin,
  paradexPortfolioMargin,
  thalexPortfolioMargin,
  binanceOptions,
];
/** OKX's tiers make a larger book dearer by the coin; without them every rule is linear in the book. */
const UNTIERED = Object.fromEntries([1, 2, 3, 4, 5, 6].map((tier) => [`tier${tier}`, 1e9]));
const edits = (model: MarginModel) => (model === okxPortfolioMargin ? UNTIERED : {});

const OPTIONS = [CODES.week, CODES.month, CODES.year].flatMap((code) => [
  `BTC-${code}-75000-P`,
  `BTC-${code}-90000-C`,
  `BTC-${code}-110000-C`,
  `ETH-${code}-2600-P`,
  `ETH_USDC-${code}-3400-C`,
]);
const FUTURES = ['BTC-PERPETUAL', `BTC-${CODES.month}`, 'ETH_USDC-PERPETUAL'];

function books(model: MarginModel): fc.Arbitrary<Portfolio> {
  const names = model === binanceOptions ? OPTIONS : [...OPTIONS, ...FUTURES];
  const leg = fc
    .tuple(fc.constantFrom(...names), fc.double({ min: -20, max: 20, noNaN: true }))
    .map(([name, size]): [string, number] => {
      const inverseFuture = !name.includes('_USDC') && !/-[CP]$/.test(name);
      return [name, inverseFuture ? Math.round(size * 10_000) : size];
    });
  return fc
    .tuple(fc.array(leg, { minLength: 1, maxLength: 8 }), fc.double({ min: -2, max: 5, noNaN: true }))
    .map(([legs, coins]) =>
      smallBook(legs, [
        { asset: 'USDC', quantity: 250_000 },
        { asset: 'BTC', quantity: coins },
      ]),
    );
}

const scaled = (book: Portfolio, factor: number): Portfolio => ({
  ...book,
  legs: book.legs.map((leg) => ({ ...leg, quantity: leg.quantity * factor })),
  collateral: book.collateral.map((holding) => ({ ...holding, quantity: holding.quantity * factor })),
});

/** Gross notional of a book, about: what its rounding is measured against. */
const SIZE = 1e7;

describe.each(MODELS.map((model) => [model.id, model] as const))('%s', (_, model) => {
  const margin = (book: Portfolio) => modelRequirement(model, market, book, edits(model));

  it('adds up by components and by positions, and every scan stands at its own worst', () => {
    fc.assert(
      fc.property(books(model), (book) => {
        const { initialMarginUsd, maintenanceMarginUsd, components, positions } = margin(book);
        expect(components.reduce((total, { usd }) => total + usd, 0)).toBeCloseTo(initialMarginUsd, 5);
        expect(positions.reduce((total, row) => total + row.initialMarginUsd, 0)).toBeCloseTo(initialMarginUsd, 5);
        expect(positions.map(({ id }) => id)).toEqual([...book.legs.map(({ id }) => id), 'collateral:BTC']);
        expect(maintenanceMarginUsd).toBeGreaterThanOrEqual(0);
        expect(initialMarginUsd).toBeGreaterThanOrEqual(maintenanceMarginUsd);
        for (const { usd, scan } of components) {
          expect(usd).toBeGreaterThanOrEqual(-1e-9 * SIZE);
          if (!scan) continue;
          expect(scan.amountUsd[scan.binding]).toBe(usd);
          expect(Math.max(...Array.from(scan.amountUsd))).toBeLessThanOrEqual(usd * (1 + 1e-9));
          expect(scan.label(scan.binding)).not.toMatch(/NaN|undefined/);
        }
      }),
    );
  });

  it('asks twice as much of twice the book', () => {
    fc.assert(
      fc.property(books(model), fc.double({ min: 0.1, max: 10, noNaN: true }), (book, factor) => {
        const [once, more] = [margin(book), margin(scaled(book, factor))];
        expect(Math.abs(more.initialMarginUsd - factor * once.initialMarginUsd)).toBeLessThan(1e-10 * factor * SIZE);
        expect(Math.abs(more.maintenanceMarginUsd - factor * once.maintenanceMarginUsd)).toBeLessThan(
          1e-10 * factor * SIZE,
        );
      }),
    );
  });

  it('does not mind the order of legs, nor a leg in two parts', () => {
    fc.assert(
      fc.property(books(model), (book) => {
        const whole = margin(book).initialMarginUsd;
        const reversed = { ...book, legs: [...book.legs].reverse() };
        const split = {
          ...book,
          legs: book.legs.flatMap((leg) => [
            { ...leg, quantity: leg.quantity * 1.5 },
            { ...leg, id: `${leg.id}2`, quantity: leg.quantity * -0.5 },
          ]),
        };
        expect(Math.abs(margin(reversed).initialMarginUsd - whole)).toBeLessThan(1e-10 * SIZE);
        expect(Math.abs(margin(split).initialMarginUsd - whole)).toBeLessThan(1e-10 * SIZE);
      }),
    );
  });

  it('margins underlyings apart and adds them', () => {
    fc.assert(
      fc.property(books(model), (book) => {
        const part = (symbol: string) =>
          margin({
            ...book,
            legs: book.legs.filter(({ instrument }) => instrument.startsWith(symbol)),
            collateral: symbol === 'BTC' ? book.collateral : [],
          }).initialMarginUsd;
        expect(Math.abs(part('BTC') + part('ETH') - margin(book).initialMarginUsd)).toBeLessThan(1e-10 * SIZE);
      }),
    );
  });

  it('asks nothing of a book without positions, nor of what is bought and sold again', () => {
    const bought = smallBook([
      [OPTIONS[0]!, 2],
      [OPTIONS[0]!, -2],
    ]);
    for (const book of [smallBook([]), bought]) {
      expect(margin(book)).toMatchObject({ initialMarginUsd: 0, maintenanceMarginUsd: 0, worstScenario: null });
    }
  });

  it('margins a book that a scenario has moved past an expiry', () => {
    const days = (EXPIRIES.week - AS_OF) / 86_400_000 + 1;
    const book = smallBook([
      [`BTC-${CODES.week}-90000-C`, -3],
      [`BTC-${CODES.year}-90000-C`, 1],
      [`BTC-${CODES.year}-110000-C`, -1],
    ]);
    const scenario = { spotMove: 0.1, volShock: 0.2, volUnit: 'relative', days, smile: 'sticky-strike' } as const;
    const moved = marginBook(shiftedBook(bookPositions(market, book), scenario, 'all'), market.snapshot);
    const { positions, initialMarginUsd } = model.requirement(moved, resolvedParameters(model));
    expect(positions.find(({ id }) => id === 'a')?.initialMarginUsd).toBe(0);
    expect(initialMarginUsd).toBeGreaterThan(0);
  });

  it('states each parameter within its bounds, with a unit and a sentence', () => {
    for (const { initial, min, max, unit, description } of model.parameters) {
      expect(initial).toBeGreaterThanOrEqual(min);
      expect(initial).toBeLessThanOrEqual(max);
      expect(unit).not.toBe('');
      expect(description).toMatch(/\.$/);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../../domain/portfolio.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { sum } from '../../numerics/sum.ts';
import { black76Price } from '../../pricing/black76.ts';
import { books, OPTION_NAMES } from '../../fixtures/deriveBookArbitraries.ts';
import type { MarginModel } from '../MarginModel.ts';
import { derivePortfolioMargin } from './derivePortfolioMargin.ts';
import { derivePortfolioMargin2 } from './derivePortfolioMargin2.ts';
import { deriveStandardMargin } from './deriveStandardMargin.ts';

const MANAGERS = [derivePortfolioMargin, derivePortfolioMargin2];
const SPOT = 90_000;
const PERPETUAL_MARK = SPOT * 1.0004;

const market = smallMarket();
const required = (model: MarginModel, book: Portfolio, parameters = {}) =>
  modelRequirement(model, market, book, parameters);
const margins = (model: MarginModel, ...legs: [string, number][]) => required(model, smallBook(legs));
const initial = (model: MarginModel, ...legs: [string, number][]) => margins(model, ...legs).initialMarginUsd;

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
        fc.constantFrom(...OPTION_NAMES),
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookRisk } from '../../bookRisk.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { MarginResult } from '../../domain/riskReport.ts';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { black76Price } from '../../pricing/black76.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { shiftedBook } from '../../scenario/shiftedBook.ts';
import { marginBook } from '../marginBook.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { tims } from './tims.ts';

const market = smallMarket();

function margin(book: Portfolio, parameters: ParameterSet = {}): MarginResult {
  const [result] = bookRisk(market, book, {
    models: ['tims'],
    library: [tims],
    parameters: { tims: parameters },
  }).margins;
  if (result === undefined || 'unsupported' in result) throw new Error(result?.unsupported.message);
  return result;
}

const holding = (asset: string, quantity: number) => smallBook([], [{ asset, quantity }]);
const put = (strike: number, code = CODES.month) => `BTC_USDC-${code}-${strike}-P`;
const call = (strike: number, code = CODES.month) => `BTC_USDC-${code}-${strike}-C`;

describe('TIMS of a book', () => {
  it('takes coins held or owed for the underlying', () => {
    expect(margin(holding('BTC', 2)).initialMarginUsd).toBeCloseTo(0.15 * 180_000, 6);
    expect(margin(holding('BTC', -2)).initialMarginUsd).toBeCloseTo(0.15 * 180_000, 6);
    expect(margin(holding('BTC', 2)).worstScenario).toMatchObject({ label: '−15 %, IV held', spotMove: -0.15 });
  });

  it('asks the least charge of a conversion, whose legs cancel', () => {
    const conversion = smallBook(
      [
        [call(90_000), -2],
        [put(90_000), 2],
      ],
      [{ asset: 'BTC', quantity: 2 }],
    );
    const { initialMarginUsd, components, positions } = margin(conversion);
    expect(initialMarginUsd).toBeCloseTo(4 * 0.00375 * 90_000, 6);
    expect(components.at(-1)).toMatchObject({ name: 'Least charge of options' });
    expect(positions.reduce((total, row) => total + row.initialMarginUsd, 0)).toBeCloseTo(initialMarginUsd, 6);
  });

  it('revalues an option sold at the worst of ten prices, its vol held', () => {
    const forward = 90_000 * Math.exp((0.05 * 35) / 365);
    const log = Math.log(80_000 / forward);
    const vol = 0.55 - 0.15 * log + 0.4 * log * log;
    const value = (price: number) => black76Price('P', price, 80_000, 35 / 365, vol);
    const worst =
      Math.max(...[0.03, 0.06, 0.09, 0.12, 0.15].map((move) => value(forward * (1 - move)))) - value(forward);
    expect(margin(smallBook([[put(80_000), -3]])).initialMarginUsd).toBeCloseTo(3 * worst, 5);
  });

  it('charges an iron condor one side, and never more than its wing', () => {
    const condor = smallBook([
      [put(75_000, CODES.week), 1],
      [put(80_000, CODES.week), -1],
      [call(100_000, CODES.week), -1],
      [call(105_000, CODES.week), 1],
    ]);
    const one = margin(smallBook([[call(100_000, CODES.week), -1]]));
    const all = margin(condor, { minimumRate: 0 });
    expect(all.initialMarginUsd).toBeLessThan(5_000);
    expect(all.initialMarginUsd).toBeLessThan(one.initialMarginUsd);
  });

  it('counts the gain of another coin by the offset, at the same point', () => {
    const hedged = smallBook([
      ['BTC_USDC-PERPETUAL', 2],
      ['ETH_USDC-PERPETUAL', -60],
    ]);
    for (const groupOffset of [0, 0.5, 1]) {
      const { initialMarginUsd, components } = margin(hedged, { groupOffset });
      // The perpetual's mark is 4 basis points above the index.
      expect(initialMarginUsd).toBeCloseTo(0.15 * 180_000 * 1.0004 * (1 - groupOffset), 6);
      expect(components.map(({ name }) => name).slice(0, 2)).toEqual([
        'Worst of ten points, BTC',
        'Worst of ten points, ETH',
      ]);
    }
  });

  it('asks no more than its value, or the least charge, for an option bought', () => {
    const { equityUsd } = bookRisk(market, smallBook([[call(95_000), 1]], []));
    expect(margin(smallBook([[call(95_000), 1]]), { minimumRate: 0 }).initialMarginUsd).toBeLessThanOrEqual(equityUsd);
  });

  it('charges nothing for what has expired in a moved book', () => {
    const later = (book: Portfolio) => {
      const scenario = { spotMove: -0.2, volShock: 0, volUnit: 'relative', days: 8, smile: 'sticky-strike' } as const;
      const moved = shiftedBook(bookPositions(market, book), scenario, 'all');
      return tims.requirement(marginBook(moved, market.snapshot), resolvedParameters(tims)).initialMarginUsd;
    };
    const lasting = [put(80_000), -2] as const;
    expect(later(smallBook([lasting, [`BTC-${CODES.week}-75000-P`, -3]]))).toBe(later(smallBook([lasting])));
    expect(later(smallBook([lasting]))).toBeGreaterThan(0);
  });

  const names = [CODES.week, CODES.month, CODES.year]
    .flatMap((code) => [put(75_000, code), call(90_000, code), `BTC-${code}-110000-C`, `ETH-${code}-2600-P`])
    .concat('BTC_USDC-PERPETUAL', 'ETH_USDC-PERPETUAL');
  const legs = fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: -10, max: 10 }).filter(Boolean)), {
    minLength: 1,
    maxLength: 8,
  });

  it('adds up by component and by leg, in any order, scales with the book, and never asks more of a whole than of parts', () => {
    fc.assert(
      fc.property(legs, legs, (drawn, others) => {
        const result = margin(smallBook(drawn));
        const slack = 1e-8 * (1 + result.initialMarginUsd);
        const components = result.components.reduce((total, { usd }) => total + usd, 0);
        const rows = result.positions.reduce((total, row) => total + row.initialMarginUsd, 0);
        expect(Math.abs(components - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
        expect(Math.abs(rows - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
        expect(result.maintenanceMarginUsd).toBe(result.initialMarginUsd);
        expect(result.initialMarginUsd).toBeGreaterThanOrEqual(0);
        const backwards = margin(smallBook([...drawn].reverse()));
        expect(Math.abs(backwards.initialMarginUsd - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
        const thrice = margin(smallBook(drawn.map(([name, size]) => [name, 3 * size] as const)));
        expect(Math.abs(thrice.initialMarginUsd - 3 * result.initialMarginUsd)).toBeLessThanOrEqual(3 * slack);
        const apart = result.initialMarginUsd + margin(smallBook(others)).initialMarginUsd;
        expect(margin(smallBook([...drawn, ...others])).initialMarginUsd).toBeLessThanOrEqual(apart + 1e-6);
      }),
    );
  });
});

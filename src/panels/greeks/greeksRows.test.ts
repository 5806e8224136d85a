import { describe, expect, it } from 'vitest';
import type { BookRisk, Greeks } from '../../engine/domain/riskReport.ts';
import { type GreeksDigits, greeksSections, shownGreeks } from './greeksRows.ts';

const ZERO: Greeks = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0 };
const JUNE = Date.UTC(2025, 5, 27, 8);
const AS_OF = Date.UTC(2025, 5, 9, 8);
const DIGITS: GreeksDigits = { value: 0, delta: 2, gamma: 2, vega: 0, theta: 0, rho: 0, vanna: 3, volga: 1 };

function riskOf(
  expiries: readonly (Partial<Greeks> & { expiry: number | null })[],
  legs: BookRisk['positions'] = [],
): BookRisk {
  const rows = expiries.map((row) => ({ ...ZERO, underlying: 'BTC', valueUsd: 0, legs: 1, ...row }));
  const total = rows.reduce((sum, row) => ({ ...sum, delta: sum.delta + row.delta, vega: sum.vega + row.vega }), {
    ...ZERO,
    underlying: 'BTC',
    valueUsd: 0,
    legs: rows.length,
  });
  return {
    collateralUsd: 0,
    equityUsd: 0,
    positions: legs,
    collateral: [],
    byUnderlying: [total],
    byExpiry: rows,
    margins: [],
    notices: [],
  };
}

const sectionsOf = (before: BookRisk, after: BookRisk | null, by: 'expiry' | 'leg' = 'expiry') =>
  greeksSections(before, after, by, new Map([['BTC', 100_000]]), AS_OF, 1, DIGITS);

describe('shownGreeks', () => {
  it('turns per unit of everything into the units of the heads', () => {
    const greeks = {
      delta: 1.05,
      gamma: 2e-6,
      vega: -33_500,
      theta: 166_805,
      rho: 1200,
      vanna: 1.5,
      volga: 50_000,
      valueUsd: -7098,
    };
    expect(shownGreeks(greeks, 100_000, 1)).toEqual({
      value: -7098,
      delta: 1.05,
      gamma: 0.002,
      vega: -335,
      theta: 457,
      rho: 12,
      vanna: 0.015,
      volga: 5,
    });
    // In coin, money is divided by the index; what is counted in coin is not.
    const coin = shownGreeks(greeks, 100_000, 1 / 100_000);
    expect(coin.vega).toBeCloseTo(-0.00335, 12);
    expect(coin.delta).toBe(1.05);
  });
});

describe('greeksSections', () => {
  it('lists a coin’s expiries, the perpetual, the total and what the total was', () => {
    const before = riskOf([{ expiry: JUNE, delta: 1 }]);
    const after = riskOf([
      { expiry: JUNE, delta: 2 },
      { expiry: null, delta: -0.5 },
    ]);
    const [section] = sectionsOf(before, after);
    expect(section!.rows.map(({ label, kind, figures }) => [label, kind, figures?.delta])).toEqual([
      ['BTC 27 JUN', 'expiry', 2],
      ['BTC perpetual', 'expiry', -0.5],
      ['BTC total', 'total', 1.5],
      ['Before', 'before', 1],
    ]);
    expect(sectionsOf(before, null)[0]!.rows.map(({ kind }) => kind)).toEqual(['expiry', 'total']);
  });

  it('rounds rows so that they add up to the total on screen', () => {
    const vegas = [33.4, 33.4, 33.4].map((points, i) => ({ expiry: JUNE + i * 86_400_000, vega: points * 100 }));
    const rows = sectionsOf(riskOf(vegas), null)[0]!.rows;
    const shown = rows.filter(({ kind }) => kind === 'expiry').map(({ rounded }) => rounded!.vega);
    expect(shown.reduce((sum, value) => sum + value, 0)).toBe(Math.round(100.2));
    for (const value of shown) expect(Math.abs(value - 33.4)).toBeLessThan(1);
  });

  it('draws bars against the largest row', () => {
    const rows = sectionsOf(
      riskOf([
        { expiry: JUNE, delta: -4 },
        { expiry: null, delta: 1 },
      ]),
      null,
    )[0]!.rows;
    expect(rows.map(({ bars }) => bars.delta)).toEqual([-1, 0.25, 0]);
  });

  it('lists legs, and says why one has no figures', () => {
    const legs = [
      {
        id: 'l1',
        instrument: 'BTC-27JUN25-96000-P',
        quantity: -5,
        valueUsd: 1,
        markPrice: 1,
        impliedVolatility: 0.5,
        volatilitySource: 'mark' as const,
        ...ZERO,
      },
      {
        id: 'l2',
        instrument: 'BTC-1JAN25-96000-P',
        quantity: 1,
        failure: { code: 'expired' as const, message: 'It expired' },
      },
      {
        id: 'l3',
        instrument: 'ETH-PERPETUAL',
        quantity: 1,
        failure: { code: 'expired' as const, message: 'not this coin' },
      },
    ];
    const rows = sectionsOf(riskOf([], legs), null, 'leg')[0]!.rows;
    expect(rows.map(({ key, failure }) => [key, failure])).toEqual([
      ['l1', null],
      ['l2', 'It expired'],
      ['BTC:total', null],
    ]);
  });
});

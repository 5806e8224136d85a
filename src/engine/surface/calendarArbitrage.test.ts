import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { calendarGap, wingsCross } from './calendarArbitrage.ts';
import { sviTotalVariance } from './svi.ts';

const smiles = fc
  .record({
    least: fc.double({ min: 1e-3, max: 0.3, noNaN: true }),
    b: fc.double({ min: 0, max: 0.9, noNaN: true }),
    rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    m: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    sigma: fc.double({ min: 0.02, max: 1, noNaN: true }),
  })
  .map(
    ({ least, b, rho, m, sigma }): SviParameters => ({
      a: least - b * sigma * Math.sqrt(1 - rho * rho),
      b,
      rho,
      m,
      sigma,
    }),
  );

describe('calendarGap', () => {
  it('is the least difference, wherever it is', () => {
    fc.assert(
      fc.property(smiles, smiles, (earlier, later) => {
        const { logMoneyness, gap } = calendarGap(earlier, later, -3, 3);
        const at = (k: number) => sviTotalVariance(later, k) - sviTotalVariance(earlier, k);
        expect(gap).toBeCloseTo(at(logMoneyness), 14);
        for (let k = -3; k <= 3; k += 0.0091) expect(at(k)).toBeGreaterThanOrEqual(gap - 1e-9);
      }),
    );
  });

  it('is the least variance itself above nothing, at the smile’s lowest point', () => {
    const none: SviParameters = { a: 0, b: 0, rho: 0, m: 0, sigma: 0.1 };
    const smile: SviParameters = { a: 0.02, b: 0.1, rho: -0.5, m: 0.1, sigma: 0.2 };
    const { logMoneyness, gap } = calendarGap(none, smile, -3, 3);
    expect(gap).toBeCloseTo(0.02 + 0.1 * 0.2 * Math.sqrt(0.75), 12);
    expect(logMoneyness).toBeCloseTo(0.1 + (0.5 * 0.2) / Math.sqrt(0.75), 4);
  });
});

describe('wingsCross', () => {
  it('says whether smiles meet in the end', () => {
    fc.assert(
      fc.property(smiles, smiles, (earlier, later) => {
        const apart = (k: number) => sviTotalVariance(later, k) - sviTotalVariance(earlier, k);
        const slopes = [-1, 1].map((side) => later.b * (1 + side * later.rho) - earlier.b * (1 + side * earlier.rho));
        fc.pre(slopes.every((slope) => Math.abs(slope) > 1e-3));
        expect(wingsCross(earlier, later)).toBe(Math.min(apart(-1e4), apart(1e4)) < 0);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { isFreeOfButterflies, negativeDensities } from './butterflyArbitrage.ts';
import { sviButterfly, sviButterflySlope } from './svi.ts';

const VOGT: SviParameters = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

const smiles = fc
  .record({
    least: fc.double({ min: 1e-3, max: 0.3, noNaN: true }),
    b: fc.double({ min: 0.01, max: 0.95, noNaN: true }),
    rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    m: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    sigma: fc.double({ min: 0.02, max: 1, noNaN: true }),
  })
  .map(({ least, b, rho, m, sigma }) => ({ a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m, sigma }));

describe('butterfly arbitrage', () => {
  it('is found in the Vogt smile exactly where it is', () => {
    // Edges and lowest point by 60-digit arithmetic.
    expect(negativeDensities(VOGT)).toHaveLength(1);
    const [dip] = negativeDensities(VOGT);
    expect(dip!.lower).toBeCloseTo(0.6424078778693807, 12);
    expect(dip!.upper).toBeCloseTo(1.2569129919321274, 12);
    expect(dip!.lowest!.k).toBeCloseTo(0.8792625416220679, 10);
    expect(dip!.lowest!.g).toBeCloseTo(-0.032863573453623014, 14);
  });

  it('is found wherever a scan by hand finds it, and only there', () => {
    fc.assert(
      fc.property(smiles, (svi) => {
        const dips = negativeDensities(svi);
        const inside = (k: number) =>
          dips.some(({ lower, upper }) => (lower === null || k > lower - 1e-9) && (upper === null || k < upper + 1e-9));
        for (let k = -4; k <= 4; k += 0.0173) {
          const g = sviButterfly(svi, k);
          if (Math.abs(g) > 1e-9) expect(inside(k)).toBe(g < 0);
        }
        expect(isFreeOfButterflies(svi)).toBe(dips.length === 0 && svi.b * (1 + Math.abs(svi.rho)) <= 2);
        for (const { lower, upper, lowest } of dips) {
          for (const edge of [lower, upper])
            if (edge !== null) expect(Math.abs(sviButterfly(svi, edge))).toBeLessThan(1e-6);
          if (lowest !== null) expect(lowest.g).toBeLessThan(0);
        }
      }),
    );
  });

  it('knows that wings steeper than 2 never end it', () => {
    const steep = { a: 0.1, b: 1.5, rho: 0.6, m: 0, sigma: 0.2 };
    expect(isFreeOfButterflies(steep)).toBe(false);
    const dips = negativeDensities(steep);
    expect(dips.some(({ upper }) => upper === null)).toBe(true);
  });

  it('has no lowest point where total variance is below zero', () => {
    expect(isFreeOfButterflies({ a: -1, b: 0.1, rho: 0, m: 0, sigma: 0.1 })).toBe(false);
    expect(negativeDensities({ a: -1, b: 0.1, rho: 0, m: 0, sigma: 0.1 }).some(({ lowest }) => lowest === null)).toBe(
      true,
    );
  });

  it('calls a flat smile free', () => {
    expect(isFreeOfButterflies({ a: 0.04, b: 0, rho: 0, m: 0, sigma: 0 })).toBe(true);
    expect(negativeDensities({ a: 0.04, b: 0, rho: 0, m: 0, sigma: 0.1 })).toEqual([]);
  });

  it('has the slope of its own g', () => {
    fc.assert(
      fc.property(smiles, fc.double({ min: -1.5, max: 1.5, noNaN: true }), (svi, k) => {
        const h = 1e-4 * svi.sigma;
        const slope = (sviButterfly(svi, k + h) - sviButterfly(svi, k - h)) / (2 * h);
        expect(Math.abs(sviButterflySlope(svi, k) - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
      }),
    );
  });
});

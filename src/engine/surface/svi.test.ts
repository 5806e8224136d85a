import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { undiscountedBlack } from '../pricing/black76.ts';
import {
  sviButterfly,
  sviButterflyMinimum,
  sviCurvature,
  sviMinimumVariance,
  sviSlope,
  sviTotalVariance,
  sviWingSlope,
} from './svi.ts';

/** Axel Vogt's smile (Gatheral and Jacquier 2014, Example 3.1): positive variance, wings within Lee's bound, yet not free of arbitrage. */
const VOGT: SviParameters = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

const smiles = fc
  .record({
    least: fc.double({ min: 1e-3, max: 0.3, noNaN: true }),
    b: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
    rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    m: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    sigma: fc.double({ min: 0.05, max: 1, noNaN: true }),
  })
  .map(({ least, b, rho, m, sigma }) => ({ a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m, sigma, least }));

describe('raw SVI', () => {
  it('has the published total variance, vol and g of the Vogt smile', () => {
    expect(sviTotalVariance(VOGT, -1.5)).toBeCloseTo(0.1367819611, 9);
    expect(sviTotalVariance(VOGT, -0.8)).toBeCloseTo(0.0756291293, 9);
    expect(Math.sqrt(sviTotalVariance(VOGT, -0.2))).toBeCloseTo(0.1699864855, 9);
    expect(sviButterfly(VOGT, -1.5)).toBeCloseTo(0.2478306953, 9);
  });

  it('finds the butterfly arbitrage of the Vogt smile where it is, and nowhere else', () => {
    expect(sviWingSlope(VOGT)).toBeLessThan(2);
    expect(sviMinimumVariance(VOGT)).toBeGreaterThan(0);
    const lowest = sviButterflyMinimum(VOGT, -1.5, 1.5);
    expect(lowest.k).toBeCloseTo(0.8792625416, 6);
    expect(lowest.g).toBeCloseTo(-0.032863573453623, 12);
    // g changes sign at 0.6424078778693807 and 1.2569129919321274 (60-digit arithmetic).
    expect(sviButterfly(VOGT, 0.64240787)).toBeGreaterThan(0);
    expect(sviButterfly(VOGT, 0.64240788)).toBeLessThan(0);
    expect(sviButterfly(VOGT, 1.25691299)).toBeLessThan(0);
    expect(sviButterfly(VOGT, 1.256913)).toBeGreaterThan(0);
    expect(sviButterflyMinimum(VOGT, -1.5, 0.64).g).toBeGreaterThan(0);
  });

  it('has the derivatives of its own total variance', () => {
    fc.assert(
      fc.property(smiles, fc.double({ min: -1.5, max: 1.5, noNaN: true }), (p, k) => {
        const h = 1e-4;
        const [below, here, above] = [k - h, k, k + h].map((at) => sviTotalVariance(p, at)) as [number, number, number];
        // Errors of the differences are of the order h^2 w''' and h^2 w'''', at most about b / sigma^3.
        const slack = (h * h * p.b) / p.sigma ** 3;
        expect(Math.abs(sviSlope(p, k) - (above - below) / (2 * h))).toBeLessThan(slack + 1e-10);
        expect(Math.abs(sviCurvature(p, k) - (above - 2 * here + below) / (h * h))).toBeLessThan(slack + 1e-6);
      }),
    );
  });

  it('is never below its least variance and reaches it', () => {
    fc.assert(
      fc.property(smiles, fc.double({ min: -3, max: 3, noNaN: true }), (p, k) => {
        expect(sviMinimumVariance(p)).toBeCloseTo(p.least, 12);
        expect(sviTotalVariance(p, k)).toBeGreaterThanOrEqual(p.least - 1e-12);
        const lowest = p.m - (p.rho * p.sigma) / Math.sqrt(1 - p.rho * p.rho);
        expect(sviTotalVariance(p, lowest)).toBeCloseTo(p.least, 12);
      }),
    );
  });

  it('has g with the sign of the density that call prices imply', () => {
    fc.assert(
      fc.property(smiles, fc.double({ min: -1, max: 1, noNaN: true }), (p, k) => {
        const g = sviButterfly(p, k);
        const w = sviTotalVariance(p, k);
        const d2 = -k / Math.sqrt(w) - Math.sqrt(w) / 2;
        // Second difference of call prices over strike, the density itself; only where it is large enough to be seen.
        const expected = (g / Math.sqrt(2 * Math.PI * w)) * Math.exp((-d2 * d2) / 2) * Math.exp(-k);
        const h = 1e-3 * p.sigma * Math.exp(k);
        const price = (strike: number) =>
          undiscountedBlack(1, 1, strike, Math.sqrt(sviTotalVariance(p, Math.log(strike))));
        const strike = Math.exp(k);
        const density = (price(strike + h) - 2 * price(strike) + price(strike - h)) / (h * h);
        expect(Math.abs(density - expected)).toBeLessThan(1e-3 * (1 + Math.abs(expected)));
      }),
    );
  });

  it('calls a smile without positive variance arbitrage', () => {
    expect(sviButterfly({ a: -1, b: 0.1, rho: 0, m: 0, sigma: 0.1 }, 0)).toBe(Number.NEGATIVE_INFINITY);
    expect(sviButterflyMinimum({ a: -1, b: 0.1, rho: 0, m: 0, sigma: 0.1 }, -1, 1).g).toBe(Number.NEGATIVE_INFINITY);
  });
});

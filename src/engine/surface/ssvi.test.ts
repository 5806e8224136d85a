import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undiscountedBlack } from '../pricing/black76.ts';
import { isFreeOfButterflies } from './butterflyArbitrage.ts';
import {
  hestonLeastLambda,
  hestonPhi,
  isPowerLawFree,
  isRising,
  powerLawPhi,
  rawOfSsvi,
  type SsviSlice,
  ssviConditions,
  ssviTotalVariance,
} from './ssvi.ts';
import { sviTotalVariance } from './svi.ts';

const rhos = fc.double({ min: -0.95, max: 0.95, noNaN: true });
const thetas = fc.double({ min: 1e-3, max: 2, noNaN: true });
const slices = fc
  .record({ theta: thetas, rho: rhos, share: fc.double({ min: 0.01, max: 0.999, noNaN: true }) })
  // phi up to the bounds of Theorem 4.2.
  .map(({ theta, rho, share }) => {
    const bound = 1 + Math.abs(rho);
    return { theta, rho, phi: share * Math.min(4 / (theta * bound), Math.sqrt(4 / (theta * bound))) };
  });

/** Second difference of call prices over strike: the density, at prices from a thirtieth to thirty times the forward. */
function leastDensity(slice: SsviSlice): number {
  const price = (strike: number) =>
    undiscountedBlack(1, 1, strike, Math.sqrt(ssviTotalVariance(slice, Math.log(strike))));
  let least = Number.POSITIVE_INFINITY;
  for (let k = -3.4; k <= 3.4; k += 0.02) {
    const strike = Math.exp(k);
    const h = 2e-3 * strike;
    const density = (price(strike - h) - 2 * price(strike) + price(strike + h)) / (h * h);
    // Prices are known to about 1e-15, so the difference quotient to that over h^2.
    least = Math.min(least, density + 1e-14 / (h * h));
  }
  return least;
}

describe('SSVI', () => {
  it('is raw SVI', () => {
    fc.assert(
      fc.property(slices, fc.double({ min: -3, max: 3, noNaN: true }), (slice, k) => {
        const w = ssviTotalVariance(slice, k);
        expect(Math.abs(sviTotalVariance(rawOfSsvi(slice), k) - w)).toBeLessThan(1e-12 * (1 + w));
        expect(ssviTotalVariance(slice, 0)).toBeCloseTo(slice.theta, 14);
      }),
    );
  });

  it('has no negative density where the conditions of Theorem 4.2 hold', () => {
    fc.assert(
      fc.property(slices, (slice) => {
        fc.pre(ssviConditions(slice).isFreeOfButterflies);
        expect(isFreeOfButterflies(rawOfSsvi(slice))).toBe(true);
        expect(leastDensity(slice)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('has butterfly arbitrage where Lee’s bound fails', () => {
    fc.assert(
      fc.property(slices, (slice) => {
        const steep = { ...slice, phi: 4.2 / (slice.theta * (1 + Math.abs(slice.rho))) };
        expect(ssviConditions(steep).meetsLee).toBe(false);
        expect(isFreeOfButterflies(rawOfSsvi(steep))).toBe(false);
      }),
    );
  });

  it('does not fall with time where a form is free of arbitrage', () => {
    const forms = fc.oneof(
      fc.record({ rho: rhos, more: fc.double({ min: 1, max: 20, noNaN: true }) }).map(({ rho, more }) => ({
        rho,
        phi: (theta: number) => hestonPhi(theta, more * hestonLeastLambda(rho)),
      })),
      fc
        .record({
          rho: rhos,
          share: fc.double({ min: 0.05, max: 1, noNaN: true }),
          gamma: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        })
        .map(({ rho, share, gamma }) => {
          const eta = (2 * share) / (1 + Math.abs(rho));
          return { rho, phi: (theta: number) => powerLawPhi(theta, eta, gamma) };
        }),
    );
    fc.assert(
      fc.property(forms, thetas, thetas, fc.double({ min: -4, max: 4, noNaN: true }), ({ rho, phi }, one, two, k) => {
        const [early, late] = [Math.min(one, two), Math.max(one, two)];
        const before = ssviTotalVariance({ theta: early, phi: phi(early), rho }, k);
        const after = ssviTotalVariance({ theta: late, phi: phi(late), rho }, k);
        expect(after).toBeGreaterThanOrEqual(before * (1 - 1e-12));
        expect(ssviConditions({ theta: late, phi: phi(late), rho }).isFreeOfButterflies).toBe(true);
      }),
    );
  });

  it('keeps the digits of Heston’s phi near theta = 0', () => {
    expect(hestonPhi(0, 5)).toBe(0.5);
    // 1/2 - x/6 + x^2/24 - x^3/120 + x^4/720 at x = 1e-3, and both branches at their seam.
    expect(hestonPhi(1e-3, 1)).toBeCloseTo(0.5 - 1e-3 / 6 + 1e-6 / 24 - 1e-9 / 120 + 1e-12 / 720, 15);
    expect(hestonPhi(0.5, 1)).toBeCloseTo(hestonPhi(0.5 + 1e-12, 1), 11);
  });

  it('knows when nothing is known, and refuses what is no surface', () => {
    expect(isPowerLawFree(1, 0.6, 0)).toBeNull();
    expect(isPowerLawFree(2, 0.5, 0)).toBe(true);
    expect(isPowerLawFree(2, 0.5, 0.1)).toBe(false);
    expect(isRising([0.1, 0.1, 0.2])).toBe(true);
    expect(isRising([0.1, 0.09])).toBe(false);
    expect(() => hestonPhi(0.1, 0)).toThrow('lambda is 0');
    expect(() => powerLawPhi(0, 1, 0.5)).toThrow('theta is 0');
    expect(() => powerLawPhi(0.1, 1, 1)).toThrow('gamma is 1');
    expect(() => powerLawPhi(0.1, -1, 0.5)).toThrow('eta is -1');
    expect(() => ssviConditions({ theta: -1, phi: 1, rho: 0 })).toThrow('theta is -1');
    expect(() => ssviConditions({ theta: 1, phi: 1, rho: -1.1 })).toThrow('rho is -1.1');
  });
});

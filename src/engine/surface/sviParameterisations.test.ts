import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { isFreeOfButterflies } from './butterflyArbitrage.ts';
import { sviTotalVariance } from './svi.ts';
import {
  jumpWingsOfRaw,
  naturalOfRaw,
  rawOfJumpWings,
  rawOfNatural,
  repairedJumpWings,
  soundSvi,
} from './sviParameterisations.ts';

/** Axel Vogt's smile and its jump wings as published (Gatheral and Jacquier 2014, Examples 3.1 and 5.1). */
const VOGT: SviParameters = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
const VOGT_WINGS = { v: 0.01742625, psi: -0.1752111, p: 0.6997381, c: 1.316798, vTilde: 0.0116249 };

const smiles = fc
  .record({
    least: fc.double({ min: 1e-3, max: 0.3, noNaN: true }),
    b: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
    rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    m: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    sigma: fc.double({ min: 0.05, max: 1, noNaN: true }),
  })
  .map(({ least, b, rho, m, sigma }) => ({ a: least - b * sigma * Math.sqrt(1 - rho * rho), b, rho, m, sigma }));
const times = fc.double({ min: 0.003, max: 3, noNaN: true });

/** Largest difference of total variance between k = -2 and 2. */
function difference(actual: SviParameters, wanted: SviParameters): number {
  const strikes = [-2, -0.7, -0.1, 0, 0.2, 0.9, 2];
  return Math.max(...strikes.map((k) => Math.abs(sviTotalVariance(actual, k) - sviTotalVariance(wanted, k))));
}

describe('SVI parameterisations', () => {
  it('have the published jump wings of the Vogt smile, both ways', () => {
    const wings = jumpWingsOfRaw(VOGT, 1);
    for (const [name, value] of Object.entries(VOGT_WINGS)) {
      expect(Math.abs(wings[name as keyof typeof wings] - value)).toBeLessThan(1e-6);
    }
    const raw = rawOfJumpWings(VOGT_WINGS, 1);
    for (const [name, value] of Object.entries(VOGT)) {
      expect(Math.abs(raw[name as keyof SviParameters] - value)).toBeLessThan(2e-6);
    }
  });

  it('come back from jump wings and from natural parameters as they went', () => {
    fc.assert(
      fc.property(smiles, times, (svi, time) => {
        expect(difference(rawOfNatural(naturalOfRaw(svi)), svi)).toBeLessThan(1e-12);
        // With the lowest point at the money jump wings lose sigma: the closer, the fewer digits.
        const beta = svi.m / Math.hypot(svi.m, svi.sigma);
        fc.pre(Math.abs(beta - svi.rho) > 0.02);
        expect(difference(rawOfJumpWings(jumpWingsOfRaw(svi, time), time), svi)).toBeLessThan(1e-9);
      }),
    );
  });

  it('natural parameters say the same total variance by their own formula', () => {
    fc.assert(
      fc.property(smiles, fc.double({ min: -2, max: 2, noNaN: true }), (svi, k) => {
        const { delta, mu, rho, omega, zeta } = naturalOfRaw(svi);
        const x = zeta * (k - mu);
        const w = delta + (omega / 2) * (1 + rho * x + Math.sqrt((x + rho) ** 2 + 1 - rho * rho));
        expect(w).toBeCloseTo(sviTotalVariance(svi, k), 10);
      }),
    );
  });

  it('jump wings are what they are called: level, skew, wings and least variance', () => {
    fc.assert(
      fc.property(smiles, times, (svi, time) => {
        const { v, psi, p, c, vTilde } = jumpWingsOfRaw(svi, time);
        const root = Math.sqrt(sviTotalVariance(svi, 0));
        expect(v * time).toBeCloseTo(root * root, 12);
        const h = 1e-5;
        const skew = (Math.sqrt(sviTotalVariance(svi, h)) - Math.sqrt(sviTotalVariance(svi, -h))) / (2 * h);
        expect(Math.abs(psi - skew)).toBeLessThan(1e-5);
        const slope = (k: number) => sviTotalVariance(svi, k + 1) - sviTotalVariance(svi, k);
        expect(slope(1e5) / root).toBeCloseTo(c, 4);
        expect(-slope(-1e5) / root).toBeCloseTo(p, 4);
        expect(vTilde).toBeLessThanOrEqual(v * (1 + 1e-12));
      }),
    );
  });

  it('repairs the Vogt smile as published, free of butterflies', () => {
    const repaired = repairedJumpWings(jumpWingsOfRaw(VOGT, 1));
    expect(repaired.c).toBeCloseTo(0.3493158, 7);
    expect(repaired.vTilde).toBeCloseTo(0.01548182, 7);
    expect(isFreeOfButterflies(VOGT)).toBe(false);
    expect(isFreeOfButterflies(rawOfJumpWings(repaired, 1))).toBe(true);
    // The nearest smile without arbitrage that the paper finds by search.
    expect(isFreeOfButterflies(rawOfJumpWings({ ...VOGT_WINGS, c: 0.8564763 }, 1))).toBe(true);
  });

  it('refuse what is no smile, and say why', () => {
    const because = (call: () => unknown): string => {
      try {
        call();
      } catch (error) {
        if (error instanceof RiskError) return error.message;
        throw error;
      }
      return 'accepted';
    };
    expect(because(() => soundSvi({ ...VOGT, b: -0.1 }))).toContain('b is -0.1');
    expect(because(() => soundSvi({ ...VOGT, rho: 1.01 }))).toContain('rho is 1.01');
    expect(because(() => soundSvi({ ...VOGT, sigma: -1 }))).toContain('sigma is -1');
    expect(because(() => soundSvi({ ...VOGT, a: -1 }))).toContain('below zero');
    expect(because(() => soundSvi({ ...VOGT, m: Number.NaN }))).toContain('m is not a finite number');
    expect(because(() => naturalOfRaw({ ...VOGT, a: 0, rho: 1 }))).toContain('rho inside');
    expect(because(() => rawOfNatural({ delta: 0, mu: 0, rho: 0, omega: 0.1, zeta: 0 }))).toContain('zeta is 0');
    expect(because(() => rawOfJumpWings(VOGT_WINGS, 0))).toContain('time to expiry is 0');
    expect(because(() => rawOfJumpWings({ ...VOGT_WINGS, v: 0 }, 1))).toContain('v is 0');
    expect(because(() => rawOfJumpWings({ ...VOGT_WINGS, p: -1 }, 1))).toContain('at least 0');
    expect(because(() => rawOfJumpWings({ ...VOGT_WINGS, vTilde: 0.02 }, 1))).toContain('above v');
    expect(because(() => rawOfJumpWings({ ...VOGT_WINGS, psi: -2 }, 1))).toContain('steeper than the wings');
    expect(because(() => rawOfJumpWings({ ...VOGT_WINGS, vTilde: VOGT_WINGS.v }, 1))).toContain('at the money');
    expect(because(() => repairedJumpWings({ ...VOGT_WINGS, psi: -0.4 }))).toContain('right wing');
  });

  it('know the flat smile', () => {
    const flat = { a: 0.04, b: 0, rho: 0, m: 0, sigma: 0.1 };
    expect(jumpWingsOfRaw(flat, 0.5)).toEqual({ v: 0.08, psi: 0, p: 0, c: 0, vTilde: 0.08 });
    expect(difference(rawOfJumpWings({ v: 0.08, psi: 0, p: 0, c: 0, vTilde: 0.08 }, 0.5), flat)).toBe(0);
  });
});

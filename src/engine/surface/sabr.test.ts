import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undiscountedBlack } from '../pricing/black76.ts';
import { haganVol, leFlochKennedyVol, type SabrParameters } from './sabr.ts';

const parameters = fc.record({
  alpha: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  beta: fc.double({ min: 0, max: 1, noNaN: true }),
  nu: fc.double({ min: 0, max: 2, noNaN: true }),
  rho: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
});
const times = fc.double({ min: 0.01, max: 0.5, noNaN: true });

describe('SABR', () => {
  it('has the published vols of Le Floc’h and Kennedy', () => {
    const paper = { alpha: 0.35, beta: 0.25, nu: 1, rho: 0.25 };
    expect(leFlochKennedyVol(paper, 1, 1, 2)).toBeCloseTo(0.408702473958, 9);
    expect(leFlochKennedyVol(paper, 1, 1.5, 2)).toBeCloseTo(0.428489933046, 11);
    expect(leFlochKennedyVol(paper, 1, 0.5, 2)).toBeCloseTo(0.585701651161, 11);
    const other = { alpha: 0.35, beta: 0.3, nu: 1.1, rho: 0.25 };
    expect(leFlochKennedyVol(other, 1.1, 1.1, 2.1)).toBeCloseTo(0.3963883944, 8);
  });

  it('keeps nine digits of Le Floc’h and Kennedy at and close to the money when the smile is sharp', () => {
    // The formula at 120 digits, at K = F its limit.
    const sharp = [
      [{ alpha: 0.04393, beta: 0.25, nu: 5, rho: 0 }, 0.05, 0.050000005, 1, 1.2826956282047959],
      [{ alpha: 1.0099, beta: 1, nu: 5, rho: 0.2 }, 64312.37, 64376.68237, 2, 5.471986535352567],
      [{ alpha: 0.28861, beta: 0.7, nu: 5, rho: 0.7 }, 1, 1, 2, 0.709501113348477],
      [{ alpha: 29889, beta: 0, nu: 3, rho: 0.01 }, 64312.37, 64312.37, 1, 0.8174380153292996],
    ] as const;
    for (const [p, forward, strike, time, vol] of sharp) {
      expect(Math.abs(leFlochKennedyVol(p, forward, strike, time) / vol - 1)).toBeLessThan(1e-9);
    }
  });

  it('is flat at beta = 1 and nu = 0: lognormal', () => {
    for (const vol of [haganVol, leFlochKennedyVol]) {
      for (const strike of [10, 99.99, 100, 250]) {
        expect(vol({ alpha: 0.6, beta: 1, nu: 0, rho: -0.4 }, 100, strike, 0.7)).toBeCloseTo(0.6, 10);
      }
    }
  });

  it('agrees between both expansions at the money', () => {
    fc.assert(
      fc.property(parameters, times, fc.double({ min: 0.3, max: 3, noNaN: true }), (p, time, forward) => {
        const hagan = haganVol(p, forward, forward, time);
        expect(Math.abs(leFlochKennedyVol(p, forward, forward, time) / hagan - 1)).toBeLessThan(1e-7);
      }),
    );
  });

  it('runs smoothly through the money, where its formulas are singular', () => {
    fc.assert(
      fc.property(parameters, times, (p, time) => {
        // The smile itself bends over alpha / nu.
        fc.pre(p.nu < 8 * p.alpha);
        for (const vol of [haganVol, leFlochKennedyVol]) {
          // Third differences over strikes 1e-3 apart: a jump or a lost digit of 1e-7 would show.
          for (let k = -0.02; k <= 0.02; k += 0.001) {
            const [one, two, three, four] = [0, 1, 2, 3].map((n) => vol(p, 1, Math.exp(k + n * 1e-3), time));
            expect(Math.abs(four! - 3 * three! + 3 * two! - one!)).toBeLessThan(2e-6);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('takes the limits: nu to 0, rho to -1 and 1, beta to 1 and 0', () => {
    const p: SabrParameters = { alpha: 0.4, beta: 0.5, nu: 0.6, rho: 0.2 };
    const near = (limit: Partial<SabrParameters>, close: Partial<SabrParameters>) => {
      for (const vol of [haganVol, leFlochKennedyVol]) {
        for (const strike of [0.8, 1.001, 1.2]) {
          expect(vol({ ...p, ...limit }, 1, strike, 0.5)).toBeCloseTo(vol({ ...p, ...close }, 1, strike, 0.5), 6);
        }
      }
    };
    near({ nu: 0 }, { nu: 1e-9 });
    near({ rho: 1 }, { rho: 1 - 1e-9 });
    near({ rho: -1 }, { rho: -1 + 1e-9 });
    near({ beta: 1 }, { beta: 1 - 1e-9 });
    near({ beta: 0 }, { beta: 1e-9 });
  });

  it('has Hagan’s limit z / x(z) = z / -ln(1 - z) at rho = 1', () => {
    // beta = 1: z = nu / alpha ln(F / K).
    const [alpha, nu, strike] = [0.5, 0.8, 0.9];
    const z = (nu / alpha) * Math.log(1 / strike);
    const correction = (nu * alpha) / 4 - (nu * nu) / 24;
    const expected = (alpha * z * (1 + correction)) / -Math.log(1 - z);
    expect(haganVol({ alpha, beta: 1, nu, rho: 1 }, 1, strike, 1)).toBeCloseTo(expected, 13);
  });

  it('prices calls and puts alike', () => {
    fc.assert(
      fc.property(parameters, times, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (p, time, k) => {
        const strike = Math.exp(k);
        const deviation = haganVol(p, 1, strike, time) * Math.sqrt(time);
        const parity = undiscountedBlack(1, 1, strike, deviation) - undiscountedBlack(-1, 1, strike, deviation);
        expect(parity).toBeCloseTo(1 - strike, 12);
      }),
    );
  });

  it('refuses what has no vol, and says why', () => {
    const p: SabrParameters = { alpha: 0.4, beta: 0.5, nu: 0.6, rho: 0.2 };
    for (const vol of [haganVol, leFlochKennedyVol]) {
      expect(() => vol(p, 0, 1, 1)).toThrow('the forward is 0');
      expect(() => vol(p, 1, -1, 1)).toThrow('the strike is -1');
      expect(() => vol(p, 1, 1, -1)).toThrow('the time to expiry is -1');
      expect(() => vol({ ...p, alpha: 0 }, 1, 1, 1)).toThrow('alpha is 0');
      expect(() => vol({ ...p, beta: 1.1 }, 1, 1, 1)).toThrow('beta is 1.1');
      expect(() => vol({ ...p, nu: -0.1 }, 1, 1, 1)).toThrow('nu is -0.1');
      expect(() => vol({ ...p, rho: Number.NaN }, 1, 1, 1)).toThrow('rho is NaN');
      // At rho = 1 no path leads beyond z = 1.
      expect(() => vol({ ...p, nu: 5, rho: 1 }, 1, 0.2, 1)).toThrow('no vol above zero');
      // First order in time goes below zero in the end.
      expect(() => vol({ ...p, nu: 3, rho: -0.99 }, 1, 1, 40)).toThrow('no vol above zero');
    }
  });
});

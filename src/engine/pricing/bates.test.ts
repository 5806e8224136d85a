import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { batesPrice } from './bates.ts';
import { hestonPrice } from './heston.ts';
import { mertonPrice } from './merton.ts';

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1);

const jumpLaws = fc.record({
  intensity: fc.double({ min: 0.1, max: 20, noNaN: true }),
  logMean: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  logDeviation: fc.double({ min: 0, max: 0.3, noNaN: true }),
});
const models = fc.record({
  initialVariance: fc.double({ min: 0.01, max: 1, noNaN: true }),
  longRunVariance: fc.double({ min: 0.01, max: 1, noNaN: true }),
  meanReversion: fc.double({ min: 0.1, max: 10, noNaN: true }),
  volOfVol: fc.double({ min: 0.05, max: 2, noNaN: true }),
  correlation: fc.double({ min: -1, max: 1, noNaN: true }),
});
const years = fc.double({ min: 0.02, max: 3, noNaN: true });
const logStrikes = fc.double({ min: -1, max: 1, noNaN: true });

describe('Bates', () => {
  property.prop([jumpLaws, years, fc.double({ min: 0.1, max: 1, noNaN: true }), logStrikes], { seed: 61, numRuns: 40 })(
    'is the Poisson sum of Merton where the variance does not move: a contour against a series',
    (jumps, T, vol, k) => {
      const still = {
        initialVariance: vol * vol,
        longRunVariance: vol * vol,
        meanReversion: 1,
        volOfVol: 1e-9,
        correlation: 0,
      };
      const series = mertonPrice('C', 1, Math.exp(k), T, vol, jumps);
      expect(relativeError(batesPrice('C', 1, Math.exp(k), T, still, jumps), series)).toBeLessThan(1e-11);
      expect(relativeError(batesPrice('C', 1, Math.exp(k), T, { ...still, volOfVol: 0 }, jumps), series)).toBeLessThan(
        1e-14,
      );
    },
  );

  property.prop([models, jumpLaws, years, logStrikes], { seed: 62, numRuns: 30 })(
    'is Heston without jumps, and with jumps of no size',
    (model, jumps, T, k) => {
      const exact = hestonPrice('C', 1, Math.exp(k), T, model);
      expect(batesPrice('C', 1, Math.exp(k), T, model, { ...jumps, intensity: 0 })).toBe(exact);
      const nothing = { ...jumps, logMean: 0, logDeviation: 0 };
      expect(Math.abs(batesPrice('C', 1, Math.exp(k), T, model, nothing) - exact)).toBeLessThan(1e-11 * exact + 1e-14);
    },
  );

  property.prop([models, jumpLaws, years, logStrikes], { seed: 63, numRuns: 30 })(
    'put-call parity and bounds',
    (model, jumps, T, k) => {
      const strike = Math.exp(k);
      const call = batesPrice('C', 1, strike, T, model, jumps);
      const put = batesPrice('P', 1, strike, T, model, jumps);
      expect(Math.abs(call - put - (1 - strike))).toBeLessThan(1e-13);
      expect(Math.min(call, put)).toBeGreaterThanOrEqual(0);
      expect(call).toBeLessThanOrEqual(1 + 1e-12);
    },
  );

  it('refuses what Heston and Merton refuse', () => {
    const model = { initialVariance: 0.04, longRunVariance: 0.04, meanReversion: 1, volOfVol: 0.5, correlation: -0.7 };
    const jumps = { intensity: 1, logMean: 0, logDeviation: 0.1 };
    expect(() => batesPrice('C', 1, 1, 1, { ...model, correlation: 2 }, jumps)).toThrow('correlation');
    expect(() => batesPrice('C', 1, 1, 1, model, { ...jumps, intensity: -1 })).toThrow('intensity');
  });
});

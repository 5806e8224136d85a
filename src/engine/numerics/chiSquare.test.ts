import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { chiSquareProbability, chiSquareQuantile } from './chiSquare.ts';
import { normalCdf } from './normal.ts';

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1);

describe('chi-square', () => {
  // Quantiles at 1e-6 in each tail, in 60 digits.
  it.each([
    [63, 23.16146266333929, 131.3697020516868],
    [99, 45.83442398369619, 180.79201532589994],
    [999, 800.7306532340544, 1226.046189012162],
  ])('%i degrees of freedom', (degrees, low, high) => {
    expect(relativeError(chiSquareQuantile('lower', 1e-6, degrees), low)).toBeLessThan(1e-14);
    expect(relativeError(chiSquareQuantile('upper', 1e-6, degrees), high)).toBeLessThan(1e-14);
  });

  const points = fc.double({ min: 1e-6, max: 300, noNaN: true });
  property.prop([points], { seed: 101 })('has closed forms at one and two degrees of freedom', (x) => {
    expect(relativeError(chiSquareProbability('upper', x, 1), 2 * normalCdf(-Math.sqrt(x)))).toBeLessThan(1e-13);
    expect(relativeError(chiSquareProbability('upper', x, 2), Math.exp(-x / 2))).toBeLessThan(1e-13);
    expect(relativeError(chiSquareProbability('lower', x, 2), -Math.expm1(-x / 2))).toBeLessThan(1e-13);
  });

  property.prop(
    [
      fc.double({ min: 0.3, max: 5000, noNaN: true }),
      fc.double({ min: -30, max: -1e-3, noNaN: true }),
      fc.constantFrom('lower' as const, 'upper' as const),
    ],
    { seed: 102 },
  )('a quantile has its probability, and the tails add up', (degrees, exponent, tail) => {
    const probability = 10 ** exponent;
    const x = chiSquareQuantile(tail, probability, degrees);
    if (x < 1e-300) return;
    expect(relativeError(chiSquareProbability(tail, x, degrees), probability)).toBeLessThan(1e-11);
    expect(chiSquareProbability('lower', x, degrees) + chiSquareProbability('upper', x, degrees)).toBeCloseTo(1, 13);
  });

  it('has ends, and refuses what is no probability', () => {
    expect(chiSquareQuantile('lower', 0, 3)).toBe(0);
    expect(chiSquareQuantile('upper', 0, 3)).toBe(Infinity);
    expect(chiSquareProbability('upper', -1, 3)).toBe(1);
    expect(() => chiSquareQuantile('lower', 1.5, 3)).toThrow('between 0 and 1');
    expect(() => chiSquareProbability('lower', 1, 0)).toThrow('degrees of freedom');
  });
});

import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { normalCdf } from './normal.ts';
import { studentTQuantile } from './studentT.ts';
import { studentTCdf } from './studentTCdf.ts';

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1);
const arguments_ = fc.double({ min: -50, max: 50, noNaN: true });
const degrees = fc.double({ min: 0.5, max: 2000, noNaN: true });

describe('Student-t distribution', () => {
  property.prop([arguments_], { seed: 91 })('has closed forms at one and two degrees of freedom', (t) => {
    const size = -Math.abs(t) - 1e-300;
    expect(relativeError(studentTCdf(size, 1), Math.atan2(1, -size) / Math.PI)).toBeLessThan(1e-14);
    const root = Math.sqrt(2 + size * size);
    expect(relativeError(studentTCdf(size, 2), 1 / (root * (root - size)))).toBeLessThan(1e-14);
  });

  // Farther out a normal tail has too few digits left to rise.
  property.prop([fc.double({ min: -35, max: 35, noNaN: true }), degrees], { seed: 92 })(
    'is symmetric and rises',
    (t, n) => {
      expect(studentTCdf(t, n) + studentTCdf(-t, n)).toBeCloseTo(1, 14);
      expect(studentTCdf(t + 0.01, n)).toBeGreaterThan(studentTCdf(t, n) * (1 - 1e-13));
    },
  );

  property.prop([fc.double({ min: 1e-12, max: 0.5, noNaN: true }), degrees], { seed: 93 })(
    'undoes the quantile',
    (probability, n) => {
      expect(relativeError(studentTCdf(studentTQuantile(probability, n), n), probability)).toBeLessThan(1e-10);
    },
  );

  property.prop([fc.double({ min: -6, max: 6, noNaN: true })], { seed: 94 })('tends to the normal', (t) => {
    expect(relativeError(studentTCdf(t, 1e9), normalCdf(t))).toBeLessThan(1e-6);
  });

  it('has limits, and no value without degrees of freedom', () => {
    expect([studentTCdf(-Infinity, 3), studentTCdf(0, 3), studentTCdf(Infinity, 3)]).toEqual([0, 0.5, 1]);
    expect(studentTCdf(1, 0)).toBeNaN();
  });
});

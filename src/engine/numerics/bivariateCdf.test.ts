import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bivariateNormalCdf, bivariateStudentTCdf } from './bivariateCdf.ts';
import { normalCdf } from './normal.ts';
import { studentTCdf } from './studentTCdf.ts';

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1);

describe('published values', () => {
  // Haug 1998, and Dunnett and Sobel's table as QuantLib's test suite has it; figures recomputed in 20 digits.
  it.each([
    [0, -0.5, 0.5, 0.22687777807145521],
    [-0.5, 0.5, -0.5, 0.14521801741692352],
    [0.5, 0.5, -0.5, 0.41922310903660271],
    [0, 0, Math.SQRT1_2, 0.375],
  ])('normal: (%f, %f) at %f', (x, y, correlation, expected) => {
    expect(relativeError(bivariateNormalCdf(x, y, correlation), expected)).toBeLessThan(1e-14);
  });

  it.each([
    [4, 0.5, -5.5, 10, 0.0026548878564625111],
    [7, -0.5, -1, -8.5, 1.4588781204589441e-6],
    [120, 0, -3.5, -9.25, 2.3114257527502843e-18],
    [300, -0.5, -6, 3.75, 2.1657505632460018e-9],
    [5, 0.5, 6, 6, 0.99836204778831011],
  ])('Student-t: %f degrees, correlation %f, (%f, %f)', (degrees, correlation, x, y, expected) => {
    expect(relativeError(bivariateStudentTCdf(x, y, correlation, degrees), expected)).toBeLessThan(1e-11);
  });
});

const bounds = fc.double({ min: -8, max: 8, noNaN: true });
const correlations = fc.double({ min: -1, max: 1, noNaN: true });
const degrees = fc.double({ min: 0.5, max: 300, noNaN: true });

interface Law {
  readonly name: string;
  readonly joint: (x: number, y: number, correlation: number, n: number) => number;
  readonly single: (x: number, n: number) => number;
}

const laws: readonly Law[] = [
  { name: 'normal', joint: (x, y, correlation) => bivariateNormalCdf(x, y, correlation), single: normalCdf },
  { name: 'Student-t', joint: bivariateStudentTCdf, single: studentTCdf },
];

describe.each(laws)('$name', ({ joint, single }) => {
  property.prop([bounds, bounds, correlations, degrees], { seed: 111 })('symmetries', (x, y, correlation, n) => {
    const both = joint(x, y, correlation, n);
    expect(relativeError(joint(y, x, correlation, n) + 1e-290, both + 1e-290)).toBeLessThan(1e-11);
    // P(X <= x) splits by the sign of y, and the two upper tails are the two lower ones mirrored.
    expect(both + joint(x, -y, -correlation, n)).toBeCloseTo(single(x, n), 13);
    expect(1 - single(x, n) - single(y, n) + both).toBeCloseTo(joint(-x, -y, correlation, n), 13);
  });

  property.prop([bounds, bounds, correlations, degrees], { seed: 112 })(
    'Frechet bounds, and a rise with bound and correlation',
    (x, y, correlation, n) => {
      const both = joint(x, y, correlation, n);
      expect(both).toBeLessThanOrEqual(Math.min(single(x, n), single(y, n)) * (1 + 1e-12));
      expect(both).toBeGreaterThanOrEqual(single(x, n) + single(y, n) - 1 - 1e-14);
      expect(joint(x + 0.1, y, correlation, n)).toBeGreaterThanOrEqual(both * (1 - 1e-12));
      expect(joint(x, y, Math.min(1, correlation + 0.05), n)).toBeGreaterThanOrEqual(both * (1 - 1e-12));
    },
  );

  property.prop([correlations, degrees], { seed: 113 })('the quadrant has Sheppard’s probability', (correlation, n) => {
    const expected = 1 / 4 + Math.asin(correlation) / (2 * Math.PI);
    expect(Math.abs(joint(0, 0, correlation, n) - expected)).toBeLessThan(1e-14);
  });

  property.prop([bounds, bounds, degrees], { seed: 114 })('limits', (x, y, n) => {
    expect(joint(x, Infinity, 0.3, n)).toBe(single(x, n));
    expect(joint(x, -Infinity, 0.3, n)).toBe(0);
    expect(joint(x, y, 1, n)).toBe(single(Math.min(x, y), n));
    expect(joint(x, y, -1, n)).toBeCloseTo(Math.max(0, single(x, n) + single(y, n) - 1), 14);
    expect(joint(x, y, 1 - 1e-13, n)).toBeCloseTo(joint(x, y, 1, n), 6);
  });
});

it('independent normals multiply, also far out', () => {
  expect(relativeError(bivariateNormalCdf(-20, -15, 0), normalCdf(-20) * normalCdf(-15))).toBeLessThan(1e-12);
});

it('Student-t tends to normal', () => {
  expect(bivariateStudentTCdf(-1, 0.5, 0.6, 1e9)).toBeCloseTo(bivariateNormalCdf(-1, 0.5, 0.6), 8);
});

it('refuses what is no correlation, bound or degree of freedom', () => {
  expect(() => bivariateNormalCdf(0, 0, 1.1)).toThrow('correlation');
  expect(() => bivariateNormalCdf(Number.NaN, 0, 0)).toThrow('bounds');
  expect(() => bivariateStudentTCdf(0, 0, 0, 0)).toThrow('degrees of freedom');
});

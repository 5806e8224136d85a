import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { normalPdf } from './normal.ts';
import { studentTPdf, studentTQuantile } from './studentT.ts';

describe('Student-t', () => {
  it.each([
    // 60-digit roots of the regularised incomplete beta function.
    [1e-300, 3, -1.033110836044653e100],
    [1e-20, 2.1, -2479149243.8946114],
    [1e-9, 5, -98.93722464836995],
    [0.05, 0.5, -41.13600009287827],
    [1e-300, 1.5, -5.219469427344636e199],
    [5e-324, 4, -8.827427298494904e80],
    [0.4999999, 1000, -2.5072550100059754e-7],
    [0.4999999999, 5, -2.6343057421036885e-10],
    [0.499999999999, 2, -2.8283645550729526e-12],
    [0.001, 30, -3.385184866829305],
  ])('has the quantile of %d with %d degrees of freedom', (probability, nu, quantile) => {
    expect(Math.abs(studentTQuantile(probability, nu) / quantile - 1)).toBeLessThan(5e-13);
  });

  it.each([
    // exp of log-gamma differences at 40 digits.
    [0.1, 10_000, 0.3969424263085804],
    [2.5, 1e6, 0.017528412510179753],
    [20, 1e6, 5.745050932478889e-88],
    [0.1, 1e8, 0.396952546464882],
  ])('keeps the digits of its density at %d with %d degrees of freedom', (t, nu, density) => {
    expect(Math.abs(studentTPdf(t, nu) / density - 1)).toBeLessThan(1e-13);
  });

  it('is Cauchy at one degree of freedom and normal without end', () => {
    expect(studentTQuantile(0.25, 1)).toBeCloseTo(-1, 14);
    expect(studentTPdf(2, 1)).toBeCloseTo(1 / (5 * Math.PI), 15);
    expect(studentTPdf(1.3, 1e14)).toBeCloseTo(normalPdf(1.3), 13);
  });

  test.prop([fc.double({ min: 1e-12, max: 0.499, noNaN: true }), fc.double({ min: 0.3, max: 500, noNaN: true })])(
    'mirrors at the median, and its density is the slope of its quantile',
    (p, nu) => {
      const q = studentTQuantile(p, nu);
      expect(q).toBeLessThan(0);
      const step = 1e-5 * p;
      const slope = (studentTQuantile(p + step, nu) - studentTQuantile(p - step, nu)) / (2 * step);
      expect(Math.abs(slope * studentTPdf(q, nu) - 1)).toBeLessThan(1e-5);
    },
  );
});

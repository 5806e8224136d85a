import { describe, expect, it } from 'vitest';
import { bivariateStudentTCdf } from './bivariateCdf.ts';
import { studentTQuantile } from './studentT.ts';
import { tailDependence } from './tCopula.ts';

describe('tail dependence of a t copula', () => {
  // The closed form in 30 digits.
  it.each([
    [0.6, 3, 0.37390096630005887],
    [0.3, 4, 0.1617574846520377],
    [0.6, 10, 0.1254668964107187],
  ])('correlation %f, %f degrees of freedom', (correlation, degrees, expected) => {
    expect(Math.abs(tailDependence(correlation, degrees) / expected - 1)).toBeLessThan(1e-14);
  });

  it('is the limit of the conditional chance of a joint exceedance', () => {
    const level = 1e-9;
    const quantile = studentTQuantile(level, 3);
    expect(bivariateStudentTCdf(quantile, quantile, 0.6, 3) / level).toBeCloseTo(tailDependence(0.6, 3), 5);
  });

  it('runs from nothing to certainty, and vanishes as the copula turns Gaussian', () => {
    expect(tailDependence(-1, 4)).toBe(0);
    expect(tailDependence(1, 4)).toBe(1);
    expect(tailDependence(0.5, 1e5)).toBeLessThan(1e-100);
    expect(() => tailDependence(2, 4)).toThrow('correlation');
    expect(() => tailDependence(0.5, 0)).toThrow('degrees of freedom');
  });
});

import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { minimum } from './minimum.ts';
import { estimateCovariance, scoreCovariance } from './observedInformation.ts';

describe('minimum', () => {
  it('finds the known minima of standard test functions', () => {
    // Moré, Garbow and Hillstrom (1981): Rosenbrock, Powell's singular function, Helical valley.
    const rosenbrock = minimum(([x, y]) => 100 * (y! - x! ** 2) ** 2 + (1 - x!) ** 2, [-1.2, 1], [0.5, 0.5]);
    expect(rosenbrock.converged).toBe(true);
    expect(rosenbrock.at[0]).toBeCloseTo(1, 5);
    expect(rosenbrock.at[1]).toBeCloseTo(1, 5);
    const powell = minimum(
      ([a, b, c, d]) => (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
      [3, -1, 0, 1],
      [1, 1, 1, 1],
    );
    expect(powell.value).toBeLessThan(1e-8);
    const helical = minimum(
      ([x, y, z]) => {
        const theta = Math.atan2(y!, x!) / (2 * Math.PI);
        return 100 * ((z! - 10 * theta) ** 2 + (Math.hypot(x!, y!) - 1) ** 2) + z! ** 2;
      },
      [-1, 0, 0],
      [0.5, 0.5, 0.5],
    );
    expect(helical.at[0]).toBeCloseTo(1, 4);
  });

  it('keeps out of what is not allowed, and finds one unknown', () => {
    const edge = minimum(([x]) => (x! < 0.25 ? Infinity : x! ** 2), [2], [0.5]);
    expect(edge.at[0]).toBeCloseTo(0.25, 5);
    expect(edge.at[0]).toBeGreaterThanOrEqual(0.25);
  });

  it('says when there is nothing to find', () => {
    expect(minimum(() => Number.POSITIVE_INFINITY, [1, 1], [1, 1]).converged).toBe(false);
    expect(minimum(([x]) => -(x! ** 3), [1], [1]).converged).toBe(false);
  });
});

describe('covariance of estimates', () => {
  const covariance = new Matrix([
    [4, 1.2],
    [1.2, 0.5],
  ]);
  const precision = new Matrix([
    [0.5, -1.2],
    [-1.2, 4],
  ]).div(4 * 0.5 - 1.44);

  it('of a Gaussian likelihood is its covariance', () => {
    const logLikelihood = ([x, y]: readonly number[]): number => {
      const d = Matrix.columnVector([x! - 3, y! + 1]);
      return -0.5 * d.transpose().mmul(precision).mmul(d).get(0, 0);
    };
    const found = estimateCovariance(logLikelihood, [3, -1], [1e-3, 1e-3])!;
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const)
      expect(found.get(i, j)).toBeCloseTo(covariance.get(i, j), 6);
  });

  it('is null off a maximum', () => {
    expect(estimateCovariance(([x]) => x! ** 2, [0], [1e-3])).toBeNull();
    expect(estimateCovariance(([x, y]) => -((x! + y!) ** 2), [0, 0], [1e-3, 1e-3])).toBeNull();
  });

  it('by scores is exact for the mean of a sample with unit variance', () => {
    const sample = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const found = scoreCovariance(([mean]) => sample.map((x) => -0.5 * (x - mean!) ** 2), [0], [1e-3])!;
    expect(found.get(0, 0)).toBeCloseTo(1 / 200, 10);
  });
});

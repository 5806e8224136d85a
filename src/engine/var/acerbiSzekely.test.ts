import { describe, expect, test } from 'vitest';
import { inverseNormalCdf, normalPdf } from '../numerics/normal.ts';
import { normals } from '../numerics/sampling.ts';
import { acerbiSzekely } from './acerbiSzekely.ts';
import { shortfallNull } from './shortfallNull.ts';

describe('Acerbi and Szekely', () => {
  test('by hand: two of four days beyond VaR', () => {
    const statistics = acerbiSzekely([-12, 3, -10, -15], [10, 10, 10, 10], [12, 12, 12, 12], 0.25);
    expect(statistics.exceptions).toBe(2);
    expect(statistics.z1).toBeCloseTo(1 - (1 + 1.25) / 2, 14);
    expect(statistics.z2).toBeCloseTo(1 - (1 + 1.25) / (4 * 0.25), 14);
    // ES - VaR is 2 each day; beyond VaR by 2 and 5, over 0.25.
    expect(statistics.minimallyBiased).toBeCloseTo((4 * 2 - 7 / 0.25) / 4, 14);
  });

  test('a loss of exactly VaR is no exception, and none leaves Z1 without a value', () => {
    expect(acerbiSzekely([-10, 4], [10, 10], [12, 12], 0.01)).toMatchObject({ exceptions: 0, z1: null, z2: 1 });
  });

  test('what cannot be judged is refused', () => {
    expect(() => acerbiSzekely([], [], [], 0.01)).toThrow('at least one day');
    expect(() => acerbiSzekely([1, 2], [1], [1, 2], 0.01)).toThrow('same length');
    expect(() => acerbiSzekely([-1], [0], [0], 0.01)).toThrow('day 1');
  });
});

describe('Z2 of a right model', () => {
  test.each([
    // Acerbi and Szekely (2014), table: thresholds for 250 days and 2.5 %, normal and Student's t with 3 degrees of freedom.
    ['normal', 0.05, -0.7, 0.01],
    ['student-t-3', 0.05, -0.82, 0.01],
    ['normal', 0.0001, -1.8, 0.1],
  ] as const)('%s at %d', (shape, significance, published, error) => {
    expect(Math.abs(shortfallNull(250, 0.025, shape).criticalValue(significance) - published)).toBeLessThan(error);
  });

  test('p-values are those of a simulation that shares nothing with the computation', () => {
    const [days, alpha, runs] = [100, 0.05, 20_000];
    const [quantile, shortfall] = [-inverseNormalCdf(alpha), normalPdf(inverseNormalCdf(alpha)) / alpha];
    const right = shortfallNull(days, alpha, 'normal');
    const pnl = new Float64Array(days);
    const constant = (value: number) => new Float64Array(days).fill(value);
    const levels = [-1, -0.5, 0, 0.5, 0.8, 0.999];
    const counts = levels.map(() => 0);
    for (let run = 0; run < runs; run += 1) {
      normals(9, 0, run, 1, days, pnl);
      const { z2 } = acerbiSzekely(pnl, constant(quantile), constant(shortfall), alpha);
      levels.forEach((level, i) => {
        if (z2 <= level) counts[i] = counts[i]! + 1;
      });
    }
    levels.forEach((level, i) => {
      const share = counts[i]! / runs;
      expect(Math.abs(right.pValue(level) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / runs));
    });
  });

  test('p-value and critical value are each other’s inverse', () => {
    for (const shape of ['normal', 'student-t-3'] as const) {
      const right = shortfallNull(480, 0.01, shape);
      for (const significance of [0.2, 0.05, 0.001])
        expect(right.pValue(right.criticalValue(significance))).toBeCloseTo(significance, 10);
      expect(right.pValue(1)).toBe(1);
      expect(right.pValue(-40)).toBeLessThan(1e-4);
    }
  });

  test('beyond what is computed it says so', () => {
    expect(() => shortfallNull(250, 0.4, 'normal')).toThrow('0.75');
    expect(() => shortfallNull(5000, 0.1, 'normal')).toThrow('500 are expected');
  });
});

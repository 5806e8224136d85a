import { describe, expect, it } from 'vitest';
import { doubleExponentialIntegral } from './doubleExponential.ts';

describe('integrals with known values', () => {
  it.each<[string, (a: number, b: number) => number, number, number]>([
    ['a root', (x) => Math.sqrt(x), 1, 2 / 3],
    ['a pole of order one half at both ends', (a, b) => 1 / Math.sqrt(a * b), 3, Math.PI],
    ['a logarithm', (x) => -Math.log(x), 1, 1],
    ['an exponential that hardly leaves zero', (x) => Math.exp(-1000 * x), 2, 1e-3],
    ['a peak inside', (x) => Math.exp(-((x - 1) ** 2) * 800), 2, Math.sqrt(Math.PI / 800)],
    ['nothing', () => 0, 1, 0],
  ])('%s', (_, f, width, expected) => {
    expect(Math.abs(doubleExponentialIntegral(f, width) - expected)).toBeLessThanOrEqual(1e-13 * expected);
  });
});

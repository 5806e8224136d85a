import { test as property } from '@fast-check/vitest';
import { bdtr, bdtrc, compiled } from 'cephes';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { binomialDistribution } from './binomial.ts';

beforeAll(async () => {
  await compiled;
});

describe('binomial distribution', () => {
  test('cumulative probabilities of the supervisors’ table: 250 days at 99 %', () => {
    const right = binomialDistribution(250, 0.01);
    const printed = [8.11, 28.58, 54.32, 75.81, 89.22, 95.88, 98.63, 99.6, 99.89, 99.97, 99.99];
    printed.forEach((percent, k) => expect(100 * right.atMost(k)).toBeCloseTo(percent, 2));
  });

  property.prop(
    [fc.integer({ min: 1, max: 2000 }), fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double()],
    {
      seed: 11,
      numRuns: 200,
    },
  )('agrees with an independent incomplete beta function', (trials, probability, at) => {
    const right = binomialDistribution(trials, probability);
    const k = Math.min(Math.floor(Math.abs(at % 1 || 0.3) * (trials + 1)), trials - 1);
    const lower = bdtr(k, trials, probability);
    const upper = bdtrc(k, trials, probability);
    expect(Math.abs(right.atMost(k) - lower)).toBeLessThan(1e-10 * lower + 1e-300);
    expect(Math.abs(right.atLeast(k + 1) - upper)).toBeLessThan(1e-10 * upper + 1e-300);
    expect(right.atMost(k) + right.atLeast(k + 1)).toBeCloseTo(1, 12);
  });

  test('the ends: nothing can happen, everything must', () => {
    expect(binomialDistribution(5, 0).probability(0)).toBe(1);
    expect(binomialDistribution(5, 1).atLeast(5)).toBe(1);
    expect(binomialDistribution(5, 0.3).atMost(-1)).toBe(0);
    expect(binomialDistribution(5, 0.3).atLeast(6)).toBe(0);
    expect(binomialDistribution(5, 0.3).probability(2.5)).toBe(0);
    expect(binomialDistribution(2, 0.5).probability(1)).toBe(0.5);
  });

  test('what is no distribution is refused', () => {
    expect(() => binomialDistribution(0, 0.5)).toThrow('whole number');
    expect(() => binomialDistribution(2.5, 0.5)).toThrow('2.5');
    expect(() => binomialDistribution(2, 1.5)).toThrow('between 0 and 1');
    expect(() => binomialDistribution(2, Number.NaN)).toThrow('between 0 and 1');
  });
});

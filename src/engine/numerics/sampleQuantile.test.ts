import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type QuantileType, sampleQuantile, type StrataRule, strataQuantile } from './sampleQuantile.ts';
import { tailProbability } from './tailProbability.ts';

const TYPES: readonly QuantileType[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const RULES: readonly StrataRule[] = [
  'index-above',
  'nearest-index',
  'sample-plus-one-nearest-index',
  'sample-interpolation',
  'sample-plus-one-interpolation',
  'midway-interpolation',
];

const sample = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 })
  .map((values) => Float64Array.from(values).sort());
const probability = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);

describe('sampleQuantile', () => {
  it('is what R 4 answers for quantile(c(1, 2, 4, 8, 16), 0.35, type = 1..9)', () => {
    const values = TYPES.map((type) => sampleQuantile([1, 2, 4, 8, 16], 0.35, type));
    const expected = [2, 2, 2, 1.75, 2.5, 2.2, 2.8, 2.4, 2.425];
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 14));
  });

  it('steps where n p is whole, though the product is not in binary', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    for (const percent of [7, 14, 28, 29, 55, 56, 57, 58]) {
      expect(sampleQuantile(hundred, percent / 100, 1)).toBe(percent);
      expect(sampleQuantile(hundred, percent / 100, 2)).toBe(percent + 0.5);
      expect(strataQuantile(hundred, percent / 100, 'index-above')).toBe(percent);
    }
  });

  test.prop([sample, probability, probability, fc.constantFrom(...TYPES)])(
    'stays in the sample, rises with the probability and takes scale and shift along',
    (sorted, a, b, type) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const quantile = sampleQuantile(sorted, low, type);
      expect(quantile).toBeGreaterThanOrEqual(sorted[0]!);
      expect(quantile).toBeLessThanOrEqual(sorted.at(-1)!);
      expect(sampleQuantile(sorted, high, type)).toBeGreaterThanOrEqual(quantile);
      const moved = sorted.map((value) => 3 * value + 5);
      expect(sampleQuantile(moved, low, type)).toBeCloseTo(3 * quantile + 5, 8);
    },
  );

  test.prop([sample, probability])('agrees with the rules of Strata that it has too', (sorted, p) => {
    expect(strataQuantile(sorted, p, 'index-above')).toBe(sampleQuantile(sorted, p, 1));
    expect(strataQuantile(sorted, p, 'sample-interpolation')).toBe(sampleQuantile(sorted, p, 4));
    expect(strataQuantile(sorted, p, 'midway-interpolation')).toBe(sampleQuantile(sorted, p, 5));
    expect(strataQuantile(sorted, p, 'sample-plus-one-interpolation')).toBeCloseTo(sampleQuantile(sorted, p, 6), 9);
    for (const rule of RULES) expect(strataQuantile(sorted, 1, rule)).toBe(sorted.at(-1));
  });
});

describe('tailProbability', () => {
  it.each([
    [0.9, 0.1],
    [0.99, 0.01],
    [0.9999, 0.0001],
    [0.999_999_9, 0.000_000_1],
  ])('of %d is %d to the bit', (confidence, tail) => {
    expect(tailProbability(confidence)).toBe(tail);
  });
  it('is the plain difference where the confidence is no decimal', () => {
    expect(tailProbability(0.9772498680518208)).toBe(1 - 0.9772498680518208);
    expect(tailProbability(1 - 2 ** -53)).toBe(2 ** -53);
  });
});

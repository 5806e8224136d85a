import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals } from './sampling.ts';
import { smallestValues } from './smallestValues.ts';

const sorted = (values: Float64Array, count: number): Float64Array => values.slice().sort().slice(0, count);
/** By hand: comparing long arrays for a report of their differences takes seconds. */
const isSame = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
const drawn = (length: number, seed: number): Float64Array => {
  const out = new Float64Array(length);
  normals(seed, 0, 0, length, 1, out);
  return out;
};

describe('the smallest of many values', () => {
  it.each([
    ['random', (n: number) => drawn(n, 1)],
    ['ascending', (n: number) => drawn(n, 2).sort()],
    ['descending', (n: number) => drawn(n, 3).sort().reverse()],
    ['of few different sizes', (n: number) => drawn(n, 4).map((value) => Math.round(value))],
    ['all equal', (n: number) => new Float64Array(n).fill(-3)],
    ['periodic', (n: number) => Float64Array.from({ length: n }, (_, i) => (i * 37) % 64)],
    ['zero but for one', (n: number) => new Float64Array(n).fill(-1, n - 5, n - 4)],
    ['heavy-tailed', (n: number) => drawn(n, 5).map((value) => Math.sinh(8 * value))],
    ['worst where the first are', (n: number) => drawn(n, 6).map((value, i) => value - (i < n / 50 ? 10 : 0))],
  ])('are those of all of them sorted: %s', (_, make) => {
    for (const n of [1, 2, 100, 16_384, 50_001, 100_000]) {
      const values = make(n);
      const before = values.slice();
      for (const share of [0, 1e-4, 0.01, 0.05, 0.24, 0.6, 1]) {
        const count = Math.max(1, Math.round(share * n));
        expect(isSame(smallestValues(values, count), sorted(values, count))).toBe(true);
      }
      expect(isSame(values, before)).toBe(true);
    }
  });

  it('are those of all of them sorted, whatever the values and the number', () => {
    const tied = fc.array(fc.constantFrom(-2, -1, -0, 0, 1, Infinity), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(tied, fc.nat(), fc.integer({ min: 1, max: 400 }), (few, at, repeats) => {
        const values = Float64Array.from({ length: few.length * repeats }, (_, i) => few[(i * 7) % few.length]!);
        const count = 1 + (at % values.length);
        expect(isSame(smallestValues(values, count), sorted(values, count))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

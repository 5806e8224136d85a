import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightedLevel } from './weightedLevel.ts';

/** Whole weights add up without rounding, in whatever order. */
const outcomes = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
    fc.integer({ min: 0, max: 9 }),
  ),
  { minLength: 1, maxLength: 600 },
);

/** By sorting all of them. */
function sortedLevel(pairs: readonly (readonly [number, number])[], enough: number): number {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  let reached = 0;
  for (const [value, weight] of sorted) {
    reached += weight;
    if (reached >= enough) return value;
  }
  return sorted.at(-1)![0];
}

describe('the level at which weights reach a sum', () => {
  it('is that of the sorted values, whatever their order, ties and weights', () => {
    fc.assert(
      fc.property(outcomes, fc.double({ min: 0, max: 1.2, noNaN: true }), (pairs, share) => {
        const values = Float64Array.from(pairs, ([value]) => value);
        const weights = Float64Array.from(pairs, ([, weight]) => weight);
        const enough = share * weights.reduce((sum, weight) => sum + weight, 0);
        const former = [values.slice(), weights.slice()];
        expect(weightedLevel(values, weights, enough)).toBeCloseTo(sortedLevel(pairs, enough), 12);
        expect([values, weights]).toEqual(former);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is found among values that are all the same, ascending or descending', () => {
    const ones = new Float64Array(10_000).fill(1);
    const up = Float64Array.from({ length: 10_000 }, (_, i) => i);
    expect(weightedLevel(new Float64Array(10_000).fill(7), ones, 100)).toBe(7);
    expect(weightedLevel(up, ones, 100)).toBe(99);
    expect(weightedLevel(up.slice().reverse(), ones, 100)).toBe(99);
    expect(weightedLevel(up, ones, 10_001)).toBe(9_999);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extremeOrders, MOST_EXACT_ITEMS } from './orders.ts';

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

/** Peak and sum of the values on the way through an order. */
function walked(order: readonly number[], value: (items: readonly number[]) => number) {
  const values = order.map((_, at) => value(order.slice(0, at + 1).sort((a, b) => a - b)));
  return { values, peak: Math.max(...values), sum: values.reduce((sum, each) => sum + each, 0) };
}

/** A value of a set that depends on more than a sum of its items. */
function setValue(weights: readonly number[], pairs: readonly number[]) {
  return (items: readonly number[]) => {
    let total = 0;
    for (const one of items) {
      total += weights[one]!;
      for (const other of items) if (other < one) total += pairs[(one * (one - 1)) / 2 + other]!;
    }
    return total;
  };
}

/** Runs to the end, and what it said of its progress on the way. */
function found(count: number, value: (items: readonly number[]) => number) {
  const run = extremeOrders(count, value);
  const shares: number[] = [];
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { ...step.value, shares };
    shares.push(step.value);
  }
}

const SIZE = 5;
const amounts = (length: number) =>
  fc.array(fc.integer({ min: -20, max: 20 }), { minLength: length, maxLength: length });

describe('extremeOrders', () => {
  it('is the best and the worst of all orders, tried one by one', () => {
    fc.assert(
      fc.property(amounts(SIZE), amounts((SIZE * (SIZE - 1)) / 2), (weights, pairs) => {
        const value = setValue(weights, pairs);
        const all = permutations([0, 1, 2, 3, 4]).map((order) => walked(order, value));
        const { best, worst, isExact } = found(SIZE, value);
        expect(isExact).toBe(true);
        const [low, high] = [walked(best.order, value), walked(worst.order, value)];
        expect(best.values).toEqual(low.values);
        expect(low.peak).toBe(Math.min(...all.map(({ peak }) => peak)));
        expect(low.sum).toBe(Math.min(...all.filter(({ peak }) => peak === low.peak).map(({ sum }) => sum)));
        expect(high.peak).toBe(Math.max(...all.map(({ peak }) => peak)));
        expect(high.sum).toBe(Math.max(...all.filter(({ peak }) => peak === high.peak).map(({ sum }) => sum)));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('beyond the exact size says so, and holds every item once', () => {
    const count = MOST_EXACT_ITEMS + 3;
    const value = (items: readonly number[]) => items.reduce((sum, item) => sum + (item % 2 === 0 ? 7 : -5), 0);
    const { best, worst, isExact, shares } = found(count, value);
    expect(isExact).toBe(false);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    const all = Array.from({ length: count }, (_, item) => item);
    expect([...best.order].sort((a, b) => a - b)).toEqual(all);
    expect([...worst.order].sort((a, b) => a - b)).toEqual(all);
    // Seven of +7 and six of -5: the best never lets two of +7 follow each other but at the end; the worst takes all of them first.
    expect(Math.max(...best.values)).toBe(7 * 7 - 5 * 6);
    expect(Math.max(...worst.values)).toBe(7 * 7);
  });
});

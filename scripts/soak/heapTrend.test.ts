import { describe, expect, it } from 'vitest';
import { heapTrend } from './heapTrend.mjs';

const every = (total: (minutes: number) => number) =>
  Array.from({ length: 20 }, (_, i) => ({ minutes: (i + 1) / 2, total: total((i + 1) / 2) }));

describe('heapTrend', () => {
  it('does not count the first minute', () => {
    expect(heapTrend(every((minutes) => (minutes < 1 ? 5e6 : 2e7)))).toEqual({
      from: 2e7,
      to: 2e7,
      growth: 0,
      slope: 0,
    });
  });

  it('finds what grows steadily, and how fast', () => {
    const trend = heapTrend(every((minutes) => 1e7 + 1e6 * minutes))!;
    expect(trend.slope).toBeCloseTo(1e6, 3);
    expect(trend.from).toBe(1.15e7);
    expect(trend.to).toBe(1.95e7);
    expect(trend.growth).toBeCloseTo(8 / 11.5, 12);
  });

  it('is not moved by one sample at either end', () => {
    const spiked = every((minutes) => (minutes === 1 || minutes === 10 ? 9e7 : 2e7));
    expect(heapTrend(spiked)).toMatchObject({ from: 2e7, to: 2e7 });
  });

  it('says nothing of a short run', () => {
    expect(heapTrend(every(() => 1).slice(0, 6))).toBeNull();
  });
});

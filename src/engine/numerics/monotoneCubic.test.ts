import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { monotoneCubic } from './monotoneCubic.ts';

describe('monotoneCubic', () => {
  test('goes through its nodes and reproduces a straight line, beyond the ends too', () => {
    const nodes = [-1, 0, 0.5, 2];
    const line = monotoneCubic(
      nodes,
      nodes.map((x) => 3 - 2 * x),
    );
    for (const x of [-3, -1, -0.3, 0.5, 1.7, 2, 5]) expect(line(x)).toBeCloseTo(3 - 2 * x, 12);
    const values = [1, 4, -2, 0];
    const through = monotoneCubic(nodes, values);
    nodes.forEach((x, i) => expect(through(x)).toBeCloseTo(values[i]!, 12));
  });

  test('is of third order on a smooth function: an eighth of the error or less at half the step', () => {
    const error = (count: number): number => {
      const nodes = Array.from({ length: count + 1 }, (_, i) => i / count);
      const smooth = monotoneCubic(
        nodes,
        nodes.map((x) => Math.exp(x)),
      );
      return Math.max(
        ...Array.from({ length: 997 }, (_, i) => Math.abs(smooth((i + 0.5) / 997) - Math.exp((i + 0.5) / 997))),
      );
    };
    expect(error(10) / error(20)).toBeGreaterThan(7);
  });

  test.prop([
    fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 2, maxLength: 9 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ])('of rising values rises', (rises, share) => {
    const values = rises.reduce<number[]>((all, rise) => [...all, (all.at(-1) ?? 0) + rise], [0]);
    const nodes = values.map((_, i) => i * i + i);
    const through = monotoneCubic(nodes, values);
    const end = nodes.at(-1)!;
    const [a, b] = [share * end, Math.min(share * end + end / 50, end)];
    expect(through(b)).toBeGreaterThanOrEqual(through(a) - 1e-9);
  });
});

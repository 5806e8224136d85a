import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketedRoot } from './bracketedRoot.ts';

describe('bracketedRoot', () => {
  const rootOf = (f: (x: number) => number, a: number, b: number, error = 1e-9) =>
    bracketedRoot(f, [a, b], [f(a), f(b)], error);

  it('finds roots that are known, from either end', () => {
    expect(rootOf((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 9);
    expect(rootOf((x) => x * x - 2, 2, 0)).toBeCloseTo(Math.SQRT2, 9);
    expect(rootOf((x) => Math.cos(x) - x, 0, 1)).toBeCloseTo(0.739085133215, 9);
    expect(rootOf((x) => Math.exp(20 * x) - 5, -1, 1)).toBeCloseTo(Math.log(5) / 20, 9);
  });

  it('finds any kink or jump within the error, and in few steps', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        fc.double({ min: 0, max: 1e3, noNaN: true }),
        (root, slope, jump) => {
          let asked = 0;
          const f = (x: number) => {
            asked += 1;
            return x < root ? root - x + jump : -slope * (x - root) - 1e-300;
          };
          const found = bracketedRoot(f, [0, 1], [f(0), f(1)], 1e-6);
          expect(Math.abs(found! - root)).toBeLessThanOrEqual(1e-6);
          expect(asked).toBeLessThan(70);
        },
      ),
    );
  });

  it('has no answer where the function has none', () => {
    expect(bracketedRoot((x) => (x > 0.3 && x < 0.7 ? null : 0.5 - x), [0, 1], [0.5, -0.5], 1e-6)).toBeNull();
  });
});

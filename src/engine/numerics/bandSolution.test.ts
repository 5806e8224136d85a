import fc from 'fast-check';
import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { bandSolution } from './bandSolution.ts';

describe('bandSolution', () => {
  it('solves what a dense solver solves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 6 }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 200, maxLength: 200 }),
        (n, band, entries) => {
          const banded = new Float64Array(n * (band + 1));
          const dense = Matrix.zeros(n, n);
          const right = new Float64Array(n);
          for (let i = 0; i < n; i++) {
            right[i] = entries[i]!;
            for (let d = 0; d <= Math.min(i, band); d++) {
              // The diagonal outweighs its row, so that the matrix is positive definite.
              const value = d === 0 ? 2 * band + 2 : entries[20 + ((i * (band + 1) + d) % 180)]!;
              banded[i * (band + 1) + d] = value;
              dense.set(i, i - d, value);
              dense.set(i - d, i, value);
            }
          }
          const wanted = solve(dense, Matrix.columnVector([...right])).getColumn(0);
          const found = bandSolution(banded, band, right)!;
          wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
        },
      ),
    );
  });

  it('is null where the matrix is not positive definite', () => {
    expect(bandSolution(Float64Array.of(1, 0, 1, 2), 1, Float64Array.of(1, 1))).toBeNull();
    expect(bandSolution(Float64Array.of(0), 0, Float64Array.of(1))).toBeNull();
    expect(bandSolution(Float64Array.of(Number.NaN), 0, Float64Array.of(1))).toBeNull();
  });
});

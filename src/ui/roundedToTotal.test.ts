import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { roundedToTotal } from './roundedToTotal.ts';

describe('roundedToTotal', () => {
  it('gives the missing unit to the row that lost most', () => {
    expect(roundedToTotal([33.4, 33.4, 33.2], 0)).toEqual({ rows: [34, 33, 33], total: 100 });
  });

  it('works with negative rows', () => {
    const { rows, total } = roundedToTotal([92_660.4, 2_638.4, -55_247.4, -13_344.4, 55_468.4], 0);
    expect(total).toBe(82_175);
    expect(rows.reduce((sum, row) => sum + row, 0)).toBe(82_175);
  });

  it('has no minus zero and no rows out of nothing', () => {
    expect(Object.is(roundedToTotal([-0.2, 0.1], 0).rows[0], -0)).toBe(false);
    expect(roundedToTotal([], 0, 0)).toEqual({ rows: [], total: 0 });
  });

  test.prop([
    fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
    fc.integer({ min: 0, max: 4 }),
  ])('rows add up and stay within one unit of their values', (values, digits) => {
    const { rows, total } = roundedToTotal(values, digits);
    const scale = 10 ** digits;
    const sum = rows.reduce((units, row) => units + Math.round(row * scale), 0);
    expect(sum).toBe(Math.round(total * scale));
    rows.forEach((row, at) => expect(Math.abs(row - values[at]!)).toBeLessThanOrEqual(1 / scale + 1e-9));
  });

  test.prop([
    fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 12 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  ])('meets a total that is not the sum of the rows', (values, given) => {
    const { rows, total } = roundedToTotal(values, 0, given);
    expect(total).toBe(Math.round(given) + 0);
    expect(rows.reduce((sum, row) => sum + row, 0)).toBe(total);
  });
});

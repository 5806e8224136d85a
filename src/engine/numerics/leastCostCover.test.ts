import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type CoverBasis, type CoverColumns, leastCostCover } from './leastCostCover.ts';

interface Column {
  readonly cost: number;
  readonly rows: readonly number[];
  readonly amounts: readonly number[];
}

const unit = (row: number, cost: number): Column => ({ cost, rows: [row], amounts: [1] });

function packed(columns: readonly Column[]): CoverColumns {
  const starts = [0];
  for (const { rows } of columns) starts.push(starts.at(-1)! + rows.length);
  return {
    starts: Int32Array.from(starts),
    rows: Int32Array.from(columns.flatMap(({ rows }) => rows)),
    amounts: Float64Array.from(columns.flatMap(({ amounts }) => amounts)),
  };
}

function cover(columns: readonly Column[], supply: readonly number[], start?: CoverBasis) {
  const costs = Float64Array.from(columns, ({ cost }) => cost);
  const { cost, basis, rowPrices } = leastCostCover(packed(columns), costs, supply, start);
  const units = columns.map(() => 0);
  basis.columns.forEach((column, i) => {
    units[column] = basis.units[i]!;
  });
  return { cost, basis, rowPrices, units };
}

describe('the least cost of a cover', () => {
  it('takes what is cheaper together, and the rest alone', () => {
    const { cost, units } = cover([unit(0, 10), unit(1, 10), { cost: 4, rows: [0, 1], amounts: [1, 2] }], [3, 4]);
    expect(units).toEqual([1, 0, 2]);
    expect(cost).toBe(18);
  });

  it('ends where steps are idle', () => {
    const columns = [unit(0, 5), unit(1, 5), unit(2, 5), { cost: 1, rows: [0, 1], amounts: [1, 1] }];
    columns.push({ cost: 1, rows: [1, 2], amounts: [1, 1] }, { cost: 1, rows: [0, 2], amounts: [1, 1] });
    expect(cover(columns, [0, 0, 0]).cost).toBe(0);
    expect(cover(columns, [1, 1, 1]).cost).toBeCloseTo(1.5, 12);
  });

  it('keeps a column of infinite cost out', () => {
    const columns = [unit(0, 3), unit(1, 3), { cost: Infinity, rows: [0, 1], amounts: [1, 1] }];
    expect(cover(columns, [2, 2])).toMatchObject({ cost: 12, units: [2, 2, 0] });
  });

  it('refuses columns that are no start', () => {
    expect(() => cover([unit(1, 1)], [1])).toThrow('one column for each row');
    expect(() => cover([unit(0, 1)], [-1])).toThrow('at least 0');
  });

  const rows = fc.subarray([0, 1, 2, 3, 4], { minLength: 2, maxLength: 4 });
  const column = fc.record({ rows, cost: fc.integer({ min: -5, max: 30 }), twice: fc.integer({ min: 0, max: 3 }) });
  const supplies = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 });
  property.prop([fc.array(column, { maxLength: 30 }), supplies, fc.array(fc.integer({ min: -5, max: 30 }))])(
    'uses the supply exactly, and its row prices prove that nothing is cheaper, from whatever start',
    (drawn, supply, otherCosts) => {
      const columns = supply.map((_, row) => unit(row, 10));
      for (const { rows: used, cost, twice } of drawn)
        columns.push({ cost, rows: used, amounts: used.map((_, k) => (k === twice ? 2 : 1)) });
      const { cost, units, rowPrices } = cover(columns, supply);
      const used = supply.map(() => 0);
      columns.forEach((one, j) => {
        expect(units[j]).toBeGreaterThanOrEqual(0);
        one.rows.forEach((row, k) => {
          used[row]! += units[j]! * one.amounts[k]!;
        });
        const priced = one.rows.reduce((total, row, k) => total + one.amounts[k]! * rowPrices[row]!, 0);
        expect(priced).toBeLessThanOrEqual(one.cost + 1e-9);
      });
      used.forEach((amount, row) => expect(amount).toBeCloseTo(supply[row]!, 9));
      expect(supply.reduce((total, amount, row) => total + amount * rowPrices[row]!, 0)).toBeCloseTo(cost, 8);
      const others = columns.map((one, j) => ({ ...one, cost: otherCosts[j] ?? one.cost }));
      expect(cover(columns, supply, cover(others, supply).basis).cost).toBeCloseTo(cost, 8);
    },
  );
});

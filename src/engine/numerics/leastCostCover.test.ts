import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type CoverColumn, leastCostCover } from './leastCostCover.ts';

const unit = (row: number, cost: number): CoverColumn => ({ cost, rows: [row], amounts: [1] });

describe('the least cost of a cover', () => {
  it('takes what is cheaper together, and the rest alone', () => {
    const columns = [unit(0, 10), unit(1, 10), { cost: 4, rows: [0, 1], amounts: [1, 2] }];
    const { cost, units } = leastCostCover(columns, [3, 4]);
    expect(Array.from(units)).toEqual([1, 0, 2]);
    expect(cost).toBe(18);
  });

  it('ends where steps are idle', () => {
    const columns = [unit(0, 5), unit(1, 5), unit(2, 5), { cost: 1, rows: [0, 1], amounts: [1, 1] }];
    columns.push({ cost: 1, rows: [1, 2], amounts: [1, 1] }, { cost: 1, rows: [0, 2], amounts: [1, 1] });
    expect(leastCostCover(columns, [0, 0, 0]).cost).toBe(0);
    expect(leastCostCover(columns, [1, 1, 1]).cost).toBeCloseTo(1.5, 12);
  });

  it('refuses columns that are no start', () => {
    expect(() => leastCostCover([unit(1, 1)], [1])).toThrow('one column for each row');
    expect(() => leastCostCover([unit(0, 1)], [-1])).toThrow('at least 0');
  });

  const rows = fc.subarray([0, 1, 2, 3, 4], { minLength: 2, maxLength: 4 });
  const column = fc.record({ rows, cost: fc.integer({ min: -5, max: 30 }), twice: fc.integer({ min: 0, max: 3 }) });
  const supplies = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 });
  property.prop([fc.array(column, { maxLength: 30 }), supplies])(
    'uses the supply exactly, and its row prices prove that nothing is cheaper',
    (drawn, supply) => {
      const columns = supply.map((_, row) => unit(row, 10));
      for (const { rows: used, cost, twice } of drawn)
        columns.push({ cost, rows: used, amounts: used.map((_, k) => (k === twice ? 2 : 1)) });
      const { cost, units, rowPrices } = leastCostCover(columns, supply);
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
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundedTable } from './roundedTable.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('roundedTable', () => {
  it('adds up both ways, and no figure is a unit off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 4),
        fc.infiniteStream(fc.oneof(fc.constant(0), fc.double({ min: -99_999, max: 99_999, noNaN: true }))),
        (rows, columns, digits, values) => {
          const cells = Array.from({ length: rows }, () =>
            Array.from({ length: columns }, () => values.next().value as number),
          );
          const shown = roundedTable(cells, digits);
          const unit = 10 ** -digits;
          const near = (figure: number, value: number) =>
            expect(Math.abs(figure - value)).toBeLessThan(unit * (1 + 1e-5));
          const whole = (figure: number) => Math.round(figure / unit);
          cells.forEach((line, row) => {
            line.forEach((value, column) => {
              near(shown.cells[row]![column]!, value);
              if (value === 0) expect(shown.cells[row]![column]).toBe(0);
            });
            near(shown.rowTotals[row]!, sum(line));
            expect(whole(shown.rowTotals[row]!)).toBe(sum(shown.cells[row]!.map(whole)));
          });
          for (let column = 0; column < columns; column += 1) {
            near(shown.columnTotals[column]!, sum(cells.map((line) => line[column]!)));
            expect(whole(shown.columnTotals[column]!)).toBe(sum(shown.cells.map((line) => whole(line[column]!))));
          }
          const total = sum(cells.flat());
          expect(Math.abs(shown.total - total)).toBeLessThanOrEqual(unit * (0.5 + 1e-5));
          expect(whole(shown.total)).toBe(sum(shown.rowTotals.map(whole)));
          expect(whole(shown.total)).toBe(sum(shown.columnTotals.map(whole)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('rounds to the nearest where sums allow it', () => {
    const { cells, rowTotals, columnTotals, total } = roundedTable(
      [
        [1.2, -3.1],
        [0.9, 2.2],
      ],
      0,
    );
    expect(cells).toEqual([
      [1, -3],
      [1, 2],
    ]);
    expect(rowTotals).toEqual([-2, 3]);
    expect(columnTotals).toEqual([2, -1]);
    expect(total).toBe(1);
  });

  it('takes a large table at once, and none', () => {
    const cells = Array.from({ length: 3000 }, (_, row) =>
      Array.from({ length: 9 }, (__, column) => Math.sin(row * 9 + column) * 1e5),
    );
    const { total, columnTotals } = roundedTable(cells, 0);
    expect(total).toBe(sum(columnTotals as number[]));
    expect(roundedTable([], 0)).toEqual({ cells: [], rowTotals: [], columnTotals: [], total: 0 });
  });
});

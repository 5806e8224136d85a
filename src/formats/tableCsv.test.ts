import * as fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { csvCell, csvCellText } from './csvCell.ts';
import { tableCsv } from './tableCsv.ts';

test('numbers stay numbers, texts are quoted where they must be', () => {
  expect(
    tableCsv(
      ['leg', 'P&L, USD'],
      [
        ['BTC "C"', -1234.5],
        ['', null],
        [' padded', 1e-7],
      ],
    ),
  ).toBe('leg,"P&L, USD"\r\n"BTC ""C""",-1234.5\r\n,\r\n" padded",1e-7\r\n');
});

test.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '-', '--1', '-1,5', '=HYPERLINK("http://x")'])(
  '%j cannot run',
  (text) => {
    const cell = csvCell(text);
    expect(cell.replace(/^"/, '')).toMatch(/^'/);
    expect(csvCellText(`'${text}`)).toBe(text);
  },
);

test.each(['-5', '-0.25', '-1e-7'])('the negative number %s is left alone', (text) => {
  expect(csvCell(text)).toBe(text);
});

test('every table reads back as it was', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('=1', '+1', '-x', '@a', '"', ',', '\r\n', "'", "'=1"),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1 }),
      (rows) => {
        const csv = tableCsv(['a', 'b'], rows);
        const read = Papa.parse<[string, string]>(csv, { delimiter: ',', newline: '\r\n' }).data.slice(1, -1);
        expect(read.map(([text, number]) => [csvCellText(text), Number(number)])).toEqual(
          rows.map(([text, number]) => [text, number + 0]),
        );
      },
    ),
    { seed: 51, numRuns: 300 },
  );
});

test('what is no number and what is ragged is a fault of the caller', () => {
  expect(() => tableCsv(['a'], [[Number.NaN]])).toThrow(RangeError);
  expect(() => tableCsv(['a'], [[Number.POSITIVE_INFINITY]])).toThrow(RangeError);
  expect(() => tableCsv(['a'], [[1, 2]])).toThrow(RangeError);
});

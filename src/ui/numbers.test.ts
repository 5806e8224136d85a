import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { numbersCsv } from './numbers.ts';

const columns = [
  { name: 'Leg', unit: '', digits: 0 },
  { name: 'P&L', unit: 'USD', digits: 0 },
];

describe('numbersCsv', () => {
  it('is read back as it was by an independent reader', () => {
    const rows = [
      ['a "quoted", text', -17_512.123456789],
      ['two\nlines', null],
    ];
    const read = Papa.parse<string[]>(numbersCsv({ columns, rows }), { skipEmptyLines: true });
    expect(read.errors).toEqual([]);
    expect(read.data).toEqual([
      ['Leg', 'P&L (USD)'],
      ['a "quoted", text', '-17512.123456789'],
      ['two\nlines', ''],
    ]);
  });
  it('keeps a spreadsheet from running a text', () => {
    expect(numbersCsv({ columns, rows: [['=1+1', 0]] })).toContain("'=1+1,0");
  });
  it('writes no infinity and no NaN', () => {
    const rows = [
      ['x', Number.NaN],
      ['y', Number.POSITIVE_INFINITY],
    ];
    expect(numbersCsv({ columns, rows })).toBe('Leg,P&L (USD)\r\nx,\r\ny,\r\n');
  });
});

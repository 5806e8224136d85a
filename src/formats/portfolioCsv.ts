import Papa from 'papaparse';
import { type FailureCode, failed, type Result, success } from '../engine/domain/failure.ts';
import type { CollateralHolding, Leg, Portfolio } from '../engine/domain/portfolio.ts';
import { csvCellText, csvText } from './csvCell.ts';
import { excerpt, MAX_TEXT_LENGTH, withoutByteOrderMark } from './jsonDocument.ts';
import {
  MAX_COLLATERAL_ROWS,
  MAX_LEGS,
  MAX_QUANTITY,
  MAX_TICKER_LENGTH,
  parseAsset,
  parseLeg,
  UNNAMED_PORTFOLIO,
} from './portfolioFile.ts';

const COLUMNS = ['instrument', 'quantity', 'entryPrice'] as const;
type Column = (typeof COLUMNS)[number];

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?[\d.\s']*\d,\d+$/;
const OTHER_SEPARATORS = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
] as const;

type RowFailure = { ok: false; failure: { code: FailureCode; message: string; path?: string } };

/**
 * The portfolio in a CSV text with the columns `instrument,quantity,entryPrice`, in any order, `entryPrice` optional; a row
 * whose instrument is an asset's symbol is collateral. All rows or none: a failure names the first bad row, counted as a
 * spreadsheet counts (the header is row 1), and its `path` is `/row/column`. Legs get the ids `l1`, `l2`, ... in order.
 */
export function parsePortfolioCsv(text: string, name: string = UNNAMED_PORTFOLIO): Result<Portfolio> {
  if (text.length > MAX_TEXT_LENGTH) {
    return failed(
      'too-large',
      `The text has ${text.length} characters; at most ${MAX_TEXT_LENGTH} (10 MB) are read. Split it`,
      '',
    );
  }
  const limit = MAX_LEGS + MAX_COLLATERAL_ROWS;
  // Blank lines are skipped below, where row numbers are still those of the file; the allowance bounds the work.
  const parsed = Papa.parse<string[]>(withoutByteOrderMark(text), { delimiter: ',', preview: 4 * limit });
  const quoting = parsed.errors.find((error) => error.type === 'Quotes');
  if (quoting) {
    const row = (quoting.row ?? 0) + 1;
    return failed('bad-format', `Row ${row}: a quotation mark is not closed; close it or remove it`, `/${row}`);
  }
  if (parsed.meta.truncated) {
    return failed('too-large', `The file has more than ${4 * limit} lines; at most ${MAX_LEGS} positions are read`, '');
  }
  const rows = parsed.data
    .map((cells, index) => ({ number: index + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [first, ...body] = rows;
  if (!first) return failed('bad-format', `The file is empty; its first row must be ${COLUMNS.join(',')}`, '/1');
  const columns = header(first.cells, first.number);
  if (!columns.ok) return columns;
  if (body.length > limit) {
    return failed('too-large', `The file has ${body.length} rows; at most ${limit} are read. Split it`, '');
  }

  const legs: Leg[] = [];
  const collateral: CollateralHolding[] = [];
  for (const { number, cells } of body) {
    const row = parseRow(columns.value, cells, number, `l${legs.length + 1}`);
    if (!row.ok) return row;
    if ('instrument' in row.value) {
      if (legs.length === MAX_LEGS) {
        return failed(
          'too-large',
          `Row ${number}: the file has more than ${MAX_LEGS} positions; split it`,
          `/${number}`,
        );
      }
      legs.push(row.value);
      continue;
    }
    const { asset } = row.value;
    if (collateral.some((holding) => holding.asset === asset)) {
      return refused(number, 'instrument', `${asset} is held twice as collateral; put it in one row`);
    }
    if (collateral.length === MAX_COLLATERAL_ROWS) {
      return failed('too-large', `Row ${number}: more than ${MAX_COLLATERAL_ROWS} assets; merge rows`, `/${number}`);
    }
    collateral.push(row.value);
  }
  return success({ name, legs, collateral });
}

/** The CSV text of a portfolio, legs first. Ids and the name are not part of it. */
export function portfolioCsvText(portfolio: Portfolio): string {
  return csvText([
    COLUMNS,
    ...portfolio.legs.map(({ instrument, quantity, entryPrice }) => [instrument, quantity, entryPrice ?? null]),
    ...portfolio.collateral.map(({ asset, quantity }) => [asset, quantity, null]),
  ]);
}

function header(cells: readonly string[], number: number): Result<readonly Column[]> {
  const expected = `The first row must be ${COLUMNS.join(',')}`;
  const other = OTHER_SEPARATORS.find(([mark]) => cells.length === 1 && cells[0]!.includes(mark));
  if (other) {
    return failed(
      'bad-format',
      `Row ${number}: columns are separated by ${other[1]}; use commas. ${expected}`,
      `/${number}`,
    );
  }
  const columns: Column[] = [];
  for (const [index, cell] of cells.entries()) {
    const column = COLUMNS.find((known) => known.toLowerCase() === csvCellText(cell).trim().toLowerCase());
    const path = `/${number}/${index}`;
    if (column === undefined) {
      return failed('bad-format', `Row ${number}: "${excerpt(cell)}" is not a column. ${expected}`, path);
    }
    if (columns.includes(column)) {
      return failed('bad-format', `Row ${number}: the column ${column} appears twice. ${expected}`, path);
    }
    columns.push(column);
  }
  const missing = COLUMNS.find((column) => column !== 'entryPrice' && !columns.includes(column));
  if (missing)
    return failed('bad-format', `Row ${number}: the column ${missing} is missing. ${expected}`, `/${number}`);
  return success(columns);
}

function parseRow(
  columns: readonly Column[],
  cells: readonly string[],
  number: number,
  id: string,
): Result<Leg | CollateralHolding> {
  if (cells.length !== columns.length) {
    const hint = cells.some((cell) => /^\s*-?\d+$/.test(cell)) ? ', with a decimal point and no thousands marks' : '';
    return failed(
      'bad-format',
      `Row ${number} has ${cells.length} cells under ${columns.length} columns; write one for each${hint}`,
      `/${number}`,
    );
  }
  const cell = (column: Column): string => {
    const index = columns.indexOf(column);
    return index < 0 ? '' : csvCellText(cells[index]!).trim();
  };
  const name = cell('instrument');
  if (name === '' || name.length > MAX_TICKER_LENGTH) {
    return refused(number, 'instrument', `the instrument must have 1 to ${MAX_TICKER_LENGTH} characters`);
  }
  const quantity = parseDecimal(cell('quantity'), number, 'quantity');
  if (!quantity.ok) return quantity;
  if (Math.abs(quantity.value) > MAX_QUANTITY) {
    return refused(number, 'quantity', `${excerpt(cell('quantity'))} is beyond the limits -1e9 and 1e9; correct it`);
  }
  const entryText = cell('entryPrice');
  if (!name.includes('-')) {
    const asset = parseAsset(name);
    if (!asset.ok) return refused(number, 'instrument', asset.failure.message);
    if (entryText !== '')
      return refused(number, 'entryPrice', `${asset.value} is collateral, which has no entry price; clear it`);
    return success({ asset: asset.value, quantity: quantity.value });
  }
  const entryPrice = entryText === '' ? undefined : parseDecimal(entryText, number, 'entryPrice');
  if (entryPrice && !entryPrice.ok) return entryPrice;
  if (entryPrice && !(entryPrice.value >= 0 && entryPrice.value <= 1e12)) {
    return refused(number, 'entryPrice', `${excerpt(entryText)} is not from 0 to 1e12; correct it or clear it`);
  }
  const leg = parseLeg({ id, instrument: name, quantity: quantity.value, entryPrice: entryPrice?.value });
  return leg.ok ? leg : refused(number, leg.failure.path as Column, leg.failure.message);
}

/** Only plain decimal notation: what a locale or a programming language would read otherwise is refused. */
function parseDecimal(text: string, number: number, column: Column): Result<number> {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return success(value + 0);
    return refused(number, column, `${excerpt(text)} is larger than any number that can be held; correct it`);
  }
  if (text === '') return refused(number, column, 'the cell is empty; write a number');
  const advice = DECIMAL_COMMA.test(text)
    ? 'write a decimal point and no thousands marks'
    : 'write it with digits and a decimal point, like -2.5';
  return refused(number, column, `"${excerpt(text)}" is not a number; ${advice}`);
}

function refused(number: number, column: Column, message: string): RowFailure {
  return failed('bad-value', `Row ${number}, column ${column}: ${message}`, `/${number}/${column}`);
}

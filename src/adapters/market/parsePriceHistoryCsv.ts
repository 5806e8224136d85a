import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type { Timestamp, Usd, Vol } from '../../engine/domain/units.ts';
import { parseIsoTime } from '../../formats/isoTime.ts';
import { excerpt, MAX_TEXT_LENGTH, withoutByteOrderMark } from '../../formats/jsonDocument.ts';
import { MAX_VOL } from '../../formats/marketFile.ts';

const MAX_ROWS = 50_000;
const DECIMAL = /^\d+\.?\d*(?:[eE][+-]?\d+)?$/;

/**
 * Daily closes from a CSV with a header that names at least `date` (YYYY-MM-DD) and `close` (USD); other columns are
 * ignored. Each close is dated 00:00 UTC of its own day. Rows must come oldest first, each day once; days may be missing,
 * they are not filled. All rows or none: a failure names the first bad row, counted with the header as row 1, and its
 * `path` is `/row/column`.
 */
export function parsePriceHistoryCsv(text: string): Result<readonly (readonly [Timestamp, Usd])[]> {
  return dailyCloses(text, (close) => (close > 0 && close <= 1e12 ? close : 'must be a price above 0'));
}

/** The same for a volatility index whose `close` is in percent a year; values come as decimals. */
export function parseVolatilityIndexCsv(text: string): Result<readonly (readonly [Timestamp, Vol])[]> {
  return dailyCloses(text, (close) => {
    const vol = Math.round(close * 1e4) / 1e6;
    return vol > 0 && vol <= MAX_VOL ? vol : `must be a volatility in percent, above 0 and at most ${MAX_VOL * 100}`;
  });
}

/** `read` gives a close's value, or in words what it must be. */
function dailyCloses(
  text: string,
  read: (close: number) => number | string,
): Result<readonly (readonly [Timestamp, number])[]> {
  if (text.length > MAX_TEXT_LENGTH) {
    return failed('too-large', `The history has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are read`, '');
  }
  const [head = '', ...rows] = withoutByteOrderMark(text).split(/\r\n|\n|\r/);
  const names = head.split(',').map((name) => name.trim().toLowerCase());
  const dateColumn = names.indexOf('date');
  const closeColumn = names.indexOf('close');
  if (dateColumn < 0 || closeColumn < 0) {
    return failed('bad-format', 'The first row must name the columns, among them date and close', '/1');
  }
  if (rows.length > MAX_ROWS) {
    return failed('too-large', `The history has ${rows.length} rows; at most ${MAX_ROWS} are read`, '');
  }
  const closes: [Timestamp, number][] = [];
  for (const [i, row] of rows.entries()) {
    if (row.trim() === '') continue;
    const number = i + 2;
    const cells = row.split(',').map((cell) => cell.trim());
    const wrong = (column: number, demand: string) =>
      failed('bad-value', `Row ${number}: "${excerpt(cells[column] ?? '')}" ${demand}`, `/${number}/${names[column]}`);
    const at = /^\d{4}-\d\d-\d\d$/.test(cells[dateColumn] ?? '')
      ? parseIsoTime(`${cells[dateColumn]}T00:00:00Z`)
      : null;
    if (at === null) return wrong(dateColumn, 'must be a day like 2024-07-25');
    if (closes.length > 0 && at <= closes.at(-1)![0]) {
      return wrong(dateColumn, 'must be later than the day before it; list days oldest first, each once');
    }
    const close = cells[closeColumn] ?? '';
    const value = DECIMAL.test(close) ? read(Number(close)) : 'must be a number';
    if (typeof value === 'string') return wrong(closeColumn, value);
    closes.push([at, value]);
  }
  return success(closes);
}

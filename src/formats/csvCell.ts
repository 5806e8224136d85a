/** What a spreadsheet would run as a formula, or read as a break, when a cell begins with it; apostrophes already there count. */
const FORMULA_START = /^'*[=+\-@\t\r\n]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * One cell of a CSV text (RFC 4180). A number is written in its shortest form that reads back to the same double; text that a
 * spreadsheet could run as a formula gets a leading apostrophe; null is an empty cell. Throws on NaN and infinities.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('A table cell must be a finite number');
    return String(value);
  }
  const isHarmless = !FORMULA_START.test(value) || PLAIN_NUMBER.test(value);
  const text = isHarmless ? value : `'${value}`;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text that `csvCell` was given, from the cell it made. */
export function csvCellText(cell: string): string {
  return cell.startsWith("'") && FORMULA_START.test(cell.slice(1)) ? cell.slice(1) : cell;
}

export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** A table of figures as they are: unrounded, in one stated unit a column. Feeds the table view, CSV and browser tests. */
export interface Numbers {
  readonly columns: readonly NumbersColumn[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

export interface NumbersColumn {
  readonly name: string;
  /** `USD`, `BTC`, `%`; empty when it has none. */
  readonly unit: string;
  /** Decimals on screen; CSV has them all. */
  readonly digits: number;
}

/** RFC 4180 text with one head row; units in brackets after the name. Absent figures are empty fields. */
export function numbersCsv(numbers: Numbers): string {
  const head = numbers.columns.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`));
  return [head, ...numbers.rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: number | string | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  // A spreadsheet would run what starts like a formula.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import { csvText } from './csvCell.ts';

/**
 * A table as CSV: comma, CRLF, a decimal point, plain hyphen for minus, nothing rounded. Cells that a spreadsheet could run
 * are neutralised (see `csvCell`); null is an empty cell. Throws when a row is not as long as the header or a number is not
 * finite.
 */
export function tableCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const ragged = rows.find((row) => row.length !== header.length);
  if (ragged) throw new RangeError(`A row has ${ragged.length} cells under ${header.length} columns`);
  return csvText([header, ...rows]);
}

/**
 * The cells of a table of sums as they are shown: rows add up to their totals across, columns down, and every figure is
 * within one unit of its value in the last place. `totals[column]` adds up `cells[row][column]`; the row totals are the
 * cells' own sums. The grand total is rounded to the nearest, then the totals of columns and rows, then the cells, each as
 * near as what stands already allows.
 *
 * Controlled rounding (Cox, Journal of the American Statistical Association 82, 1987): with negated totals as a further row
 * and column, all lines of the table sum to zero. So no line has a single fractional cell; every fractional cell lies on a
 * closed path of such cells that turns at each, and moving them up and down in turn keeps all sums.
 */
export function roundedTable(
  cells: readonly (readonly number[])[],
  digits: number,
): {
  readonly cells: readonly (readonly number[])[];
  readonly rowTotals: readonly number[];
  readonly columnTotals: readonly number[];
  readonly total: number;
} {
  const scale = 10 ** digits;
  const rows = cells.length;
  const columns = cells[0]?.length ?? 0;
  const table = closedTable(cells, scale);
  const whole = table.map((line) => Float64Array.from(line, Math.floor));
  const part = table.map((line, row) =>
    Float64Array.from(line, (value, column) => settled(value - whole[row]![column]!)),
  );

  const order: [number, number][] = [[rows, columns]];
  for (let column = 0; column < columns; column += 1) order.push([rows, column]);
  for (let row = 0; row < rows; row += 1) order.push([row, columns]);
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) order.push([row, column]);
  for (const [row, column] of order)
    while (isFractional(part[row]![column]!)) {
      const path = closedPath(part, row, column);
      // Rounding errors alone can leave a line with one fractional cell; it has nothing to be exchanged with.
      if (path === null) part[row]![column] = Math.round(part[row]![column]!);
      else shift(part, path, part[row]![column]! >= 0.5 ? 1 : -1);
    }

  const shown = (row: number, column: number) => (whole[row]![column]! + part[row]![column]!) / scale;
  return {
    cells: cells.map((line, row) => line.map((_, column) => shown(row, column) + 0)),
    rowTotals: cells.map((_, row) => 0 - shown(row, columns)),
    columnTotals: Array.from({ length: columns }, (_, column) => 0 - shown(rows, column)),
    total: shown(rows, columns) + 0,
  };
}

/** Below this a fraction is rounding noise of the sums. */
const NOISE = 1e-6;

function isFractional(value: number): boolean {
  return value > 0 && value < 1;
}

/** A fraction without its noise: 0 or 1 where it is as good as that. */
function settled(value: number): number {
  return value < NOISE ? 0 : value > 1 - NOISE ? 1 : value;
}

/** The cells in units of the last place, with the negated totals as last row and column. */
function closedTable(cells: readonly (readonly number[])[], scale: number): Float64Array[] {
  const columns = cells[0]?.length ?? 0;
  const table = cells.map((line) => {
    const row = new Float64Array(columns + 1);
    line.forEach((value, column) => {
      row[column] = value * scale;
      row[columns]! -= value * scale;
    });
    return row;
  });
  const last = new Float64Array(columns + 1);
  for (const row of table) for (let column = 0; column <= columns; column += 1) last[column]! -= row[column]!;
  return [...table, last];
}

/** Fractional cells that a closed path turns at, the one that it starts from first. */
type Path = readonly (readonly [row: number, column: number])[];

/** A closed path through a cell, a rectangle if there is one. Null when there is none. */
function closedPath(part: readonly Float64Array[], row: number, column: number): Path | null {
  const own = part[row]!;
  // Rows after this one first: those before it have been settled already.
  for (let step = 1; step < part.length; step += 1) {
    const next = (row + step) % part.length;
    const line = part[next]!;
    if (!isFractional(line[column]!)) continue;
    for (let to = 0; to < line.length; to += 1)
      if (to !== column && isFractional(line[to]!) && isFractional(own[to]!))
        return [
          [row, column],
          [row, to],
          [next, to],
          [next, column],
        ];
  }
  return longerPath(part, row, column);
}

/**
 * From the cell's column breadth-first over rows and columns that share a fractional cell, until a column is reached that its
 * row has a fractional cell in.
 */
function longerPath(part: readonly Float64Array[], row: number, column: number): Path | null {
  const columnOfRow = new Map<number, number>();
  const rowOfColumn = new Map<number, number>([[column, row]]);
  for (const from of rowOfColumn.keys())
    for (let next = 0; next < part.length; next += 1) {
      const line = part[next]!;
      if (next === row || columnOfRow.has(next) || !isFractional(line[from]!)) continue;
      columnOfRow.set(next, from);
      for (let to = 0; to < line.length; to += 1) {
        if (rowOfColumn.has(to) || !isFractional(line[to]!)) continue;
        rowOfColumn.set(to, next);
        if (isFractional(part[row]![to]!)) return wayBack(row, column, to, columnOfRow, rowOfColumn);
      }
    }
  return null;
}

function wayBack(
  row: number,
  column: number,
  last: number,
  columnOfRow: ReadonlyMap<number, number>,
  rowOfColumn: ReadonlyMap<number, number>,
): Path {
  const path: [number, number][] = [
    [row, column],
    [row, last],
  ];
  for (let along = last; along !== column; ) {
    const at = rowOfColumn.get(along)!;
    path.push([at, along]);
    along = columnOfRow.get(at)!;
    path.push([at, along]);
  }
  return path;
}

/** Moves the cells of a path, the first in the given direction and the others in turn, until one of them is whole. */
function shift(part: readonly Float64Array[], path: Path, direction: 1 | -1): void {
  let step = 1;
  path.forEach(([row, column], at) => {
    const value = part[row]![column]!;
    step = Math.min(step, (at % 2 === 0) === (direction === 1) ? 1 - value : value);
  });
  path.forEach(([row, column], at) => {
    const line = part[row]!;
    line[column] = settled(line[column]! + (at % 2 === 0 ? direction : -direction) * step);
  });
}

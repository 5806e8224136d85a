/** A way to use up some of each row: `amounts[k]` (above 0) of row `rows[k]` per unit, at a cost per unit. */
export interface CoverColumn {
  readonly cost: number;
  readonly rows: readonly number[];
  readonly amounts: readonly number[];
}

export interface LeastCostCover {
  readonly cost: number;
  /** Units of every column, in the order given. */
  readonly units: Float64Array;
  /** Price of one more unit of each row: no column costs less than its rows are priced, which proves the optimum. */
  readonly rowPrices: Float64Array;
}

/** Share of the largest cost below which a gain is rounding. */
const NEGLIGIBLE = 1e-12;
const MAX_STEPS = 20_000;

/**
 * Least cost of using up `supply` exactly with divisible columns:
 *
 *   min sum_j c_j x_j   with   sum_j A_j x_j = supply,  x >= 0.
 *
 * The revised simplex method (Dantzig) with a dense inverse. The first columns must use one row each, in order, by one unit: they
 * are the start. The column with the largest gain enters, or the first with a gain while steps are idle (Bland), so it ends.
 *
 * @throws RangeError when the first columns are not the units, supply is negative, or it does not end.
 */
export function leastCostCover(columns: readonly CoverColumn[], supply: readonly number[]): LeastCostCover {
  const size = supply.length;
  if (supply.some((amount, row) => !(amount >= 0) || !isUnit(columns[row], row)))
    throw new RangeError('A cover starts from one column for each row and supplies of at least 0');
  const basis = supply.map((_, row) => row);
  const held = Float64Array.from(supply);
  const inverse = supply.map((_, row) => Float64Array.from({ length: size }, (__, i) => (i === row ? 1 : 0)));
  const tolerance = NEGLIGIBLE * Math.max(1, ...basis.map((column) => Math.abs(columns[column]!.cost)));
  let idle = false;

  for (let step = 0; step < MAX_STEPS; step += 1) {
    const rowPrices = pricesOfRows(columns, basis, inverse);
    const entering = enteringColumn(columns, rowPrices, tolerance, idle);
    if (entering < 0) return cover(columns, basis, held, rowPrices);
    const direction = inverse.map((row) => dot(columns[entering]!, row));
    const leaving = leavingRow(held, direction, basis);
    if (leaving < 0) break;
    idle = held[leaving]! === 0;
    exchange(inverse, held, direction, leaving);
    basis[leaving] = entering;
  }
  throw new RangeError('The least cost of a cover was not found');
}

function isUnit(column: CoverColumn | undefined, row: number): boolean {
  return column?.rows.length === 1 && column.rows[0] === row && column.amounts[0] === 1;
}

function dot({ rows, amounts }: CoverColumn, vector: Float64Array): number {
  let total = 0;
  for (let k = 0; k < rows.length; k += 1) total += amounts[k]! * vector[rows[k]!]!;
  return total;
}

function pricesOfRows(columns: readonly CoverColumn[], basis: readonly number[], inverse: readonly Float64Array[]) {
  const prices = new Float64Array(basis.length);
  basis.forEach((column, i) => {
    const { cost } = columns[column]!;
    for (let row = 0; row < prices.length; row += 1) prices[row]! += cost * inverse[i]![row]!;
  });
  return prices;
}

function enteringColumn(
  columns: readonly CoverColumn[],
  prices: Float64Array,
  tolerance: number,
  first: boolean,
): number {
  let best = -tolerance;
  let entering = -1;
  for (let j = 0; j < columns.length; j += 1) {
    const gain = columns[j]!.cost - dot(columns[j]!, prices);
    if (gain >= best) continue;
    if (first) return j;
    best = gain;
    entering = j;
  }
  return entering;
}

function leavingRow(held: Float64Array, direction: readonly number[], basis: readonly number[]): number {
  let leaving = -1;
  let least = Infinity;
  direction.forEach((pace, i) => {
    if (pace <= 1e-9) return;
    const ratio = held[i]! / pace;
    if (ratio < least || (ratio === least && basis[i]! < basis[leaving]!)) {
      least = ratio;
      leaving = i;
    }
  });
  return leaving;
}

function exchange(inverse: readonly Float64Array[], held: Float64Array, direction: readonly number[], leaving: number) {
  const pivot = direction[leaving]!;
  const row = inverse[leaving]!;
  for (let k = 0; k < row.length; k += 1) row[k]! /= pivot;
  held[leaving]! /= pivot;
  direction.forEach((pace, i) => {
    if (i === leaving || pace === 0) return;
    for (let k = 0; k < row.length; k += 1) inverse[i]![k]! -= pace * row[k]!;
    held[i] = Math.max(held[i]! - pace * held[leaving]!, 0);
  });
}

function cover(
  columns: readonly CoverColumn[],
  basis: readonly number[],
  held: Float64Array,
  rowPrices: Float64Array,
): LeastCostCover {
  const units = new Float64Array(columns.length);
  let cost = 0;
  basis.forEach((column, i) => {
    units[column] = held[i]!;
    cost += columns[column]!.cost * held[i]!;
  });
  return { cost, units, rowPrices };
}

/** Ways to use up rows: column j takes `amounts[k]` (above 0) of row `rows[k]` a unit, for k from `starts[j]` to `starts[j + 1]`. */
export interface CoverColumns {
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly amounts: Float64Array;
}

/** A corner of the feasible set: one column a row, how much of it, and the inverse of those columns, row by row. */
export interface CoverBasis {
  readonly columns: Int32Array;
  readonly units: Float64Array;
  readonly inverse: Float64Array;
}

export interface LeastCostCover {
  readonly cost: number;
  /** The columns used are among these; every other has none. */
  readonly basis: CoverBasis;
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
 * are the start, unless `start` gives the solution of the same columns and supply at other costs. The column with the largest gain
 * enters, or the first with a gain while steps are idle (Bland), so it ends. An infinite cost keeps a column out.
 *
 * @throws RangeError when the first columns are not the units, supply is negative, or it does not end.
 */
export function leastCostCover(
  columns: CoverColumns,
  costs: Float64Array,
  supply: readonly number[],
  start: CoverBasis = unitBasis(columns, supply),
): LeastCostCover {
  const size = supply.length;
  const basis = { columns: start.columns.slice(), units: start.units.slice(), inverse: start.inverse.slice() };
  const rowPrices = new Float64Array(size);
  const direction = new Float64Array(size);
  let largest = 1;
  for (const column of basis.columns) largest = Math.max(largest, Math.abs(costs[column]!));
  let idle = false;

  for (let step = 0; step < MAX_STEPS; step += 1) {
    priceRows(rowPrices, basis, costs);
    const entering = enteringColumn(columns, costs, rowPrices, NEGLIGIBLE * largest, idle);
    if (entering < 0) {
      let cost = 0;
      for (let i = 0; i < size; i += 1) cost += costs[basis.columns[i]!]! * basis.units[i]!;
      return { cost, basis, rowPrices };
    }
    for (let i = 0; i < size; i += 1) {
      let pace = 0;
      for (let k = columns.starts[entering]!; k < columns.starts[entering + 1]!; k += 1)
        pace += columns.amounts[k]! * basis.inverse[i * size + columns.rows[k]!]!;
      direction[i] = pace;
    }
    const leaving = leavingRow(basis, direction);
    if (leaving < 0) break;
    idle = basis.units[leaving]! === 0;
    exchange(basis, direction, leaving);
    basis.columns[leaving] = entering;
  }
  throw new RangeError('The least cost of a cover was not found');
}

function unitBasis({ starts, rows, amounts }: CoverColumns, supply: readonly number[]): CoverBasis {
  const size = supply.length;
  const inverse = new Float64Array(size * size);
  supply.forEach((amount, row) => {
    const [from, to] = [starts[row], starts[row + 1]];
    const unit = from !== undefined && to === from + 1 && rows[from] === row && amounts[from] === 1;
    if (!unit || !(amount >= 0))
      throw new RangeError('A cover starts from one column for each row and supplies of at least 0');
    inverse[row * size + row] = 1;
  });
  return { columns: Int32Array.from(supply, (_, row) => row), units: Float64Array.from(supply), inverse };
}

function priceRows(prices: Float64Array, { columns, inverse }: CoverBasis, costs: Float64Array): void {
  const size = prices.length;
  prices.fill(0);
  for (let i = 0; i < size; i += 1) {
    const cost = costs[columns[i]!]!;
    if (cost === 0) continue;
    for (let row = 0; row < size; row += 1) prices[row]! += cost * inverse[i * size + row]!;
  }
}

function enteringColumn(
  { starts, rows, amounts }: CoverColumns,
  costs: Float64Array,
  prices: Float64Array,
  tolerance: number,
  first: boolean,
): number {
  let best = -tolerance;
  let entering = -1;
  for (let j = 0; j < costs.length; j += 1) {
    let gain = costs[j]!;
    for (let k = starts[j]!; k < starts[j + 1]!; k += 1) gain -= amounts[k]! * prices[rows[k]!]!;
    if (gain >= best) continue;
    if (first) return j;
    best = gain;
    entering = j;
  }
  return entering;
}

function leavingRow({ columns, units }: CoverBasis, direction: Float64Array): number {
  let leaving = -1;
  let least = Infinity;
  for (let i = 0; i < direction.length; i += 1) {
    if (direction[i]! <= 1e-9) continue;
    const ratio = units[i]! / direction[i]!;
    if (ratio < least || (ratio === least && columns[i]! < columns[leaving]!)) {
      least = ratio;
      leaving = i;
    }
  }
  return leaving;
}

function exchange({ units, inverse }: CoverBasis, direction: Float64Array, leaving: number): void {
  const size = direction.length;
  const pivot = direction[leaving]!;
  for (let k = 0; k < size; k += 1) inverse[leaving * size + k]! /= pivot;
  units[leaving]! /= pivot;
  for (let i = 0; i < size; i += 1) {
    const pace = direction[i]!;
    if (i === leaving || pace === 0) continue;
    for (let k = 0; k < size; k += 1) inverse[i * size + k]! -= pace * inverse[leaving * size + k]!;
    units[i] = Math.max(units[i]! - pace * units[leaving]!, 0);
  }
}

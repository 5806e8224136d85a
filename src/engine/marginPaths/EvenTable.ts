/** Where values stand: an even grid over (log-move of spot, log-move of vol). */
export interface EvenGrid {
  readonly spot: EvenAxis;
  readonly vol: EvenAxis;
}

export interface EvenAxis {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

export function evenAxis(from: number, to: number, count: number): EvenAxis {
  return { from, step: (to - from) / (count - 1), count };
}

export function axisValue(axis: EvenAxis, at: number): number {
  return axis.from + at * axis.step;
}

/**
 * Adds bilinear readings of a table (`[vol * spotCount + spot]`) at some states to `out`. Beyond the grid spot goes on as a straight
 * line, and vol stays at the edge.
 */
export function addReadings(
  { spot, vol }: EvenGrid,
  table: Float64Array,
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
): void {
  const columns = spot.count;
  const [lastColumn, lastRow] = [columns - 2, vol.count - 2];
  const [perSpot, perVol] = [1 / spot.step, 1 / vol.step];
  const [spotFrom, volFrom, rowEnd] = [spot.from, vol.from, vol.count - 1];
  for (let i = 0; i < out.length; i += 1) {
    const along = (x[i]! - spotFrom) * perSpot;
    const up = Math.min(Math.max((y[i]! - volFrom) * perVol, 0), rowEnd);
    const column = Math.min(Math.max(Math.floor(along), 0), lastColumn);
    const row = Math.min(Math.floor(up), lastRow);
    const s = along - column;
    const v = up - row;
    const at = row * columns + column;
    const low = table[at]! + s * (table[at + 1]! - table[at]!);
    const high = table[at + columns]! + s * (table[at + columns + 1]! - table[at + columns]!);
    out[i] = out[i]! + low + v * (high - low);
  }
}

/** Values at even nodes read at as many finer even nodes, ends included: by the cubic through the four nodes around, or all of fewer. */
export function refinedRow(values: ArrayLike<number>, count: number): Float64Array {
  const { points, firsts, weights } = refinement(values.length, count);
  const row = new Float64Array(count);
  for (let k = 0; k < count; k += 1) {
    const first = firsts[k]!;
    let value = 0;
    for (let i = 0; i < points; i += 1) value += weights[k * points + i]! * values[first + i]!;
    row[k] = value;
  }
  return row;
}

interface Refinement {
  readonly points: number;
  readonly firsts: Int32Array;
  readonly weights: Float64Array;
}

const refinements = new Map<string, Refinement>();

/** Lagrange weights, which depend on the numbers of nodes alone. */
function refinement(nodes: number, count: number): Refinement {
  const key = `${nodes} ${count}`;
  const known = refinements.get(key);
  if (known !== undefined) return known;
  const points = Math.min(nodes, 4);
  const made = { points, firsts: new Int32Array(count), weights: new Float64Array(count * points) };
  for (let k = 0; k < count; k += 1) {
    const x = (k * (nodes - 1)) / (count - 1);
    const first = Math.min(Math.max(Math.floor(x) - 1, 0), nodes - points);
    made.firsts[k] = first;
    for (let i = 0; i < points; i += 1) {
      let weight = 1;
      for (let j = 0; j < points; j += 1) if (j !== i) weight *= (x - first - j) / (i - j);
      made.weights[k * points + i] = weight;
    }
  }
  refinements.set(key, made);
  return made;
}

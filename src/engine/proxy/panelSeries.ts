import { chebyshevNodes, chebyshevTransform, chebyshevValues } from '../numerics/chebyshev.ts';
import type { SampledPanel } from './sampledPanels.ts';

/** Series over the same rectangle added up. */
export function addedPanels(panels: readonly SampledPanel[]): SampledPanel[] {
  const byBox = new Map<string, SampledPanel>();
  for (const panel of panels) {
    const key = [...panel.logGrowth, ...panel.volShock].join('|');
    const known = byBox.get(key);
    byBox.set(key, known === undefined ? panel : addedSeries(known, panel));
  }
  return [...byBox.values()];
}

function addedSeries(a: SampledPanel, b: SampledPanel): SampledPanel {
  const columns = Math.max(a.columns, b.columns);
  const rows = Math.max(a.rows, b.rows);
  const coefficients = new Float64Array(columns * rows);
  for (const { columns: m, rows: n, coefficients: from } of [a, b])
    for (let i = 0; i < m; i += 1)
      for (let j = 0; j < n; j += 1) coefficients[i * rows + j] = coefficients[i * rows + j]! + from[i * n + j]!;
  return { ...a, columns, rows, coefficients, isSettled: a.isSettled && b.isSettled };
}

/**
 * The same series over a strip within its rectangle: as many terms fewer as the strip is narrower, if what they leave out is below the
 * tolerance. Series of one strip can be added up.
 */
export function restrictedTo(
  strip: readonly [number, number],
  panel: SampledPanel,
  toleranceUsd: number,
): SampledPanel {
  const { columns: m, rows: n, coefficients, isSettled } = panel;
  const [from, to] = panel.logGrowth;
  const share = (strip[1] - strip[0]) / (to - from);
  if (!isSettled) return { ...panel, logGrowth: strip };
  if (share > 0.9) return strip[0] === from && strip[1] === to ? panel : narrowed(m);
  const fewer = narrowed(Math.min(m, Math.ceil(1.2 * m * share) + 6));
  const last = fewer.coefficients.subarray((fewer.columns - 2) * n);
  const left = last.reduce((sum, value) => sum + Math.abs(value), 0);
  return fewer.columns === m || left <= toleranceUsd ? fewer : narrowed(m);

  function narrowed(count: number): SampledPanel {
    const xs = chebyshevNodes(count).map((z) =>
      scaled((strip[0] + strip[1]) / 2 + ((strip[1] - strip[0]) / 2) * z, [from, to]),
    );
    const values = product(chebyshevValues(xs, m), coefficients, count, m, n);
    return {
      ...panel,
      logGrowth: strip,
      columns: count,
      coefficients: product(chebyshevTransform(count), values, count, count, n),
    };
  }
}

/** A (rows x inner) times B (inner x columns). */
function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1)
    for (let k = 0; k < inner; k += 1) {
      const weight = a[i * inner + k]!;
      for (let j = 0; j < columns; j += 1) out[i * columns + j] = out[i * columns + j]! + weight * b[k * columns + j]!;
    }
  return out;
}

/** Adds a panel's series at all points (x, v) whose v lies in it; NaN there if it did not settle. */
export function addPanel(panel: SampledPanel, xs: Float64Array, vs: Float64Array, values: Float64Array): void {
  const { columns: m, rows: n, coefficients } = panel;
  const [low, high] = panel.volShock;
  let first = 0;
  while (first < vs.length && vs[first]! < low) first += 1;
  let last = first;
  while (last < vs.length && vs[last]! < high) last += 1;
  if (first === last) return;
  if (!panel.isSettled) {
    for (let k = 0; k < xs.length; k += 1) values.fill(Number.NaN, k * vs.length + first, k * vs.length + last);
    return;
  }
  const byX = chebyshevValues(
    xs.map((x) => scaled(x, panel.logGrowth)),
    m,
  );
  const byV = chebyshevValues(
    vs.subarray(first, last).map((v) => scaled(v, panel.volShock)),
    n,
  );
  const heights = last - first;
  // The few heights first: what is left is then short for each of the many log-moves.
  const series = new Float64Array(m * heights);
  for (let l = 0; l < heights; l += 1)
    for (let i = 0; i < m; i += 1) {
      let sum = 0;
      for (let j = 0; j < n; j += 1) sum += coefficients[i * n + j]! * byV[l * n + j]!;
      series[l * m + i] = sum;
    }
  for (let k = 0; k < xs.length; k += 1)
    for (let l = 0; l < heights; l += 1) {
      let even = 0;
      let odd = 0;
      const row = k * m;
      const column = l * m;
      for (let i = 0; i + 1 < m; i += 2) {
        even += byX[row + i]! * series[column + i]!;
        odd += byX[row + i + 1]! * series[column + i + 1]!;
      }
      if (m % 2 === 1) even += byX[row + m - 1]! * series[column + m - 1]!;
      const at = k * vs.length + first + l;
      values[at] = values[at]! + (even + odd);
    }
}

function scaled(x: number, [from, to]: readonly [number, number]): number {
  return (2 * x - from - to) / (to - from);
}

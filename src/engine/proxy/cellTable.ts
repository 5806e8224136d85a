import { chebyshevNodes, chebyshevPowers, chebyshevTransform } from '../numerics/chebyshev.ts';
import { BANDS, BLOCK, CELL, type CoinProxy } from '../kernels/CoinProxy.ts';
import { addedPanels, addPanel, restrictedTo } from './panelSeries.ts';
import type { SampledPanel } from './sampledPanels.ts';
import type { MoveBox } from './ValueGroup.ts';

export interface CellTable extends Pick<CoinProxy, 'edges' | 'stripAt' | 'blocks' | 'coefficients'> {
  readonly cells: number;
  /** Largest sum of the terms that a covered cell cuts off. */
  readonly cutUsd: number;
}

/** Points a cell is read at: two terms more than it keeps in each direction, which tell what is cut off. */
const POINTS = { x: CELL.logGrowth + 2, v: CELL.volShock + 2 } as const;
/** Cells over the width of the box to begin with. */
const FIRST_CELLS = 10;
const MOST_CELLS_IN_BLOCK = 1024;
const MOST_CELLS = 16_384;
const ROUNDS = 6;
/** Parts of the range of log-moves by which a strip is found. */
const PARTS = 1024;

const TO_SERIES = { x: chebyshevTransform(POINTS.x), v: chebyshevTransform(POINTS.v) };
const TO_POWERS = { x: chebyshevPowers(CELL.logGrowth), v: chebyshevPowers(CELL.volShock) };
const NODES = { x: chebyshevNodes(POINTS.x), v: chebyshevNodes(POINTS.v) };

/**
 * The sum of several groups' series as a table of low polynomials: few numbers to read for a path, whatever the series are. A block
 * gets so many cells in each direction that the terms which its cells cut off (a bound on what they change, since no T_j exceeds one)
 * stay below the tolerance; a cell where they do not is left uncovered, and so is one on a rectangle that did not settle.
 */
export function cellTable(groups: readonly (readonly SampledPanel[])[], box: MoveBox, toleranceUsd: number): CellTable {
  const all = addedPanels(groups.flat());
  const edges = stripEdges(all, box);
  const strips = edges.length - 1;
  const blocks = new Float64Array(strips * BANDS * BLOCK);
  const parts: Float64Array[] = [];
  const [left, right] = box.logGrowth;
  const [foot, top] = box.volShock;
  const bandHeight = (top - foot) / BANDS;
  let cells = 0;
  let cutUsd = 0;
  for (let strip = 0; strip < strips; strip += 1) {
    const logGrowth = [edges[strip]!, edges[strip + 1]!] as const;
    const middle = (logGrowth[0] + logGrowth[1]) / 2;
    const panels = addedPanels(
      all
        .filter((panel) => panel.logGrowth[0] <= middle && middle <= panel.logGrowth[1])
        .map((panel) => restrictedTo(logGrowth, panel, toleranceUsd / 100)),
    );
    const width = logGrowth[1] - logGrowth[0];
    let size = { columns: Math.max(1, Math.round((FIRST_CELLS * width) / (right - left))), rows: 1 };
    for (let band = 0; band < BANDS; band += 1) {
      const volShock = [foot + band * bandHeight, foot + (band + 1) * bandHeight] as const;
      const room = Math.min(MOST_CELLS_IN_BLOCK, MOST_CELLS - cells);
      const block = fittedBlock(panels, { logGrowth, volShock }, size, toleranceUsd, room);
      size = { columns: block.columns, rows: block.rows };
      blocks.set(
        [
          block.columns,
          block.rows,
          logGrowth[0],
          block.columns / width,
          volShock[0],
          block.rows / bandHeight,
          cells * CELL.coefficients,
        ],
        (strip * BANDS + band) * BLOCK,
      );
      parts.push(block.coefficients);
      cells += block.columns * block.rows;
      cutUsd = Math.max(cutUsd, block.cutUsd);
    }
  }
  const coefficients = new Float64Array(cells * CELL.coefficients);
  let at = 0;
  for (const part of parts) {
    coefficients.set(part, at);
    at += part.length;
  }
  return { edges, stripAt: stripsAt(edges), blocks, coefficients, cells, cutUsd };
}

/** The edges of all panels, those that differ by rounding taken once. */
function stripEdges(panels: readonly SampledPanel[], { logGrowth: [left, right] }: MoveBox): Float64Array {
  const all = panels.map((panel) => panel.logGrowth[0]);
  const least = (right - left) * 1e-9;
  const edges = [left];
  for (const edge of all.sort((a, b) => a - b))
    if (edge - edges[edges.length - 1]! > least && right - edge > least) edges.push(edge);
  edges.push(right);
  return Float64Array.from(edges);
}

function stripsAt(edges: Float64Array): Int32Array {
  const [left, right] = [edges[0]!, edges[edges.length - 1]!];
  let strip = 0;
  return Int32Array.from({ length: PARTS }, (_, part) => {
    const start = left + ((right - left) * part) / PARTS;
    while (strip < edges.length - 2 && edges[strip + 1]! <= start) strip += 1;
    // One earlier where rounding could put the start of the part there.
    return strip > 0 && start - edges[strip]! < (right - left) * 1e-12 ? strip - 1 : strip;
  });
}

interface Block {
  readonly columns: number;
  readonly rows: number;
  readonly coefficients: Float64Array;
  /** Cells that are not covered. */
  readonly holes: number;
  readonly cutUsd: number;
}

function fittedBlock(
  panels: readonly SampledPanel[],
  box: MoveBox,
  first: { readonly columns: number; readonly rows: number },
  toleranceUsd: number,
  room: number,
): Block {
  let { columns, rows } = first;
  // What the band below needed is where to begin, less a little, so that a calm band is not cut as finely for ever.
  columns = Math.max(1, Math.ceil(columns * 0.8));
  rows = Math.max(1, Math.ceil(rows * 0.7));
  if (columns * rows > room) [columns, rows] = [1, 1];
  for (let round = 1; ; round += 1) {
    const { cut, ...block } = cellsOf(panels, box, columns, rows, toleranceUsd);
    if (block.holes === 0 || round === ROUNDS) return block;
    const wider = cut.columns > toleranceUsd / 2 ? growth(cut.columns / toleranceUsd, CELL.logGrowth) : 1;
    const higher = cut.rows > toleranceUsd / 2 ? growth(cut.rows / toleranceUsd, CELL.volShock) : 1;
    const next = { columns: Math.ceil(columns * wider), rows: Math.ceil(rows * higher) };
    if (wider * higher === 1 || next.columns * next.rows > room) return block;
    ({ columns, rows } = next);
  }
}

/** How many times finer, when the error falls like the given power of the size. */
function growth(excess: number, power: number): number {
  return Math.min(Math.max((2.2 * excess) ** (1 / power), 1.15), 4);
}

/** The cells of a block, and the largest sums of terms that those not covered would cut off, in each direction. */
function cellsOf(
  panels: readonly SampledPanel[],
  box: MoveBox,
  columns: number,
  rows: number,
  toleranceUsd: number,
): Block & { readonly cut: { readonly columns: number; readonly rows: number } } {
  const xs = cellPoints(box.logGrowth, columns, NODES.x);
  const vs = cellPoints(box.volShock, rows, NODES.v);
  const values = new Float64Array(xs.length * vs.length);
  for (const panel of panels) addPanel(panel, xs, vs, values);
  const coefficients = new Float64Array(columns * rows * CELL.coefficients);
  const cut = { columns: 0, rows: 0 };
  let cutUsd = 0;
  let holes = 0;
  const series = new Float64Array(POINTS.x * POINTS.v);
  const scratch = new Float64Array(POINTS.x * POINTS.v);
  for (let column = 0; column < columns; column += 1)
    for (let row = 0; row < rows; row += 1) {
      const origin = column * POINTS.x * vs.length + row * POINTS.v;
      cellSeries(values, origin, vs.length, scratch, series);
      let [overX, overV] = [0, 0];
      for (let i = 0; i < POINTS.x; i += 1)
        for (let j = 0; j < POINTS.v; j += 1) {
          if (i < CELL.logGrowth && j < CELL.volShock) continue;
          const size = Math.abs(series[i * POINTS.v + j]!);
          if (i >= CELL.logGrowth) overX += size;
          else overV += size;
        }
      const at = (column * rows + row) * CELL.coefficients;
      if (overX + overV <= toleranceUsd) {
        powersOf(series, coefficients, at);
        cutUsd = Math.max(cutUsd, overX + overV);
      } else {
        coefficients[at] = Number.NaN;
        holes += 1;
        if (overX > cut.columns) cut.columns = overX;
        if (overV > cut.rows) cut.rows = overV;
      }
    }
  return { columns, rows, coefficients, holes, cutUsd, cut };
}

function cellPoints([from, to]: readonly [number, number], count: number, nodes: Float64Array): Float64Array {
  const size = (to - from) / count;
  return Float64Array.from(
    { length: count * nodes.length },
    (_, k) => from + size * (Math.floor(k / nodes.length) + (nodes[k % nodes.length]! + 1) / 2),
  );
}

/** Chebyshev coefficients of one cell from its block of values. */
function cellSeries(
  values: Float64Array,
  origin: number,
  stride: number,
  scratch: Float64Array,
  out: Float64Array,
): void {
  const { x: m, v: n } = POINTS;
  for (let i = 0; i < m; i += 1)
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let k = 0; k < n; k += 1) sum += TO_SERIES.v[j * n + k]! * values[origin + i * stride + k]!;
      scratch[i * n + j] = sum;
    }
  for (let i = 0; i < m; i += 1)
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let k = 0; k < m; k += 1) sum += TO_SERIES.x[i * m + k]! * scratch[k * n + j]!;
      out[i * n + j] = sum;
    }
}

/** The kept terms of a cell's series as coefficients of powers. */
function powersOf(series: Float64Array, out: Float64Array, at: number): void {
  const { logGrowth: m, volShock: n } = CELL;
  for (let i = 0; i < m; i += 1)
    for (let k = i; k < m; k += 1) {
      const p = TO_POWERS.x[i * m + k]!;
      if (p === 0) continue;
      for (let j = 0; j < n; j += 1) {
        let sum = 0;
        for (let l = j; l < n; l += 1) sum += TO_POWERS.v[j * n + l]! * series[k * POINTS.v + l]!;
        out[at + i * n + j] = out[at + i * n + j]! + p * sum;
      }
    }
}

import { chebyshevNodes, chebyshevTransform } from '../numerics/chebyshev.ts';
import type { MoveBox, ValueGroup } from './ValueGroup.ts';

/** A rectangle of moves and the Chebyshev series of a group's P&L over it: coefficient of T_i(log-move) T_j(shock) at `[i * rows + j]`. */
export interface SampledPanel extends MoveBox {
  readonly columns: number;
  readonly rows: number;
  readonly coefficients: Float64Array;
  /** False where the series did not settle within the budget. */
  readonly isSettled: boolean;
}

export interface SamplingLimits {
  /** The series is cut where what follows is below this, USD. */
  readonly toleranceUsd: number;
  /** Points at most. */
  readonly nodes: number;
}

/** Terms of a series at most, by direction; a rectangle that asks for more is halved. */
const MOST_COLUMNS = 36;
const MOST_ROWS = 24;
/** No rectangle is narrower than this share of the box. */
const LEAST_SHARE = { logGrowth: 2 ** -14, volShock: 2 ** -6 };
/** A bend is felt so many of its widths away. */
const REACH = 7;

/**
 * The P&L of a group over a box of moves, as Chebyshev series over rectangles that fit together. How many terms a rectangle needs is
 * told from the widths of the bends in it: a normal density of width w has coefficients like exp(-k^2 w^2 / 2 h^2) over a half-width h;
 * the vol shock counts by its distance from where vol is zero (Trefethen, theorem 8.2). The last terms then tell whether that was so;
 * if not, there are more, and a rectangle that needs too many is halved. An option that has expired bends sharply: its strike is an edge.
 * `restUsd` is the largest sum of last terms of a settled rectangle, which stands for what is beyond them.
 *
 */
export function sampledPanels(
  group: ValueGroup,
  box: MoveBox,
  limits: SamplingLimits,
): { readonly panels: readonly SampledPanel[]; readonly nodes: number; readonly restUsd: number } {
  const panels: SampledPanel[] = [];
  const waiting: { box: MoveBox; columns: number; rows: number }[] = [];
  const least = {
    logGrowth: (box.logGrowth[1] - box.logGrowth[0]) * LEAST_SHARE.logGrowth,
    volShock: (box.volShock[1] - box.volShock[0]) * LEAST_SHARE.volShock,
  };
  let nodes = 0;
  let restUsd = 0;
  const push = (part: MoveBox): void => {
    waiting.push({ box: part, columns: columnsNeeded(group, part), rows: rowsNeeded(group, part) });
  };
  for (const part of betweenSharpBends(group, box)) push(part);
  // What is near no move at all comes first: should the points run out, the rectangles left out are those with the fewest paths.
  const nearest = (): (typeof waiting)[number] | undefined => {
    let at = 0;
    for (let k = 1; k < waiting.length; k += 1) if (distance(waiting[k]!.box) < distance(waiting[at]!.box)) at = k;
    return waiting.splice(at, 1)[0];
  };
  for (let next = nearest(); next !== undefined; next = nearest()) {
    const { box: part, columns, rows } = next;
    const [width, height] = [part.logGrowth[1] - part.logGrowth[0], part.volShock[1] - part.volShock[0]];
    if (rows > MOST_ROWS && height >= 2 * least.volShock) {
      for (const volShock of halves(part.volShock)) push({ ...part, volShock });
      continue;
    }
    if (columns > MOST_COLUMNS && width >= 2 * least.logGrowth) {
      for (const logGrowth of halves(part.logGrowth)) push({ ...part, logGrowth });
      continue;
    }
    const [m, n] = [Math.min(columns, MOST_COLUMNS), Math.min(rows, MOST_ROWS)];
    if (nodes + m * n > limits.nodes) {
      panels.push({ ...part, columns: 1, rows: 1, coefficients: new Float64Array(1), isSettled: false });
      continue;
    }
    nodes += m * n;
    const coefficients = seriesOf(sampled(group, part, m, n), m, n);
    const sizes = termSizes(coefficients, m, n);
    const settled = {
      columns: lastTwo(sizes.columns) <= limits.toleranceUsd,
      rows: lastTwo(sizes.rows) <= limits.toleranceUsd,
    };
    if (settled.columns && settled.rows) {
      restUsd = Math.max(restUsd, lastTwo(sizes.columns) + lastTwo(sizes.rows));
      panels.push({ ...part, columns: m, rows: n, coefficients, isSettled: true });
    } else if ((columns > MOST_COLUMNS && !settled.columns) || (rows > MOST_ROWS && !settled.rows)) {
      panels.push({ ...part, columns: m, rows: n, coefficients, isSettled: false });
    } else {
      waiting.push({
        box: part,
        columns: settled.columns ? columns : columns + missingTerms(sizes.columns, limits.toleranceUsd),
        rows: settled.rows ? rows : rows + missingTerms(sizes.rows, limits.toleranceUsd),
      });
    }
  }
  return { panels, nodes, restUsd };
}

/** Of a rectangle's log-moves and shocks from none. */
function distance({ logGrowth, volShock }: MoveBox): number {
  return Math.abs(logGrowth[0] + logGrowth[1]) + Math.abs(volShock[0] + volShock[1]);
}

function halves([from, to]: readonly [number, number]): readonly [
  readonly [number, number],
  readonly [number, number],
] {
  const middle = (from + to) / 2;
  return [
    [from, middle],
    [middle, to],
  ];
}

/** The box cut at the strikes of options that have no time value. */
function betweenSharpBends(group: ValueGroup, box: MoveBox): MoveBox[] {
  const [left, right] = box.logGrowth;
  const cuts = new Set<number>();
  group.bends.forEach((x, i) => {
    if (x > left && x < right && group.width(i, box.volShock[1]) === 0) cuts.add(x);
  });
  const edges = [left, ...cuts, right].sort((a, b) => a - b);
  return edges.slice(1).map((to, i) => ({ ...box, logGrowth: [edges[i]!, to] }));
}

function columnsNeeded({ bends, width }: ValueGroup, { logGrowth, volShock }: MoveBox): number {
  const half = (logGrowth[1] - logGrowth[0]) / 2;
  let narrowest = Number.POSITIVE_INFINITY;
  bends.forEach((x, i) => {
    const [low, high] = [width(i, volShock[0]), width(i, volShock[1])];
    const away = Math.max(logGrowth[0] - x, x - logGrowth[1], 0);
    // No width at all is a sharp bend, which is an edge. From afar a bend is felt only where it is wide.
    if (high > 0 && away < REACH * high) narrowest = Math.min(narrowest, Math.max(low, away / REACH, high / 32));
  });
  return Math.ceil(8 + (2.8 * half) / narrowest);
}

function rowsNeeded({ bends, width }: ValueGroup, { volShock }: MoveBox): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < bends.length; i += 1) {
    const [low, high] = [width(i, volShock[0]), width(i, volShock[1])];
    if (high > 0) least = Math.min(least, low / high);
  }
  if (least === Number.POSITIVE_INFINITY) return 3;
  // Vol from `least` to 1 is zero at z = (1 + least) / (1 - least) half-widths from the middle.
  const z = (1 + least) / Math.max(1 - least, 1e-9);
  return Math.ceil(3 + 11 / Math.log(z + Math.sqrt(z * z - 1)));
}

/** P&L at the nodes of a rectangle, `[i * n + j]`. */
function sampled(group: ValueGroup, { logGrowth, volShock }: MoveBox, m: number, n: number): Float64Array {
  const moves = {
    growth: new Float64Array(m * n),
    logGrowth: new Float64Array(m * n),
    volShock: new Float64Array(m * n),
  };
  const shocks = chebyshevNodes(n).map((z) => across(volShock, z));
  chebyshevNodes(m).forEach((z, i) => {
    const x = across(logGrowth, z);
    moves.logGrowth.fill(x, i * n, (i + 1) * n);
    moves.growth.fill(Math.exp(x), i * n, (i + 1) * n);
    moves.volShock.set(shocks, i * n);
  });
  const values = new Float64Array(m * n);
  group.addPnl(moves, values);
  return values;
}

function across([from, to]: readonly [number, number], z: number): number {
  return (from + to) / 2 + ((to - from) / 2) * z;
}

/** Coefficients of a tensor series from values at the nodes: A V B'. */
function seriesOf(values: Float64Array, m: number, n: number): Float64Array {
  const [a, b] = [chebyshevTransform(m), chebyshevTransform(n)];
  const halfway = new Float64Array(m * n);
  for (let i = 0; i < m; i += 1)
    for (let k = 0; k < m; k += 1) {
      const weight = a[i * m + k]!;
      for (let j = 0; j < n; j += 1) halfway[i * n + j] = halfway[i * n + j]! + weight * values[k * n + j]!;
    }
  const coefficients = new Float64Array(m * n);
  for (let i = 0; i < m; i += 1)
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let k = 0; k < n; k += 1) sum += b[j * n + k]! * halfway[i * n + k]!;
      coefficients[i * n + j] = sum;
    }
  return coefficients;
}

/** Sums of the sizes of the terms of each degree, in each direction. */
function termSizes(
  coefficients: Float64Array,
  m: number,
  n: number,
): { readonly columns: Float64Array; readonly rows: Float64Array } {
  const [columns, rows] = [new Float64Array(m), new Float64Array(n)];
  for (let i = 0; i < m; i += 1)
    for (let j = 0; j < n; j += 1) {
      const size = Math.abs(coefficients[i * n + j]!);
      columns[i] = columns[i]! + size;
      rows[j] = rows[j]! + size;
    }
  return { columns, rows };
}

function lastTwo(sizes: Float64Array): number {
  return sizes[sizes.length - 1]! + sizes[sizes.length - 2]!;
}

/** How many terms more bring the last two below a size, if they go on to fall as they did over the last third. */
function missingTerms(sizes: Float64Array, toleranceUsd: number): number {
  const count = sizes.length;
  const third = Math.max(2, Math.floor(count / 3));
  const [last, before] = [lastTwo(sizes), lastTwo(sizes.subarray(0, count - third))];
  const rate = Math.log(before / last) / third;
  const missing = rate > 0 ? Math.log(last / toleranceUsd) / rate : count;
  return Math.ceil(Math.min(Math.max(missing, 1) + 1, Math.max(count, 4)));
}

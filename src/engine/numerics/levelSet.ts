import { bracketedRoot } from './bracketedRoot.ts';

export type PlanePoint = readonly [number, number];

/** Where a function of the plane is negative, and the line along which it becomes so. */
export interface LevelSet {
  /** At the nodes of the lattice, [row][column]; null where the function has no value. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Zero lines, each walked with the negative side on the left; a closed one ends where it starts. */
  readonly lines: readonly (readonly PlanePoint[])[];
  /** Rings round the negative region, cut off at the edge of what is known; outer rings anticlockwise, holes clockwise. */
  readonly regions: readonly (readonly PlanePoint[])[];
}

export interface LevelSetOptions {
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  /** How often the cells that a line crosses are halved before it is drawn. */
  readonly halvings: number;
  /** Of a line's vertices, along the edge on which each lies. */
  readonly error: number;
  /** The same set by straight lines between the lattice's own values, as soon as those are known. */
  readonly onCoarse?: (set: LevelSet) => void;
}

/**
 * Zero lines of a function by marching squares, and no finer than they have to be: a coarse lattice, of which the cells that a
 * line crosses are halved, the neighbours across a half edge of another sign joining them; then each vertex is a root of the
 * function itself on its edge. What lies wholly inside one coarse cell is not seen. Zero counts as positive.
 *
 * Yields between evaluations, so that a long run can pause or be given up.
 */
export function* levelSet(
  f: (x: number, y: number) => number | null,
  { columns, rows, halvings, error, onCoarse }: LevelSetOptions,
): Generator<void, LevelSet> {
  const values: (number | null)[][] = [];
  for (const y of rows) {
    const row: (number | null)[] = [];
    for (const x of columns) {
      row.push(f(x, y));
      yield;
    }
    values.push(row);
  }
  const coarse = lattice(columns, rows, 1, (i, j) => values[j]![i]!);
  if (onCoarse) onCoarse({ values, ...traced(coarse, (edge) => chordPoint(coarse, edge)) });

  const k = 2 ** halvings;
  const known = new Map<number, number | null>();
  const isMixed = new Set<number>();
  const valueAt = (i: number, j: number): number | null => {
    const found = known.get(fine.node(i, j));
    if (found !== undefined) return found;
    // Inside a cell that no line crosses every value has the sign of any corner.
    return values[Math.floor(j / k)]![Math.floor(i / k)]!;
  };
  const isCellKnown = (i: number, j: number) => coarse.isKnown(Math.floor(i / k), Math.floor(j / k));
  const fine = lattice(columns, rows, k, valueAt, isCellKnown);
  values.forEach((row, j) => row.forEach((value, i) => known.set(fine.node(i * k, j * k), value)));

  // Cells that a line crosses, and those that it turns out to enter.
  const waiting: [number, number][] = [];
  const cellId = (i: number, j: number) => j * columns.length + i;
  const join = (i: number, j: number) => {
    if (i < 0 || j < 0 || i >= columns.length - 1 || j >= rows.length - 1 || isMixed.has(cellId(i, j))) return;
    isMixed.add(cellId(i, j));
    waiting.push([i, j]);
  };
  for (let j = 0; j < rows.length - 1; j += 1) {
    for (let i = 0; i < columns.length - 1; i += 1) if (coarse.isCrossed(i, j)) join(i, j);
  }
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    const [ci, cj] = cell;
    for (let j = cj * k; j <= (cj + 1) * k; j += 1) {
      for (let i = ci * k; i <= (ci + 1) * k; i += 1) {
        if (known.has(fine.node(i, j))) continue;
        known.set(fine.node(i, j), f(fine.x(i), fine.y(j)));
        yield;
      }
    }
    const differs = (along: (n: number) => number | null) => {
      for (let n = 1; n < k; n += 1) {
        const [value, start] = [along(n), along(0)];
        if (value !== null && start !== null && value < 0 !== start < 0) return true;
      }
      return false;
    };
    if (differs((n) => valueAt(ci * k + n, cj * k))) join(ci, cj - 1);
    if (differs((n) => valueAt(ci * k + n, (cj + 1) * k))) join(ci, cj + 1);
    if (differs((n) => valueAt(ci * k, cj * k + n))) join(ci - 1, cj);
    if (differs((n) => valueAt((ci + 1) * k, cj * k + n))) join(ci + 1, cj);
  }

  const crossings = new Map<number, PlanePoint>();
  for (const edge of fine.crossedEdges()) {
    crossings.set(edge.key, rootPoint(f, fine, edge, error));
    yield;
  }
  return { values, ...traced(fine, (edge) => crossings.get(edge.key) ?? chordPoint(fine, edge)) };
}

interface Edge {
  readonly key: number;
  /** Node indices of its ends. */
  readonly from: PlanePoint;
  readonly to: PlanePoint;
}

/** A lattice whose cells are parted in `k` each way, evenly. */
function lattice(
  columns: readonly number[],
  rows: readonly number[],
  k: number,
  valueAt: (i: number, j: number) => number | null,
  isCellKnown: (i: number, j: number) => boolean = () => true,
) {
  const width = (columns.length - 1) * k;
  const height = (rows.length - 1) * k;
  const at = (lines: readonly number[], n: number) => {
    const whole = Math.floor(n / k);
    const rest = (n - whole * k) / k;
    return rest === 0 ? lines[whole]! : lines[whole]! + rest * (lines[whole + 1]! - lines[whole]!);
  };
  const node = (i: number, j: number) => j * (width + 1) + i;
  const corners = (i: number, j: number): readonly PlanePoint[] => [
    [i, j],
    [i + 1, j],
    [i + 1, j + 1],
    [i, j + 1],
  ];
  const isInside = (i: number, j: number) => i >= 0 && j >= 0 && i < width && j < height;
  const isKnown = (i: number, j: number) =>
    isInside(i, j) && isCellKnown(i, j) && corners(i, j).every(([ci, cj]) => valueAt(ci, cj) !== null);
  const isNegative = ([i, j]: PlanePoint) => valueAt(i, j)! < 0;
  /** The edge between two neighbours, the same from both sides. */
  const edge = (one: PlanePoint, other: PlanePoint): Edge => {
    const [from, to] = one[0] + one[1] < other[0] + other[1] ? [one, other] : [other, one];
    return { key: 2 * node(from[0], from[1]) + (from[1] === to[1] ? 0 : 1), from, to };
  };
  const isCrossed = (i: number, j: number) => {
    if (!isKnown(i, j)) return false;
    const negative = corners(i, j).filter(isNegative).length;
    return negative > 0 && negative < 4;
  };
  return {
    width,
    height,
    node,
    corners,
    edge,
    valueAt,
    isKnown,
    isNegative,
    isCrossed,
    x: (i: number) => at(columns, i),
    y: (j: number) => at(rows, j),
    crossedEdges(): Edge[] {
      const found = new Map<number, Edge>();
      for (let j = 0; j < height; j += 1) {
        for (let i = 0; i < width; i += 1) {
          if (!isCrossed(i, j)) continue;
          const ring = corners(i, j);
          ring.forEach((corner, n) => {
            const next = ring[(n + 1) % 4]!;
            const between = edge(corner, next);
            if (isNegative(corner) !== isNegative(next)) found.set(between.key, between);
          });
        }
      }
      return [...found.values()];
    },
  };
}

type Lattice = ReturnType<typeof lattice>;

function chordPoint(grid: Lattice, { from, to }: Edge): PlanePoint {
  const [start, end] = [grid.valueAt(...from)!, grid.valueAt(...to)!];
  return pointAt(grid, from, to, start === end ? 0.5 : start / (start - end));
}

function rootPoint(f: (x: number, y: number) => number | null, grid: Lattice, edge: Edge, error: number): PlanePoint {
  const { from, to } = edge;
  const length = Math.abs(grid.x(to[0]) - grid.x(from[0])) + Math.abs(grid.y(to[1]) - grid.y(from[1]));
  const share = bracketedRoot(
    (t) => f(...pointAt(grid, from, to, t)),
    [0, 1],
    [grid.valueAt(...from)!, grid.valueAt(...to)!],
    error / length,
  );
  return share === null ? chordPoint(grid, edge) : pointAt(grid, from, to, share);
}

function pointAt(grid: Lattice, from: PlanePoint, to: PlanePoint, share: number): PlanePoint {
  const between = (start: number, end: number) => (start === end ? start : start + share * (end - start));
  return [between(grid.x(from[0]), grid.x(to[0])), between(grid.y(from[1]), grid.y(to[1]))];
}

/** A piece of a ring from one place to the next; a place is an edge that is crossed or, below zero, a node. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: PlanePoint;
  readonly end: PlanePoint;
}

function traced(grid: Lattice, crossing: (edge: Edge) => PlanePoint): Pick<LevelSet, 'lines' | 'regions'> {
  const contour: Piece[] = [];
  const border: Piece[] = [];
  for (let j = 0; j < grid.height; j += 1) {
    for (let i = 0; i < grid.width; i += 1) {
      if (!grid.isKnown(i, j)) continue;
      contour.push(...cellPieces(grid, i, j, crossing));
      border.push(...borderPieces(grid, i, j, crossing));
    }
  }
  return { lines: chains(contour), regions: chains([...contour, ...border]) };
}

/** The line through one cell: from where its rim, walked anticlockwise, leaves the negative side to where it enters it. */
function cellPieces(grid: Lattice, i: number, j: number, crossing: (edge: Edge) => PlanePoint): Piece[] {
  const ring = grid.corners(i, j);
  const crossed: { readonly edge: Edge; readonly leaves: boolean }[] = [];
  ring.forEach((corner, n) => {
    const next = ring[(n + 1) % 4]!;
    if (grid.isNegative(corner) !== grid.isNegative(next))
      crossed.push({ edge: grid.edge(corner, next), leaves: grid.isNegative(corner) });
  });
  // In a saddle the mean of the corners says whether the negative corners hang together.
  const joined = crossed.length === 4 && ring.reduce((sum, corner) => sum + grid.valueAt(...corner)!, 0) < 0;
  return crossed.flatMap(({ edge, leaves }, n): Piece[] => {
    if (!leaves) return [];
    const step = joined ? 1 : crossed.length - 1;
    const entry = crossed[(n + step) % crossed.length]!.edge;
    return [{ from: edge.key, to: entry.key, start: crossing(edge), end: crossing(entry) }];
  });
}

/** The negative parts of those edges of a cell beyond which nothing is known. */
function borderPieces(grid: Lattice, i: number, j: number, crossing: (edge: Edge) => PlanePoint): Piece[] {
  const ring = grid.corners(i, j);
  const across: readonly PlanePoint[] = [
    [i, j - 1],
    [i + 1, j],
    [i, j + 1],
    [i - 1, j],
  ];
  return ring.flatMap((corner, n): Piece[] => {
    const next = ring[(n + 1) % 4]!;
    if (grid.isKnown(...across[n]!) || !(grid.isNegative(corner) || grid.isNegative(next))) return [];
    const edge = grid.edge(corner, next);
    const place = (node: PlanePoint) =>
      grid.isNegative(node)
        ? { key: -1 - grid.node(...node), point: [grid.x(node[0]), grid.y(node[1])] as const }
        : { key: edge.key, point: crossing(edge) };
    const [from, to] = [place(corner), place(next)];
    return [{ from: from.key, to: to.key, start: from.point, end: to.point }];
  });
}

/** Pieces joined end to start. */
function chains(pieces: readonly Piece[]): PlanePoint[][] {
  const leaving = new Map<number, Piece[]>();
  const arriving = new Map<number, number>();
  for (const piece of pieces) {
    leaving.set(piece.from, [...(leaving.get(piece.from) ?? []), piece]);
    arriving.set(piece.to, (arriving.get(piece.to) ?? 0) + 1);
  }
  const walked = (first: Piece): PlanePoint[] => {
    const points = [first.start];
    for (let piece: Piece | undefined = first; piece !== undefined; piece = leaving.get(piece.to)?.pop())
      points.push(piece.end);
    return points;
  };
  // Open ones first: what is left then closes on itself.
  const open = pieces.filter((piece) => !arriving.has(piece.from));
  const found: PlanePoint[][] = [];
  for (const start of [...open, ...pieces]) {
    const left = leaving.get(start.from);
    const first = left?.pop();
    if (first !== undefined) found.push(walked(first));
  }
  return found;
}

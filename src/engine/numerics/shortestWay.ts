import { bracketedRoot } from './bracketedRoot.ts';
import type { PlanePoint } from './levelSet.ts';

export interface ShortestWayOptions {
  /** Zero lines of the function, by vertices that lie on them. */
  readonly lines: readonly (readonly PlanePoint[])[];
  /** Distance from the origin; its level lines are ellipses round it. */
  readonly distance: (point: PlanePoint) => number;
  /** What a point must be inside of. */
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
  /** Of the answer, as a share of its distance. */
  readonly error: number;
}

/** Vertices so much farther than the nearest are no candidates: what lies between two vertices is not that much nearer. */
const CANDIDATE_RATIO = 1.03;
const MOST_CANDIDATES = 4;
/** Half widths of the bracket along a ray, as shares of the distance expected there. */
const BRACKETS = [0.02, 0.08, 0.3] as const;
/** Pieces of a line to each side of a vertex that are looked through, and by how many golden sections. */
const PIECES = 2;
const SECTIONS = 15;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The point of a zero line nearest to the origin, on whose side of it the function is positive: the nearest vertex, then among
 * the pieces round it the direction in which the ray from the origin meets the line soonest, each meeting a root of the function
 * itself. Never farther than the nearest vertex; null when there is no line. Yields between evaluations.
 */
export function* shortestWay(
  f: (x: number, y: number) => number | null,
  { lines, distance, columns, rows, error }: ShortestWayOptions,
): Generator<void, PlanePoint | null> {
  const ranked = lines.flatMap((line, l) => line.map((point, n) => ({ l, n, point, away: distance(point) })));
  const nearest = ranked.reduce<(typeof ranked)[number] | null>(
    (best, vertex) => (best === null || vertex.away < best.away ? vertex : best),
    null,
  );
  if (nearest === null || !(nearest.away > 0)) return nearest?.point ?? null;
  let best = { point: nearest.point, away: nearest.away };

  const isInside = ([x, y]: PlanePoint) => x >= columns[0] && x <= columns[1] && y >= rows[0] && y <= rows[1];
  /** Where the ray through a point meets the line, looked for round that point. */
  const met = (through: PlanePoint): PlanePoint | null => {
    const on = (share: number): PlanePoint => [share * through[0], share * through[1]];
    const at = (share: number) => (isInside(on(share)) ? f(...on(share)) : null);
    for (const half of BRACKETS) {
      const [low, high] = [at(1 - half), at(1 + half)];
      if (low === null || high === null) continue;
      if (low < 0 || high >= 0) continue;
      const share = bracketedRoot(at, [1 - half, 1 + half], [low, high], error);
      return share === null ? null : on(share);
    }
    return null;
  };

  const isLowest = ({ l, n, away }: (typeof ranked)[number]) =>
    [n - 1, n + 1].every((other) => {
      const point = lines[l]![other];
      return point === undefined || distance(point) >= away;
    });
  const candidates = ranked
    .filter((vertex) => vertex.away <= CANDIDATE_RATIO * nearest.away && isLowest(vertex))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST_CANDIDATES);
  for (const { l, n } of candidates) {
    const line = lines[l]!;
    const isClosed = line.length > 2 && line[0]![0] === line.at(-1)![0] && line[0]![1] === line.at(-1)![1];
    const vertex = (step: number): PlanePoint => {
      const at = n + step;
      return isClosed ? line.at(at % (line.length - 1))! : line[Math.min(Math.max(at, 0), line.length - 1)]!;
    };
    // Along the pieces round the vertex, one to each whole step. What is nearest to the origin inside a cell may lie in the
    // direction of the next piece.
    const along = (t: number): PlanePoint => {
      const whole = Math.floor(t);
      const [start, end] = [vertex(whole), vertex(whole + 1)];
      return [start[0] + (t - whole) * (end[0] - start[0]), start[1] + (t - whole) * (end[1] - start[1])];
    };
    const away = (t: number): number => {
      const found = met(along(t));
      if (found === null) return Number.POSITIVE_INFINITY;
      const far = distance(found);
      if (far < best.away) best = { point: found, away: far };
      return far;
    };
    let [low, high] = [-PIECES, PIECES];
    let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let atLeft = away(left);
    yield;
    let atRight = away(right);
    yield;
    for (let section = 0; section < SECTIONS; section += 1) {
      if (atLeft <= atRight) {
        [high, right, atRight] = [right, left, atLeft];
        left = high - GOLDEN * (high - low);
        atLeft = away(left);
      } else {
        [low, left, atLeft] = [left, right, atRight];
        right = low + GOLDEN * (high - low);
        atRight = away(right);
      }
      yield;
    }
  }
  return best.point;
}

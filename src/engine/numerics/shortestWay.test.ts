import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelSet, type PlanePoint } from './levelSet.ts';
import { shortestWay } from './shortestWay.ts';

const REACH = [-1, 1] as const;

function ended<T>(run: Generator<void, T>): T {
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

function wayTo(f: (x: number, y: number) => number | null, distance: (point: PlanePoint) => number, cells = 12) {
  const nodes = Array.from({ length: cells + 1 }, (_, n) => -1 + (2 * n) / cells);
  const { lines } = ended(levelSet(f, { columns: nodes, rows: nodes, halvings: 1, error: 1e-6 }));
  return {
    lines,
    point: ended(shortestWay(f, { lines, distance, columns: REACH, rows: REACH, error: 1e-8 })),
  };
}

/** Mahalanobis distance for unequal, correlated scales. */
const elliptic =
  (sx: number, sy: number, r: number) =>
  ([x, y]: PlanePoint) =>
    Math.sqrt(((x / sx) ** 2 - (2 * r * x * y) / (sx * sy) + (y / sy) ** 2) / (1 - r * r));

describe('shortestWay', () => {
  it('is the foot of the perpendicular in the metric, for any line', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        fc.double({ min: 0.1, max: 0.5, noNaN: true }),
        fc.double({ min: -0.8, max: 0.8, noNaN: true }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        (sx, sy, r, angle) => {
          // The plane a x + b y = c, whose nearest point in the metric is C n c / (n' C n).
          const [a, b, c] = [Math.cos(angle), Math.sin(angle), 0.4];
          const spread = (a * sx) ** 2 + 2 * r * a * b * sx * sy + (b * sy) ** 2;
          const foot = [
            ((a * sx * sx + r * b * sx * sy) * c) / spread,
            ((b * sy * sy + r * a * sx * sy) * c) / spread,
          ] as const;
          fc.pre(Math.max(...foot.map(Math.abs)) < 0.95);
          const { point } = wayTo((x, y) => c - a * x - b * y, elliptic(sx, sy, r));
          expect(elliptic(sx, sy, r)(point!)).toBeCloseTo(c / Math.sqrt(spread), 5);
          expect(point![0]).toBeCloseTo(foot[0], 2);
          expect(point![1]).toBeCloseTo(foot[1], 2);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('finds the corner of a kinked line', () => {
    // Of a diamond the middle of a side is nearest, and of a tongue its tip.
    const inside = wayTo((x, y) => 0.5 - Math.abs(x) - Math.abs(y), elliptic(1, 1, 0)).point!;
    expect(Math.hypot(...inside)).toBeCloseTo(0.5 * Math.SQRT1_2, 6);
    const valley = wayTo((x, y) => 0.37 + 2.2 * Math.abs(y - 0.11) - x, elliptic(1, 0.4, 0)).point!;
    expect(valley[0]).toBeCloseTo(0.37, 3);
    expect(valley[1]).toBeCloseTo(0.11, 3);
  });

  it('is never farther than a vertex, and the same from any lattice', () => {
    const f = (x: number, y: number) => 0.5 + 0.2 * Math.sin(5 * y) - Math.hypot(x - 0.1, y);
    const distance = elliptic(0.3, 0.2, -0.4);
    const found = [6, 9, 14, 25].map((cells) => {
      const { lines, point } = wayTo(f, distance, cells);
      for (const vertex of lines.flat()) expect(distance(point!)).toBeLessThanOrEqual(distance(vertex) + 1e-12);
      return distance(point!);
    });
    for (const far of found) expect(far).toBeCloseTo(found.at(-1)!, 5);
  });

  it('takes the nearer of two', () => {
    const { point } = wayTo((x) => Math.min(x + 0.401, 0.4 - x), elliptic(1, 1, 0));
    expect(point![0]).toBeCloseTo(0.4, 9);
    expect(point![1]).toBeCloseTo(0, 3);
  });

  it('is null where there is no line', () => {
    expect(wayTo(() => 1, elliptic(1, 1, 0)).point).toBeNull();
  });
});

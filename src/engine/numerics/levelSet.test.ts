import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LevelSet, levelSet, type PlanePoint } from './levelSet.ts';

const even = (from: number, to: number, cells: number) =>
  Array.from({ length: cells + 1 }, (_, n) => from + ((to - from) * n) / cells);

function setOf(
  f: (x: number, y: number) => number | null,
  {
    cells = 12,
    halvings = 1,
    error = 1e-7,
    onCoarse,
  }: { cells?: number; halvings?: number; error?: number; onCoarse?: (set: LevelSet) => void } = {},
): LevelSet {
  const run = levelSet(f, {
    columns: even(-1, 1, cells),
    rows: even(-1, 1, cells),
    halvings,
    error,
    ...(onCoarse && { onCoarse }),
  });
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** Area by the shoelace formula: positive anticlockwise. */
const area = (ring: readonly PlanePoint[]) =>
  ring.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = ring[(n + 1) % ring.length]!;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
const total = (set: LevelSet) => set.regions.reduce((sum, ring) => sum + area(ring), 0);

describe('levelSet', () => {
  it('draws a circle as one closed line, with its area', () => {
    const disc = setOf((x, y) => x * x + y * y - 0.5);
    expect(disc.lines).toHaveLength(1);
    expect(disc.lines[0]!.at(-1)).toEqual(disc.lines[0]![0]);
    for (const [x, y] of disc.lines[0]!) expect(Math.hypot(x, y)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(total(disc)).toBeCloseTo(Math.PI / 2, 1);
    expect(total(disc)).toBeLessThan(Math.PI / 2);
    // Outside in: the square without the disc, as a ring with a hole.
    const rest = setOf((x, y) => 0.5 - x * x - y * y);
    expect(rest.regions).toHaveLength(2);
    expect(total(rest)).toBeCloseTo(4 - total(disc), 6);
  });

  it('comes nearer to the area with every halving', () => {
    const errors = [0, 1, 2, 3].map((halvings) =>
      Math.abs(total(setOf((x, y) => x * x + y * y - 0.5, { halvings })) - Math.PI / 2),
    );
    errors.slice(1).forEach((error, n) => expect(error).toBeLessThan(errors[n]! / 3));
  });

  it('cuts any half-plane where the line is, to the area', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        (slope, offset) => {
          const set = setOf((x, y) => y - slope * x - offset);
          for (const line of set.lines) for (const [x, y] of line) expect(y - slope * x).toBeCloseTo(offset, 5);
          const above = setOf((x, y) => slope * x + offset - y);
          expect(total(set) + total(above)).toBeCloseTo(4, 5);
          expect(total(set)).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is the whole square, or nothing', () => {
    expect(total(setOf(() => -1))).toBeCloseTo(4, 9);
    expect(setOf(() => -1).lines).toEqual([]);
    expect(setOf(() => 0)).toMatchObject({ lines: [], regions: [] });
  });

  it('ends where the function has no value', () => {
    const set = setOf((x, y) => (x > 0.5 ? null : y));
    expect(set.lines).toHaveLength(1);
    expect(Math.max(...set.lines[0]!.map(([x]) => x))).toBeCloseTo(0.5, 9);
    expect(total(set)).toBeCloseTo(1.5, 6);
    expect(set.values[0]!.at(-1)).toBeNull();
  });

  it('follows a line out of the coarse cells that show it', () => {
    // A tongue into the next column of cells: its tip lies between nodes whose own signs say nothing of it.
    const tongue = (x: number, y: number) => (x < 0 ? -1 : x + 30 * Math.abs(y - 1 / 6 - 0.08) - 0.3);
    const set = setOf(tongue, { cells: 12, halvings: 2 });
    expect(Math.max(...set.lines.flat().map(([x]) => x))).toBeCloseTo(0.2, 5);
  });

  it('shows the coarse picture first, for nothing', () => {
    let asked = 0;
    let atCoarse = 0;
    const seen: LevelSet[] = [];
    const set = setOf(
      (x, y) => {
        asked += 1;
        return x * x + y * y - 0.5;
      },
      {
        error: 1e-5,
        onCoarse: (coarse) => {
          seen.push(coarse);
          atCoarse = asked;
        },
      },
    );
    expect(atCoarse).toBe(13 * 13);
    expect(seen[0]!.lines).toHaveLength(1);
    expect(set.values).toEqual(seen[0]!.values);
    expect(asked).toBeLessThan(700);
  });
});

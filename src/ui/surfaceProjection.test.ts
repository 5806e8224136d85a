import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BoxPoint,
  boundedView,
  FIRST_VIEW,
  farEnds,
  sortedCells,
  surfaceBox,
  surfaceProjection,
} from './surfaceProjection.ts';

const FRAME = { width: 600, height: 300, margin: { left: 20, right: 30, top: 10, bottom: 40 } };
const BOX = surfaceBox(FRAME);
const views = fc.record({
  turn: fc.integer({ min: -180, max: 180 }),
  tilt: fc.integer({ min: 5, max: 65 }),
});
const corner = fc.constantFrom(-1, 1);

describe('surfaceProjection', () => {
  it('keeps the whole box inside the frame, touching it on two sides', () => {
    fc.assert(
      fc.property(views, (view) => {
        const project = surfaceProjection(view, FRAME);
        const seen = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => project([x, y, z]))));
        const [left, right] = [Math.min(...seen.map(({ x }) => x)), Math.max(...seen.map(({ x }) => x))];
        const [top, bottom] = [Math.min(...seen.map(({ y }) => y)), Math.max(...seen.map(({ y }) => y))];
        expect(left).toBeGreaterThanOrEqual(20 - 1e-9);
        expect(right).toBeLessThanOrEqual(570 + 1e-9);
        expect(top).toBeGreaterThanOrEqual(10 - 1e-9);
        expect(bottom).toBeLessThanOrEqual(260 + 1e-9);
        const isFull = right - left > 549.99 || bottom - top > 249.99;
        expect(isFull).toBe(true);
      }),
    );
  });

  it('draws what is higher above what is lower, and what is nearer larger', () => {
    fc.assert(
      fc.property(views, corner, corner, (view, across, along) => {
        const project = surfaceProjection(view, FRAME);
        expect(project([across, along, 1]).y).toBeLessThan(project([across, along, -1]).y);
      }),
    );
    const project = surfaceProjection({ turn: 0, tilt: 20 }, FRAME);
    const width = (along: number) => project([1, along, -1]).x - project([-1, along, -1]).x;
    expect(width(-1)).toBeGreaterThan(width(1));
  });

  it('puts the walls behind', () => {
    fc.assert(
      fc.property(views, (view) => {
        const project = surfaceProjection(view, FRAME);
        const far = farEnds(view);
        expect(project([far.across, 0, 0]).depth).toBeGreaterThanOrEqual(project([-far.across, 0, 0]).depth - 1e-9);
        expect(project([0, far.along, 0]).depth).toBeGreaterThanOrEqual(project([0, -far.along, 0]).depth - 1e-9);
      }),
    );
  });

  it('holds a view to a full turn and to above the floor', () => {
    expect(boundedView({ turn: 190, tilt: 2 })).toEqual({ turn: -170, tilt: 5 });
    expect(boundedView({ turn: -540, tilt: 99 })).toEqual({ turn: 180, tilt: 65 });
  });
});

describe('sortedCells', () => {
  const grid = (height: (x: number, y: number) => number | null): (BoxPoint | null)[][] =>
    [-1, 0, 1].map((y) =>
      [-1, 0, 1].map((x): BoxPoint | null => {
        const z = height(x, y);
        return z === null ? null : [x, y, z];
      }),
    );

  it('paints the far cells first, from whichever side', () => {
    const cells = (turn: number) =>
      sortedCells(
        grid(() => 0),
        { turn, tilt: 30 },
        BOX,
      );
    expect(cells(10).map(({ row }) => row)).toEqual([1, 1, 0, 0]);
    expect(cells(170).map(({ row }) => row)).toEqual([0, 0, 1, 1]);
    expect(cells(80).map(({ column }) => column)).toEqual([1, 0, 1, 0]);
    expect(cells(-80).map(({ column }) => column)).toEqual([0, 1, 0, 1]);
  });

  it('leaves out cells without a corner', () => {
    const cells = sortedCells(
      grid((x, y) => (x === 1 && y === 1 ? null : 0)),
      FIRST_VIEW,
      BOX,
    );
    expect(cells).toHaveLength(3);
    expect(cells.some(({ row, column }) => row === 1 && column === 1)).toBe(false);
  });

  it('lights a slope that faces the light more than one that turns away', () => {
    const [towards, away] = [grid((x) => 0.4 * x), grid((x) => -0.4 * x)].map(
      (points) => sortedCells(points, FIRST_VIEW, BOX)[0]!.light,
    );
    expect(towards).toBeGreaterThan(away!);
  });
});

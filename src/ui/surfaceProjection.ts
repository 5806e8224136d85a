/**
 * A picture of a height over a rectangle, seen from a side and from above. Everything here is plain arithmetic on numbers:
 * `SurfacePlot` draws what comes of it. A height never hides what lies behind it other than by standing before it, so cells
 * painted from far to near give the true picture, with no depth buffer and no graphics card.
 */

/** Half the extent of the box across, along and up. */
export interface SurfaceBox {
  readonly across: number;
  readonly along: number;
  readonly up: number;
}

/** A box as wide as its frame invites it to be. */
export function surfaceBox({ width, height }: { readonly width: number; readonly height: number }): SurfaceBox {
  return { across: Math.min(2.6, Math.max(1.15, (0.85 * width) / Math.max(1, height))), along: 1.05, up: 0.66 };
}

/** How far the eye is from the middle of the box. */
const EYE = 7;

export interface SurfaceView {
  /** Degrees the box is turned about its upright axis. */
  readonly turn: number;
  /** Degrees of the eye above the floor, 5 to 65. */
  readonly tilt: number;
}

export const FIRST_VIEW: SurfaceView = { turn: -32, tilt: 24 };

/** A turn and tilt within what can be drawn. */
export function boundedView({ turn, tilt }: SurfaceView): SurfaceView {
  const whole = ((turn % 360) + 360) % 360;
  return { turn: whole > 180 ? whole - 360 : whole, tilt: Math.min(65, Math.max(5, tilt)) };
}

/** In pixels, and how far from the eye: larger is farther. */
export interface SeenPoint {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/** Of the box, from -1 to 1 on each axis: across, along, up. */
export type BoxPoint = readonly [number, number, number];

export type Projection = (point: BoxPoint) => SeenPoint;

interface Frame {
  readonly width: number;
  readonly height: number;
  /** Pixels kept free for texts. */
  readonly margin: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

const CORNERS: readonly BoxPoint[] = [-1, 1].flatMap((x) =>
  [-1, 1].flatMap((y) => [-1, 1].map((z): BoxPoint => [x, y, z])),
);

/** The box as it is seen, as large as the frame allows and in its middle. */
export function surfaceProjection(view: SurfaceView, frame: Frame): Projection {
  const box = surfaceBox(frame);
  const seen = CORNERS.map((corner) => seenAt(view, corner, box));
  const [left, right] = [Math.min(...seen.map(({ x }) => x)), Math.max(...seen.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...seen.map(({ y }) => y)), Math.max(...seen.map(({ y }) => y))];
  const width = Math.max(1, frame.width - frame.margin.left - frame.margin.right);
  const height = Math.max(1, frame.height - frame.margin.top - frame.margin.bottom);
  const scale = Math.min(width / (right - left), height / (bottom - top));
  const x0 = frame.margin.left + (width - scale * (right - left)) / 2 - scale * left;
  const y0 = frame.margin.top + (height - scale * (bottom - top)) / 2 - scale * top;
  return (point) => {
    const { x, y, depth } = seenAt(view, point, box);
    return { x: x0 + scale * x, y: y0 + scale * y, depth };
  };
}

/** Screen coordinates with y downwards, in units of the box. */
function seenAt({ turn, tilt }: SurfaceView, [across, along, up]: BoxPoint, box: SurfaceBox): SeenPoint {
  const [x, y, z] = [across * box.across, along * box.along, up * box.up];
  const [cosTurn, sinTurn] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const [cosTilt, sinTilt] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
  const sideways = x * cosTurn - y * sinTurn;
  const away = x * sinTurn + y * cosTurn;
  const depth = away * cosTilt - z * sinTilt;
  const share = EYE / (EYE + depth);
  return { x: sideways * share, y: -(z * cosTilt + away * sinTilt) * share, depth };
}

/** Which end of each floor axis is farther from the eye: -1 or 1. The walls stand there. */
export function farEnds({ turn }: SurfaceView): { readonly across: -1 | 1; readonly along: -1 | 1 } {
  const radians = (turn * Math.PI) / 180;
  return { across: Math.sin(radians) >= 0 ? 1 : -1, along: Math.cos(radians) >= 0 ? 1 : -1 };
}

/** One square of the height's mesh, by the row and column of its first corner. */
export interface SurfaceCell {
  readonly row: number;
  readonly column: number;
  /** -1 to 1: how much its upper side faces the light. */
  readonly light: number;
  /** Mean height, -1 to 1. */
  readonly height: number;
}

/** Towards the light, over the eye's left shoulder in the first view; of unit length. */
const LIGHT = unit([-0.35, -0.5, 0.8]);

/**
 * The cells whose four corners exist, in the order in which none is painted over by one behind it: strips between rows from
 * the one farthest along from the eye, and within a strip the same across. A line of sight meets strips, and in a strip
 * cells, one after the other, however high they reach.
 */
export function sortedCells(
  points: readonly (readonly (BoxPoint | null)[])[],
  view: SurfaceView,
  box: SurfaceBox,
): readonly SurfaceCell[] {
  const cells: (SurfaceCell & { readonly strip: number; readonly aside: number })[] = [];
  const eye = eyeAbove(view);
  for (let row = 0; row + 1 < points.length; row += 1) {
    for (let column = 0; column + 1 < points[row]!.length; column += 1) {
      const corners = [
        points[row]![column],
        points[row]![column + 1],
        points[row + 1]![column + 1],
        points[row + 1]![column],
      ];
      const [a, b, c, d] = corners;
      if (!a || !b || !c || !d) continue;
      const centre: BoxPoint = [mean(a, b, c, d, 0), mean(a, b, c, d, 1), mean(a, b, c, d, 2)];
      cells.push({
        row,
        column,
        strip: Math.abs(((a[1] + d[1]) / 2) * box.along - eye.along),
        aside: Math.abs(centre[0] * box.across - eye.across),
        light: facing(a, b, d, box),
        height: centre[2],
      });
    }
  }
  return cells.sort((one, two) => two.strip - one.strip || two.aside - one.aside);
}

/** The point of the floor below the eye. */
function eyeAbove({ turn, tilt }: SurfaceView): { readonly across: number; readonly along: number } {
  const [turned, tilted] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180];
  return { across: -EYE * Math.sin(turned) * Math.cos(tilted), along: -EYE * Math.cos(turned) * Math.cos(tilted) };
}

function mean(a: BoxPoint, b: BoxPoint, c: BoxPoint, d: BoxPoint, axis: 0 | 1 | 2): number {
  return (a[axis] + b[axis] + c[axis] + d[axis]) / 4;
}

function facing(origin: BoxPoint, right: BoxPoint, back: BoxPoint, box: SurfaceBox): number {
  const size = [box.across, box.along, box.up] as const;
  const u = ([0, 1, 2] as const).map((i) => (right[i] - origin[i]) * size[i]) as [number, number, number];
  const v = ([0, 1, 2] as const).map((i) => (back[i] - origin[i]) * size[i]) as [number, number, number];
  const normal = unit([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]);
  return normal[0] * LIGHT[0] + normal[1] * LIGHT[1] + normal[2] * LIGHT[2];
}

function unit([x, y, z]: readonly [number, number, number]): [number, number, number] {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { ChartElement } from './Chart.tsx';
import { type ChartTheme, useChartTheme } from './chartTheme.ts';
import type { Numbers } from './numbers.ts';
import styles from './SurfacePlot.module.css';
import {
  type BoxPoint,
  boundedView,
  FIRST_VIEW,
  farEnds,
  type Projection,
  type SeenPoint,
  sortedCells,
  type SurfaceBox,
  type SurfaceView,
  surfaceBox,
  surfaceProjection,
} from './surfaceProjection.ts';

/** A value's place on an axis, from 0 to 1, and its text. */
export interface SurfaceTick {
  readonly at: number;
  readonly text: string;
}

/** A height over a rectangle as plain data. */
export interface SurfacePicture {
  /** Places of the points, 0 to 1, ascending in their row. */
  readonly across: readonly (readonly number[])[];
  /** Places of the rows, 0 to 1, ascending. */
  readonly along: readonly number[];
  /** By row, then column; null where there is nothing. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Of the upright axis. */
  readonly domain: readonly [number, number];
  readonly ticks: {
    readonly across: readonly SurfaceTick[];
    readonly along: readonly SurfaceTick[];
    readonly up: readonly SurfaceTick[];
  };
  readonly titles: { readonly across: string; readonly along: string; readonly up: string };
  /** Rows drawn as lines, strong or not; the others are only surface. */
  readonly lines: readonly { readonly row: number; readonly isStrong: boolean }[];
  /** Columns drawn as lines. */
  readonly columns: readonly number[];
  /** What stands at a place, for the readout. */
  readonly name: (row: number, column: number) => string;
}

interface SurfacePlotProps {
  readonly testId: string;
  readonly title: string;
  /** What the picture shows, in sentences. */
  readonly description: string;
  readonly picture: SurfacePicture;
  /** Changes with the answer that is drawn; `data-painted` takes it when the picture is on screen. */
  readonly version: number | string;
  readonly numbers: () => Numbers;
  /** A click without a drag, at the row of the nearest point. */
  readonly onPick?: (row: number) => void;
}

const MARGIN = { left: 40, right: 40, top: 10, bottom: 30 } as const;
const TURN_STEP = 7.5;
const TILT_STEP = 4;
const DEGREES_PER_PIXEL = 0.45;
/** A press that moves less than this is a click. */
const CLICK_PIXELS = 4;
const READOUT_PIXELS = 26;

/**
 * A surface that turns by drag and by arrow keys (Home returns), drawn on a plain canvas: it needs no graphics card, and is
 * painted when something has changed and never otherwise.
 */
export function SurfacePlot(props: SurfacePlotProps) {
  const { picture, version, testId } = props;
  const theme = useChartTheme();
  const host = useRef<ChartElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<SurfacePainter | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [view, setView] = useState<SurfaceView>(FIRST_VIEW);
  const [readout, setReadout] = useState<string | null>(null);
  const press = useRef<{ x: number; y: number; from: SurfaceView; moved: boolean } | null>(null);

  useEffect(() => {
    const element = host.current!;
    element.__headroomSeries = () => latest.current.numbers();
    const created = new SurfacePainter(canvas.current!, () => {
      element.dataset.painted = String(latest.current.version);
    });
    painter.current = created;
    return () => {
      painter.current = null;
      created.dispose();
    };
  }, []);

  useEffect(() => {
    painter.current?.show({ picture, theme, view });
    // A new version repaints even an equal picture, so that `data-painted` follows every answer.
    void version;
  }, [picture, theme, view, version]);

  const nearest = (event: PointerEvent) => {
    const frame = event.currentTarget.getBoundingClientRect();
    return painter.current?.nearest(event.clientX - frame.left, event.clientY - frame.top) ?? null;
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const held = press.current;
    if (held === null) {
      const found = nearest(event);
      setReadout(found === null ? null : picture.name(found.row, found.column));
      return;
    }
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.moved && Math.hypot(dx, dy) < CLICK_PIXELS) return;
    held.moved = true;
    setReadout(null);
    setView(
      boundedView({ turn: held.from.turn + dx * DEGREES_PER_PIXEL, tilt: held.from.tilt + dy * DEGREES_PER_PIXEL }),
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-TURN_STEP, 0],
      ArrowRight: [TURN_STEP, 0],
      ArrowUp: [0, TILT_STEP],
      ArrowDown: [0, -TILT_STEP],
    };
    const change = step[event.key];
    if (change !== undefined)
      setView(({ turn, tilt }) => boundedView({ turn: turn + change[0], tilt: tilt + change[1] }));
    else if (event.key === 'Home') setView(FIRST_VIEW);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={host}
      className={styles.host}
      role="group"
      aria-label={props.title}
      aria-roledescription="surface"
      data-testid={testId}
      data-version={version}
      data-turn={view.turn}
      data-tilt={view.tilt}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        press.current = { x: event.clientX, y: event.clientY, from: view, moved: false };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={(event) => {
        const found = press.current?.moved === false ? nearest(event) : null;
        press.current = null;
        if (found !== null) props.onPick?.(found.row);
      }}
      onPointerCancel={() => {
        press.current = null;
      }}
      onPointerLeave={() => setReadout(null)}
    >
      <canvas ref={canvas} className={styles.canvas} role="img" aria-label={props.description} />
      {readout !== null && <div className={styles.readout}>{readout}</div>}
    </div>
  );
}

interface Scene {
  readonly picture: SurfacePicture;
  readonly theme: ChartTheme;
  readonly view: SurfaceView;
}

/** Owns the canvas: paints the newest scene at most once a frame, and again when its box changes. */
class SurfacePainter {
  private scene: Scene | null = null;
  private frame = 0;
  private seen: readonly (readonly (SeenPoint | null)[])[] = [];
  private readonly resized: ResizeObserver;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onPainted: () => void,
  ) {
    this.resized = new ResizeObserver(() => this.schedule());
    this.resized.observe(canvas);
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.schedule();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.resized.disconnect();
    this.scene = null;
  }

  /** The mesh point nearest to a place of the canvas, in front of others at about the same place. */
  nearest(x: number, y: number): { row: number; column: number } | null {
    let best: { row: number; column: number } | null = null;
    let least = READOUT_PIXELS;
    this.seen.forEach((points, row) => {
      points.forEach((point, column) => {
        if (point === null) return;
        const distance = Math.hypot(point.x - x, point.y - y) + point.depth;
        if (distance >= least) return;
        least = distance;
        best = { row, column };
      });
    });
    return best;
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    this.frame = 0;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const context = this.canvas.getContext('2d');
    if (this.scene === null || context === null || width === 0 || height === 0) return;
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    const project = surfaceProjection(this.scene.view, { width, height, margin: MARGIN });
    const points = meshPoints(this.scene.picture);
    this.seen = points.map((row) => row.map((point) => (point === null ? null : project(point))));
    context.lineJoin = 'round';
    drawWalls(context, this.scene, project);
    drawCells(context, this.scene, points, this.seen, surfaceBox({ width, height }));
    drawTexts(context, this.scene, project, width);
    this.onPainted();
  }
}

function meshPoints({ across, along, values, domain }: SurfacePicture): (BoxPoint | null)[][] {
  const [low, high] = domain;
  return values.map((row, r) =>
    row.map((value, c): BoxPoint | null =>
      value === null ? null : [2 * across[r]![c]! - 1, 2 * along[r]! - 1, (2 * (value - low)) / (high - low) - 1],
    ),
  );
}

function line(context: CanvasRenderingContext2D, project: Projection, ...points: readonly BoxPoint[]): void {
  context.beginPath();
  points.forEach((point, i) => {
    const { x, y } = project(point);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.stroke();
}

/** Floor and the two far walls, with a line at each tick. */
function drawWalls(context: CanvasRenderingContext2D, { picture, theme, view }: Scene, project: Projection): void {
  const far = farEnds(view);
  const { ticks } = picture;
  context.lineWidth = 1;
  context.strokeStyle = theme.colour('line2', 0.55);
  for (const { at } of ticks.across) {
    const x = 2 * at - 1;
    line(context, project, [x, -far.along, -1], [x, far.along, -1], [x, far.along, 1]);
  }
  for (const { at } of ticks.along) {
    const y = 2 * at - 1;
    line(context, project, [-far.across, y, -1], [far.across, y, -1], [far.across, y, 1]);
  }
  for (const { at } of ticks.up) {
    const z = 2 * at - 1;
    line(context, project, [far.across, -far.along, z], [far.across, far.along, z], [-far.across, far.along, z]);
  }
}

function drawCells(
  context: CanvasRenderingContext2D,
  { picture, theme, view }: Scene,
  points: readonly (readonly (BoxPoint | null)[])[],
  seen: readonly (readonly (SeenPoint | null)[])[],
  box: SurfaceBox,
): void {
  const shade = shader(theme);
  const strength = new Map(picture.lines.map(({ row, isStrong }) => [row, isStrong]));
  const columns = new Set(picture.columns);
  for (const { row, column, light, height } of sortedCells(points, view, box)) {
    const corner = (r: 0 | 1, c: 0 | 1) => seen[row + r]![column + c]!;
    const fill = shade((height + 1) / 2, light);
    context.beginPath();
    context.moveTo(corner(0, 0).x, corner(0, 0).y);
    context.lineTo(corner(0, 1).x, corner(0, 1).y);
    context.lineTo(corner(1, 1).x, corner(1, 1).y);
    context.lineTo(corner(1, 0).x, corner(1, 0).y);
    context.closePath();
    context.fillStyle = fill;
    context.fill();
    // A hair of its own colour closes the seam to the neighbours.
    context.strokeStyle = fill;
    context.lineWidth = 0.7;
    context.stroke();
    for (const c of [0, 1] as const) {
      if (columns.has(column + c)) edge(context, corner(0, c), corner(1, c), theme.colour('s1', 0.4), 1);
    }
    for (const r of [0, 1] as const) {
      const isStrong = strength.get(row + r);
      if (isStrong === undefined) continue;
      const ends = [corner(r, 0), corner(r, 1)] as const;
      if (isStrong) edge(context, ...ends, theme.colour('s1'), 4.5);
      edge(context, ...ends, isStrong ? theme.colour('ink') : theme.colour('s1', 0.55), isStrong ? 2.2 : 1);
    }
  }
}

function edge(context: CanvasRenderingContext2D, from: SeenPoint, to: SeenPoint, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

/** Higher is nearer to ink; what turns away from the light is nearer to the ground. */
function shader(theme: ChartTheme): (share: number, light: number) => string {
  const [low, high, ground] = [
    channels(theme.colour('line2')),
    channels(theme.colour('ink2')),
    channels(theme.colour('s1')),
  ];
  return (share, light) => {
    const dark = 0.34 * (1 - Math.max(0, Math.min(1, light)));
    const mixed = low.map((from, i) => {
      const lit = from + (high[i]! - from) * Math.max(0, Math.min(1, share));
      return Math.round(lit + (ground[i]! - lit) * dark);
    });
    return `rgb(${mixed.join(' ')})`;
  };
}

/** Red, green and blue of a `#rrggbb` colour; grey where it has another form. */
function channels(colour: string): readonly number[] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  return match === null ? [128, 128, 128] : match.slice(1).map((part) => Number.parseInt(part, 16));
}

/** Texts of the axes, on the near edges of the floor and on the outer edge of a wall; one that would meet another is left out. */
function drawTexts(
  context: CanvasRenderingContext2D,
  { picture, theme, view }: Scene,
  project: Projection,
  width: number,
): void {
  const far = farEnds(view);
  const { ticks, titles } = picture;
  const placed: { x: number; y: number; half: number }[] = [];
  const text = (words: string, at: SeenPoint, away: { x: number; y: number }, isTitle: boolean) => {
    context.font = `${isTitle ? 500 : 400} 10.5px ${theme.font}`;
    const half = context.measureText(words).width / 2;
    const x = Math.min(width - half - 2, Math.max(half + 2, at.x + away.x * (half + 7)));
    const y = at.y + away.y * 11;
    if (placed.some((other) => Math.abs(other.x - x) < half + other.half + 4 && Math.abs(other.y - y) < 12)) return;
    placed.push({ x, y, half });
    context.fillStyle = theme.colour(isTitle ? 'ink2' : 'ink3');
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(words, x, y);
  };
  const middle = project([0, 0, -1]);
  // Outward on the screen from the middle of the floor.
  const outward = (at: SeenPoint) => {
    const length = Math.hypot(at.x - middle.x, at.y - middle.y) || 1;
    return { x: (at.x - middle.x) / length, y: Math.max(0.35, (at.y - middle.y) / length) };
  };
  const edgeTexts = (list: readonly SurfaceTick[], place: (at: number) => BoxPoint, title: string) => {
    const centre = project(place(0));
    const away = outward(centre);
    text(title, { ...centre, y: centre.y + 13 }, { x: away.x * 1.2, y: away.y }, true);
    for (const { at, text: words } of list) text(words, project(place(2 * at - 1)), away, false);
  };
  edgeTexts(ticks.across, (x) => [x, -far.along, -1], titles.across);
  edgeTexts(ticks.along, (y) => [-far.across, y, -1], titles.along);

  // The upright edge that stands out to the side: where a wall ends next to the eye.
  const sides: readonly [number, number][] = [
    [far.across, -far.along],
    [-far.across, far.along],
  ];
  const [x, y] = sides.toSorted((one, two) => project([...one, 0]).x - project([...two, 0]).x)[0]!;
  for (const { at, text: words } of ticks.up) text(words, project([x, y, 2 * at - 1]), { x: -1, y: 0 }, false);
  text(titles.up, project([x, y, 1]), { x: 0.2, y: -0.6 }, true);
}

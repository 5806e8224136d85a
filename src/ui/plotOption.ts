import type { ChartTheme } from './chartTheme.ts';
import type {
  Plot,
  PlotArea,
  PlotAxis,
  PlotBars,
  PlotFill,
  PlotLabel,
  PlotMark,
  PlotRegion,
  PlotSegment,
} from './plot.ts';

const AXIS_TEXT = 10.5;
const LABEL_TEXT = 11;
const HALO = 3.5;
const TEXT_GAP = 8;
const SVG_CROSS = 3;

/** An option of the chart library, which checks it when it is set. */
export type PlotOption = Readonly<Record<string, unknown>>;

type Coordinates = (point: readonly [number, number]) => number[];
type Shape = Record<string, unknown>;

/**
 * A plot as the chart library's option. Axes are linear with fixed ends; areas, bars and marks are drawn as shapes in data
 * coordinates, lines as line series, so that the whole picture is one option and one paint.
 */
export function plotOption(plot: Plot, theme: ChartTheme, description: string): PlotOption {
  const { margin } = plot;
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: true, description } },
    grid: { ...margin, outerBoundsMode: 'none' },
    xAxis: valueAxis(plot.x, theme, 'x'),
    yAxis: valueAxis(plot.y, theme, 'y'),
    series: [
      shapes('under', 1, true, (at) => [
        ...(plot.regions ?? []).flatMap((region) => regionShapes(region, at, theme)),
        ...plot.areas.flatMap((area) => areaShapes(area, at, theme)),
        ...plot.bars.flatMap((bars) => barShapes(bars, at, theme)),
      ]),
      shapes('guides', 2, false, (at) => {
        const [, floor] = at([plot.x.domain[0], plot.y.domain[0]]);
        const [, ceiling] = at([plot.x.domain[0], plot.y.domain[1]]);
        return plot.guides
          .filter((guide) => inside(plot.x, guide.x))
          .map((guide) => {
            const x = Math.round(at([guide.x, 0])[0]!) + 0.5;
            const top = guide.to === undefined ? ceiling! : at([guide.x, guide.to])[1]!;
            return stroke([x, floor!, x, top], theme.colour(guide.colour), guide.width ?? 1, guide.dash);
          });
      }),
      ...plot.lines.map((line) => ({
        type: 'line' as const,
        id: `line:${line.id}`,
        name: line.id,
        z: 3,
        data: points(line.x, line.y),
        showSymbol: false,
        silent: true,
        animation: false,
        lineStyle: {
          color: theme.colour(line.colour, line.opacity),
          width: line.width,
          type: line.dash === undefined ? ('solid' as const) : [...line.dash],
          join: 'round' as const,
        },
      })),
      shapes('marks', 4, false, (at) => [
        ...plot.segments.flatMap((segment) => segmentShapes(segment, at, theme)),
        ...plot.marks
          .filter((mark) => inside(plot.x, mark.x) && inside(plot.y, mark.y))
          .flatMap((mark) => markShapes(mark, at, theme)),
        ...labelShapes(
          plot.labels.filter((label) => inside(plot.x, label.x)),
          plot.y.domain[1],
          at,
          theme,
        ),
      ]),
    ],
  };
}

function inside(axis: PlotAxis, value: number): boolean {
  return value >= axis.domain[0] && value <= axis.domain[1];
}

function points(x: ArrayLike<number>, y: ArrayLike<number>): (readonly [number, number | '-'])[] {
  return Array.from(x, (at, i) => [at, Number.isFinite(y[i]) ? y[i]! : '-'] as const);
}

function valueAxis(axis: PlotAxis, theme: ChartTheme, side: 'x' | 'y') {
  const values = axis.ticks.map((tick) => tick.value);
  const texts = new Map(axis.ticks.map((tick) => [tick.value, tick.text]));
  return {
    type: 'value' as const,
    min: axis.domain[0],
    max: axis.domain[1],
    axisLine: { show: false },
    axisTick: { show: false, customValues: values },
    axisLabel: {
      show: axis.hideTexts !== true,
      customValues: values,
      formatter: (value: number) => texts.get(value) ?? '',
      color: theme.colour('ink3'),
      fontFamily: theme.font,
      fontSize: AXIS_TEXT,
      margin: side === 'x' ? TEXT_GAP - 1 : TEXT_GAP,
      hideOverlap: true,
    },
    splitLine: {
      show: axis.hideGrid !== true,
      showMinLine: true,
      showMaxLine: true,
      lineStyle: {
        width: 1,
        color: values.map((value) => (value === axis.base ? theme.colour('line2') : theme.grid)),
      },
    },
  };
}

/** One series that draws a list of shapes anew at each paint. */
function shapes(id: string, z: number, clip: boolean, children: (at: Coordinates) => Shape[]) {
  return {
    type: 'custom' as const,
    id,
    z,
    clip,
    silent: true,
    animation: false,
    coordinateSystem: 'cartesian2d' as const,
    // One item; its own point is never drawn.
    data: [[0, 0]],
    renderItem: (_params: unknown, api: { coord: (point: number[]) => number[] }) => ({
      type: 'group' as const,
      $mergeChildren: false as const,
      children: children((point) => api.coord([...point])),
    }),
  };
}

function areaShapes(area: PlotArea, at: Coordinates, theme: ChartTheme): Shape[] {
  // A region ends where either curve has no value.
  const regions: { upper: number[][]; lower: number[][] }[] = [];
  let open: { upper: number[][]; lower: number[][] } | null = null;
  for (let i = 0; i < area.x.length; i += 1) {
    const [upper, lower] = [area.upper[i]!, area.lower[i]!];
    if (!Number.isFinite(upper) || !Number.isFinite(lower)) {
      open = null;
      continue;
    }
    if (open === null) {
      open = { upper: [], lower: [] };
      regions.push(open);
    }
    open.upper.push(at([area.x[i]!, upper]));
    open.lower.push(at([area.x[i]!, lower]));
  }
  return regions.flatMap((region) =>
    filled('polygon', { points: [...region.upper, ...region.lower.reverse()] }, area.fill, theme),
  );
}

/** One path, so that hatch and tint have no seams; rings of opposite sense cut holes. */
function regionShapes(region: PlotRegion, at: Coordinates, theme: ChartTheme): Shape[] {
  const pathData = region.rings
    .map(
      (ring) =>
        `M${ring
          .map((point) =>
            at(point)
              .map((pixel) => pixel.toFixed(2))
              .join(' '),
          )
          .join('L')}Z`,
    )
    .join('');
  return pathData === '' ? [] : filled('path', { pathData }, region.fill, theme);
}

function barShapes(bars: PlotBars, at: Coordinates, theme: ChartTheme): Shape[] {
  return Array.from(bars.heights).flatMap((height, i) => {
    if (!Number.isFinite(height) || height === bars.foot) return [];
    const [left, top] = at([bars.edges[i]!, height]);
    const [right, bottom] = at([bars.edges[i + 1]!, bars.foot]);
    const gap = right! - left! > 4 ? 1 : 0;
    const rectangle = { x: left!, y: top!, width: Math.max(0.5, right! - left! - gap), height: bottom! - top! };
    return filled('rect', rectangle, bars.fill, theme);
  });
}

function filled(type: 'polygon' | 'rect' | 'path', shape: Shape, fill: PlotFill, theme: ChartTheme): Shape[] {
  const hatch = fill.hatch === undefined ? null : theme.hatch(fill.colour, fill.hatch);
  const plain = { type, shape, style: { fill: theme.colour(fill.colour, fill.opacity) }, silent: true };
  return [
    ...(fill.opacity > 0 ? [plain] : []),
    ...(hatch === null ? [] : [{ type, shape, style: { fill: hatch }, silent: true }]),
  ];
}

function stroke(ends: readonly number[], colour: string, width: number, dash?: readonly number[]): Shape {
  const [x1, y1, x2, y2] = ends;
  return {
    type: 'line',
    shape: { x1, y1, x2, y2 },
    style: { stroke: colour, lineWidth: width, ...(dash === undefined ? {} : { lineDash: [...dash] }) },
    silent: true,
  };
}

function segmentShapes(segment: PlotSegment, at: Coordinates, theme: ChartTheme): Shape[] {
  const [x1, y1] = at(segment.from) as [number, number];
  const [x2, y2] = at(segment.to) as [number, number];
  const colour = theme.colour(segment.colour);
  const line = (ends: number[]) => stroke(ends, colour, segment.width);
  const shapes = [line([x1, y1, x2, y2])];
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return shapes;
  const [along, across] = [(x2 - x1) / length, (y2 - y1) / length];
  for (const [x, y, inward] of [
    [x1, y1, 1],
    [x2, y2, -1],
  ] as const) {
    if (segment.arrows === true || (segment.arrows === 'end' && inward < 0)) {
      const [backX, backY] = [x + inward * along * 4, y + inward * across * 4];
      shapes.push(
        line([x, y, backX - across * 3, backY + along * 3]),
        line([x, y, backX + across * 3, backY - along * 3]),
      );
    }
    if (segment.caps === true)
      shapes.push(line([x - across * 2.5, y + along * 2.5, x + across * 2.5, y - along * 2.5]));
  }
  return shapes;
}

function markShapes(mark: PlotMark, at: Coordinates, theme: ChartTheme): Shape[] {
  const [cx, cy] = at([mark.x, mark.y]) as [number, number];
  const colour = theme.colour(mark.colour);
  const r = mark.size / 2;
  const circle = (style: Shape) => ({ type: 'circle', shape: { cx, cy, r }, style, silent: true });
  if (mark.shape === 'dot') return [circle({ fill: colour })];
  const ring = circle({
    fill: theme.colour('s1'),
    stroke: colour,
    lineWidth: mark.shape === 'hollow' ? 1 : mark.size > 10 ? 1.6 : mark.shape === 'ring' ? 2 : 1.3,
    ...(mark.shape === 'dashed-ring' ? { lineDash: [2, 2] } : {}),
  });
  if (mark.shape !== 'crossed-ring') return [ring];
  const arm = (direction: 1 | -1) =>
    stroke([cx - SVG_CROSS, cy - direction * SVG_CROSS, cx + SVG_CROSS, cy + direction * SVG_CROSS], colour, 1.6);
  return [ring, arm(1), arm(-1)];
}

/** Labels that stand in a column, each a line's height from the one before that is shown; in a low plot the others are left out. */
function labelShapes(labels: readonly PlotLabel[], top: number, at: Coordinates, theme: ChartTheme): Shape[] {
  const columns = new Map<string, number>();
  return labels.flatMap((label) => {
    if (label.y === 'top') return [labelShape(label, top, at, theme)];
    const [, y] = at([label.x, label.y]) as [number, number];
    const column = `${label.x} ${label.align} ${label.dx ?? 0}`;
    const before = columns.get(column);
    if (before !== undefined && Math.abs(y + (label.dy ?? 0) - before) < (label.size ?? LABEL_TEXT)) return [];
    columns.set(column, y + (label.dy ?? 0));
    return [labelShape(label, top, at, theme)];
  });
}

function labelShape(label: PlotLabel, top: number, at: Coordinates, theme: ChartTheme): Shape {
  const [x, y] = at([label.x, label.y === 'top' ? top : label.y]) as [number, number];
  return {
    type: 'text',
    x: x + (label.dx ?? 0),
    y: y + (label.y === 'top' ? -5 : 0) + (label.dy ?? 0),
    style: {
      text: label.text,
      fill: theme.colour(label.colour),
      stroke: theme.colour('s1'),
      lineWidth: HALO,
      font: `${label.weight ?? 500} ${label.size ?? LABEL_TEXT}px ${theme.font}`,
      align: label.align,
      verticalAlign: label.y === 'top' ? 'bottom' : 'middle',
    },
    silent: true,
  };
}

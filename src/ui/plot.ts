/**
 * A chart as plain data: what is drawn, where, and in which token's colour. Views compute it without a page, and tests
 * read it; `plotOption` turns it into what the chart library wants.
 */
export interface Plot {
  /** Pixels kept free round the plot. */
  readonly margin: PlotMargin;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly areas: readonly PlotArea[];
  readonly bars: readonly PlotBars[];
  /** Any shapes, below everything else. */
  readonly regions?: readonly PlotRegion[];
  readonly lines: readonly PlotLine[];
  /** Vertical lines from the bottom of the plot upwards. */
  readonly guides: readonly PlotGuide[];
  /** Straight pieces in data coordinates: whiskers, arrows. */
  readonly segments: readonly PlotSegment[];
  readonly marks: readonly PlotMark[];
  readonly labels: readonly PlotLabel[];
}

export interface PlotMargin {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlotTick {
  readonly value: number;
  readonly text: string;
}

export interface PlotAxis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly PlotTick[];
  /** A value whose grid line is stronger than the others, usually zero. */
  readonly base?: number;
  /** Grid lines without their texts: two plots that share an axis show the texts once. */
  readonly hideTexts?: boolean;
  readonly hideGrid?: boolean;
}

/** Colours are tokens of the style sheet, so that a theme changes them without a new plot. */
export type PlotColour = 'ink' | 'ink2' | 'ink3' | 'ink4' | 'gain' | 'loss' | 'mgn' | 'crit' | 'warn' | 'line2' | 's1';

export interface PlotFill {
  readonly colour: PlotColour;
  /** 0 to 1. */
  readonly opacity: number;
  /** Rising hatch lines on top, of this opacity; always a loss or a shortfall. */
  readonly hatch?: number;
}

/** The region between two curves over the same x. */
export interface PlotArea {
  readonly x: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly fill: PlotFill;
}

/** What is enclosed by rings; a ring that runs the other way round is a hole. */
export interface PlotRegion {
  readonly rings: readonly (readonly (readonly [number, number])[])[];
  readonly fill: PlotFill;
}

/** Upright bars that share a foot. */
export interface PlotBars {
  /** `edges.length` is one more than `heights.length`. */
  readonly edges: ArrayLike<number>;
  readonly heights: ArrayLike<number>;
  readonly foot: number;
  readonly fill: PlotFill;
}

export interface PlotLine {
  readonly id: string;
  /** Ascending for a curve; a line through the plane may turn back. */
  readonly x: ArrayLike<number>;
  /** NaN breaks the line. */
  readonly y: ArrayLike<number>;
  readonly colour: PlotColour;
  readonly width: number;
  readonly dash?: readonly [number, number];
  readonly opacity?: number;
}

export interface PlotGuide {
  readonly x: number;
  /** Where it ends; the top of the plot when absent. */
  readonly to?: number;
  readonly colour: PlotColour;
  readonly width?: number;
  readonly dash?: readonly [number, number];
}

export interface PlotSegment {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly colour: PlotColour;
  readonly width: number;
  /** Arrow heads at both ends, or at the end alone. */
  readonly arrows?: boolean | 'end';
  /** Short cross strokes at both ends. */
  readonly caps?: boolean;
}

export interface PlotMark {
  readonly x: number;
  readonly y: number;
  /** `hollow`: a small circle with a thin edge. */
  readonly shape: 'dot' | 'hollow' | 'ring' | 'dashed-ring' | 'crossed-ring';
  readonly colour: PlotColour;
  /** Diameter in pixels. */
  readonly size: number;
}

export interface PlotLabel {
  /** Data coordinates, or `'top'` for just above the plot. */
  readonly x: number;
  readonly y: number | 'top';
  readonly text: string;
  readonly colour: PlotColour;
  readonly align: 'left' | 'center' | 'right';
  readonly weight?: 400 | 500 | 600;
  /** Pixels from the point: right and down are positive. */
  readonly dx?: number;
  readonly dy?: number;
  readonly size?: number;
}

/** Where a data value stands on the axis, 0 at the low end and 1 at the high end; outside that when it is off the plot. */
export function plotFraction(axis: PlotAxis, value: number): number {
  const [low, high] = axis.domain;
  return (value - low) / (high - low);
}

/** Round values inside a domain, about `count` of them, 1, 2 or 5 times a power of ten apart. */
export function roundTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [];
  const step = roundStep((high - low) / count);
  const ticks: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) ticks.push(n === 0 ? 0 : n * step);
  return ticks;
}

/** The domain widened to round values, with zero inside when `withZero`. */
export function roundDomain(low: number, high: number, count: number): [number, number] {
  if (!(high > low)) return low === 0 ? [-1, 1] : [Math.min(0, 2 * low), Math.max(0, 2 * low)];
  const step = roundStep((high - low) / count);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
}

/**
 * A curve cut where it crosses zero: what lies at or above, and what lies at or below, each NaN elsewhere, over an x axis
 * that has the crossing points added. Both contain the crossings, so the two colours meet without a gap.
 */
export function cutAtZero(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly x: number[]; readonly above: number[]; readonly below: number[] } {
  const cut = { x: [] as number[], above: [] as number[], below: [] as number[] };
  const push = (at: number, above: number, below: number) => {
    cut.x.push(at);
    cut.above.push(above);
    cut.below.push(below);
  };
  for (let i = 0; i < x.length; i += 1) {
    const value = y[i]!;
    if (i > 0) {
      const last = y[i - 1]!;
      if (last * value < 0) push(x[i - 1]! + ((x[i]! - x[i - 1]!) * last) / (last - value), 0, 0);
    }
    push(x[i]!, value >= 0 ? value : Number.NaN, value <= 0 ? value : Number.NaN);
  }
  return cut;
}

/** The value of a sampled curve at x, by straight lines between samples; null outside them and where the curve is broken. */
export function curveAt(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number | null {
  const last = x.length - 1;
  if (last < 0 || !(at >= x[0]!) || !(at <= x[last]!)) return null;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  const share = high === low ? 0 : (at - x[low]!) / (x[high]! - x[low]!);
  const value = share === 0 ? y[low]! : y[low]! + share * (y[high]! - y[low]!);
  return Number.isFinite(value) ? value : null;
}

import type { ReplayPoint } from '../../engine/domain/replayTimeline.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';
import { amount, axisAmount, clock, dateCode, dateTime, indexPrice, signedPercent } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotAxis, type PlotGuide, type PlotLine, roundDomain, roundTicks } from '../../ui/plot.ts';

export interface TimelineInput {
  readonly points: readonly ReplayPoint[];
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly marks: readonly { readonly at: Timestamp; readonly kind: 'event' | 'gap'; readonly label: string }[];
  readonly unit: { readonly symbol: string; readonly perUsd: number; readonly kind: 'usd' | 'coin' };
  /** Whose price liquidation is told by. */
  readonly underlying: string;
}

export interface TimelineView {
  /** What the whole of it says, in a sentence. */
  readonly headline: string;
  /** Why there are gaps, and which legs are left out; empty where all is whole. */
  readonly gaps: readonly string[];
  readonly money: Plot;
  readonly moneyDescription: string;
  readonly distance: Plot;
  readonly distanceDescription: string;
  readonly numbers: () => Numbers;
}

const MARGIN = { left: 46, right: 14, top: 20, bottom: 20 };
/** A move this far to either side has been looked at; beyond it nothing is known. */
const REACH = 0.6;

export function timelineView(input: TimelineInput): TimelineView {
  const { points } = input;
  const headline = headlineOf(input);
  const span = `${dateTime(input.from, input.to)} to ${dateTime(input.to)}`;
  return {
    headline,
    gaps: gapsOf(points),
    money: moneyPlot(input),
    moneyDescription: `Equity, initial and maintenance margin of this book from ${span}, if nobody acts. ${headline}`,
    distance: distancePlot(input),
    distanceDescription: `How far ${input.underlying} may fall or rise before liquidation, from ${span}. ${headline}`,
    numbers: () => timelineNumbers(input),
  };
}

/** The last moment at or before a time: what was known then. The first where there is none. */
export function pointAt(points: readonly ReplayPoint[], at: Timestamp): ReplayPoint | null {
  return points.findLast((point) => point.at <= at) ?? points[0] ?? null;
}

/** `−18.1 % / +36.1 %`: how far the coin may fall and rise before liquidation. */
export function distanceText({ figures }: Pick<ReplayPoint, 'figures'>): string {
  const moves = figures?.liquidation ?? null;
  if (moves === null || moves.examined === null) return 'not known';
  if (moves.below === 0 && moves.above === 0) return 'short of maintenance';
  const down = moves.below === null ? `none to ${signedPercent(moves.examined.from, 0)}` : signedPercent(moves.below);
  const up = moves.above === null ? `none to ${signedPercent(moves.examined.to, 0)}` : signedPercent(moves.above);
  return `${down} / ${up}`;
}

function headlineOf({ points, unit }: TimelineInput): string {
  const known = points.flatMap(({ at, figures }) => (figures === null ? [] : [{ at, ...figures }]));
  const [first] = known;
  if (first === undefined) return 'No moment of this recording has figures for this book.';
  const short = known.find(({ equityUsd, maintenanceMarginUsd }) => equityUsd < maintenanceMarginUsd);
  if (short !== undefined)
    return `Equity is below maintenance at ${dateTime(short.at)}: ${amount(short.equityUsd, unit)} against ${amount(short.maintenanceMarginUsd, unit)} ${unit.symbol}.`;
  const uncovered = known.find(({ availableUsd }) => availableUsd < 0);
  if (uncovered !== undefined)
    return `Equity is below initial margin at ${dateTime(uncovered.at)}, and stays above maintenance throughout.`;
  const tightest = known.reduce((one, other) => (other.availableUsd < one.availableUsd ? other : one));
  return `Margin is covered throughout; least is free at ${dateTime(tightest.at)}, ${amount(tightest.availableUsd, unit)} ${unit.symbol}.`;
}

function gapsOf(points: readonly ReplayPoint[]): string[] {
  const failures = new Map<string, number>();
  const leftOut = new Set<string>();
  for (const point of points) {
    if (point.failure !== null) failures.set(point.failure.message, (failures.get(point.failure.message) ?? 0) + 1);
    for (const id of point.leftOut) leftOut.add(id);
  }
  const told = [...failures].map(
    ([message, times]) => `${times} of ${points.length} moments without figures: ${message.replace(/\.$/, '')}.`,
  );
  if (leftOut.size > 0)
    told.push(
      leftOut.size === 1
        ? '1 leg has no price at some moments and is left out there.'
        : `${leftOut.size} legs have no price at some moments and are left out there.`,
    );
  return told;
}

/** NaN where there is no figure, which breaks the line there. */
function series(
  points: readonly ReplayPoint[],
  figure: (figures: NonNullable<ReplayPoint['figures']>) => number | null,
) {
  return points.map(({ figures }) => (figures === null ? Number.NaN : (figure(figures) ?? Number.NaN)));
}

function moneyPlot({ points, from, to, marks, unit }: TimelineInput): Plot {
  const x = points.map(({ at }) => at);
  const scaled = (figure: (figures: NonNullable<ReplayPoint['figures']>) => number) =>
    series(points, (figures) => figure(figures) * unit.perUsd);
  const equity = scaled((figures) => figures.equityUsd);
  const initial = scaled((figures) => figures.initialMarginUsd);
  const maintenance = scaled((figures) => figures.maintenanceMarginUsd);
  const values = [...equity, ...initial, ...maintenance].filter(Number.isFinite);
  const domain = roundDomain(Math.min(0, ...values), Math.max(0, ...values) * 1.02, 3);
  const line = (id: string, y: readonly number[], rest: Pick<PlotLine, 'colour' | 'width'> & Partial<PlotLine>) => ({
    id,
    x,
    y,
    ...rest,
  });
  return {
    margin: MARGIN,
    x: timeAxis(from, to),
    y: {
      domain,
      base: 0,
      ticks: roundTicks(domain[0], domain[1], 3).map((value) => ({
        value,
        text: axisAmount(value, { kind: unit.kind, perUsd: 1 }),
      })),
    },
    areas: [
      {
        x,
        upper: maintenance,
        lower: equity.map((value, n) => Math.min(value, maintenance[n]!)),
        fill: { colour: 'loss', opacity: 0.2, hatch: 0.6 },
      },
    ],
    bars: [],
    lines: [
      line('initial', initial, { colour: 'mgn', width: 1.2, opacity: 0.7, dash: [4, 3] }),
      line('maintenance', maintenance, { colour: 'mgn', width: 2 }),
      line('equity', equity, { colour: 'ink', width: 2 }),
    ],
    guides: marks.map(guide),
    segments: [],
    marks: dots(x, equity, 'ink').concat(dots(x, maintenance, 'mgn')),
    labels: [
      { x: from, y: 'top', text: 'Equity', colour: 'ink', align: 'left', weight: 500, size: 10.5 },
      { x: to, y: 'top', text: 'Maintenance; initial dashed', colour: 'mgn', align: 'right', weight: 500, size: 10.5 },
    ],
  };
}

/** Few moments are shown as such: between them nobody knows. */
function dots(x: readonly number[], y: readonly number[], colour: 'ink' | 'mgn' | 'crit') {
  if (x.length > 24) return [];
  return x.flatMap((at, n) =>
    Number.isFinite(y[n]) ? [{ x: at, y: y[n]!, shape: 'dot' as const, colour, size: 5 }] : [],
  );
}

function distancePlot({ points, from, to, marks, underlying }: TimelineInput): Plot {
  const x = points.map(({ at }) => at);
  const below = series(points, ({ liquidation }) => liquidation?.below ?? null);
  const above = series(points, ({ liquidation }) => liquidation?.above ?? null);
  return {
    margin: MARGIN,
    x: timeAxis(from, to),
    y: {
      domain: [-REACH, REACH],
      base: 0,
      ticks: [-0.4, 0, 0.4].map((value) => ({ value, text: value === 0 ? 'spot' : signedPercent(value, 0) })),
    },
    areas: [],
    bars: [],
    lines: [
      { id: 'liquidation below', x, y: below, colour: 'crit', width: 1.8 },
      { id: 'liquidation above', x, y: above, colour: 'crit', width: 1.8, dash: [5, 3] },
    ],
    guides: marks.map(guide),
    segments: [],
    marks: dots(x, below, 'crit').concat(dots(x, above, 'crit')),
    labels: [
      {
        x: from,
        y: 'top',
        text: `Liquidation: ${underlying} falls, or rises (dashed), by`,
        colour: 'ink2',
        align: 'left',
        size: 10.5,
      },
    ],
  };
}

function guide({ at, kind }: TimelineInput['marks'][number]): PlotGuide {
  return { x: at, colour: kind === 'gap' ? 'warn' : 'ink3', width: 1, dash: [2, 3] };
}

const STEPS = [
  1_000,
  5_000,
  15_000,
  60_000,
  300_000,
  900_000,
  3_600_000,
  10_800_000,
  21_600_000,
  MILLISECONDS_PER_DAY,
  7 * MILLISECONDS_PER_DAY,
  30 * MILLISECONDS_PER_DAY,
] as const;

/** Round times of the day, or days where it goes on for long. */
export function timeAxis(from: Timestamp, to: Timestamp): PlotAxis {
  // A recording of one moment still has a place on the axis.
  const [low, high] = to > from ? [from, to] : [from - 30_000, from + 30_000];
  const step = STEPS.find((each) => (high - low) / each <= 7) ?? STEPS.at(-1)!;
  const ticks: { value: number; text: string }[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high && ticks.length < 60; at += step)
    ticks.push({ value: at, text: tickText(at, step) });
  return { domain: [low, high], ticks };
}

function tickText(at: Timestamp, step: number): string {
  if (step >= MILLISECONDS_PER_DAY || at % MILLISECONDS_PER_DAY === 0) return dateCode(at);
  if (step >= 60_000) return clock(at);
  return `${clock(at)}:${String(Math.floor(at / 1000) % 60).padStart(2, '0')}`;
}

function timelineNumbers({ points, underlying }: TimelineInput): Numbers {
  const coins = [...new Set(points.flatMap(({ indices }) => indices.map((each) => each.underlying)))];
  const money = (name: string) => ({ name, unit: 'USD', digits: 0 });
  return {
    columns: [
      { name: 'Time, UTC', unit: '', digits: 0 },
      ...coins.map((coin) => ({ name: `${coin} index`, unit: 'USD', digits: 2 })),
      money('Initial margin'),
      money('Maintenance margin'),
      money('Equity'),
      money('Free margin'),
      { name: `Liquidation below, move of ${underlying}`, unit: '%', digits: 2 },
      { name: `Liquidation above, move of ${underlying}`, unit: '%', digits: 2 },
      { name: 'Worst scenario', unit: '', digits: 0 },
      { name: 'Note', unit: '', digits: 0 },
    ],
    rows: points.map(({ at, indices, figures, failure, leftOut }) => [
      new Date(at).toISOString().slice(0, 19).replace('T', ' '),
      ...coins.map((coin) => indices.find((each) => each.underlying === coin)?.index ?? null),
      figures?.initialMarginUsd ?? null,
      figures?.maintenanceMarginUsd ?? null,
      figures?.equityUsd ?? null,
      figures?.availableUsd ?? null,
      percentOf(figures?.liquidation?.below),
      percentOf(figures?.liquidation?.above),
      figures?.worstScenario ?? null,
      failure?.message ?? (leftOut.length === 0 ? null : `left out: ${leftOut.length}`),
    ]),
  };
}

function percentOf(move: number | null | undefined): number | null {
  return move === null || move === undefined ? null : 100 * move;
}

/** Index of the coin at a moment, for the readout. */
export function indexText({ indices }: ReplayPoint, underlying: string): string {
  return indexPrice(indices.find((each) => each.underlying === underlying)?.index);
}

import type { Frontier, FrontierPoint, FrontierReport } from '../../engine/domain/liquidationFrontier.ts';
import {
  axisThousands,
  decimal,
  NBSP,
  percent,
  shortLevel,
  signed,
  signedPercent,
  volFactor,
} from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotAxis, type PlotLabel, type PlotLine, plotFraction, roundTicks } from '../../ui/plot.ts';
import { shortAmount } from './payoffView.ts';
import { PLOT_SIDES } from './spotAxis.ts';

export interface FrontierInput {
  /** Null before the first answer. */
  readonly report: FrontierReport | null;
  readonly pin: FrontierPoint | null;
  readonly index: number;
  readonly symbol: string;
  readonly unit: 'usd' | 'coin';
  readonly narrow?: boolean;
}

export interface FrontierView {
  /** In ln(spot / now) and ln(vol / now), where the shortest way is straight. */
  readonly plot: Plot;
  /** Whether and where there is liquidation, in a few words. */
  readonly sentence: string;
  /** What the distance is measured by; empty before the first answer. */
  readonly source: string;
  readonly description: string;
  readonly numbers: () => Numbers;
}

/** Shown until there is an answer; the engine's own reach afterwards. */
const REACH = { spot: [-0.6, 1], vol: [-0.5, 1.5] } as const;
const VOL_TICKS = [-0.5, -0.25, 0, 0.5, 1, 1.5] as const;
const SPOT_TICKS = 8;

/** Spot across, vol up: what is in liquidation, where it begins, and the shortest way there. */
export function frontierView(input: FrontierInput): FrontierView {
  const { report, index } = input;
  const current = report && (report.after ?? report.before);
  const axes = planeAxes(report, index);
  const nearest = current?.nearest ?? null;
  const sentence = frontierSentence(report);
  const plot: Plot = {
    margin: { ...PLOT_SIDES, top: 22, bottom: 20 },
    ...axes,
    bars: [],
    areas: [],
    regions:
      current === null
        ? []
        : [
            {
              rings: current.regions.map((ring) => ring.map(logPoint)),
              fill: { colour: 'crit', opacity: 0.06, hatch: 0.45 },
            },
          ],
    lines: [
      ...(report?.after ? contours(report.before, 'before', true) : []),
      ...(current === null ? [] : contours(current, 'frontier', false)),
    ],
    guides: [
      { x: 0, colour: 'ink3' },
      ...(input.pin === null
        ? []
        : [{ x: Math.log1p(input.pin.spotMove), colour: 'ink' as const, dash: [2, 2] as const }]),
    ],
    segments:
      nearest === null ? [] : [{ from: [0, 0], to: logPoint(nearest), colour: 'ink', width: 1.4, arrows: 'end' }],
    marks: [
      ...(nearest === null
        ? []
        : [{ ...plotPoint(nearest), shape: 'crossed-ring' as const, colour: 'crit' as const, size: 14 }]),
      { x: 0, y: 0, shape: 'dot', colour: 'ink', size: 7 },
      ...(input.pin === null
        ? []
        : [{ ...plotPoint(input.pin), shape: 'ring' as const, colour: 'ink' as const, size: 9 }]),
    ],
    labels: [
      ...(report === null || current === null ? [] : regionLabel(report, current, axes)),
      ...(nearest === null ? [] : [wayLabel(nearest, index, axes.x, input.narrow ?? false)]),
      {
        x: 0,
        y: 0,
        dx: isAfterNow(nearest) ? -7 : 7,
        dy: 12,
        text: 'Now',
        colour: 'ink2',
        align: isAfterNow(nearest) ? 'right' : 'left',
      },
    ],
  };
  return {
    plot,
    sentence,
    source: report === null ? '' : distanceWords(report),
    description: description(input, current, sentence),
    numbers: () => numbers(input, current),
  };
}

/** Headroom under the crosshair, between the points that were computed; null where one of them has none. */
export function headroomNear(report: FrontierReport, [x, y]: readonly [number, number]): number | null {
  const current = report.after ?? report.before;
  const column = place(report.spot.map(Math.log1p), x);
  const row = place(report.vol.map(Math.log1p), y);
  if (column === null || row === null) return null;
  const at = (r: number, c: number) => current.headroomUsd[r]![c] ?? Number.NaN;
  const along = (r: number) => at(r, column.low) + column.share * (at(r, column.low + 1) - at(r, column.low));
  const value = along(row.low) + row.share * (along(row.low + 1) - along(row.low));
  return Number.isFinite(value) ? value : null;
}

/** Distance of a point in standard deviations; null where vol's own is not known. */
export function sigmasTo({ distance }: FrontierReport, [x, y]: readonly [number, number]): number | null {
  const { spotDeviation, volDeviation, correlation } = distance;
  if (spotDeviation === null || volDeviation === null || correlation === null) return null;
  const [along, across] = [x / spotDeviation, y / volDeviation];
  return Math.sqrt((along ** 2 - 2 * correlation * along * across + across ** 2) / (1 - correlation ** 2));
}

/** The way leads to the right, so that words about now stand to the left. */
function isAfterNow(nearest: FrontierPoint | null): boolean {
  return nearest === null || nearest.spotMove >= 0;
}

/** Whether and where there is liquidation. */
export function frontierSentence(report: FrontierReport | null): string {
  if (report === null) return 'Not computed yet';
  const current = report.after ?? report.before;
  const was = report.after === null ? '' : wasWords(report.before);
  if (current.now === 'unknown') return 'This rulebook cannot take the book';
  if (current.now === 'liquidation') return `Already in liquidation${was}`;
  if (current.nearest !== null) return `Shortest way to liquidation: ${wayWords(current.nearest, report)}${was}`;
  if (report.isCoarse) return 'Looking for the shortest way';
  if (current.lines.length > 0) return `None along spot ${spotReach(report)}${was}`;
  return `None inside ${spotReach(report)} × IV ${volFactor(report.vol[0]!)}…${volFactor(report.vol.at(-1)!)}${was}`;
}

function wasWords(before: Frontier): string {
  if (before.now === 'liquidation') return ', was there already';
  if (before.nearest === null) return before.now === 'safe' ? ', was none' : '';
  return `, was ${before.nearest.sigmas === null ? signedPercent(before.nearest.spotMove) : sigmas(before.nearest.sigmas)}`;
}

function wayWords(nearest: NonNullable<Frontier['nearest']>, { distance }: FrontierReport): string {
  const move = nearest.volShock === 0 ? 'IV unmoved' : `IV ${volFactor(nearest.volShock)}`;
  const far = nearest.sigmas === null ? '' : `, ${sigmas(nearest.sigmas)} of ${distance.horizonDays} days`;
  return `${signedPercent(nearest.spotMove)}, ${move}${far}`;
}

function spotReach({ spot }: FrontierReport): string {
  return `${signedPercent(spot[0], 0)}…${signedPercent(spot.at(-1), 0)}`;
}

function sigmas(value: number): string {
  return `${decimal(value, value < 0.095 ? 2 : 1)}${NBSP}σ`;
}

/** The standard deviations themselves, and where they come from. */
function distanceWords({ distance }: FrontierReport): string {
  const { horizonDays, spotDeviation, volDeviation } = distance;
  const one = (log: number | null) => (log === null ? '' : percent(Math.expm1(log), 0));
  const spot = spotDeviation === null ? '' : `1 σ over ${horizonDays} days: spot ${one(spotDeviation)}`;
  const vol = volDeviation === null ? '' : `, IV ${one(volDeviation)}`;
  return `${spot}${vol}${spot === '' ? '' : '. '}${distance.source}`;
}

function logPoint({ spotMove, volShock }: FrontierPoint): readonly [number, number] {
  return [Math.log1p(spotMove), Math.log1p(volShock)];
}

function plotPoint(point: FrontierPoint): { x: number; y: number } {
  const [x, y] = logPoint(point);
  return { x, y };
}

function planeAxes(report: FrontierReport | null, index: number): { readonly x: PlotAxis; readonly y: PlotAxis } {
  const reach = report === null ? REACH : { spot: report.spot, vol: report.vol };
  const ends = (moves: readonly number[]) => [moves[0]!, moves.at(-1)!] as const;
  const [low, high] = ends(reach.spot);
  const [least, most] = ends(reach.vol);
  return {
    x: {
      domain: [Math.log1p(low), Math.log1p(high)],
      ticks: roundTicks(index * (1 + low), index * (1 + high), SPOT_TICKS).map((spot) => ({
        value: Math.log(spot / index),
        text: axisThousands(spot),
      })),
    },
    y: {
      domain: [Math.log1p(least), Math.log1p(most)],
      base: 0,
      ticks: VOL_TICKS.filter((shock) => shock >= least - 1e-9 && shock <= most + 1e-9).map((shock) => ({
        value: Math.log1p(shock),
        text: `×${decimal(1 + shock, 2)
          .replace(/0$/, '')
          .replace(/\.0$/, '')}`,
      })),
    },
  };
}

function contours({ lines }: Frontier, id: string, isBefore: boolean): PlotLine[] {
  return lines.map((line, n) => {
    const points = line.map(logPoint);
    return {
      id: `${id} ${n + 1}`,
      x: points.map(([x]) => x),
      y: points.map(([, y]) => y),
      colour: 'crit',
      ...(isBefore ? { width: 1.2, dash: [5, 3] as const, opacity: 0.7 } : { width: 2 }),
    };
  });
}

/** What the hatch is, where most room is round a computed point of it. */
function regionLabel(
  { spot, vol }: FrontierReport,
  { headroomUsd, nearest }: Frontier,
  axes: { readonly x: PlotAxis; readonly y: PlotAxis },
): PlotLabel[] {
  const nodes = headroomUsd.flatMap((row, r) =>
    row.map((usd, c) => ({ x: Math.log1p(spot[c]!), y: Math.log1p(vol[r]!), isShort: usd !== null && usd < 0 })),
  );
  const named = nearest === null ? [] : [0, 0.15, 0.3].map((beyond) => beside(plotPoint(nearest), beyond));
  const rest = [...nodes.filter(({ isShort }) => !isShort), { x: 0, y: 0 }, ...named];
  let best: { x: number; y: number; room: number } | null = null;
  for (const { x, y, isShort } of nodes) {
    if (!isShort) continue;
    const [left, right] = axes.x.domain;
    const [low, high] = axes.y.domain;
    // A name is wider than it is high.
    const walls = Math.min((x - left) / 1.5, (right - x) / 1.5, y - low, high - y);
    const room = rest.reduce((least, other) => Math.min(least, Math.hypot((x - other.x) / 1.5, y - other.y)), walls);
    if (best === null || room > best.room) best = { x, y, room };
  }
  if (best === null || best.room < 0.08) return [];
  return [{ x: best.x, y: best.y, text: 'Liquidation', colour: 'crit', align: 'center', weight: 600 }];
}

function beside({ x, y }: { x: number; y: number }, beyond: number): { x: number; y: number } {
  return { x: x + (x < 0 ? -beyond : beyond), y };
}

/** Widths of texts as shares of the axis, at the plot's usual size. */
const WAY_NAME = { wide: 0.25, narrow: 0.14 } as const;

/** The way's end in words, beyond it where now is not, or above it where the plot ends. */
function wayLabel(
  nearest: NonNullable<Frontier['nearest']>,
  index: number,
  axis: PlotAxis,
  narrow: boolean,
): PlotLabel {
  const { x, y } = plotPoint(nearest);
  const far = nearest.sigmas === null ? '' : sigmas(nearest.sigmas);
  const level = `${shortLevel(index * (1 + nearest.spotMove))}, IV ${volFactor(nearest.volShock)}`;
  const share = plotFraction(axis, x);
  const side = x < 0 ? -1 : 1;
  const room = side > 0 ? 1 - share : share;
  const isBeside = room > (narrow ? WAY_NAME.narrow : WAY_NAME.wide);
  const isRightward = isBeside ? side > 0 : side < 0;
  return {
    x,
    y,
    dx: isRightward ? 12 : -12,
    // Off the arrow, which comes from now.
    dy: isBeside ? 0 : y < 0 ? 16 : -16,
    text: narrow || far === '' ? far || level : `${far}: ${level}`,
    colour: 'ink',
    align: isRightward ? 'left' : 'right',
    weight: 600,
  };
}

/** Which interval holds a value, and how far along; null outside all. */
function place(nodes: readonly number[], at: number): { readonly low: number; readonly share: number } | null {
  const high = nodes.findIndex((node) => node >= at);
  if (high < 0 || (high === 0 && nodes[0]! > at)) return null;
  const low = Math.max(0, high - 1);
  return { low, share: (at - nodes[low]!) / (nodes[low + 1]! - nodes[low]!) };
}

function description({ symbol, report, unit }: FrontierInput, current: Frontier | null, sentence: string): string {
  const what = `Where equity falls below maintenance over ${symbol} spot and implied vol, re-margined at every point.`;
  if (report === null || current === null) return `${what} Nothing is computed yet.`;
  const now =
    current.headroomNowUsd === null || unit === 'coin'
      ? ''
      : ` Headroom now ${shortAmount(current.headroomNowUsd, 'usd').replace('+', '')} USD.`;
  return `${what}${now} ${sentence}.`;
}

/** Headroom at every computed point, vol from high to low as on the picture. */
function numbers({ report, unit, index, symbol }: FrontierInput, current: Frontier | null): Numbers {
  const unitName = unit === 'usd' ? 'USD' : symbol;
  const spot = report?.spot ?? [];
  return {
    columns: [
      { name: 'IV factor', unit: '', digits: 2 },
      ...spot.map((move) => ({
        name: `${signed(move * 100, 0)} %`,
        unit: unitName,
        digits: unit === 'usd' ? 0 : 4,
      })),
    ],
    rows: (report?.vol ?? [])
      .map((shock, row) => [
        1 + shock,
        ...spot.map((move, column) => {
          const usd = current?.headroomUsd[row]![column] ?? null;
          return usd === null || unit === 'usd' ? usd : usd / (index * (1 + move));
        }),
      ])
      .reverse(),
  };
}

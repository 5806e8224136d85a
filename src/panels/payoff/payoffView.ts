import type { CurveSet, ExploreReport } from '../../engine/domain/riskReport.ts';
import type { Movers } from '../../engine/domain/scenario.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';
import { axisAmount, dateCode, indexPrice, signed, signedPercent, thousands, volFactor } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import {
  curveAt,
  cutAtZero,
  type Plot,
  type PlotColour,
  type PlotLabel,
  type PlotLine,
  roundDomain,
  roundTicks,
} from '../../ui/plot.ts';
import { labelSpots } from './lineLabels.ts';
import { PLOT_SIDES, samplesWithin, shownMoves, spotAxis } from './spotAxis.ts';

/** Which curve carries colour, hatch and the comparison with before: `now`, `date`, or an expiry's time. */
export type Emphasis = 'now' | 'date' | Timestamp;

export interface PayoffInput {
  /** Null before the first answer: axes and spot line alone. */
  readonly explore: Pick<ExploreReport, 'curves' | 'pinned'> | null;
  /** Where the pinned scenario stands, if there is one. */
  readonly pin: { readonly spotMove: number; readonly days: number } | null;
  readonly index: number;
  readonly symbol: string;
  readonly unit: 'usd' | 'coin';
  readonly asOf: Timestamp;
  /** Days to the chosen date. */
  readonly curveDays: number;
  readonly volShock: number;
  readonly movers: Movers;
  readonly emphasis: Emphasis;
  /** A narrow plot has fewer labels and ticks. */
  readonly narrow?: boolean;
}

export interface PayoffCurve {
  readonly key: Emphasis;
  readonly label: string;
  readonly days: number;
  /** In the unit on show. */
  readonly after: Float64Array;
  /** Null when nothing is proposed. */
  readonly before: Float64Array | null;
}

export interface PayoffView {
  readonly plot: Plot;
  readonly curves: readonly PayoffCurve[];
  /** The curve in force; null before the first answer. */
  readonly main: PayoffCurve | null;
  readonly spot: ArrayLike<number>;
  readonly description: string;
  /** How expired legs are treated; null when the book has at most one expiry. */
  readonly settlementNote: string | null;
  readonly numbers: () => Numbers;
}

const TICKS = 5;
/** How far the thin expiry lines may stretch the axis beyond what the main curve needs, as a share of its range. */
const THIN_LINE_ROOM = 0.3;

/**
 * P&L of the legs over the coin's spot. In coin the amount is what the legs are worth in coin at that spot, less what they
 * are worth in coin now: (value + P&L) / spot' - value / spot.
 */
export function payoffView(input: PayoffInput): PayoffView {
  const { explore, index } = input;
  const current = explore === null ? null : (explore.curves.after ?? explore.curves.before);
  const spot = current?.spotUsd ?? [];
  const curves = current === null ? [] : payoffCurves(input, current);
  const main = curves.find(({ key }) => key === input.emphasis) ?? dateCurve(input, curves) ?? curves[0] ?? null;

  const x = spotAxis(shownMoves(explore?.curves ?? null, index, input.pin?.spotMove ?? null), index);
  const [low, high] = amountDomain(curves, main, spot, x.domain);
  const y = {
    domain: [low, high] as const,
    base: 0,
    ticks: (main === null ? [0] : roundTicks(low, high, input.narrow ? TICKS - 2 : TICKS)).map((value) => ({
      value,
      text: value === 0 ? '0' : `${value > 0 ? '+' : ''}${axisAmount(value, plain(input.unit))}`,
    })),
  };
  const plot: Plot = {
    margin: { ...PLOT_SIDES, top: 18, bottom: input.narrow ? 20 : 6 },
    x: { ...x, hideTexts: input.narrow !== true },
    y,
    bars: [],
    segments: [],
    ...mainCurve(main, spot),
    lines: [...thinLines(curves, main, spot), ...mainLines(main, spot)],
    guides: [
      { x: index, colour: 'ink3' },
      ...(input.pin === null
        ? []
        : [{ x: index * (1 + input.pin.spotMove), colour: 'ink' as const, dash: [2, 2] as const }]),
    ],
    marks: [
      ...(main === null
        ? []
        : [{ x: index, y: amountAtSpot(main, spot, index), shape: 'dot' as const, colour: 'ink' as const, size: 6 }]),
      ...pinMark(input, main).marks,
    ],
    labels: [
      ...spotLabels(input),
      ...curveLabels(curves, main, spot, x, y, { texts: pinMark(input, main).labels, narrow: input.narrow ?? false }),
      ...pinMark(input, main).labels,
    ],
  };
  return {
    plot,
    curves,
    main,
    spot,
    description: description(input, main, spot),
    settlementNote: settlementNote(current, input.asOf),
    numbers: () => numbers(input, curves, spot),
  };
}

/** The figures under the crosshair: one entry a curve, the main one first; empty off the curves. */
export function payoffReadout(
  view: Pick<PayoffView, 'curves' | 'main' | 'spot'>,
  spotUsd: number,
): { readonly label: string; readonly after: number; readonly before: number | null }[] {
  const ordered = view.main === null ? [] : [view.main, ...view.curves.filter((curve) => curve !== view.main)];
  return ordered.flatMap((curve) => {
    const after = curveAt(view.spot, curve.after, spotUsd);
    if (after === null) return [];
    return [{ label: curve.label, after, before: curve.before && curveAt(view.spot, curve.before, spotUsd) }];
  });
}

/** An amount in a few characters: `−17.5k`, `+840`, `−0.412`. */
export function shortAmount(value: number, unit: 'usd' | 'coin'): string {
  if (unit === 'coin') return signed(value, 3);
  if (Math.abs(value) >= 999_950) return `${signed(value / 1e6, 2)}m`;
  return Math.abs(value) >= 1000 ? `${thousands(value)}k` : signed(value, 0);
}

function plain(kind: 'usd' | 'coin') {
  return { kind, perUsd: 1 } as const;
}

function payoffCurves(input: PayoffInput, current: CurveSet): PayoffCurve[] {
  const { unit, index, asOf } = input;
  const before = input.explore!.curves.after === null ? null : input.explore!.curves.before;
  const expiries = current.pnl.filter(({ expiry }) => expiry !== null).length;
  const isExpiryDay = (day: number) =>
    current.pnl.some((curve) => curve.expiry !== null && Math.abs(curve.days - day) < 1e-6);
  return current.pnl.flatMap(({ days, expiry, pnlUsd }, row): PayoffCurve[] => {
    let key: Emphasis = 'now';
    let label = 'Now';
    if (expiry !== null) {
      key = expiry;
      label = expiries === 1 ? 'At expiry' : dateCode(expiry, asOf);
    } else if (days > 0) {
      // The date is one of the expiries: one curve, under the expiry's name.
      if (isExpiryDay(days)) return [];
      key = 'date';
      label = dateCode(asOf + days * MILLISECONDS_PER_DAY, asOf);
    }
    const values = (set: CurveSet, pnl: Float64Array) => (unit === 'usd' ? pnl : coinAmounts(set, pnl, index));
    const other = before?.pnl[row];
    return [
      {
        key,
        label,
        days,
        after: values(current, pnlUsd),
        before: before && other ? values(before, other.pnlUsd) : null,
      },
    ];
  });
}

/** The chosen date when it falls on an expiry, whose curve it then is. */
function dateCurve({ emphasis, curveDays }: PayoffInput, curves: readonly PayoffCurve[]): PayoffCurve | undefined {
  return emphasis === 'date' ? curves.find(({ days }) => days > 0 && Math.abs(days - curveDays) < 1e-6) : undefined;
}

function coinAmounts({ spotUsd, legsValueUsd }: CurveSet, pnlUsd: Float64Array, index: number): Float64Array {
  const now = legsValueUsd / index;
  return pnlUsd.map((pnl, i) => (legsValueUsd + pnl) / spotUsd[i]! - now);
}

function amountDomain(
  curves: readonly PayoffCurve[],
  main: PayoffCurve | null,
  spot: ArrayLike<number>,
  domain: readonly [number, number],
): [number, number] {
  if (main === null) return [-1, 1];
  const [from, to] = samplesWithin(spot, domain);
  const range = (list: readonly (Float64Array | null)[]): [number, number] => {
    let [low, high] = [0, 0];
    for (const values of list) {
      for (let i = from; i < to && values !== null; i += 1) {
        low = Math.min(low, values[i]!);
        high = Math.max(high, values[i]!);
      }
    }
    return [low, high];
  };
  const [low, high] = range([main.after, main.before]);
  const [thinLow, thinHigh] = range(curves.map((curve) => curve.after));
  const room = (high - low) * THIN_LINE_ROOM;
  // A flat book still has an axis.
  const floor = Math.max(thinLow, low - room);
  const ceiling = Math.min(thinHigh, high + room);
  const height = ceiling - floor;
  // The names of the highest curves stand above them.
  return height > 0 ? [floor - 0.04 * height, ceiling + 0.1 * height] : roundDomain(thinLow, thinHigh, TICKS);
}

/** Colour changes at zero; hatched below, tinted above. */
function mainCurve(main: PayoffCurve | null, spot: ArrayLike<number>): Pick<Plot, 'areas'> {
  if (main === null) return { areas: [] };
  const cut = cutAtZero(spot, main.after);
  const zero = cut.x.map(() => 0);
  return {
    areas: [
      { x: cut.x, upper: cut.above, lower: zero, fill: { colour: 'gain', opacity: 0.1 } },
      { x: cut.x, upper: zero, lower: cut.below, fill: { colour: 'loss', opacity: 0, hatch: 0.24 } },
    ],
  };
}

function mainLines(main: PayoffCurve | null, spot: ArrayLike<number>): PlotLine[] {
  if (main === null) return [];
  const cut = cutAtZero(spot, main.after);
  return [
    ...(main.before === null
      ? []
      : [{ id: 'before', x: spot, y: main.before, colour: 'ink2' as const, width: 1.4, dash: [5, 3] as const }]),
    { id: 'gain', x: cut.x, y: cut.above, colour: 'gain', width: 2.2 },
    { id: 'loss', x: cut.x, y: cut.below, colour: 'loss', width: 2.2 },
  ];
}

function thinLines(curves: readonly PayoffCurve[], main: PayoffCurve | null, spot: ArrayLike<number>): PlotLine[] {
  return curves
    .filter((curve) => curve !== main)
    .map((curve) => ({
      id: String(curve.key),
      x: spot,
      y: curve.after,
      colour: typeof curve.key === 'number' ? 'ink2' : 'ink3',
      width: 1.2,
    }));
}

function amountAtSpot(curve: PayoffCurve, spot: ArrayLike<number>, index: number): number {
  return curveAt(spot, curve.after, index) ?? 0;
}

function sided(value: number): PlotColour {
  return value < 0 ? 'loss' : 'gain';
}

function spotLabels({ index, pin }: PayoffInput): PlotLabel[] {
  const current = {
    x: index,
    y: 'top',
    text: `Spot ${indexPrice(index)}`,
    colour: 'ink2',
    weight: 500,
    size: 10.5,
  } as const;
  if (pin === null) return [{ ...current, align: 'center' }];
  const pinned = {
    x: index * (1 + pin.spotMove),
    y: 'top',
    text: `Pinned ${indexPrice(index * (1 + pin.spotMove))}`,
    colour: 'ink',
    weight: 600,
    size: 10.5,
  } as const;
  // Each text leans away from the other line, so that close lines keep both texts readable.
  return pin.spotMove < 0
    ? [
        { ...pinned, align: 'right', dx: 20 },
        { ...current, align: 'left', dx: -20 + 26 },
      ]
    : [
        { ...current, align: 'right', dx: 20 - 26 },
        { ...pinned, align: 'left', dx: -20 },
      ];
}

function curveLabels(
  curves: readonly PayoffCurve[],
  main: PayoffCurve | null,
  spot: ArrayLike<number>,
  x: Plot['x'],
  y: Plot['y'],
  options: { readonly texts: readonly PlotLabel[]; readonly narrow: boolean },
): PlotLabel[] {
  const named = main === null ? [] : [main, ...curves.filter((curve) => curve !== main)];
  const spots = labelSpots(
    named.map((curve) => ({ text: curve.label, x: spot, y: curve.after })),
    main?.before ? [{ x: spot, y: main.before }] : [],
    { x, y },
    options,
  );
  return named.flatMap((curve, i): PlotLabel[] => {
    const place = spots[i];
    if (!place) return [];
    return [
      {
        x: place.x,
        y: place.y,
        dy: place.dy,
        text: curve.label,
        colour: curve === main ? sided(place.y) : 'ink2',
        align: 'center',
      },
    ];
  });
}

/** A ring where the pinned scenario is valued, when it stands on the curve in force. */
function pinMark(input: PayoffInput, main: PayoffCurve | null): Pick<Plot, 'marks' | 'labels'> {
  const { pin, explore, index, unit } = input;
  const none = { marks: [], labels: [] };
  if (pin === null || main === null || !explore?.pinned || Math.abs(pin.days - main.days) > 0.5) return none;
  const { before, after } = explore.pinned;
  const spotUsd = index * (1 + pin.spotMove);
  const inUnit = (pnlUsd: number, set: CurveSet) =>
    unit === 'usd' ? pnlUsd : (set.legsValueUsd + pnlUsd) / spotUsd - set.legsValueUsd / index;
  const old = inUnit(before.pnlUsd, explore.curves.before);
  const value = after && explore.curves.after ? inUnit(after.pnlUsd, explore.curves.after) : old;
  const was = after === null ? '' : ` was ${shortAmount(old, unit)}`;
  return {
    marks: [{ x: spotUsd, y: value, shape: 'ring', colour: sided(value), size: 8 }],
    labels: [
      {
        x: spotUsd,
        y: value,
        dx: pin.spotMove > 0.05 ? -9 : 9,
        dy: 16,
        text: `${shortAmount(value, unit)}${was}`,
        colour: 'ink',
        align: pin.spotMove > 0.05 ? 'right' : 'left',
        weight: 600,
        size: 11.5,
      },
    ],
  };
}

function settlementNote(current: CurveSet | null, asOf: Timestamp): string | null {
  const expiries = current?.pnl.flatMap(({ expiry }) => (expiry === null ? [] : [expiry])) ?? [];
  if (expiries.length < 2) return null;
  return `After ${dateCode(expiries[0]!, asOf)}, expired legs count at their intrinsic value at the curve’s own spot.`;
}

function description(input: PayoffInput, main: PayoffCurve | null, spot: ArrayLike<number>): string {
  const { unit, index, symbol } = input;
  if (main === null) return `P&L over ${symbol} spot. Nothing is computed yet.`;
  let [low, high] = [0, 0];
  for (let i = 1; i < spot.length; i += 1) {
    if (main.after[i]! < main.after[low]!) low = i;
    if (main.after[i]! > main.after[high]!) high = i;
  }
  const unitName = unit === 'usd' ? 'USD' : symbol;
  const point = (i: number) =>
    `${shortAmount(main.after[i]!, unit)} at ${indexPrice(spot[i]!)} (${signedPercent(spot[i]! / index - 1, 0)})`;
  const movers = input.movers === 'all' ? 'all coins move together' : `only ${symbol} moves`;
  const zeros = cutAtZero(spot, main.after)
    .x.filter((x) => curveAt(spot, main.after, x) === 0 || !Array.prototype.includes.call(spot, x))
    .map((x) => indexPrice(x));
  return [
    `P&L over ${symbol} spot in ${unitName}, ${main.label.toLowerCase()}, IV ${volFactor(input.volShock)}, ${movers}.`,
    `Lowest ${point(low)}, highest ${point(high)}.`,
    zeros.length > 0
      ? `Crosses zero at ${zeros.join(', ')}.`
      : `Never crosses zero from ${signedPercent(spot[0]! / index - 1, 0)} to ${signedPercent(spot[spot.length - 1]! / index - 1, 0)}.`,
  ].join(' ');
}

function numbers(input: PayoffInput, curves: readonly PayoffCurve[], spot: ArrayLike<number>): Numbers {
  const unitName = input.unit === 'usd' ? 'USD' : input.symbol;
  const digits = input.unit === 'usd' ? 0 : 4;
  const name = (curve: PayoffCurve) => (curve.key === 'date' ? `On ${curve.label}` : curve.label);
  return {
    columns: [
      { name: `${input.symbol} spot`, unit: 'USD', digits: 1 },
      { name: 'Move', unit: '%', digits: 1 },
      ...curves.flatMap((curve) => [
        { name: name(curve), unit: unitName, digits },
        ...(curve.before === null ? [] : [{ name: `${name(curve)}, before`, unit: unitName, digits }]),
      ]),
    ],
    rows: Array.from(spot, (x, i) => [
      x,
      (x / input.index - 1) * 100,
      ...curves.flatMap((curve) => (curve.before === null ? [curve.after[i]!] : [curve.after[i]!, curve.before[i]!])),
    ]),
  };
}

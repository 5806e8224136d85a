import type { CurveSet, ExploreReport } from '../../engine/domain/riskReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { axisAmount, indexPrice, shortLevel, signedPercent } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { curveAt, type Plot, type PlotLabel, roundDomain, roundTicks } from '../../ui/plot.ts';
import { labelSpots } from './lineLabels.ts';
import { shortAmount } from './payoffView.ts';
import { PLOT_SIDES, samplesWithin, shownMoves, spotAxis } from './spotAxis.ts';

export interface RunwayInput {
  readonly explore: Pick<ExploreReport, 'curves' | 'pinned'> | null;
  readonly pinnedMove: number | null;
  /** The curves are drawn at another vol or date than now's. */
  readonly isMoved?: boolean;
  readonly index: number;
  readonly symbol: string;
  readonly unit: 'usd' | 'coin';
  readonly asOf: Timestamp;
  readonly narrow?: boolean;
}

/** NaN where the rule cannot take the book. */
export interface RunwayCurves {
  readonly equity: Float64Array;
  readonly initial: Float64Array;
  readonly maintenance: Float64Array;
}

export interface RunwayView {
  readonly plot: Plot;
  readonly spot: ArrayLike<number>;
  readonly after: RunwayCurves | null;
  readonly before: RunwayCurves | null;
  /** Where liquidation lies, in a sentence. */
  readonly sentence: string;
  readonly description: string;
  readonly numbers: () => Numbers;
}

const TICKS = 4;

/**
 * Equity against the requirement, re-margined at every spot. The gap between equity and maintenance is the headroom; where
 * it closes is liquidation. In coin every amount is divided by the spot at which it stands.
 */
export function runwayView(input: RunwayInput): RunwayView {
  const { explore, index } = input;
  const current = explore === null ? null : (explore.curves.after ?? explore.curves.before);
  const spot = current?.spotUsd ?? [];
  const after = current && runwayCurves(current, input.unit);
  const before = explore?.curves.after ? runwayCurves(explore.curves.before, input.unit) : null;

  const x = spotAxis(shownMoves(explore?.curves ?? null, index, input.pinnedMove), index);
  const domain = amountDomain(after, before, spot, x.domain);
  const y = {
    domain,
    base: 0,
    ticks: (domain[0] === 0 && domain[1] === 1
      ? [0]
      : roundTicks(domain[0], domain[1], input.narrow ? TICKS - 1 : TICKS)
    ).map((value) => ({
      value,
      text: value === 0 ? '0' : axisAmount(value, { kind: input.unit, perUsd: 1 }),
    })),
  };
  const sentence = liquidationSentence(current, index, input.isMoved);
  const crossings = after === null || current === null ? [] : liquidationLevels(current, index);
  const occupied = [...crossings, ...(input.pinnedMove === null ? [] : [index * (1 + input.pinnedMove)])];
  const headroom = headroomArrow(spot, after, x.domain, index, occupied, domain);
  const headroomLabels = headroom.labels.map((label) => ({
    ...label,
    text: `Headroom ${shortAmount(label.value, input.unit).replace('+', '')}`,
  }));
  const plot: Plot = {
    margin: { ...PLOT_SIDES, top: 18, bottom: 20 },
    x,
    y,
    bars: [],
    areas: after === null ? [] : gap(spot, after),
    lines: [
      ...(before === null
        ? []
        : [
            {
              id: 'maintenance before',
              x: spot,
              y: before.maintenance,
              colour: 'mgn' as const,
              opacity: 0.6,
              width: 1.2,
              dash: [5, 3] as const,
            },
            {
              id: 'equity before',
              x: spot,
              y: before.equity,
              colour: 'ink3' as const,
              width: 1.2,
              dash: [5, 3] as const,
            },
          ]),
      ...(after === null
        ? []
        : [
            { id: 'initial', x: spot, y: after.initial, colour: 'mgn' as const, opacity: 0.6, width: 1.2 },
            { id: 'maintenance', x: spot, y: after.maintenance, colour: 'mgn' as const, width: 2 },
            { id: 'equity', x: spot, y: after.equity, colour: 'ink' as const, width: 2.2 },
          ]),
    ],
    guides: [
      { x: index, colour: 'ink3' },
      ...(input.pinnedMove === null
        ? []
        : [{ x: index * (1 + input.pinnedMove), colour: 'ink' as const, dash: [2, 2] as const }]),
      ...crossings.map((level) => ({
        x: level,
        to: curveAt(spot, after!.equity, level) ?? 0,
        colour: 'crit' as const,
        dash: [2, 2] as const,
      })),
    ],
    segments: headroom.segments,
    marks: crossings.map((level) => ({
      x: level,
      y: curveAt(spot, after!.equity, level) ?? 0,
      shape: 'crossed-ring',
      colour: 'crit',
      size: 14,
    })),
    labels: [
      ...crossingLabels(crossings, index, x.domain, domain[0], input.narrow ?? false),
      ...curveLabels(spot, after, x, y, { texts: headroomLabels, narrow: input.narrow ?? false }),
      ...headroomLabels,
    ],
  };
  return {
    plot,
    spot,
    after,
    before,
    sentence,
    description: description(input, after, spot, sentence),
    numbers: () => numbers(input, after, before, spot),
  };
}

/** Equity, requirement and headroom under the crosshair; null off the curves. */
export function runwayReadout(
  { spot, after }: Pick<RunwayView, 'spot' | 'after'>,
  spotUsd: number,
): {
  readonly equity: number;
  readonly initial: number;
  readonly maintenance: number;
  readonly headroom: number;
} | null {
  if (after === null) return null;
  const equity = curveAt(spot, after.equity, spotUsd);
  const initial = curveAt(spot, after.initial, spotUsd);
  const maintenance = curveAt(spot, after.maintenance, spotUsd);
  if (equity === null || initial === null || maintenance === null) return null;
  return { equity, initial, maintenance, headroom: equity - maintenance };
}

/** Where liquidation lies: the levels with their distance, or in words how far there is none. */
export function liquidationSentence(current: CurveSet | null, index: number, isMoved = false): string {
  if (current === null || current.spotUsd.length < 2) return 'Not computed yet';
  const { below, above, examined } = current.liquidation;
  if (examined === null) return 'This rulebook cannot take the book';
  const { from: low, to: high } = examined;
  if (below === 0 || above === 0)
    return isMoved ? 'Equity is below maintenance in this scenario' : 'Equity is below maintenance now';
  if (below === null && above === null)
    return `No liquidation between ${signedPercent(low, 0)} and ${signedPercent(high, 0)}`;
  const level = (move: number) => `${shortLevel(index * (1 + move))} (${signedPercent(move)})`;
  if (below !== null && above !== null) return `Liquidation at ${level(below)} and ${level(above)}`;
  return below !== null
    ? `Liquidation at ${level(below)}, none up to ${signedPercent(high, 0)}`
    : `Liquidation at ${level(above!)}, none down to ${signedPercent(low, 0)}`;
}

function liquidationLevels({ liquidation }: CurveSet, index: number): number[] {
  const moves = [...new Set([liquidation.below, liquidation.above])];
  return moves.flatMap((move) => (move === null ? [] : [index * (1 + move)]));
}

function runwayCurves(set: CurveSet, unit: 'usd' | 'coin'): RunwayCurves {
  const inUnit = (usd: readonly (number | null)[]) =>
    Float64Array.from(usd, (value, i) => (value ?? Number.NaN) / (unit === 'usd' ? 1 : set.spotUsd[i]!));
  return {
    equity: inUnit(set.equityUsd),
    initial: inUnit(set.initialMarginUsd),
    maintenance: inUnit(set.maintenanceMarginUsd),
  };
}

function amountDomain(
  after: RunwayCurves | null,
  before: RunwayCurves | null,
  spot: ArrayLike<number>,
  shown: readonly [number, number],
): readonly [number, number] {
  if (after === null) return [0, 1];
  const [from, to] = samplesWithin(spot, shown);
  let [low, high] = [0, 0];
  let deepest = 0;
  for (const curves of [after, before]) {
    for (let i = from; i < to && curves !== null; i += 1) {
      if (Number.isNaN(curves.equity[i])) continue;
      high = Math.max(high, curves.equity[i]!, curves.maintenance[i]!);
      deepest = Math.min(deepest, curves.equity[i]!);
    }
  }
  // Below zero only a little is shown: past that point nothing more is learnt, and the gap keeps its height.
  low = Math.max(deepest, -0.25 * high);
  // Nothing to draw: no scale either.
  if (high === 0 && low === 0) return [0, 1];
  const [start, end] = roundDomain(low, high, TICKS);
  return [low < 0 ? Math.max(start, low - 0.05 * high) : start, Math.max(end * 0.8, high * 1.06)];
}

/** Violet where equity is above maintenance, hatched where it is short of it. */
function gap(spot: ArrayLike<number>, { equity, maintenance }: RunwayCurves): Plot['areas'] {
  return [
    {
      x: spot,
      upper: equity.map((value, i) => Math.max(value, maintenance[i]!)),
      lower: maintenance,
      fill: { colour: 'mgn', opacity: 0.12 },
    },
    {
      x: spot,
      upper: maintenance,
      lower: equity.map((value, i) => Math.min(value, maintenance[i]!)),
      fill: { colour: 'crit', opacity: 0, hatch: 0.5 },
    },
  ];
}

/** Widths of a level's name and of the headroom's, as shares of the plot's width at its usual size. */
const LEVEL_NAME = 0.19;
const HEADROOM_NAME = 0.2;
/** Half the height of its text, as a share of the plot's. */
const HALF_TEXT = 0.055;

/** Level names stand inside the band when there is room for both, outside it when there is not. */
function crossingLabels(
  levels: readonly number[],
  index: number,
  [low, high]: readonly [number, number],
  floor: number,
  narrow: boolean,
): PlotLabel[] {
  const share = (level: number) => (level - low) / (high - low);
  const name = narrow ? LEVEL_NAME / 2 : LEVEL_NAME;
  const gap = levels.length === 2 ? share(levels[1]!) - share(levels[0]!) : 1;
  return levels.map((level): PlotLabel => {
    const isBelow = level < index;
    const outside = isBelow ? share(level) : 1 - share(level);
    const inward = gap >= 2 * name || outside < name;
    const toRight = isBelow === inward;
    return {
      x: level,
      y: floor,
      dx: toRight ? 7 : -7,
      dy: -9,
      text: narrow ? shortLevel(level) : `Liquidation ${shortLevel(level)}`,
      colour: 'crit',
      align: toRight ? 'left' : 'right',
    };
  });
}

/**
 * The headroom at the current spot as a measured distance, a little beside the spot line, on the side where nothing else
 * stands.
 */
function headroomArrow(
  spot: ArrayLike<number>,
  after: RunwayCurves | null,
  [low, high]: readonly [number, number],
  index: number,
  occupied: readonly number[],
  [floor, ceiling]: readonly [number, number],
): { segments: Plot['segments']; labels: (Omit<PlotLabel, 'text'> & { value: number })[] } {
  const width = high - low;
  const isFree = (side: 1 | -1) =>
    occupied.every((level) => {
      const distance = (side * (level - index)) / width;
      return distance < 0 || distance > HEADROOM_NAME + 0.03;
    });
  const here = runwayReadout({ spot, after }, index);
  const none = { segments: [], labels: [] };
  const sides = ([1, -1] as const).filter(isFree);
  if (here === null || here.headroom <= 0) return none;
  const arrow = (side: 1 | -1) => {
    const at = index + side * width * 0.03;
    const beside = runwayReadout({ spot, after }, at);
    return beside === null || beside.headroom <= 0 ? null : { side, at, ...beside };
  };
  const segments = ({ at, equity, maintenance }: NonNullable<ReturnType<typeof arrow>>) => [
    { from: [at, equity] as const, to: [at, maintenance] as const, colour: 'ink2' as const, width: 1, arrows: true },
  ];
  const label = { value: here.headroom, colour: 'ink2' } as const;
  for (const candidate of sides.map(arrow)) {
    if (candidate === null) continue;
    const { side, at, equity, maintenance } = candidate;
    const end = runwayReadout({ spot, after }, at + side * width * HEADROOM_NAME);
    const middle = (equity + maintenance) / 2;
    if (
      end === null ||
      Math.min(equity - middle, end.equity - middle, middle - end.maintenance) < HALF_TEXT * (ceiling - floor)
    )
      continue;
    return {
      segments: segments(candidate),
      labels: [{ ...label, x: at, y: middle, dx: 8 * side, align: side > 0 ? 'left' : 'right' }],
    };
  }
  // Too narrow a gap for the name: it stands under the arrow, or over it where the floor is near.
  const first = arrow(sides[0] ?? 1);
  if (first === null) return none;
  const under = first.maintenance - floor > 4 * HALF_TEXT * (ceiling - floor);
  return {
    segments: segments(first),
    labels: [
      { ...label, x: first.at, y: under ? first.maintenance : first.equity, dy: under ? 11 : -11, align: 'center' },
    ],
  };
}

function curveLabels(
  spot: ArrayLike<number>,
  after: RunwayCurves | null,
  x: Plot['x'],
  y: Plot['y'],
  options: { readonly texts: readonly PlotLabel[]; readonly narrow: boolean },
): PlotLabel[] {
  if (after === null) return [];
  const named = [
    { text: 'Equity', y: after.equity, colour: 'ink' as const },
    { text: 'Maintenance', y: after.maintenance, colour: 'mgn' as const },
    { text: 'Initial', y: after.initial, colour: 'mgn' as const },
  ];
  const spots = labelSpots(
    named.map((curve) => ({ text: curve.text, x: spot, y: curve.y })),
    [],
    { x, y },
    options,
  );
  return named.flatMap(({ text, colour }, i): PlotLabel[] => {
    const place = spots[i];
    return place ? [{ x: place.x, y: place.y, dy: place.dy, text, colour, align: 'center' }] : [];
  });
}

function description(
  { symbol, unit, index }: RunwayInput,
  after: RunwayCurves | null,
  spot: ArrayLike<number>,
  sentence: string,
): string {
  const here = runwayReadout({ spot, after }, index);
  if (here === null)
    return `Equity and requirement over ${symbol} spot. ${after === null ? 'Nothing is computed yet' : sentence}.`;
  const unitName = unit === 'usd' ? 'USD' : symbol;
  const figure = (value: number) => shortAmount(value, unit).replace('+', '');
  return [
    `Equity and requirement over ${symbol} spot in ${unitName}, re-margined at every spot.`,
    `At ${indexPrice(index)}: equity ${figure(here.equity)}, initial margin ${figure(here.initial)},`,
    `maintenance ${figure(here.maintenance)}, headroom ${figure(here.headroom)}. ${sentence}.`,
  ].join(' ');
}

function numbers(
  input: RunwayInput,
  after: RunwayCurves | null,
  before: RunwayCurves | null,
  spot: ArrayLike<number>,
): Numbers {
  const unit = input.unit === 'usd' ? 'USD' : input.symbol;
  const digits = input.unit === 'usd' ? 0 : 4;
  const sets = [
    ...(after === null ? [] : [{ suffix: '', curves: after }]),
    ...(before === null ? [] : [{ suffix: ', before', curves: before }]),
  ];
  return {
    columns: [
      { name: `${input.symbol} spot`, unit: 'USD', digits: 1 },
      { name: 'Move', unit: '%', digits: 1 },
      ...sets.flatMap(({ suffix }) =>
        ['Equity', 'Initial margin', 'Maintenance', 'Headroom'].map((name) => ({
          name: `${name}${suffix}`,
          unit,
          digits,
        })),
      ),
    ],
    rows: Array.from(spot, (x, i) => [
      x,
      (x / input.index - 1) * 100,
      ...sets.flatMap(({ curves: { equity, initial, maintenance } }) =>
        [equity[i]!, initial[i]!, maintenance[i]!, equity[i]! - maintenance[i]!].map((value) =>
          Number.isNaN(value) ? null : value,
        ),
      ),
    ]),
  };
}

import type { ExpirySmile, SmileFigures, SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { dateCode, ivPercent, percent, signed } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import {
  type Plot,
  type PlotAxis,
  type PlotColour,
  type PlotLabel,
  type PlotLine,
  type PlotTick,
  roundTicks,
} from '../../ui/plot.ts';

export interface TermView {
  readonly plot: Plot;
  readonly description: string;
  readonly numbers: () => Numbers;
}

type Fitted = ExpirySmile & { readonly figures: SmileFigures };

/** An axis narrower than this many vol points would magnify noise. */
const LEAST_RANGE = 0.04;
/** Names of lines whose ends are nearer than this share of the axis are moved apart by so many pixels. */
const LABEL_GAP = 0.1;
const LABEL_PIXELS = 13;
/** Room that the text of an expiry takes of the axis, without and with a year. */
const TEXT_ROOM = [0.095, 0.15] as const;

/** At-the-money vol by expiry, and the vol from each expiry to the next as steps. Null when nothing is fitted. */
export function termView(report: SurfaceReport, chosen: Timestamp | null): TermView | null {
  const fitted = fittedExpiries(report);
  if (fitted.length === 0) return null;
  const steps = forwardSteps(fitted);
  const vols = [...fitted.map(({ figures }) => figures.atm), ...steps.y.filter(Number.isFinite)];
  const y = volAxis(vols);
  const last = fitted.at(-1)!;
  const lines: PlotLine[] = [
    { id: 'forward', ...steps, colour: 'ink3', width: 1.2 },
    ...marketLine('market', fitted, ({ atm }) => atm),
    { id: 'atm', ...figureLine(fitted, ({ atm }) => atm), colour: 'ink', width: 2.2 },
  ];
  const lastForward = steps.y.at(-1)!;
  const plot: Plot = {
    margin: { left: 46, right: 66, top: 12, bottom: 22 },
    x: timeAxis(fitted, report.asOf),
    y,
    areas: [],
    bars: [],
    guides: chosenGuide(fitted, chosen),
    lines,
    segments: [],
    marks: fitted.map(({ expiry, figures, timeToExpiryYears }) => ({
      x: Math.sqrt(timeToExpiryYears),
      y: figures.atm,
      shape: expiry === chosen ? ('ring' as const) : ('dot' as const),
      colour: 'ink' as const,
      size: expiry === chosen ? 9 : 5,
    })),
    labels: spread(
      [
        { value: last.figures.atm, text: 'ATM', colour: 'ink' },
        ...(Number.isFinite(lastForward) ? [{ value: lastForward, text: 'forward', colour: 'ink2' as const }] : []),
      ],
      Math.sqrt(last.timeToExpiryYears),
      y,
    ),
  };
  const first = fitted[0]!;
  const edited = fitted.filter(({ edit }) => edit !== null).length;
  return {
    plot,
    description: `At-the-money volatility by expiry: ${ivPercent(first.figures.atm)} on ${dateCode(first.expiry, report.asOf)}, ${ivPercent(last.figures.atm)} on ${dateCode(last.expiry, report.asOf)}.${edited === 0 ? '' : ` ${edited} of ${fitted.length} smiles are edited.`}`,
    numbers: () => ({
      columns: [
        { name: 'Expiry', unit: '', digits: 0 },
        { name: 'Days', unit: '', digits: 2 },
        { name: 'ATM IV', unit: '%', digits: 2 },
        { name: 'Forward IV', unit: '%', digits: 2 },
      ],
      rows: fitted.map(({ expiry, figures, forwardVol, timeToExpiryYears }) => [
        dateCode(expiry, report.asOf),
        timeToExpiryYears * 365,
        figures.atm * 100,
        forwardVol === null ? null : forwardVol * 100,
      ]),
    }),
  };
}

/** Risk reversals and butterflies by expiry, in vol points. Null when nothing is fitted. */
export function skewView(report: SurfaceReport, chosen: Timestamp | null): TermView | null {
  const fitted = fittedExpiries(report);
  if (fitted.length === 0) return null;
  const series = [
    { id: 'rr25', text: '25Δ RR', colour: 'ink', width: 2.2, read: (f: SmileFigures) => f.riskReversal25 },
    { id: 'rr10', text: '10Δ RR', colour: 'ink', width: 1.2, read: (f: SmileFigures) => f.riskReversal10 },
    { id: 'bf25', text: '25Δ BF', colour: 'ink3', width: 2.2, read: (f: SmileFigures) => f.butterfly25 },
    { id: 'bf10', text: '10Δ BF', colour: 'ink3', width: 1.2, read: (f: SmileFigures) => f.butterfly10 },
  ] as const;
  const values = fitted.flatMap(({ figures }) => series.map(({ read }) => read(figures)));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const pad = Math.max(LEAST_RANGE / 4, 0.08 * (high - low));
  const domain = [low - pad, high + pad] as const;
  const y: PlotAxis = {
    domain,
    base: 0,
    ticks: roundTicks(domain[0], domain[1], 4).map((value) => ({ value, text: signed(value * 100, digitsOf(domain)) })),
  };
  const last = fitted.at(-1)!;
  const plot: Plot = {
    margin: { left: 46, right: 66, top: 12, bottom: 22 },
    x: timeAxis(fitted, report.asOf),
    y,
    areas: [],
    bars: [],
    guides: chosenGuide(fitted, chosen),
    lines: series.flatMap(({ id, colour, width, read }): PlotLine[] => [
      ...marketLine(`market-${id}`, fitted, read),
      { id, ...figureLine(fitted, read), colour, width },
    ]),
    segments: [],
    marks: fitted.flatMap(({ expiry, figures, timeToExpiryYears }) =>
      series
        .filter(({ width }) => width > 2)
        .map(({ colour, read }) => ({
          x: Math.sqrt(timeToExpiryYears),
          y: read(figures),
          shape: expiry === chosen ? ('ring' as const) : ('dot' as const),
          colour,
          size: expiry === chosen ? 9 : 5,
        })),
    ),
    labels: spread(
      series.map(({ text, colour, read }) => ({
        value: read(last.figures),
        text,
        colour: colour === 'ink' ? colour : 'ink2',
      })),
      Math.sqrt(last.timeToExpiryYears),
      y,
    ),
  };
  const words = (smile: Fitted) =>
    `${dateCode(smile.expiry, report.asOf)} ${signed(smile.figures.riskReversal25 * 100, 1)} and ${signed(smile.figures.butterfly25 * 100, 1)}`;
  return {
    plot,
    description: `25 delta risk reversal and butterfly by expiry, in vol points: ${words(fitted[0]!)}, ${words(last)}.`,
    numbers: () => ({
      columns: [
        { name: 'Expiry', unit: '', digits: 0 },
        { name: 'Days', unit: '', digits: 2 },
        ...series.map(({ text }) => ({ name: text, unit: 'pts', digits: 2 })),
      ],
      rows: fitted.map(({ expiry, figures, timeToExpiryYears }) => [
        dateCode(expiry, report.asOf),
        timeToExpiryYears * 365,
        ...series.map(({ read }) => read(figures) * 100),
      ]),
    }),
  };
}

function fittedExpiries({ expiries }: SurfaceReport): Fitted[] {
  return expiries.filter((smile): smile is Fitted => smile.figures !== null);
}

/** The root of time: near expiries get room, and every expiry is where its standard deviation is. */
function timeAxis(fitted: readonly Fitted[], asOf: Timestamp): PlotAxis {
  const last = Math.sqrt(fitted.at(-1)!.timeToExpiryYears);
  return {
    domain: [0, last * 1.02],
    hideGrid: true,
    ticks: roomyTicks(
      fitted.map(({ expiry, timeToExpiryYears }) => {
        return { value: Math.sqrt(timeToExpiryYears), text: dateCode(expiry, asOf) };
      }),
      last,
    ),
  };
}

/** Of the expiries from the last backwards, those whose texts have room. */
function roomyTicks(ticks: readonly PlotTick[], end: number): PlotTick[] {
  let right = Number.POSITIVE_INFINITY;
  return ticks
    .toReversed()
    .filter(({ value, text }) => {
      const half = TEXT_ROOM[text.length > 6 ? 1 : 0] / 2;
      const place = value / end;
      if (place + half > right) return false;
      right = place - half;
      return true;
    })
    .reverse();
}

function volAxis(vols: readonly number[]): PlotAxis {
  const [low, high] = [Math.min(...vols), Math.max(...vols)];
  const half = Math.max(LEAST_RANGE / 2, (high - low) * 0.56);
  const middle = (low + high) / 2;
  const domain = [Math.max(0, middle - half), middle + half] as const;
  return {
    domain,
    ticks: roundTicks(domain[0], domain[1], 4).map((value) => ({ value, text: percent(value, digitsOf(domain)) })),
  };
}

/** Decimals that a few round ticks of a domain need, in points. */
function digitsOf([low, high]: readonly [number, number]): number {
  return (high - low) * 100 < 4 ? 1 : 0;
}

function figureLine(fitted: readonly Fitted[], read: (figures: SmileFigures) => number) {
  return {
    x: fitted.map(({ timeToExpiryYears }) => Math.sqrt(timeToExpiryYears)),
    y: fitted.map(({ figures }) => read(figures)),
  };
}

/** The market's own figures, dashed as what was before, when some smile is edited. */
function marketLine(id: string, fitted: readonly Fitted[], read: (figures: SmileFigures) => number): PlotLine[] {
  if (fitted.every(({ edit }) => edit === null)) return [];
  const { x } = figureLine(fitted, read);
  const y = fitted.map(({ figures, marketFigures }) => read(marketFigures ?? figures));
  return [{ id, x, y, colour: 'ink3', width: 1.2, dash: [5, 3] }];
}

/** From each expiry to the next at the vol between them; a gap where total variance falls. */
function forwardSteps(fitted: readonly Fitted[]): { x: number[]; y: number[] } {
  const steps = { x: [] as number[], y: [] as number[] };
  fitted.forEach(({ forwardVol, figures, timeToExpiryYears }, i) => {
    const from = i === 0 ? 0 : Math.sqrt(fitted[i - 1]!.timeToExpiryYears);
    const vol = i === 0 ? figures.atm : (forwardVol ?? Number.NaN);
    steps.x.push(from, Math.sqrt(timeToExpiryYears));
    steps.y.push(vol, vol);
  });
  return steps;
}

function chosenGuide(fitted: readonly Fitted[], chosen: Timestamp | null) {
  const smile = fitted.find(({ expiry }) => expiry === chosen);
  return smile === undefined
    ? []
    : [{ x: Math.sqrt(smile.timeToExpiryYears), colour: 'line2' as const, dash: [2, 2] as const }];
}

/** Names at the right ends of lines, kept apart. */
function spread(
  names: readonly { readonly value: number; readonly text: string; readonly colour: PlotColour }[],
  x: number,
  { domain: [low, high] }: PlotAxis,
): PlotLabel[] {
  const sorted = names.toSorted((one, two) => two.value - one.value);
  const clusters: (typeof sorted)[] = [];
  for (const name of sorted) {
    const last = clusters.at(-1);
    if (last !== undefined && last.at(-1)!.value - name.value < LABEL_GAP * (high - low)) last.push(name);
    else clusters.push([name]);
  }
  return clusters.flatMap((cluster) =>
    cluster.map(({ value, text, colour }, i): PlotLabel => {
      const dy = (i - (cluster.length - 1) / 2) * LABEL_PIXELS;
      return { x, y: value, dx: 8, dy, text, colour, align: 'left', size: 10.5 };
    }),
  );
}

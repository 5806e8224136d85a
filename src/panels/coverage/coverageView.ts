import type { Failure } from '../../engine/domain/failure.ts';
import type { VarDistribution, VarMethod, VarProgress, VarReport } from '../../engine/domain/riskReport.ts';
import { axisAmount, money, percent, shortLevel, signed } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotGuide, type PlotLabel, roundTicks } from '../../ui/plot.ts';

/** The methods that have a lane of marks in the picture. */
const LANES = ['historical', 'parametric', 'monte-carlo'] as const satisfies readonly VarMethod[];
/** The methods on show, in the order of the table. The last two read the tail of outcomes that have a lane already. */
export const METHODS = [...LANES, 'evt', 'cornish-fisher'] as const satisfies readonly VarMethod[];
export type ShownMethod = (typeof METHODS)[number];

export interface MethodAnswer {
  readonly report: VarReport | null;
  readonly progress: VarProgress | null;
  readonly failure: Failure | null;
}

export interface CoverageInput {
  readonly answers: Readonly<Partial<Record<VarMethod, MethodAnswer>>>;
  readonly settings: {
    readonly confidence: number;
    readonly expectedShortfallConfidence: number;
    readonly horizonDays: number;
    readonly distribution: VarDistribution;
    readonly degreesOfFreedom: number;
  };
  /** Of the chosen rulebook, for the book that the figures speak of; null when it has none. */
  readonly margins: { readonly initialUsd: number; readonly maintenanceUsd: number } | null;
  /** `perUsd` turns USD into the unit on show. */
  readonly unit: { readonly symbol: string; readonly perUsd: number; readonly kind: 'usd' | 'coin' };
}

export interface CoverageRow {
  readonly method: ShownMethod;
  readonly name: string;
  readonly valueAtRiskUsd: number | null;
  readonly expectedShortfallUsd: number | null;
  readonly standardError: VarReport['standardError'];
  /** Share of outcomes whose loss the initial margin covers; null without margin or report. */
  readonly covered: number | null;
  /** Why there is no figure. */
  readonly failure: string | null;
}

export interface CoverageView {
  readonly plot: Plot;
  /** Whose distribution is drawn as bars, and whose as an outline. */
  readonly drawn: { readonly bars: ShownMethod | null; readonly outline: ShownMethod | null };
  readonly rows: readonly CoverageRow[];
  /** What the margin covers, in one sentence; null before there is anything to say. */
  readonly sentence: string | null;
  /** Whose outcomes these are, in brackets; empty where it does not matter. */
  readonly sentenceBy: string;
  readonly description: string;
  readonly numbers: () => Numbers;
}

/** Shares of outcomes below this have no height. */
const FLOOR = 1e-4;
const FLOOR_LOG = Math.log10(FLOOR);
/** A lane above the distribution for each method's marks, in decades of the height axis. */
const LANE = 0.55;
/** A margin so many times farther than the tail is named at the edge instead of stretching the axis. */
const FAR_MARGIN = 1.8;

/**
 * One P&L axis for all: the distribution (Monte Carlo as bars, history as an outline), the VaR and ES of three methods in a
 * lane of its own above it, and the margin lines through both. Heights are logarithmic, because what matters are outcomes of
 * one in a hundred and fewer; the axis says so.
 */
export function coverageView(input: CoverageInput): CoverageView {
  const rows = METHODS.map((method) => coverageRow(method, input));
  const known = (method: ShownMethod) => shownReport(input.answers[method]) !== null;
  const bars = (['monte-carlo', 'historical', 'parametric'] as const).find(known) ?? null;
  const outline = bars === 'monte-carlo' && known('historical') ? 'historical' : null;
  const report = (method: ShownMethod | null) => (method === null ? null : shownReport(input.answers[method]));
  return {
    plot: coveragePlot(input, report(bars), report(outline), rows),
    drawn: { bars, outline },
    rows,
    ...coverageSentence(input, rows),
    description: description(input, rows),
    numbers: () => numbers(input, rows),
  };
}

/** What the newest run has so far, else the finished report. */
export function shownReport(answer: MethodAnswer | undefined): VarReport | null {
  return progressOf(answer)?.soFar ?? answer?.report ?? null;
}

function coverageRow(method: ShownMethod, { answers, margins }: CoverageInput): CoverageRow {
  const answer = answers[method];
  const report = answer?.failure ? null : shownReport(answer);
  return {
    method,
    name: methodName(method, report),
    valueAtRiskUsd: report?.valueAtRiskUsd ?? null,
    expectedShortfallUsd: report?.expectedShortfallUsd ?? null,
    standardError: report?.standardError ?? null,
    covered: report === null || margins === null ? null : 1 - exceeding(report, margins.initialUsd),
    failure: answer?.failure?.message ?? null,
  };
}

/** How far a run is that refines its figure. The last word of a run may arrive after its result; it is then no longer news. */
export function progressOf(answer: MethodAnswer | undefined): VarProgress | null {
  if (!answer?.progress) return null;
  const isNews = answer.report === null || answer.report.inputVersion < answer.progress.inputVersion;
  return isNews ? answer.progress : null;
}

/**
 * The answers as they were where their figures are the same: a run tells how far it is far more often than it has new figures,
 * and only these are worth another picture.
 */
export function steadyAnswers(
  before: CoverageInput['answers'],
  now: CoverageInput['answers'],
): CoverageInput['answers'] {
  const steady = METHODS.map((method) => {
    const [was, is] = [before[method], now[method]];
    return [method, was !== undefined && hasSameFigures(was, is) ? was : is] as const;
  });
  if (steady.every(([method, answer]) => answer === before[method])) return before;
  return Object.fromEntries(steady.filter(([, answer]) => answer !== undefined));
}

function hasSameFigures(was: MethodAnswer, is: MethodAnswer | undefined): boolean {
  if (is === undefined || was.report !== is.report || was.failure !== is.failure) return false;
  const [shownBefore, shownNow] = [shownReport(was), shownReport(is)];
  const figures = ['inputVersion', 'observations', 'valueAtRiskUsd'] as const;
  return figures.every((figure) => shownBefore?.[figure] === shownNow?.[figure]);
}

function methodName(method: ShownMethod, report: VarReport | null): string {
  if (method === 'parametric') return 'Parametric';
  if (method === 'cornish-fisher') return 'Cornish-Fisher';
  if (method === 'evt') {
    const fit = report?.extremeValue?.fit;
    return fit === undefined ? 'EVT' : `EVT, ξ ${signed(fit.shape, 2)}`;
  }
  if (method === 'historical') {
    const name = report?.method === 'filtered-historical' ? 'Filtered historical' : 'Historical';
    return report === null ? name : `${name}, ${money(report.observations)} d`;
  }
  return report === null ? 'Monte Carlo' : `Monte Carlo, ${pathCount(report.observations)}`;
}

/** `20k` paths. */
function pathCount(paths: number): string {
  return paths >= 1000 && paths % 1000 === 0 ? `${money(paths / 1000)}k` : money(paths);
}

/**
 * The share of outcomes that lose more than a level: as the engine counted it, or, for a level it was not asked about, from
 * the histogram.
 */
export function exceeding(report: VarReport, lossUsd: number): number {
  const asked = report.exceedance.find((entry) => Math.abs(entry.lossUsd - lossUsd) <= 1e-9 * Math.max(1, lossUsd));
  if (asked) return asked.probability;
  const { edgesUsd, counts } = report.histogram;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return lossUsd < 0 ? 1 : 0;
  let beyond = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const [low, high] = [edgesUsd[i]!, edgesUsd[i + 1]!];
    if (high <= -lossUsd) beyond += counts[i]!;
    else if (low < -lossUsd) beyond += (counts[i]! * (-lossUsd - low)) / (high - low);
  }
  return beyond / total;
}

function coveragePlot(
  input: CoverageInput,
  drawn: VarReport | null,
  outline: VarReport | null,
  rows: readonly CoverageRow[],
): Plot {
  const { perUsd, kind } = input.unit;
  const shares = drawn === null ? [] : binShares(drawn);
  const step = drawn === null ? 1 : drawn.histogram.edgesUsd[1]! - drawn.histogram.edgesUsd[0]!;
  const ceiling = Math.ceil(2 * Math.log10(Math.max(0.01, ...shares)) + 0.2) / 2;
  const top = ceiling + LANE * LANES.length;
  const [low, high] = amountDomain(input, drawn, rows);
  const lane = (row: number) => ceiling + LANE * (LANES.length - row - 0.5);
  const laned = rows.slice(0, LANES.length);
  const loss = (usd: number) => -usd * perUsd;
  const marks = laned.flatMap((row, i) => laneMarks(row, lane(i), loss));
  const x = {
    domain: [low, high] as const,
    base: 0,
    ticks: roundTicks(low, high, 6).map((value) => ({ value, text: axisAmount(value, { kind, perUsd: 1 }) })),
  };
  return {
    margin: { left: 46, right: 14, top: 16, bottom: 20 },
    x,
    y: {
      domain: [FLOOR_LOG, top],
      ticks: [-4, -3, -2, -1]
        .filter((power) => power <= ceiling)
        .map((power) => ({ value: power, text: percent(10 ** power, Math.max(0, -power - 2)) })),
    },
    areas: [],
    bars: drawn === null ? [] : signedBars(drawn, shares, perUsd),
    lines: outline === null ? [] : [stepOutline(outline, step, perUsd)],
    guides: [...marginLines(input, low).guides],
    segments: marks.flatMap((mark) => mark.segments),
    marks: marks.flatMap((mark) => mark.marks),
    labels: [
      ...marginLines(input, low).labels,
      ...laned.map(
        (row, i): PlotLabel => ({
          x: high,
          y: lane(i),
          text: row.name.split(',')[0]!,
          colour: row.valueAtRiskUsd === null ? 'ink3' : 'ink2',
          align: 'right',
          size: 10.5,
          weight: 400,
        }),
      ),
    ],
  };
}

function binShares({ histogram: { counts } }: VarReport): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total > 0 ? count / total : 0));
}

function height(share: number): number {
  return share > FLOOR ? Math.log10(share) : FLOOR_LOG;
}

/** Losses orange and hatched, gains blue; a bar that straddles zero belongs to the side of its middle. */
function signedBars(report: VarReport, shares: readonly number[], perUsd: number): Plot['bars'] {
  const edges = report.histogram.edgesUsd.map((edge) => edge * perUsd);
  const side = (losses: boolean) =>
    shares.map((share, i) => (edges[i]! + edges[i + 1]! < 0 === losses ? height(share) : FLOOR_LOG));
  return [
    { edges, heights: side(true), foot: FLOOR_LOG, fill: { colour: 'loss', opacity: 0.3, hatch: 0.45 } },
    { edges, heights: side(false), foot: FLOOR_LOG, fill: { colour: 'gain', opacity: 0.34 } },
  ];
}

/** How many bars of the distribution one step of the outline spans at least: days are few, and their steps must be wide. */
const OUTLINE_BARS = 2;

/**
 * The other distribution as a stepped line, scaled to the bars' width so that heights compare. It is interrupted where
 * nothing was observed.
 */
function stepOutline(report: VarReport, barStepUsd: number, perUsd: number): Plot['lines'][number] {
  const { edgesUsd } = report.histogram;
  const shares = binShares(report);
  const merged = Math.max(1, Math.ceil((OUTLINE_BARS * barStepUsd) / (edgesUsd[1]! - edgesUsd[0]!) - 1e-9));
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < shares.length; from += merged) {
    const to = Math.min(shares.length, from + merged);
    const share = shares.slice(from, to).reduce((sum, each) => sum + each, 0);
    const level = share === 0 ? Number.NaN : height((share * barStepUsd) / (edgesUsd[to]! - edgesUsd[from]!));
    x.push(edgesUsd[from]! * perUsd, edgesUsd[to]! * perUsd);
    y.push(level, level);
  }
  return { id: 'historical', x, y, colour: 'ink2', width: 1.2 };
}

function laneMarks(
  row: CoverageRow,
  y: number,
  loss: (usd: number) => number,
): { marks: Plot['marks']; segments: Plot['segments'] } {
  const { valueAtRiskUsd, expectedShortfallUsd, standardError } = row;
  if (valueAtRiskUsd === null || expectedShortfallUsd === null) return { marks: [], segments: [] };
  const whisker = (usd: number, error: number): Plot['segments'][number] => ({
    from: [loss(usd + 1.96 * error), y],
    to: [loss(usd - 1.96 * error), y],
    colour: 'ink3',
    width: 1,
    caps: true,
  });
  return {
    segments: standardError
      ? [
          whisker(valueAtRiskUsd, standardError.valueAtRiskUsd),
          whisker(expectedShortfallUsd, standardError.expectedShortfallUsd),
        ]
      : [],
    marks: [
      { x: loss(valueAtRiskUsd), y, shape: 'dot', colour: 'ink', size: 6 },
      { x: loss(expectedShortfallUsd), y, shape: 'ring', colour: 'ink2', size: 6 },
    ],
  };
}

/** The tails of the distribution and every mark; the margins too, unless they lie far beyond. */
function amountDomain(
  { unit, margins }: CoverageInput,
  drawn: VarReport | null,
  rows: readonly CoverageRow[],
): readonly [number, number] {
  const edges = drawn?.histogram.edgesUsd ?? [];
  const tail = Math.max(
    0,
    -(edges[0] ?? 0),
    ...rows.flatMap((row) => [row.valueAtRiskUsd ?? 0, row.expectedShortfallUsd ?? 0]),
  );
  const right = Math.max(0, edges.at(-1) ?? 0);
  const initial = margins?.initialUsd ?? 0;
  const near = initial > 0 && (tail === 0 || initial <= FAR_MARGIN * tail);
  const left = Math.max(tail * 1.06, near ? initial * 1.3 : tail * 1.3);
  if (left + right === 0) return [-1, 1];
  // Room for the names of the lanes, which stand over the gains.
  return [-left * unit.perUsd, Math.max(right, 0.32 * left) * unit.perUsd];
}

function marginLines(
  { margins, unit }: CoverageInput,
  low: number,
): { readonly guides: readonly PlotGuide[]; readonly labels: readonly PlotLabel[] } {
  if (margins === null || margins.initialUsd <= 0) return { guides: [], labels: [] };
  const initial = -margins.initialUsd * unit.perUsd;
  const maintenance = -margins.maintenanceUsd * unit.perUsd;
  const text = (name: string, usd: number) =>
    `${name} ${unit.kind === 'usd' ? shortLevel(usd) : axisAmount(usd, unit)}`;
  const label = { y: 'top', colour: 'mgn', weight: 500, size: 10.5 } as const;
  if (initial < low)
    return {
      guides: maintenance < low ? [] : [{ x: maintenance, colour: 'mgn' }],
      labels: [
        {
          ...label,
          x: low,
          align: 'left',
          text: `\u2039 ${text('initial margin', margins.initialUsd)}, off this axis`,
        },
      ],
    };
  return {
    guides: [
      { x: initial, colour: 'mgn', width: 2 },
      { x: maintenance, colour: 'mgn' },
    ],
    // The larger loss is on the left: its name leans outwards, so the two never meet.
    labels: [
      { ...label, x: initial, align: 'right', dx: 4, text: text('Initial', margins.initialUsd) },
      { ...label, x: maintenance, align: 'left', dx: -4 + 6, text: text('Maintenance', margins.maintenanceUsd) },
    ],
  };
}

const DISTRIBUTION_NAMES: Readonly<Record<VarDistribution, string>> = {
  normal: 'normal',
  'student-t': 'Student-t',
  't-copula': 't copula',
  'jump-diffusion': 'jump diffusion',
  heston: 'Heston',
  bates: 'Bates',
};

/** `Student-t ν=4`. */
export function distributionName(distribution: VarDistribution, degreesOfFreedom: number): string {
  const name = DISTRIBUTION_NAMES[distribution];
  return distribution === 'student-t' ? `${name} ν=${degreesOfFreedom}` : name;
}

function coverageSentence(
  { settings, margins }: CoverageInput,
  rows: readonly CoverageRow[],
): Pick<CoverageView, 'sentence' | 'sentenceBy'> {
  const row =
    rows.find(({ method, covered }) => method === 'monte-carlo' && covered !== null) ??
    rows.find(({ covered }) => covered !== null);
  if (row === undefined || row.covered === null || margins === null) return { sentence: null, sentenceBy: '' };
  const how =
    row.method === 'monte-carlo'
      ? `Monte Carlo, ${distributionName(settings.distribution, settings.degreesOfFreedom)}`
      : row.name.split(',')[0]!;
  if (margins.initialUsd <= 0)
    return { sentence: 'No margin is required, so nothing is to be covered', sentenceBy: '' };
  return {
    sentence: `Initial margin covers ${coveredPercent(row.covered)} of ${settings.horizonDays}-day outcomes`,
    sentenceBy: `(${how})`,
  };
}

/** One decimal, two from 99.9 % on; all of a finite sample is not certainty, so never `100 %` of outcomes that can be worse. */
export function coveredPercent(covered: number): string {
  if (covered === 1) return `all`;
  return covered >= 0.999 ? percent(Math.min(covered, 0.9999), 2) : percent(covered, 1);
}

function description({ settings, margins }: CoverageInput, rows: readonly CoverageRow[]): string {
  const known = rows.filter((row) => row.valueAtRiskUsd !== null);
  if (known.length === 0) return `Distribution of ${settings.horizonDays}-day P&L. Nothing is computed yet.`;
  return [
    `Distribution of ${settings.horizonDays}-day P&L on a logarithmic height, with value at risk and margin.`,
    ...known.map(
      (row) =>
        `${row.name}: VaR ${percent(settings.confidence, 1)} is ${money(row.valueAtRiskUsd)} USD, ES ${percent(settings.expectedShortfallConfidence, 1)} is ${money(row.expectedShortfallUsd)} USD.`,
    ),
    ...(margins === null ? [] : [`Initial margin ${money(margins.initialUsd)} USD.`]),
  ].join(' ');
}

function numbers({ answers, margins }: CoverageInput, rows: readonly CoverageRow[]): Numbers {
  const columns = [
    { name: 'Method', unit: '', digits: 0 },
    { name: 'Figure', unit: '', digits: 0 },
    { name: 'From', unit: 'USD', digits: 0 },
    { name: 'To', unit: 'USD', digits: 0 },
    { name: 'Value', unit: '', digits: 4 },
  ];
  const figures = rows.flatMap((row): (string | number | null)[][] => {
    if (row.failure !== null) return [[row.name, row.failure, null, null, null]];
    const error = row.standardError;
    return [
      [row.name, 'Value at risk (USD)', null, null, row.valueAtRiskUsd],
      ...(error ? [[row.name, 'Standard error of value at risk (USD)', null, null, error.valueAtRiskUsd]] : []),
      [row.name, 'Expected shortfall (USD)', null, null, row.expectedShortfallUsd],
      ...(error
        ? [[row.name, 'Standard error of expected shortfall (USD)', null, null, error.expectedShortfallUsd]]
        : []),
      [row.name, 'Share of outcomes covered by initial margin', null, null, row.covered],
    ];
  });
  const bins = rows.slice(0, LANES.length).flatMap((row) => {
    const report = shownReport(answers[row.method]);
    if (report === null) return [];
    const shares = binShares(report);
    return shares.map((share, i) => {
      const { edgesUsd } = report.histogram;
      const end = i === 0 ? ' and below' : i === shares.length - 1 ? ' and above' : '';
      return [row.name, `Share of outcomes${end}`, edgesUsd[i]!, edgesUsd[i + 1]!, share];
    });
  });
  const margin =
    margins === null
      ? []
      : [
          ['', 'Initial margin (USD)', null, null, margins.initialUsd],
          ['', 'Maintenance margin (USD)', null, null, margins.maintenanceUsd],
        ];
  return { columns, rows: [...margin, ...figures, ...bins] };
}

import type {
  BacktestMethod,
  BacktestReport,
  MethodBacktest,
  TrafficLightZone,
} from '../../engine/domain/backtestReport.ts';
import { MILLISECONDS_PER_DAY } from '../../engine/domain/units.ts';
import { axisAmount, dateCode, decimal, percent } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotLabel, type PlotTick, roundTicks } from '../../ui/plot.ts';

/** The methods on show, in the order of the table. */
export const METHODS = [
  'historical',
  'age-weighted',
  'filtered-historical',
  'parametric',
] as const satisfies readonly BacktestMethod[];

export const METHOD_NAMES: Readonly<Record<BacktestMethod, string>> = {
  historical: 'Historical',
  'age-weighted': 'Age-weighted',
  'filtered-historical': 'Filtered',
  parametric: 'Parametric',
};

/** A test speaks against a model at this level. */
const SIGNIFICANCE = 0.05;

export interface BacktestInput {
  readonly report: BacktestReport;
  /** The method that is drawn and spoken of. */
  readonly method: BacktestMethod;
  readonly unit: { readonly symbol: string; readonly perUsd: number; readonly kind: 'usd' | 'coin' };
  readonly narrow: boolean;
}

export interface BacktestRow {
  readonly method: BacktestMethod;
  readonly name: string;
  /** `8 of 4.8` */
  readonly exceptions: string;
  readonly zone: TrafficLightZone;
  readonly kupiec: TestCell;
  readonly christoffersen: TestCell;
  readonly shortfall: TestCell;
}

export interface TestCell {
  readonly text: string;
  /** The test speaks against the model. */
  readonly isRejected: boolean;
}

/** One test of the chosen method in words. */
export interface Verdict {
  readonly test: string;
  readonly sentence: string;
  readonly isRejected: boolean;
}

export interface BacktestDay {
  readonly date: number;
  readonly pnlUsd: number;
  readonly valueAtRiskUsd: number;
  readonly expectedShortfallUsd: number;
  readonly isException: boolean;
}

export interface BacktestView {
  readonly plot: Plot;
  readonly rows: readonly BacktestRow[];
  readonly verdicts: readonly Verdict[];
  readonly days: readonly BacktestDay[];
  readonly description: string;
  readonly numbers: () => Numbers;
}

/** The days of one method drawn on the P&L, every method as a row, and the chosen one's tests in words. */
export function backtestView(input: BacktestInput): BacktestView {
  const { report, method } = input;
  const chosen = report.methods.find((each) => each.method === method) ?? report.methods[0]!;
  const exceptional = new Set(chosen.exceptions);
  const days = report.dates.map(
    (date, day): BacktestDay => ({
      date,
      pnlUsd: report.pnlUsd[day]!,
      valueAtRiskUsd: chosen.valueAtRiskUsd[day]!,
      expectedShortfallUsd: chosen.expectedShortfallUsd[day]!,
      isException: exceptional.has(day),
    }),
  );
  const verdicts = verdictsOf(chosen, days.length);
  return {
    plot: backtestPlot(input, chosen, days),
    rows: report.methods.map((tested) => backtestRow(tested)),
    verdicts,
    days,
    description: [
      `P&L of today's book under each of ${days.length} days from ${dateOf(days[0]!)} to ${dateOf(days.at(-1)!)},`,
      `with ${METHOD_NAMES[chosen.method].toLowerCase()} VaR and expected shortfall at ${level(report.confidence)} forecast the day before.`,
      ...verdicts.map(({ sentence }) => `${sentence}.`),
    ].join(' '),
    numbers: () => numbers(input, days),
  };
}

/** The tested day nearest to a time on the axis. */
export function dayAt(days: readonly BacktestDay[], time: number): BacktestDay | null {
  return days.reduce<BacktestDay | null>(
    (best, day) => (best === null || Math.abs(day.date - time) < Math.abs(best.date - time) ? day : best),
    null,
  );
}

/** `99 %`, `97.5 %`. */
export function level(confidence: number): string {
  const whole = Math.abs(confidence * 100 - Math.round(confidence * 100)) < 1e-9;
  return percent(confidence, whole ? 0 : 1);
}

/** `p = 0.18`, `p = 0.004`, `p < 0.0001`. */
export function pValueText(p: number): string {
  if (p < 1e-4) return 'p < 0.0001';
  return `p = ${decimal(p, p >= 0.0995 ? 2 : p >= 0.00095 ? 3 : 4)}`;
}

// ---- words ----------------------------------------------------------------------------------------------------------

function backtestRow({
  method,
  exceptions,
  expectedExceptions,
  coverage,
  independence,
  trafficLight,
  shortfall,
}: MethodBacktest): BacktestRow {
  return {
    method,
    name: METHOD_NAMES[method],
    exceptions: `${exceptions.length} of ${decimal(expectedExceptions, 1)}`,
    zone: trafficLight.zone,
    kupiec: testCell(coverage.pValue),
    christoffersen: testCell(independence.pValue),
    shortfall:
      'z2' in shortfall
        ? { text: decimal(shortfall.z2, 2), isRejected: shortfall.z2 < shortfall.criticalValueFatTails }
        : { text: 'none', isRejected: false },
  };
}

function testCell(pValue: number): TestCell {
  return { text: pValueText(pValue).replace('p = ', '').replace('p ', ''), isRejected: pValue < SIGNIFICANCE };
}

function verdictsOf(tested: MethodBacktest, days: number): Verdict[] {
  return [coverageVerdict(tested), lightVerdict(tested, days), independenceVerdict(tested), shortfallVerdict(tested)];
}

function coverageVerdict({ exceptions, expectedExceptions, coverage }: MethodBacktest): Verdict {
  const isRejected = coverage.pValue < SIGNIFICANCE;
  const verdict = !isRejected
    ? 'not rejected'
    : exceptions.length > expectedExceptions
      ? 'model too mild'
      : 'model too strict';
  return {
    test: 'Kupiec',
    isRejected,
    sentence: `${counted(exceptions.length, 'exception')} where ${decimal(expectedExceptions, 1)} ${expectedExceptions.toFixed(1) === '1.0' ? 'was' : 'were'} expected: ${verdict}, ${pValueText(coverage.pValue)}`,
  };
}

function lightVerdict({ trafficLight: { zone, starts, addOn } }: MethodBacktest, days: number): Verdict {
  const zones = `in ${days} days yellow begins at ${starts.yellow}, red at ${starts.red}`;
  const name = zone.charAt(0).toUpperCase() + zone.slice(1);
  const extra = addOn === null || addOn.basel2019 === 0 ? '' : `; multiplier +${decimal(addOn.basel2019, 2)}`;
  return { test: 'Traffic light', isRejected: zone !== 'green', sentence: `${name}: ${zones}${extra}` };
}

function independenceVerdict({ exceptions, independence }: MethodBacktest): Verdict {
  const { n01, n11, n10, n00, pValue } = independence;
  const isRejected = pValue < SIGNIFICANCE;
  if (exceptions.length === 0)
    return { test: 'Christoffersen', isRejected: false, sentence: 'No exceptions, so none that cluster' };
  const clusters = n11 * (n00 + n01) > n01 * (n10 + n11);
  const verdict = !isRejected ? 'not rejected' : clusters ? 'they cluster' : 'they keep apart';
  return {
    test: 'Christoffersen',
    isRejected,
    sentence: `${n11 === 0 ? 'No exception' : counted(n11, 'exception')} came the day after another: ${verdict}, ${pValueText(pValue)}`,
  };
}

function shortfallVerdict({ shortfall }: MethodBacktest): Verdict {
  const test = 'Z2';
  if (!('z2' in shortfall)) return { test, isRejected: false, sentence: shortfall.message };
  const { z1, z2, pValue, criticalValue, criticalValueFatTails } = shortfall;
  const limit = (value: number) => decimal(value, 2);
  const isRejected = z2 < criticalValueFatTails;
  const size = z1 === null ? 'No loss beyond VaR' : `Losses beyond VaR are ${decimal(1 - z1, 2)} × ES`;
  const verdict = isRejected
    ? `too mild, ${limit(z2)} < ${limit(criticalValueFatTails)}, ${pValueText(pValue)}`
    : z2 < criticalValue
      ? `${limit(z2)} is too mild for normal tails (${limit(criticalValue)}), not for fat ones (${limit(criticalValueFatTails)})`
      : `not rejected, ${limit(z2)}, ${pValueText(pValue)}`;
  return { test, isRejected, sentence: `${size}: ${verdict}` };
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function dateOf({ date }: BacktestDay): string {
  return dateCode(date, 0);
}

// ---- picture --------------------------------------------------------------------------------------------------------

/** Pixels by which the names of two lines that may meet are kept apart, half to each side. */
const LABEL_SHIFT = 6.5;

function backtestPlot(
  { report, unit, narrow }: BacktestInput,
  chosen: MethodBacktest,
  days: readonly BacktestDay[],
): Plot {
  const { perUsd } = unit;
  const step = report.stepDays * MILLISECONDS_PER_DAY;
  const x = report.dates;
  const [first, last] = [x[0]!, x.at(-1)!];
  const lossLine = (values: readonly number[]) => values.map((usd) => -usd * perUsd);
  const low = Math.min(0, ...days.map((day) => Math.min(day.pnlUsd, -day.expectedShortfallUsd))) * perUsd;
  const high = Math.max(0, ...days.map((day) => day.pnlUsd)) * perUsd;
  const room = 0.06 * (high - low || 1);
  const domain = [low - room, high + room] as const;
  const bars = signedBars(days, step, perUsd);
  return {
    margin: { left: 48, right: 64, top: 14, bottom: 20 },
    x: { domain: [first - step / 2, last + step / 2], ticks: monthTicks(first, last, narrow ? 4 : 8), hideGrid: true },
    y: {
      domain,
      base: 0,
      ticks: roundTicks(domain[0], domain[1], 4).map((value) => ({
        value,
        text: axisAmount(value, { kind: unit.kind, perUsd: 1 }),
      })),
    },
    areas: [],
    bars,
    lines: [
      { id: 'shortfall', x, y: lossLine(chosen.expectedShortfallUsd), colour: 'ink2', width: 1.1 },
      { id: 'value-at-risk', x, y: lossLine(chosen.valueAtRiskUsd), colour: 'ink', width: 2 },
    ],
    guides: [],
    segments: [],
    marks: days
      .filter((day) => day.isException)
      .map((day) => ({
        x: day.date,
        y: day.pnlUsd * perUsd,
        shape: 'ring' as const,
        colour: 'loss' as const,
        size: 8,
      })),
    labels: endLabels(days.at(-1)!, perUsd, last, level(report.confidence)),
  };
}

/** Gains blue, losses orange and hatched, one bar a day; a gap in the history is a gap in the bars. */
function signedBars(days: readonly BacktestDay[], step: number, perUsd: number): Plot['bars'] {
  const first = days[0]!.date;
  const count = Math.round((days.at(-1)!.date - first) / step) + 1;
  const edges = Array.from({ length: count + 1 }, (_, i) => first + (i - 0.5) * step);
  const heights = (isLoss: boolean) => {
    const all = new Float64Array(count).fill(Number.NaN);
    for (const { date, pnlUsd } of days)
      if (pnlUsd < 0 === isLoss) all[Math.round((date - first) / step)] = pnlUsd * perUsd;
    return all;
  };
  return [
    { edges, heights: heights(true), foot: 0, fill: { colour: 'loss', opacity: 0.6 } },
    { edges, heights: heights(false), foot: 0, fill: { colour: 'gain', opacity: 0.6 } },
  ];
}

/** VaR and ES named where their lines end, one above and one below its line, so that they never touch. */
function endLabels(day: BacktestDay, perUsd: number, end: number, confidence: string): PlotLabel[] {
  const label = { x: end, align: 'left', dx: 6, size: 10.5 } as const;
  const [upper, lower] = [-day.valueAtRiskUsd * perUsd, -day.expectedShortfallUsd * perUsd];
  return [
    { ...label, y: upper, dy: -LABEL_SHIFT, text: `VaR ${confidence}`, colour: 'ink', weight: 600 },
    { ...label, y: lower, dy: LABEL_SHIFT, text: 'ES', colour: 'ink2', weight: 500 },
  ];
}

/** Firsts of months, about `count` of them: `1 JAN` with the year where it begins. */
function monthTicks(first: number, last: number, count: number): PlotTick[] {
  const months = (time: number) => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();
  const [from, to] = [months(first) + 1, months(last)];
  const every = [1, 2, 3, 6, 12, 24, 60].find((step) => (to - from + 1) / step <= count) ?? 120;
  const ticks: PlotTick[] = [];
  for (let month = Math.ceil(from / every) * every; month <= to; month += every) {
    const value = Date.UTC(Math.floor(month / 12), month % 12, 1);
    const isNewYear = month % 12 === 0 || ticks.length === 0;
    const name = dateCode(value, value).split(' ')[1]!;
    ticks.push({ value, text: isNewYear ? `${name} ${Math.floor(month / 12)}` : name });
  }
  return ticks;
}

function numbers({ report, unit }: BacktestInput, days: readonly BacktestDay[]): Numbers {
  const digits = unit.kind === 'usd' ? 0 : 4;
  const money = (name: string) => ({ name, unit: unit.symbol, digits });
  return {
    columns: [
      { name: 'Day', unit: '', digits: 0 },
      money('P&L'),
      money(`VaR ${level(report.confidence)}`),
      money('ES'),
      { name: 'Exception', unit: '', digits: 0 },
    ],
    rows: days.map((day) => [
      dateOf(day),
      day.pnlUsd * unit.perUsd,
      day.valueAtRiskUsd * unit.perUsd,
      day.expectedShortfallUsd * unit.perUsd,
      day.isException ? 'yes' : 'no',
    ]),
  };
}

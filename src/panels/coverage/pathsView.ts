import { FAN_LEVELS, type MarginPathsReport, TOUCH_LEVELS } from '../../engine/domain/marginPaths.ts';
import { amount, axisAmount, money, percent } from '../../ui/format.ts';
import type { Numbers } from '../../ui/numbers.ts';
import { type Plot, type PlotArea, type PlotLine, roundDomain, roundTicks } from '../../ui/plot.ts';
import type { CoverageInput } from './coverageView.ts';

type Unit = CoverageInput['unit'];

export interface PathsView {
  /** The answer in words. */
  readonly headline: string;
  /** What stands behind it, a sentence each. */
  readonly details: readonly string[];
  readonly fan: Plot;
  readonly fanDescription: string;
  readonly fanNumbers: () => Numbers;
  readonly touch: Plot;
  readonly touchDescription: string;
  readonly touchNumbers: () => Numbers;
}

const MARGIN = { left: 46, right: 14, top: 16, bottom: 20 };
const level = (share: number) => FAN_LEVELS.findIndex((each) => each === share);

export function pathsView(report: MarginPathsReport, unit: Unit): PathsView {
  const headline = headlineOf(report);
  const days = `${report.days} ${report.days === 1 ? 'day' : 'days'}`;
  const { fan } = report;
  const end = (rows: readonly (readonly number[])[], share: number) => amount(rows[level(share)]!.at(-1)!, unit);
  return {
    headline,
    details: detailsOf(report, unit),
    fan: fanPlot(report, unit),
    fanDescription: `Quantiles of equity and of maintenance margin over ${days}. After ${days} equity is between ${end(fan.equityUsd, 0.05)} and ${end(fan.equityUsd, 0.95)} ${unit.symbol} on nine of ten paths, maintenance margin between ${end(fan.maintenanceMarginUsd, 0.05)} and ${end(fan.maintenanceMarginUsd, 0.95)}.`,
    fanNumbers: () => fanNumbers(report),
    touch: touchPlot(report),
    touchDescription: `Chance that equity has touched maintenance margin by each day. ${headline}`,
    touchNumbers: () => touchNumbers(report),
  };
}

/** `12.3 % ± 0.4`: a share and its standard error in percentage points. */
export function shareText(probability: number, standardError: number): string {
  const digits = standardError < 0.0005 ? 2 : 1;
  const error = 100 * standardError;
  return `${percent(probability, digits)} ± ${error.toFixed(error < 0.095 ? 2 : 1)}`;
}

function headlineOf({ touchByDay, atTouch, days, paths }: MarginPathsReport): string {
  const within = `within ${days === 1 ? 'a day' : `${days} days`}`;
  if (touchByDay[0]!.probability === 1) return 'Equity is at or below maintenance now, before any path begins.';
  const { probability, standardError } = touchByDay.at(-1)!;
  if (atTouch === null) {
    // Of n paths without a touch, 3 / n bounds the chance at 95 %: the rule of three.
    return `None of ${money(paths)} paths touches maintenance ${within}: the chance is below ${percent(3 / paths, 2)}.`;
  }
  if (probability === 1)
    return `Equity touches maintenance ${within} on every path; on half of them by ${dayText(atTouch.timeQuantilesDays[TOUCH_LEVELS.indexOf(0.5)]!)}.`;
  const half = dayText(atTouch.timeQuantilesDays[TOUCH_LEVELS.indexOf(0.5)]!);
  return `${shareText(probability, standardError)} chance that equity touches maintenance ${within}; half of these by ${half}.`;
}

/** The day that a moment is within: the first day is day 1. */
function dayText(days: number): string {
  return `day ${Math.max(1, Math.ceil(days - 1e-9))}`;
}

function detailsOf(report: MarginPathsReport, unit: Unit): string[] {
  const { atTouch, discretisation, interpolation, now, stepsPerDay, paths, settlements } = report;
  const touchesNow = report.touchByDay[0]!.probability === 1;
  const usd = (value: number) => `${amount(value, unit)} ${unit.symbol}`;
  const details: string[] = [];
  if (atTouch !== null && !touchesNow) {
    const [early, late] = [atTouch.timeQuantilesDays[0]!, atTouch.timeQuantilesDays.at(-1)!];
    details.push(
      `At the first touch equity has lost ${usd(atTouch.equityLostUsd.mean)} and is ${usd(atTouch.belowMaintenanceUsd.mean)} below maintenance, on average; nine of ten touches come from ${dayText(early)} to ${dayText(late)}.`,
    );
  }
  const { continuous } = discretisation;
  if (continuous !== null && atTouch !== null && !touchesNow)
    details.push(
      `Looked at ${looks(stepsPerDay)}; looked at without pause about ${shareText(continuous.probability, continuous.standardError)}.`,
    );
  if (settlements.length > 0)
    details.push(
      `${settlements.reduce((count, { legs }) => count + legs.length, 0)} legs expire on the way and settle into dollars.`,
    );
  const bound =
    now.initialMarginUsd > 0 ? percent(interpolation.boundUsd / now.initialMarginUsd, 2) : usd(interpolation.boundUsd);
  details.push(
    `${money(paths)} paths, nobody acts. Margin is the rule’s own at ${money(interpolation.evaluations)} places and interpolated between: within ${bound} of initial margin${interpolation.isMet ? '' : ', wider than the 0.5 % wanted'} (95 % of ${interpolation.states} states held back).`,
  );
  return details;
}

function looks(stepsPerDay: number): string {
  if (stepsPerDay === 24) return 'each hour';
  return stepsPerDay === 1 ? 'once a day' : `${stepsPerDay} times a day`;
}

function fanPlot({ fan, days }: MarginPathsReport, unit: Unit): Plot {
  const scaled = (rows: readonly (readonly number[])[], share: number) =>
    rows[level(share)]!.map((usd) => usd * unit.perUsd);
  const equity = (share: number) => scaled(fan.equityUsd, share);
  const maintenance = (share: number) => scaled(fan.maintenanceMarginUsd, share);
  const band = (
    of: (share: number) => readonly number[],
    from: number,
    to: number,
    colour: 'ink2' | 'mgn',
    opacity: number,
  ): PlotArea => ({ x: fan.days, lower: of(from), upper: of(to), fill: { colour, opacity } });
  const line = (
    id: string,
    y: readonly number[],
    colour: PlotLine['colour'],
    width: number,
    dash?: PlotLine['dash'],
  ): PlotLine => ({ id, x: fan.days, y, colour, width, ...(dash ? { dash } : {}) });
  const lows = [...equity(0.01), ...maintenance(0.05), 0];
  const highs = [...equity(0.99), ...maintenance(0.95), 0];
  const domain = roundDomain(Math.min(...lows), Math.max(...highs) * 1.02, 4);
  const last = fan.days.at(-1)!;
  return {
    margin: MARGIN,
    x: { ...dayAxis(days), hideTexts: true },
    y: {
      domain,
      base: 0,
      ticks: roundTicks(domain[0], domain[1], 4).map((value) => ({
        value,
        text: axisAmount(value, { kind: unit.kind, perUsd: 1 }),
      })),
    },
    areas: [
      band(equity, 0.05, 0.95, 'ink2', 0.14),
      band(equity, 0.25, 0.75, 'ink2', 0.2),
      band(maintenance, 0.05, 0.95, 'mgn', 0.3),
    ],
    bars: [],
    lines: [
      line('equity 1 %', equity(0.01), 'ink3', 1, [3, 3]),
      line('equity 99 %', equity(0.99), 'ink3', 1, [3, 3]),
      line('maintenance', maintenance(0.5), 'mgn', 1.6),
      line('equity', equity(0.5), 'ink', 1.6),
    ],
    guides: [],
    segments: [],
    marks: [],
    labels: [
      { x: 0, y: 'top', text: 'Equity: median, 50 %, 90 %, 98 %', colour: 'ink2', align: 'left', size: 10.5 },
      { x: last, y: 'top', text: 'Maintenance: median, 90 %', colour: 'mgn', align: 'right', weight: 500, size: 10.5 },
    ],
  };
}

function touchPlot({ touchByDay, days }: MarginPathsReport): Plot {
  const shares = touchByDay.map(({ probability }) => probability);
  const high = (share: { probability: number; standardError: number }) =>
    share.probability + 1.96 * share.standardError;
  const top = Math.min(1, Math.max(0.01, high(touchByDay.at(-1)!)) * 1.1);
  const x = touchByDay.map(({ day }) => day);
  const ticks = roundTicks(0, top, 2);
  const digits = top < 0.05 ? 1 : 0;
  return {
    margin: { ...MARGIN, top: 14 },
    x: dayAxis(days),
    y: { domain: [0, top], base: 0, ticks: ticks.map((value) => ({ value, text: percent(value, digits) })) },
    areas: [
      {
        x,
        lower: touchByDay.map((share) => Math.max(0, share.probability - 1.96 * share.standardError)),
        upper: touchByDay.map(high),
        fill: { colour: 'crit', opacity: 0.24 },
      },
    ],
    bars: [],
    lines: [{ id: 'touched', x, y: shares, colour: 'crit', width: 1.8 }],
    guides: [],
    segments: [],
    marks: [],
    labels: [
      {
        x: 0,
        y: 'top',
        text: 'Chance of a touch by day, with its 95 % interval',
        colour: 'ink2',
        align: 'left',
        size: 10.5,
      },
    ],
  };
}

function dayAxis(days: number): Plot['x'] {
  return {
    domain: [0, days],
    ticks: roundTicks(0, days, Math.min(days, 6))
      .filter(Number.isInteger)
      .map((value) => ({ value, text: value === 0 ? 'now' : `${value} d` })),
  };
}

function fanNumbers({ fan }: MarginPathsReport): Numbers {
  const figures = [
    ['Equity', fan.equityUsd],
    ['Initial margin', fan.initialMarginUsd],
    ['Maintenance margin', fan.maintenanceMarginUsd],
  ] as const;
  return {
    columns: [
      { name: 'Day', unit: 'd', digits: 2 },
      ...figures.flatMap(([name]) =>
        FAN_LEVELS.map((share) => ({ name: `${name}, ${percent(share, 0)}`, unit: 'USD', digits: 0 })),
      ),
    ],
    rows: fan.days.map((day, t) => [day, ...figures.flatMap(([, rows]) => rows.map((row) => row[t]!))]),
  };
}

function touchNumbers({ touchByDay }: MarginPathsReport): Numbers {
  return {
    columns: [
      { name: 'Day', unit: 'd', digits: 0 },
      { name: 'Chance of a touch', unit: '', digits: 4 },
      { name: 'Standard error', unit: '', digits: 4 },
    ],
    rows: touchByDay.map(({ day, probability, standardError }) => [day, probability, standardError]),
  };
}

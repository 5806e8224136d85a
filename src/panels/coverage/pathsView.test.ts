import { describe, expect, it } from 'vitest';
import type { MarginPathsReport } from '../../engine/domain/marginPaths.ts';
import { NBSP } from '../../ui/format.ts';
import { pathsView, shareText } from './pathsView.ts';

/** Numbers keep their unit on one line. */
const plain = (text: string | undefined) => text?.replaceAll(NBSP, ' ');
const USD = { symbol: 'USD', perUsd: 1, kind: 'usd' } as const;

const rows = (median: number, spread: number) =>
  [-3, -2, -1, 0, 1, 2, 3].map((step) => [median, median + step * spread]);
const REPORT: MarginPathsReport = {
  marketId: 'm',
  model: 'portfolio',
  elapsedMs: 10,
  days: 2,
  stepsPerDay: 24,
  paths: 10_000,
  pathsAsked: 10_000,
  now: { equityUsd: 50_000, initialMarginUsd: 20_000, maintenanceMarginUsd: 16_000 },
  touchByDay: [
    { day: 0, probability: 0, standardError: 0 },
    { day: 1, probability: 0.04, standardError: 0.00196 },
    { day: 2, probability: 0.123, standardError: 0.00328 },
  ],
  atTouch: {
    paths: 1230,
    timeQuantilesDays: [0.5, 0.9, 1.4, 1.6, 1.9],
    belowMaintenanceUsd: { mean: 800, standardError: 12 },
    equityLostUsd: { mean: 31_000, standardError: 150 },
  },
  fan: {
    days: [0, 2],
    equityUsd: rows(50_000, 10_000),
    initialMarginUsd: rows(20_000, 2000),
    maintenanceMarginUsd: rows(16_000, 1600),
  },
  discretisation: {
    watched: [
      { stepsPerDay: 6, probability: 0.117, standardError: 0.003 },
      { stepsPerDay: 24, probability: 0.123, standardError: 0.003 },
    ],
    continuous: { probability: 0.129, standardError: 0.0035 },
  },
  interpolation: {
    evaluations: 2000,
    states: 150,
    rootMeanSquareUsd: 20,
    largestUsd: 200,
    boundUsd: 60,
    toleranceUsd: 100,
    isMet: true,
    misjudged: 0,
  },
  settlements: [],
  estimates: null,
  leftOut: [],
  notices: [],
};
const none: MarginPathsReport = {
  ...REPORT,
  atTouch: null,
  touchByDay: REPORT.touchByDay.map(({ day }) => ({ day, probability: 0, standardError: 0 })),
};

describe('pathsView', () => {
  it('says the chance with its error, and when half of the touches have come', () => {
    expect(plain(pathsView(REPORT, USD).headline)).toBe(
      '12.3 % ± 0.3 chance that equity touches maintenance within 2 days; half of these by day 2.',
    );
  });

  it('bounds the chance where no path touches, instead of calling it none', () => {
    const view = pathsView(none, USD);
    expect(plain(view.headline)).toBe(
      'None of 10,000 paths touches maintenance within 2 days: the chance is below 0.03 %.',
    );
    expect(view.details.join(' ')).not.toContain('first touch');
  });

  it('says so where equity is too little now', () => {
    const touchByDay = REPORT.touchByDay.map(({ day }) => ({ day, probability: 1, standardError: 0 }));
    const view = pathsView({ ...REPORT, touchByDay }, USD);
    expect(plain(view.headline)).toBe('Equity is at or below maintenance now, before any path begins.');
    expect(view.details.join(' ')).not.toContain('without pause');
  });

  it('tells what is missing at a touch, what looks miss, and how near the rule is', () => {
    const [touch, continuous, method] = pathsView(REPORT, USD).details;
    expect(plain(touch)).toContain('lost 31,000 USD and is 800 USD below maintenance');
    expect(plain(continuous)).toBe('Looked at each hour; looked at without pause about 12.9 % ± 0.4.');
    expect(plain(method)).toContain('within 0.30 % of initial margin (95 % of 150 states held back)');
    const missed = { ...REPORT, interpolation: { ...REPORT.interpolation, boundUsd: 300, isMet: false } };
    expect(plain(pathsView(missed, USD).details.at(-1))).toContain(
      '1.50 % of initial margin, wider than the 0.5 % wanted',
    );
  });

  it('draws in the unit on show, with every quantile and zero inside the plot', () => {
    const { fan, touch } = pathsView(REPORT, { symbol: 'BTC', perUsd: 1e-5, kind: 'coin' });
    expect(fan.lines.find(({ id }) => id === 'equity')!.y).toEqual([0.5, 0.5]);
    expect(fan.y.domain[0]).toBeLessThanOrEqual(0);
    expect(fan.y.domain[1]).toBeGreaterThanOrEqual(0.8);
    expect(touch.y.domain[1]).toBeGreaterThanOrEqual(0.123 + 1.96 * 0.00328);
  });

  it('gives its figures as tables', () => {
    const { fanNumbers, touchNumbers } = pathsView(REPORT, USD);
    expect(fanNumbers().columns).toHaveLength(22);
    expect(fanNumbers().rows[1]!.slice(0, 4)).toEqual([2, 20_000, 30_000, 40_000]);
    expect(touchNumbers().rows[2]).toEqual([2, 0.123, 0.00328]);
  });

  it('keeps two digits of a small error', () => {
    expect(plain(shareText(0.0123, 0.0003))).toBe('1.23 % ± 0.03');
    expect(plain(shareText(0.5, 0.005))).toBe('50.0 % ± 0.5');
  });
});

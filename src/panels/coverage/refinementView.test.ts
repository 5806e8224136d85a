import { describe, expect, it } from 'vitest';
import type { ProxyError } from '../../engine/domain/ProxyError.ts';
import type { SamplingReport, VarReport } from '../../engine/domain/riskReport.ts';
import {
  expectedPaths,
  type RefinementInput,
  refinementView,
  roundCount,
  significant,
  widestInterval,
} from './refinementView.ts';

const proxyError: ProxyError = {
  maxUsd: 3.14159,
  shareOfGrossPremium: 4.2e-7,
  grossPremiumUsd: 7_480_000,
  heldBackPoints: 150,
  pieces: 900,
  nodes: 4_000,
  buildMs: 80,
  outsideBox: 0,
  fullCoins: [],
};

/** VaR 16,000 with a standard error of `error` on so many paths; ES 18,000 with the same share. */
function reportOf(observations: number, error: number, change: Partial<VarReport> = {}): VarReport {
  return {
    inputVersion: 3,
    marketId: 'm',
    method: 'monte-carlo',
    confidence: 0.99,
    horizonDays: 1,
    valueAtRiskUsd: 16_000,
    expectedShortfallUsd: 18_000,
    standardError: { valueAtRiskUsd: error, expectedShortfallUsd: (error * 18) / 16 },
    confidenceInterval95: {
      valueAtRiskUsd: [16_000 - 2 * error, 16_000 + 2 * error],
      expectedShortfallUsd: [17_000, 19_000],
    },
    observations,
    byPosition: [],
    histogram: { edgesUsd: [-1, 1], counts: [1] },
    exceedance: [],
    sampling: {
      method: 'importance',
      replicates: 16,
      effectivePaths: { valueAtRisk: 4_080_000, expectedShortfall: 9_000_000 },
    },
    elapsedMs: 1,
    proxyError: null,
    notices: [],
    ...change,
  };
}

const input: RefinementInput = {
  answer: { report: reportOf(160_000, 40), progress: null, failure: null },
  settings: { paths: 1_000_000, targetStandardErrorShare: 0.0025, revaluation: 'auto' },
  widest: { inputVersion: 3, halfWidthUsd: 320 },
  unit: { symbol: 'USD', perUsd: 1, kind: 'usd' },
};
const plainSpaces = (text: string | null | undefined) => text?.replaceAll('\u00a0', ' ');
const of = (report: VarReport, change: Partial<RefinementInput> = {}) =>
  refinementView({ ...input, answer: { report, progress: null, failure: null }, ...change })!;
const refining = (soFar: VarReport) =>
  refinementView({
    ...input,
    answer: {
      report: reportOf(10_000, 500, { inputVersion: 2 }),
      progress: { inputVersion: 3, pathsDone: 30_000, pathsAsked: 1_000_000, soFar },
      failure: null,
    },
  })!;

describe('refinementView', () => {
  it('tells the figure, its error, the paths, and that the target ended the run', () => {
    const view = refinementView(input)!;
    expect(view.figure).toBe('VaR 16,000 ±40');
    expect(plainSpaces(view.paths)).toBe('160,000 paths');
    expect(plainSpaces(view.ending)).toBe('within ±0.25 %');
    expect(plainSpaces(view.interval.text)).toBe('95 % between 15,920 and 16,080 USD');
    expect(plainSpaces(view.announcement)).toBe('Monte Carlo VaR 16,000 ±40 USD, 160,000 paths, within ±0.25 %');
  });

  it('tells that paths ended the run where the target was not met, of ES too, or there was none', () => {
    expect(of(reportOf(1_000_000, 41)).ending).toBe('all paths drawn');
    const wideTail = { standardError: { valueAtRiskUsd: 10, expectedShortfallUsd: 46 } };
    expect(of(reportOf(1_000_000, 10, wideTail)).ending).toBe('all paths drawn');
    const settings = { ...input.settings, targetStandardErrorShare: null };
    const view = of(reportOf(1_000_000, 10), { settings });
    expect(view.ending).toBe('all paths drawn');
    expect(view.bar.target).toBeNull();
  });

  it('says while it refines where to, and announces nothing until it has settled', () => {
    const view = refining(reportOf(20_000, 120));
    expect(view.figure).toBe('VaR 16,000 ±120');
    expect(plainSpaces(view.paths)).toBe('20,000 paths');
    expect(plainSpaces(view.ending)).toBe('refining to ±0.25 %');
    expect(view.announcement).toBeNull();
  });

  it('draws an interval that shrinks within the bar of the run’s first one, about the figure in its middle', () => {
    const widths = [160, 80, 40].map((error) => {
      const { from, to } = refining(reportOf(10_000, error)).bar;
      expect((from + to) / 2).toBeCloseTo(0.5, 12);
      return to - from;
    });
    expect(widths).toEqual([1, 0.5, 0.25]);
    // The target's error is 40, of an interval of 80 to either side of 320.
    expect(refining(reportOf(10_000, 160)).bar.target).toBeCloseTo(0.125, 12);
  });

  it('has nothing to say without a figure or an error of it', () => {
    expect(refinementView({ ...input, answer: undefined })).toBeNull();
    expect(of(reportOf(730, 1, { standardError: null, confidenceInterval95: null }))).toBeNull();
    expect(of(reportOf(0, 0))).toBeNull();
  });

  it('says how paths were drawn and what that was worth', () => {
    expect(refinementView(input)!.sampling!.text).toBe('weighted, as sure as 4.1 million plain paths');
    const even: SamplingReport = {
      method: 'sobol',
      replicates: 16,
      effectivePaths: { valueAtRisk: null, expectedShortfall: null },
    };
    expect(of(reportOf(1_000, 9, { sampling: even })).sampling!.text).toBe('even points');
  });

  it('says what ran: full, or a proxy and its bound, or that none would hold and why', () => {
    expect(refinementView(input)!.revaluation.text).toBe('full revaluation');
    expect(refinementView(input)!.isByProxy).toBe(false);
    const byProxy = of(reportOf(160_000, 40, { proxyError }));
    expect(byProxy.revaluation.text).toBe('proxy');
    expect(byProxy.revaluation.rest).toBe(', off by at most 3.2 USD (0.42 millionths of gross premium)');
    expect(byProxy.isByProxy).toBe(true);
    const reason = 'BTC is revalued in full: a path in three lies outside of its box';
    const refused = of(
      reportOf(160_000, 40, {
        proxyError: { ...proxyError, pieces: 0, maxUsd: 0, fullCoins: ['BTC'] },
        notices: [{ severity: 'warning', underlying: 'BTC', message: reason }],
      }),
    );
    expect(refused.revaluation.text).toBe('full revaluation: no proxy would hold');
    expect(refused.revaluation.hint).toContain(`${reason}.`);
    expect(refused.isByProxy).toBe(false);
    const settings = { ...input.settings, revaluation: 'delta-gamma' as const };
    expect(of(reportOf(160_000, 40), { settings }).revaluation.text).toContain('error not measured');
  });
});

describe('widestInterval', () => {
  it('is that of the run’s first figures, and begins anew with another run', () => {
    const first = widestInterval(null, reportOf(10_000, 160));
    expect(first).toEqual({ inputVersion: 3, halfWidthUsd: 320 });
    expect(widestInterval(first, reportOf(20_000, 80))).toBe(first);
    expect(widestInterval(first, null)).toBe(first);
    expect(widestInterval(first, reportOf(10_000, 5, { inputVersion: 4 }))).toEqual({
      inputVersion: 4,
      halfWidthUsd: 10,
    });
  });
});

describe('expectedPaths', () => {
  it('grows with the square of the error that is left, up to all paths', () => {
    const target = { targetStandardErrorShare: 0.0025 };
    expect(expectedPaths(reportOf(10_000, 80), target, 1_000_000)).toBe(40_000);
    expect(expectedPaths(reportOf(10_000, 4_000), target, 1_000_000)).toBe(1_000_000);
    expect(expectedPaths(reportOf(10_000, 20), target, 1_000_000)).toBe(10_000);
    expect(expectedPaths(null, target, 1_000_000)).toBe(1_000_000);
    expect(expectedPaths(reportOf(10_000, 80), { targetStandardErrorShare: null }, 50_000)).toBe(50_000);
  });
});

describe('figures in words', () => {
  it.each([
    [4_080_000, '4.1 million'],
    [23_400_000, '23 million'],
    [243_210, '240,000'],
    [950, '950'],
  ])('has the digits that matter of %d paths', (count, text) => expect(roundCount(count)).toBe(text));

  it.each([
    [3.14159, '3.2'],
    [0.00421, '0.0043'],
    [0.2, '0.20'],
    [128.2, '129'],
    [0, '0'],
  ])('rounds the bound %d up', (bound, text) => expect(significant(bound)).toBe(text));
});

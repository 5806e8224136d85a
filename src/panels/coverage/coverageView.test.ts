import { describe, expect, it } from 'vitest';
import type { VarMethod, VarReport } from '../../engine/domain/riskReport.ts';
import {
  type CoverageInput,
  coverageView,
  coveredPercent,
  exceeding,
  progressOf,
  steadyAnswers,
} from './coverageView.ts';

/** A thousand outcomes: 500 gain, 480 lose up to 10k, 15 up to 20k, 5 up to 30k. */
function reportOf(method: VarMethod, change: Partial<VarReport> = {}): VarReport {
  return {
    inputVersion: 3,
    marketId: 'm',
    method,
    confidence: 0.99,
    horizonDays: 1,
    valueAtRiskUsd: 16_000,
    expectedShortfallUsd: 18_000,
    standardError: method === 'monte-carlo' ? { valueAtRiskUsd: 310, expectedShortfallUsd: 420 } : null,
    confidenceInterval95: null,
    observations: method === 'monte-carlo' ? 20_000 : 730,
    byPosition: [],
    histogram: { edgesUsd: [-30_000, -20_000, -10_000, 0, 10_000], counts: [5, 15, 480, 500] },
    exceedance: [{ lossUsd: 25_000, probability: 0.0027 }],
    elapsedMs: 1,
    proxyError: null,
    notices: [],
    ...change,
  };
}

const answered = (report: VarReport) => ({ report, progress: null, failure: null });
const input: CoverageInput = {
  answers: {
    historical: answered(
      reportOf('historical', { histogram: { edgesUsd: [-40_000, -20_000, 0, 20_000], counts: [1, 0, 729] } }),
    ),
    parametric: answered(reportOf('parametric', { valueAtRiskUsd: 14_000 })),
    'monte-carlo': answered(reportOf('monte-carlo')),
  },
  settings: {
    confidence: 0.99,
    expectedShortfallConfidence: 0.975,
    horizonDays: 1,
    distribution: 'student-t',
    degreesOfFreedom: 4,
  },
  margins: { initialUsd: 25_000, maintenanceUsd: 20_000 },
  unit: { symbol: 'USD', perUsd: 1, kind: 'usd' },
};
const plainSpaces = (text: string | null) => text?.replaceAll('\u00a0', ' ');

describe('exceeding', () => {
  it('takes the engine’s own count for a level it was asked about', () => {
    expect(exceeding(reportOf('monte-carlo'), 25_000)).toBe(0.0027);
  });
  it('reads other levels from the histogram', () => {
    expect(exceeding(reportOf('monte-carlo'), 20_000)).toBeCloseTo(0.005, 12);
    expect(exceeding(reportOf('monte-carlo'), 15_000)).toBeCloseTo(0.0125, 12);
    expect(exceeding(reportOf('monte-carlo'), 40_000)).toBe(0);
    expect(exceeding(reportOf('monte-carlo'), -10_000)).toBe(1);
  });
});

describe('coverageView', () => {
  it('says what the margin covers, and by which method', () => {
    expect(plainSpaces(coverageView(input).sentence)).toBe('Initial margin covers 99.7 % of 1-day outcomes');
    expect(coverageView(input).sentenceBy).toBe('(Monte Carlo, Student-t ν=4)');
    const { 'monte-carlo': _without, ...answers } = input.answers;
    expect(coverageView({ ...input, answers }).sentenceBy).toBe('(Historical)');
    expect(coverageView({ ...input, answers: {} }).sentence).toBeNull();
    expect(coverageView({ ...input, margins: null }).sentence).toBeNull();
  });

  it('gives each method a lane of its own with its two marks, at the loss as a negative P&L', () => {
    const { plot } = coverageView(input);
    expect(plot.marks.map(({ x, shape }) => [x, shape])).toEqual([
      [-16_000, 'dot'],
      [-18_000, 'ring'],
      [-14_000, 'dot'],
      [-18_000, 'ring'],
      [-16_000, 'dot'],
      [-18_000, 'ring'],
    ]);
    expect(new Set(plot.marks.map(({ y }) => y)).size).toBe(3);
    const names = plot.labels.filter((label) => label.y !== 'top');
    expect(names.map(({ text, y }) => [text, y])).toEqual([
      ['Historical', plot.marks[0]!.y],
      ['Parametric', plot.marks[2]!.y],
      ['Monte Carlo', plot.marks[4]!.y],
    ]);
    // Only Monte Carlo has an error of its own: 95 % whiskers for both figures.
    expect(plot.segments).toHaveLength(2);
    expect(plot.segments[0]!.from[0]).toBeCloseTo(-16_000 - 1.96 * 310, 6);
  });

  it('has a logarithmic height with its ticks named, nothing above the lanes and nothing below the floor', () => {
    const { plot } = coverageView(input);
    expect(plot.y.ticks.map(({ value, text }) => [value, plainSpaces(text)])).toEqual([
      [-4, '0.01 %'],
      [-3, '0.1 %'],
      [-2, '1 %'],
      [-1, '10 %'],
    ]);
    const [losses, gains] = plot.bars;
    expect(losses?.fill.colour).toBe('loss');
    expect(losses?.fill.hatch).toBeGreaterThan(0);
    expect(Array.from(losses!.heights)).toEqual([Math.log10(0.005), Math.log10(0.015), Math.log10(0.48), -4]);
    expect(Array.from(gains!.heights)).toEqual([-4, -4, -4, Math.log10(0.5)]);
    const lowestLane = Math.min(...plot.marks.map(({ y }) => y));
    expect(lowestLane).toBeGreaterThan(Math.log10(0.5));
  });

  it('scales the outline to the bars, and interrupts it where nothing happened', () => {
    const outline = coverageView(input).plot.lines[0]!;
    // One day of 730 over a step twice as wide as a bar.
    expect(outline.y[0]).toBeCloseTo(Math.log10(1 / 730 / 2), 12);
    expect(outline.y[2]).toBeNaN();
  });

  it('keeps the names of the margin lines apart, and names a margin that is too far to draw', () => {
    const near = coverageView(input).plot;
    expect(near.guides.map(({ x, colour }) => [x, colour])).toEqual([
      [-25_000, 'mgn'],
      [-20_000, 'mgn'],
    ]);
    expect(near.labels.filter(({ y }) => y === 'top').map(({ align }) => align)).toEqual(['right', 'left']);
    expect(near.x.domain[0]).toBeLessThan(-25_000);
    const far = coverageView({ ...input, margins: { initialUsd: 400_000, maintenanceUsd: 320_000 } }).plot;
    expect(far.guides).toEqual([]);
    expect(far.labels.filter(({ y }) => y === 'top').map(({ text }) => text)).toEqual([
      '‹ initial margin 400.0k, off this axis',
    ]);
    expect(far.x.domain[0]).toBeGreaterThan(-60_000);
  });

  it('lets one method fail and the others stand', () => {
    const failure = { code: 'missing-data' as const, message: 'ETH has no price history; historical VaR needs it' };
    const view = coverageView({
      ...input,
      answers: { ...input.answers, historical: { report: null, progress: null, failure } },
    });
    expect(view.rows.map(({ valueAtRiskUsd, failure: why }) => [valueAtRiskUsd, why])).toEqual([
      [null, failure.message],
      [14_000, null],
      [16_000, null],
      [null, null],
      [null, null],
    ]);
    expect(view.drawn).toEqual({ bars: 'monte-carlo', outline: null });
    expect(view.numbers().rows.flat()).toContain(failure.message);
  });

  it('shows a run as it refines, and forgets a progress that comes after its result', () => {
    const soFar = reportOf('monte-carlo', { inputVersion: 4, observations: 10_000, valueAtRiskUsd: 15_000 });
    const progress = { inputVersion: 4, pathsDone: 12_288, pathsAsked: 20_000, soFar };
    const answer = (report: VarReport | null) => ({ report, progress, failure: null });
    const row = (report: VarReport | null) =>
      coverageView({ ...input, answers: { 'monte-carlo': answer(report) } }).rows[2]!;
    expect(row(null)).toMatchObject({ valueAtRiskUsd: 15_000, name: 'Monte Carlo, 10k' });
    expect(progressOf(answer(null))).toBe(progress);
    const before = reportOf('monte-carlo', { inputVersion: 3 });
    expect(row(before)).toMatchObject({ valueAtRiskUsd: 15_000 });
    expect(progressOf(answer(before))).toBe(progress);
    const after = reportOf('monte-carlo', { inputVersion: 4 });
    expect(row(after)).toMatchObject({ valueAtRiskUsd: 16_000 });
    expect(progressOf(answer(after))).toBeNull();
  });

  it('keeps its answers while a run only tells how far it is', () => {
    const soFar = (observations: number) => reportOf('monte-carlo', { inputVersion: 4, observations });
    const running = (pathsDone: number, observations: number) => ({
      historical: input.answers.historical!,
      'monte-carlo': {
        report: null,
        // Each message from the engine is a copy of its own.
        progress: { inputVersion: 4, pathsDone, pathsAsked: 40_000, soFar: soFar(observations) },
        failure: null,
      },
    });
    const first = running(10_000, 10_000);
    expect(steadyAnswers(first, running(15_000, 10_000))).toBe(first);
    const doubled = steadyAnswers(first, running(20_000, 20_000));
    expect(doubled['monte-carlo']?.progress?.soFar?.observations).toBe(20_000);
    expect(doubled.historical).toBe(first.historical);
    const failure = { code: 'internal' as const, message: 'No.' };
    const failed = { ...first, 'monte-carlo': { ...first['monte-carlo'], failure } };
    expect(steadyAnswers(first, failed)['monte-carlo']?.failure).toBe(failure);
    expect(steadyAnswers(first, {})).toEqual({});
  });

  it('counts in coin at the index when coin is shown', () => {
    const { plot } = coverageView({ ...input, unit: { symbol: 'BTC', perUsd: 1 / 100_000, kind: 'coin' } });
    expect(plot.marks[0]!.x).toBeCloseTo(-0.16, 12);
    expect(plot.guides[0]!.x).toBeCloseTo(-0.25, 12);
  });
});

describe('coveredPercent', () => {
  it('has more digits near certainty and says all only for all', () => {
    expect(plainSpaces(coveredPercent(0.9973))).toBe('99.7 %');
    expect(plainSpaces(coveredPercent(0.99951))).toBe('99.95 %');
    expect(plainSpaces(coveredPercent(0.99999))).toBe('99.99 %');
    expect(coveredPercent(1)).toBe('all');
  });
});

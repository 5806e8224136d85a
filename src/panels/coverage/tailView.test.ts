import { describe, expect, it } from 'vitest';
import type { VarReport } from '../../engine/domain/riskReport.ts';
import type { ExtremeValueReport, TailFit } from '../../engine/domain/tailReport.ts';
import { cornishFisherSentence, positionNumbers, tailView } from './tailView.ts';

const fit: TailFit = {
  thresholdUsd: 1_000,
  thresholdQuantile: 0.9,
  exceedances: 100,
  meanExcessUsd: 500,
  meanExcessError: 40,
  shape: 0.25,
  scaleUsd: 400,
  shapeError: 0.12,
  scaleError: 60,
  // P(loss > x) = 0.1 (1 + x / 4)^-4 beyond 1,000, x in units of the scale.
  valueAtRiskUsd: 1_000 + 1_600 * (10 ** 0.25 - 1),
  expectedShortfallUsd: 2_800,
};
const tail: ExtremeValueReport = {
  source: 'historical',
  observations: 1_000,
  chosenBy: 'rule',
  rule: 'The worst 10 % of outcomes',
  fit,
  thresholds: [{ ...fit, exceedances: 200, thresholdQuantile: 0.8 }, fit],
  losses: [
    { lossUsd: 8_000, probability: 0.001 },
    { lossUsd: 1_100, probability: 0.1 },
  ],
};
const report: VarReport = {
  inputVersion: 1,
  marketId: 'm',
  method: 'evt',
  confidence: 0.99,
  horizonDays: 1,
  valueAtRiskUsd: fit.valueAtRiskUsd,
  expectedShortfallUsd: fit.expectedShortfallUsd!,
  standardError: null,
  confidenceInterval95: null,
  observations: 1_000,
  byPosition: [{ id: 'a', valueAtRiskUsd: 900, marginalVaRUsd: -90, incrementalVaRUsd: null }],
  histogram: { edgesUsd: [-1, 1], counts: [1] },
  exceedance: [],
  extremeValue: tail,
  elapsedMs: 1,
  proxyError: null,
  notices: [],
};

describe('tailView', () => {
  it('draws losses and fit on logarithmic axes, the figures on the line at their own chance', () => {
    const { plot } = tailView(report, tail);
    const [worst, , valueAtRisk] = plot.marks;
    expect([worst!.x, worst!.y]).toEqual([Math.log10(8_000), -3]);
    expect(valueAtRisk!.y).toBeCloseTo(-2, 12);
    expect(plot.guides.map(({ x }) => x)).toEqual([3]);
    const [line] = plot.lines;
    expect([line!.x[0], line!.y[0]]).toEqual([3, -1]);
    for (const { value } of plot.x.ticks) expect(value).toBeGreaterThanOrEqual(plot.x.domain[0]);
    for (const mark of plot.marks) {
      expect(mark.y).toBeGreaterThanOrEqual(plot.y.domain[0]);
      expect(mark.y).toBeLessThanOrEqual(plot.y.domain[1]);
    }
  });

  it('draws a tail that ends, and one whose threshold is a gain, without a number that is none', () => {
    const ends = { ...tail, fit: { ...fit, shape: -0.4 } };
    expect(tailView(report, ends).plot.lines[0]!.y[80]).toBeNaN();
    const gain = tailView(report, { ...tail, fit: { ...fit, thresholdUsd: -500 } }).plot;
    expect(gain.guides).toEqual([]);
    for (const value of [...gain.x.domain, ...gain.y.domain]) expect(Number.isFinite(value)).toBe(true);
  });

  it('says the fit and what chose the threshold, and marks the threshold in use', () => {
    const view = tailView(report, tail);
    expect(view.sentences[0]).toBe(
      '100 of 1,000 historical losses lie beyond 1,000 USD; the tail fitted to them has ξ +0.25 ± 0.12 and β 400 ± 60 USD.',
    );
    expect(view.sentences[1]).toBe('The threshold goes by a rule: the worst 10 % of outcomes.');
    expect(view.thresholds().rows.map((row) => String(row[0]).includes('in use'))).toEqual([false, true]);
    expect(view.losses().rows[0]![2]).toBeCloseTo(0.1 * (1 + 7_000 / 1_600) ** -4, 12);
  });
});

describe('the other sentences', () => {
  it('name where the expansion ends', () => {
    const moments = {
      meanUsd: 0,
      standardDeviationUsd: 1,
      skewness: -1,
      excessKurtosis: 2,
      monotone: true,
      turnsAtConfidence: null,
    };
    const say = (change: { readonly monotone?: boolean; readonly turnsAtConfidence?: number }) =>
      cornishFisherSentence({ ...report, cornishFisher: { ...moments, ...change } });
    expect(cornishFisherSentence(report)).toBeNull();
    expect(say({})).toContain('monotone at every confidence');
    expect(say({ monotone: false })).toContain('not for gains');
    expect(say({ monotone: false, turnsAtConfidence: 0.9973 })?.replaceAll('\u00a0', ' ')).toContain(
      'a confidence of 99.73 %',
    );
  });

  it('lists a position by its name and what has no figure as none', () => {
    expect(positionNumbers(report, () => 'BTC 27 JUN 96k P').rows).toEqual([
      ['BTC 27 JUN 96k P', 900, -90, null],
      ['Total', report.valueAtRiskUsd, '', ''],
    ]);
  });
});

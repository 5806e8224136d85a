import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { paretoQuantile } from '../numerics/generalizedPareto.ts';
import { uniforms } from '../numerics/sampling.ts';
import { extremeValueAtRisk, extremeValueTail, type TailQuestion } from './extremeValueTail.ts';
import { RiskError } from '../domain/failure.ts';
import { tailRisk } from './tailRisk.ts';

const question: TailQuestion = { confidence: 0.99, shortfallConfidence: 0.975, thresholdQuantile: null };

/** Sorted P&L with losses of a known Pareto tail above 100 in a tenth of the outcomes, small ones in the rest. */
function outcomes(count: number, shape: number, seed = 1): Float64Array {
  const out = new Float64Array(count);
  uniforms(seed, 3, 0, count, 1, out);
  return out
    .map((u) => (u < 0.1 ? -100 - paretoQuantile({ shape, scale: 50 }, u / 0.1) : 100 - 200 * ((1 - u) / 0.9)))
    .sort();
}

describe('extremeValueTail', () => {
  it('finds the tail that the outcomes were drawn from', () => {
    const { valueAtRiskUsd, expectedShortfallUsd, errors, report } = extremeValueTail(
      outcomes(20_000, 0.3),
      { ...question, confidence: 0.999, shortfallConfidence: 0.999 },
      'monte-carlo',
    );
    const valueAtRisk = 100 + paretoQuantile({ shape: 0.3, scale: 50 }, 0.01);
    expect(Math.abs(valueAtRiskUsd - valueAtRisk)).toBeLessThan(4 * errors!.var.standardError);
    const shortfall = (valueAtRisk + 50 - 0.3 * 100) / 0.7;
    expect(Math.abs(expectedShortfallUsd - shortfall)).toBeLessThan(4 * errors!.es.standardError);
    expect(Math.abs(report.fit.shape - 0.3)).toBeLessThan(4 * report.fit.shapeError!);
  });

  it('has standard errors that agree with the spread of its figures over samples', () => {
    const tails = Array.from({ length: 120 }, (_, seed) =>
      extremeValueTail(outcomes(1_000, 0.2, seed), question, 'historical'),
    );
    const spread = (values: readonly number[]): number => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    };
    const claimed = tails.reduce((sum, tail) => sum + tail.errors!.var.standardError, 0) / tails.length;
    const seen = spread(tails.map((tail) => tail.valueAtRiskUsd));
    expect(claimed / seen).toBeGreaterThan(0.8);
    expect(claimed / seen).toBeLessThan(1.25);
  });

  it('goes by its rule, and shows the other thresholds', () => {
    const by = (count: number, change: Partial<TailQuestion> = {}) =>
      extremeValueTail(outcomes(count, 0.2), { ...question, ...change }, 'historical').report;
    expect(by(1_000).fit).toMatchObject({ exceedances: 100, thresholdQuantile: 0.9 });
    expect(by(300).fit.exceedances).toBe(50);
    expect(by(1_000, { confidence: 0.93, shortfallConfidence: 0.93 }).fit.exceedances).toBe(140);
    expect(by(1_000, { thresholdQuantile: 0.95 })).toMatchObject({ chosenBy: 'request', fit: { exceedances: 50 } });
    const { thresholds, losses, fit } = by(1_000);
    expect(thresholds).toContain(fit);
    expect(thresholds.map((row) => row.exceedances)).toEqual([250, 200, 150, 125, 100, 75, 50, 40, 30]);
    expect(losses[0]!.probability).toBe(1 / 1_000);
    expect(losses.at(-1)!.lossUsd).toBeGreaterThan(fit.thresholdUsd);
  });

  it('refuses too few losses, a confidence short of the threshold, and losses that crowd, each with what to do', () => {
    expect(() => extremeValueTail(outcomes(100, 0.2), question, 'historical')).toThrow(
      'Only 25 of 100 losses lie beyond the threshold; a tail fit needs at least 30',
    );
    expect(() =>
      extremeValueTail(outcomes(1_000, 0.2), { ...question, shortfallConfidence: 0.7 }, 'historical'),
    ).toThrow('raise the confidence or lower the threshold quantile');
    expect(() => extremeValueTail(outcomes(1_000, 0.2), { ...question, thresholdQuantile: 0.3 }, 'historical')).toThrow(
      'at least 0.5 and below 1',
    );
    const crowded = Float64Array.from({ length: 1_000 }, (_, i) => (i < 90 ? -500 : i / 1_000)).sort();
    expect(() => extremeValueTail(crowded, question, 'historical')).toThrow('no Pareto tail fits them');
    expect(() => extremeValueTail(outcomes(2_000, 1.6), question, 'historical')).toThrow('mean is infinite');
  });

  function hasInfiniteMean(fit: () => unknown): boolean {
    try {
      fit();
      return false;
    } catch (error) {
      if (error instanceof RiskError && error.message.includes('mean is infinite')) return true;
      throw error;
    }
  }

  test.prop(
    [
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: -0.3, max: 0.4, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    ],
    { numRuns: 40 },
  )('moves and scales with the losses, rises with confidence, and ES is beyond VaR', (seed, shape, factor, shift) => {
    const sorted = outcomes(600, shape, seed);
    const at = (pnl: Float64Array, confidence: number): ReturnType<typeof extremeValueTail> =>
      extremeValueTail(pnl, { ...question, confidence, shortfallConfidence: confidence }, 'historical');
    // Towards a shape of 1 the mean runs away, and with it every digit of ES; from 1 on there is none, and the fit is refused.
    fc.pre(!hasInfiniteMean(() => at(sorted, 0.99)));
    const tail = at(sorted, 0.99);
    fc.pre(tail.report.fit.shape < 0.8);
    expect(tail.expectedShortfallUsd).toBeGreaterThan(tail.valueAtRiskUsd);
    const moved = at(
      sorted.map((pnl) => factor * pnl - shift),
      0.99,
    );
    const tolerance = 1e-6 * (1 + factor * tail.expectedShortfallUsd + Math.abs(shift));
    expect(Math.abs(moved.valueAtRiskUsd - (factor * tail.valueAtRiskUsd + shift))).toBeLessThan(tolerance);
    expect(Math.abs(moved.expectedShortfallUsd - (factor * tail.expectedShortfallUsd + shift))).toBeLessThan(tolerance);
    expect(at(sorted, 0.995).valueAtRiskUsd).toBeGreaterThan(tail.valueAtRiskUsd);
    // The fit is read back at its own figures.
    expect(tail.exceedance(tail.valueAtRiskUsd)).toBeCloseTo(0.01, 9);
    expect(extremeValueAtRisk(sorted, { ...question, shortfallConfidence: 0.99 })).toBe(tail.valueAtRiskUsd);
    // Within the sample it stays near what the sample says.
    const plain = tailRisk(sorted, 0.975).valueAtRiskUsd;
    expect(Math.abs(at(sorted, 0.975).valueAtRiskUsd / plain - 1)).toBeLessThan(0.4);
  });

  it('has the loss of a book that nothing moves', () => {
    expect(extremeValueAtRisk(new Float64Array(500), question)).toBe(0);
    expect(extremeValueAtRisk(new Float64Array(500).fill(-7), question)).toBe(7);
  });
});

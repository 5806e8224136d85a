import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { normals } from '../numerics/sampling.ts';
import { studentTQuantile } from '../numerics/studentT.ts';
import { weightedTail } from './ageWeights.ts';
import {
  exceedanceOf,
  expectedShortfallOf,
  histogramRange,
  pnlHistogram,
  sortedPnl,
  valueAtRiskOf,
} from './tailRisk.ts';
import { weightedReader } from './weightedReader.ts';
import { shareRead, weightedErrors, weightedFigures, weightedVar, worstOutcomes } from './weightedTail.ts';

const outcomes = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 4 })), {
  minLength: 20,
  maxLength: 200,
});
const confidences = fc.constantFrom(0.6, 0.9, 0.95, 0.975);
const sampleOf = (pairs: readonly (readonly [number, number])[]) => ({
  pnl: Float64Array.from(pairs, ([pnl]) => pnl),
  weights: Float64Array.from(pairs, ([, weight]) => weight),
});

describe('the tail of weighted outcomes', () => {
  it('is that of each outcome written down as often as it weighs', () => {
    fc.assert(
      fc.property(outcomes, confidences, (pairs, confidence) => {
        const sample = sampleOf(pairs);
        const worst = worstOutcomes(sample, 1 - confidence, referenceKernels);
        const found = weightedFigures(worst, confidence);
        const written = sortedPnl(
          Float64Array.from(pairs.flatMap(([pnl, weight]) => Array.from({ length: weight }, () => pnl))),
        );
        expect(found.valueAtRisk).toBe(valueAtRiskOf(written, confidence));
        expect(weightedVar(sample, confidence)).toBe(found.valueAtRisk);
        // With less than one written outcome in the tail, `expectedShortfallOf` takes one whole.
        if (written.length * (1 - confidence) >= 1)
          expect(found.expectedShortfall).toBeCloseTo(expectedShortfallOf(written, confidence), 9);
      }),
    );
  });

  it('is what the tail of age-weighted history is by the same weights', () => {
    fc.assert(
      fc.property(outcomes, confidences, (pairs, confidence) => {
        const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
        const total = pairs.reduce((sum, [, weight]) => sum + weight, 0);
        const other = weightedTail(
          sorted.map(([pnl]) => -pnl),
          sorted.map(([, weight]) => weight / total),
          confidence,
        );
        const found = weightedFigures(worstOutcomes(sampleOf(pairs), 1 - confidence, referenceKernels), confidence);
        expect(found.valueAtRisk).toBeCloseTo(other.valueAtRisk, 12);
        expect(found.expectedShortfall).toBeCloseTo(other.expectedShortfall, 9);
      }),
    );
  });

  it('does not depend on how many of the worst are looked at first', () => {
    fc.assert(
      fc.property(outcomes, confidences, fc.double({ min: 0.001, max: 1, noNaN: true }), (pairs, confidence, guess) => {
        const figures = (share: number) =>
          weightedFigures(worstOutcomes(sampleOf(pairs), 1 - confidence, referenceKernels, share), confidence);
        expect(figures(guess)).toEqual(figures(1));
      }),
    );
  });
});

describe('the tail of many weighted outcomes', () => {
  const size = 100_000;
  const normal = new Float64Array(2 * size);
  normals(3, 0, 0, size, 2, normal);
  const drawn = (make: (z: number, u: number) => number): Float64Array =>
    Float64Array.from({ length: size }, (_, i) => make(normal[2 * i]!, normal[2 * i + 1]!));
  /** Likelihood of a normal drawn with probability one half around -2, and around 0. */
  const likelihood = (z: number, u: number): number => {
    const x = u > 0 ? z - 2 : z;
    return 2 / (1 + Math.exp(-2 * x - 2));
  };
  it.each([
    ['shifted', drawn((z, u) => (u > 0 ? z - 2 : z)), drawn(likelihood)],
    ['of equal weight', drawn((z) => z), drawn(() => 1)],
    ['with many equals', drawn((z) => Math.round(2 * z)), drawn((z, u) => 1 + 0.5 * Math.tanh(z + u))],
    ['ascending', drawn((z) => z).sort(), drawn((_z, u) => Math.exp(0.3 * u))],
  ])('is that of all of them sorted, though the worst are but summed up: %s', (_, pnl, weights) => {
    const order = Array.from(pnl.keys()).sort((a, b) => pnl[a]! - pnl[b]!);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const known = {
      weights,
      method: 'importance',
      mostWeight: 2,
      replicates: 16,
      errorQuantile: 2.13145,
      replicateOf: (i: number) => i % 16,
    };
    for (const [confidence, shortfallConfidence] of [
      [0.99, 0.99],
      [0.99, 0.975],
      [0.9, 0.95],
    ] as const) {
      const reader = weightedReader(
        confidence,
        shortfallConfidence,
        { ...known, method: 'importance' },
        referenceKernels,
      );
      const exact = (share: number): { edge: number; shortfall: number } => {
        let [reached, loss] = [0, 0];
        for (const i of order) {
          const own = Math.min(weights[i]!, share * total - reached);
          loss -= own * pnl[i]!;
          reached += weights[i]!;
          if (reached >= share * total * (1 - 1e-12)) return { edge: 0 - pnl[i]!, shortfall: loss / (share * total) };
        }
        throw new Error('not reached');
      };
      const found = reader.read(pnl);
      const { edge } = exact(1 - confidence);
      expect(found.valueAtRiskUsd).toBe(edge);
      expect(reader.valueAtRisk(pnl)).toBe(edge);
      expect(found.expectedShortfallUsd).toBeCloseTo(exact(1 - shortfallConfidence).shortfall, 10);
      const wide = weightedErrors(
        { ...known, pnl },
        worstOutcomes({ pnl, weights }, 0.5, referenceKernels),
        confidence,
      );
      expect(found.errors!.var.interval95[0]).toBeCloseTo(wide.var.interval95[0], 12);
      expect(found.errors!.var.interval95[1]).toBeCloseTo(wide.var.interval95[1], 12);
      // As many on the worse as on the better side, but for equals.
      const inside = Array.from(found.window.outcomes, (i) => pnl[i]!);
      expect(Math.min(...inside)).toBeLessThanOrEqual(-edge);
      expect(Math.max(...inside)).toBeGreaterThanOrEqual(-edge);
      expect(inside.length).toBeGreaterThan(100);
    }
  });
});

describe('errors from replicates', () => {
  const size = 4_000;
  const replicates = 8;
  const pnl = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i + 0.5 * i) * 100 - ((i * 7919) % 13));
  const weights = Float64Array.from({ length: size }, (_, i) => 0.5 + ((i * 31) % 17) / 16);
  const replicateOf = (i: number): number => i % replicates;
  const errorQuantile = studentTQuantile(0.975, replicates - 1);
  const sample = { pnl, weights, replicates, errorQuantile, replicateOf };

  it('are the spread of tail weight and of mean excess over them', () => {
    const worst = worstOutcomes(sample, shareRead(0.9, 0.9, size, 2), referenceKernels);
    const { valueAtRisk, expectedShortfall } = weightedFigures(worst, 0.9);
    const found = weightedErrors(sample, worst, 0.9);
    const spreadOf = (figure: (i: number) => number): number => {
      const means = Array.from({ length: replicates }, (_, r) => {
        const own = Array.from(pnl.keys()).filter((i) => replicateOf(i) === r);
        return own.reduce((sum, i) => sum + weights[i]! * figure(i), 0) / own.reduce((sum, i) => sum + weights[i]!, 0);
      });
      const mean = means.reduce((sum, value) => sum + value, 0) / replicates;
      return Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (replicates * (replicates - 1)));
    };
    const share = spreadOf((i) => (-pnl[i]! >= valueAtRisk ? 1 : 0));
    expect(found.effectiveOutcomes.valueAtRisk).toBeCloseTo((0.1 * 0.9) / share ** 2, 6);
    expect(found.es.standardError).toBeCloseTo(spreadOf((i) => Math.max(-pnl[i]! - valueAtRisk, 0)) / 0.1, 9);
    // Student's t with 7 degrees of freedom, 97.5 %: 2.364624 in any table.
    expect((found.es.interval95[1] - expectedShortfall) / found.es.standardError).toBeCloseTo(2.364624, 5);
    const [low, high] = found.var.interval95;
    expect(low).toBeLessThan(valueAtRisk);
    expect(high).toBeGreaterThan(valueAtRisk);
    const beyond = (level: number): number => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return pnl.reduce((sum, value, i) => sum + (-value >= level ? weights[i]! / total : 0), 0);
    };
    expect(beyond(high)).toBeCloseTo(0.1 - 2.364624 * share, 2);
    expect(beyond(low)).toBeCloseTo(0.1 + 2.364624 * share, 2);
  });

  it('are none where nothing varies', () => {
    const still = { ...sample, pnl: new Float64Array(size).fill(-3) };
    const found = weightedErrors(still, worstOutcomes(still, 0.2, referenceKernels), 0.9);
    expect(found.var).toEqual({ standardError: 0, interval95: [3, 3] });
    expect(found.es).toEqual({ standardError: 0, interval95: [3, 3] });
    expect(found.effectiveOutcomes.expectedShortfall).toBeNull();
  });
});

describe('a reader of weighted outcomes', () => {
  it('reads equal weights as the plain figures are read', () => {
    const size = 5_000;
    const pnl = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i) * 1_000);
    const weights = new Float64Array(size).fill(1);
    const known = {
      weights,
      method: 'sobol',
      mostWeight: 1,
      replicates: 16,
      errorQuantile: 2.13145,
      replicateOf: (i: number) => i % 16,
    } as const;
    const reader = weightedReader(0.99, 0.975, known, referenceKernels);
    const found = reader.read(pnl);
    const sorted = sortedPnl(pnl);
    expect(found.valueAtRiskUsd).toBe(valueAtRiskOf(sorted, 0.99));
    expect(found.expectedShortfallUsd).toBeCloseTo(expectedShortfallOf(sorted, 0.975), 9);
    expect(found.exceedance(500)).toBeCloseTo(exceedanceOf(pnl, 500), 12);
    expect(reader.valueAtRisk(pnl)).toBe(found.valueAtRiskUsd);
    expect(reader.figures(pnl)!.expectedShortfallUsd).toBe(found.expectedShortfallUsd);
    const plain = pnlHistogram(pnl, histogramRange(sorted));
    expect(found.histogram.counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(size, 9);
    expect(found.histogram.edgesUsd[1]! - found.histogram.edgesUsd[0]!).toBe(plain.edgesUsd[1]! - plain.edgesUsd[0]!);
    // Around the 50th worst, five on either side.
    expect(Array.from(found.window.outcomes, (i) => pnl[i]!).sort((a, b) => a - b)).toEqual(
      Array.from(sorted.slice(44, 55)),
    );
  });
});

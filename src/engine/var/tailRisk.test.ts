import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { inverseNormalCdf, normalPdf } from '../numerics/normal.ts';
import { empiricalReader } from './outcomeReader.ts';
import {
  componentVar,
  exceedanceOf,
  expectedShortfallError,
  expectedShortfallOf,
  histogramRange,
  pnlHistogram,
  sortedPnl,
  tailRisk,
  valueAtRiskError,
  valueAtRiskOf,
  valueAtRiskWindow,
  worstRead,
} from './tailRisk.ts';

const losses = (...values: number[]): Float64Array => Float64Array.from(values, (value) => -value);

/** Seeded uniform numbers in (0, 1): a 32-bit mixing generator, independent of the engine's own. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

function normalSample(count: number, seed: number): Float64Array {
  const uniform = uniforms(seed);
  return Float64Array.from({ length: count }, () => inverseNormalCdf(uniform()));
}

const vectors = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })
  .map((values) => Float64Array.from(values));
const confidences = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const scaleOf = (pnl: Float64Array): number => pnl.reduce((most, value) => Math.max(most, Math.abs(value)), 1);

describe('VaR and ES of a sample', () => {
  it('gives the fifth worst of 500 losses at 99 %, as in the historical simulation example of Hull', () => {
    const worst = [477.841, 345.435, 282.204, 277.041, 253.385, 227.217, 205.256];
    const pnl = losses(...worst, ...Array.from({ length: 493 }, (_, i) => 200 - i));
    expect(tailRisk(pnl, 0.99).valueAtRiskUsd).toBe(253.385);
    expect(tailRisk(pnl, 0.99).expectedShortfallUsd).toBeCloseTo(
      (477.841 + 345.435 + 282.204 + 277.041 + 253.385) / 5,
      12,
    );
  });

  it('lets the outcome at the edge enter ES with the fraction of the tail it fills (Acerbi and Tasche)', () => {
    const pnl = losses(10, 5, 1, 0, 0, -1, -2, -3, -4, -5);
    // 10 (1 - 0.85) = 1.5 outcomes: the worst, and half of the next.
    expect(tailRisk(pnl, 0.85).valueAtRiskUsd).toBe(5);
    expect(tailRisk(pnl, 0.85).expectedShortfallUsd).toBeCloseTo((10 + 0.5 * 5) / 1.5, 14);
  });

  it('counts whole tails as whole although 1 - 0.99 is not exactly 0.01', () => {
    for (const count of [100, 1_000, 10_000, 100_000]) {
      const pnl = Float64Array.from({ length: count }, (_, i) => i + 1 - count);
      const tail = count / 100;
      expect(tailRisk(pnl, 0.99).valueAtRiskUsd).toBe(count - tail);
      expect(tailRisk(pnl, 0.99).expectedShortfallUsd).toBeCloseTo(count - (tail + 1) / 2, 9);
    }
  });

  it('takes the worst outcome where less than one lies in the tail', () => {
    expect(tailRisk(losses(3, 7, 1), 0.999)).toEqual({ valueAtRiskUsd: 7, expectedShortfallUsd: 7 });
  });

  it('reads ES at a confidence of its own', () => {
    const pnl = normalSample(1_000, 3);
    expect(tailRisk(pnl, 0.99, 0.975).expectedShortfallUsd).toBe(tailRisk(pnl, 0.975).expectedShortfallUsd);
  });

  it('leaves its input alone and refuses what is not a number', () => {
    const pnl = losses(1, 3, 2);
    sortedPnl(pnl);
    expect([...pnl]).toEqual([-1, -3, -2]);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(() => sortedPnl(Float64Array.of(0, bad, 1))).toThrow(/too large/);
    expect(() => sortedPnl(new Float64Array(0))).toThrow(/no outcomes/);
  });

  it('has VaR that is not subadditive and ES that is: two bonds that default one time in 25, independently', () => {
    const one: number[] = [];
    const other: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      for (let j = 0; j < 25; j += 1) {
        one.push(i === 0 ? 100 : 0);
        other.push(j === 0 ? 100 : 0);
      }
    }
    const [a, b, both] = [losses(...one), losses(...other), losses(...one.map((value, i) => value + other[i]!))].map(
      (pnl) => tailRisk(pnl, 0.95),
    );
    expect(a!.valueAtRiskUsd + b!.valueAtRiskUsd).toBe(0);
    expect(both!.valueAtRiskUsd).toBe(100);
    expect(a!.expectedShortfallUsd).toBeCloseTo(80, 12);
    expect(both!.expectedShortfallUsd).toBeLessThan(a!.expectedShortfallUsd + b!.expectedShortfallUsd);
  });
});

describe('properties on random outcomes', () => {
  it('ES >= VaR, both monotone in confidence', () => {
    fc.assert(
      fc.property(vectors, confidences, confidences, (pnl, c1, c2) => {
        const sorted = sortedPnl(pnl);
        const [low, high] = [Math.min(c1, c2), Math.max(c1, c2)];
        const slack = 1e-12 * scaleOf(pnl);
        expect(expectedShortfallOf(sorted, low)).toBeGreaterThanOrEqual(valueAtRiskOf(sorted, low));
        expect(valueAtRiskOf(sorted, high)).toBeGreaterThanOrEqual(valueAtRiskOf(sorted, low));
        expect(expectedShortfallOf(sorted, high)).toBeGreaterThanOrEqual(expectedShortfallOf(sorted, low) - slack);
      }),
      { numRuns: 1_000 },
    );
  });

  it('cash moves both one for one, and size scales both', () => {
    fc.assert(
      fc.property(
        vectors,
        confidences,
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e3, noNaN: true }),
        (pnl, confidence, cash, size) => {
          const base = tailRisk(pnl, confidence);
          const shifted = tailRisk(
            pnl.map((value) => value + cash),
            confidence,
          );
          const scaled = tailRisk(
            pnl.map((value) => value * size),
            confidence,
          );
          const slack = 1e-12 * (scaleOf(pnl) + Math.abs(cash));
          expect(Math.abs(shifted.valueAtRiskUsd - (base.valueAtRiskUsd - cash))).toBeLessThanOrEqual(slack);
          expect(Math.abs(shifted.expectedShortfallUsd - (base.expectedShortfallUsd - cash))).toBeLessThanOrEqual(
            slack,
          );
          const scaledSlack = 1e-12 * size * scaleOf(pnl) + 1e-300;
          expect(Math.abs(scaled.valueAtRiskUsd - size * base.valueAtRiskUsd)).toBeLessThanOrEqual(scaledSlack);
          expect(Math.abs(scaled.expectedShortfallUsd - size * base.expectedShortfallUsd)).toBeLessThanOrEqual(
            scaledSlack,
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('ES of a sum is at most the sum of ES on the same outcomes', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(pairs, confidences, (outcomes, confidence) => {
        const a = Float64Array.from(outcomes, ([x]) => x);
        const b = Float64Array.from(outcomes, ([, y]) => y);
        const sum = a.map((x, i) => x + b[i]!);
        const parts = tailRisk(a, confidence).expectedShortfallUsd + tailRisk(b, confidence).expectedShortfallUsd;
        expect(tailRisk(sum, confidence).expectedShortfallUsd).toBeLessThanOrEqual(
          parts + 1e-11 * (scaleOf(a) + scaleOf(b)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not depend on the order of the outcomes', () => {
    fc.assert(
      fc.property(vectors, confidences, (pnl, confidence) => {
        expect(tailRisk(pnl.toReversed(), confidence)).toEqual(tailRisk(pnl, confidence));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('sampling error', () => {
  const count = 20_000;
  const confidence = 0.99;
  const z = inverseNormalCdf(confidence);
  const trueShortfall = normalPdf(z) / (1 - confidence);
  const runs = Array.from({ length: 400 }, (_, seed) => {
    const sorted = sortedPnl(normalSample(count, 1_000 + seed));
    return {
      var: valueAtRiskOf(sorted, confidence),
      es: expectedShortfallOf(sorted, confidence),
      varError: valueAtRiskError(sorted, confidence),
      esError: expectedShortfallError(sorted, confidence),
    };
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = (values: readonly number[]): number => {
    const m = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - m) ** 2)));
  };

  it('finds the normal closed forms within four standard errors of the mean of many runs', () => {
    expect(Math.abs(mean(runs.map((run) => run.var)) - z)).toBeLessThan(
      (4 * mean(runs.map((run) => run.varError.standardError))) / Math.sqrt(runs.length),
    );
    expect(Math.abs(mean(runs.map((run) => run.es)) - trueShortfall)).toBeLessThan(
      (4 * mean(runs.map((run) => run.esError.standardError))) / Math.sqrt(runs.length),
    );
  });

  it('states standard errors that are the spread of repeated estimates', () => {
    // The spread of 400 runs is itself known to 1 / sqrt(800) = 3.5 %.
    const slack = 4 / Math.sqrt(2 * runs.length);
    expect(
      Math.abs(deviation(runs.map((run) => run.var)) / mean(runs.map((run) => run.varError.standardError)) - 1),
    ).toBeLessThan(slack);
    expect(
      Math.abs(deviation(runs.map((run) => run.es)) / mean(runs.map((run) => run.esError.standardError)) - 1),
    ).toBeLessThan(slack);
    // And that of theory: sqrt(c (1 - c) / n) / density.
    const theory = Math.sqrt((confidence * (1 - confidence)) / count) / normalPdf(z);
    expect(mean(runs.map((run) => run.varError.standardError)) / theory).toBeCloseTo(1, 1);
  });

  it('encloses the truth in 95 of 100 intervals', () => {
    const share = (hit: (run: (typeof runs)[number]) => boolean): number => runs.filter(hit).length / runs.length;
    const varShare = share(({ varError: { interval95 } }) => interval95[0] <= z && z <= interval95[1]);
    const esShare = share(
      ({ esError: { interval95 } }) => interval95[0] <= trueShortfall && trueShortfall <= interval95[1],
    );
    const slack = 4 * Math.sqrt((0.95 * 0.05) / runs.length);
    expect(Math.abs(varShare - 0.95)).toBeLessThan(slack);
    expect(Math.abs(esShare - 0.95)).toBeLessThan(slack);
  });
});

describe('exceedance', () => {
  it('counts outcomes that lose strictly more', () => {
    const sorted = sortedPnl(losses(5, 3, 3, 1, -2));
    expect([6, 5, 4, 3, 2.9, 0, -2, -3].map((level) => exceedanceOf(sorted, level))).toEqual([
      0, 0, 0.2, 0.2, 0.6, 0.8, 0.8, 1,
    ]);
  });
});

describe('histogram', () => {
  it.each([0, 1e6, -3e9])('counts between its edges to the last outcome, however far from zero: %f', (centre) => {
    const edges = histogramRange(sortedPnl(normalSample(9_999, 21)));
    const pnl = normalSample(9_999, 21).map((value) => centre + value);
    const { edgesUsd, counts } = pnlHistogram(pnl, [centre + edges[0], centre + edges[1]]);
    // Outcomes on the edges themselves, and next to them.
    const onEdges = Float64Array.from(edgesUsd);
    const all = Float64Array.from([...pnl, ...onEdges, ...onEdges.map((edge) => edge * (1 - 2e-16))]);
    const found = pnlHistogram(all, [centre + edges[0], centre + edges[1]]);
    expect(found.edgesUsd).toEqual(edgesUsd);
    found.counts.forEach((count, bin) => {
      const from = bin === 0 ? -Infinity : edgesUsd[bin]!;
      const to = bin === counts.length - 1 ? Infinity : edgesUsd[bin + 1]!;
      expect(count).toBe(all.filter((value) => value >= from && value < to).length);
    });
  });

  it('counts every outcome once between round edges, the extremes in the end bins', () => {
    const sorted = sortedPnl(normalSample(50_000, 7).map((value) => 12_345 * value));
    const { edgesUsd, counts } = pnlHistogram(sorted, histogramRange(sorted));
    expect(counts.reduce((sum, value) => sum + value, 0)).toBe(50_000);
    expect(edgesUsd.length).toBe(counts.length + 1);
    expect(counts.length).toBeGreaterThan(50);
    expect(counts.length).toBeLessThan(130);
    // +-3.09 sd is 0.1 % to 99.9 %.
    expect(edgesUsd[0]).toBeGreaterThan(-3.4 * 12_345);
    expect(sorted[0]).toBeLessThan(edgesUsd[0]!);
    const step = edgesUsd[1]! - edgesUsd[0]!;
    expect([1_000, 500, 2_000]).toContain(Number(step.toFixed(6)));
    const middle = Math.floor(counts.length / 2);
    const inside = sorted.filter((value) => value >= edgesUsd[middle]! && value < edgesUsd[middle + 1]!).length;
    expect(counts[middle]).toBe(inside);
  });

  it('draws one bin for outcomes that are all the same', () => {
    for (const value of [0, -250, 1e9]) {
      const { edgesUsd, counts } = pnlHistogram(new Float64Array(10).fill(value), [value, value]);
      expect(counts).toEqual([10]);
      expect(edgesUsd[0]).toBeLessThanOrEqual(value);
      expect(edgesUsd[1]).toBeGreaterThan(value);
    }
  });

  it('keeps its counts whatever the outcomes', () => {
    fc.assert(
      fc.property(vectors, (pnl) => {
        const { edgesUsd, counts } = pnlHistogram(pnl, histogramRange(sortedPnl(pnl)));
        expect(counts.reduce((sum, value) => sum + value, 0)).toBe(pnl.length);
        for (let i = 1; i < edgesUsd.length; i += 1) expect(edgesUsd[i]).toBeGreaterThan(edgesUsd[i - 1]!);
        expect(counts.length).toBeLessThan(130);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a tail selected from outcomes', () => {
  // Few values, so that most outcomes have equals.
  const tied = fc
    .tuple(
      fc.array(fc.constantFrom(-3, -1.5, -1, 0, -0, 0.1, 2, 2.5, 7), { minLength: 1, maxLength: 400 }),
      fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
    )
    .map(([values, scale]) => Float64Array.from(values, (value) => value * scale));

  it('has the figures of all outcomes sorted, to the bit, ties or none', () => {
    fc.assert(
      fc.property(fc.oneof(tied, vectors), confidences, confidences, (pnl, confidence, shortfallConfidence) => {
        const sorted = sortedPnl(pnl);
        const n = pnl.length;
        const worst = sorted.slice(0, worstRead(n, confidence, shortfallConfidence));
        expect(valueAtRiskOf(worst, confidence, n)).toBe(valueAtRiskOf(sorted, confidence));
        expect(expectedShortfallOf(worst, shortfallConfidence, n)).toBe(
          expectedShortfallOf(sorted, shortfallConfidence),
        );
        expect(valueAtRiskError(worst, confidence, n)).toEqual(valueAtRiskError(sorted, confidence));
        expect(expectedShortfallError(worst, shortfallConfidence, n)).toEqual(
          expectedShortfallError(sorted, shortfallConfidence),
        );
        expect(valueAtRiskWindow(pnl, worst, confidence)).toEqual(valueAtRiskWindow(pnl, sorted, confidence));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read no further than it must be: a hundredth of a million and a few more', () => {
    expect(worstRead(1_000_000, 0.99, 0.99)).toBeLessThan(11_050);
    expect(worstRead(1_000_000, 0.99, 0.975)).toBe(25_000);
  });

  it('is what the reader of outcomes says, with counts made without sorting', () => {
    fc.assert(
      fc.property(fc.oneof(tied, vectors), confidences, (pnl, confidence) => {
        const sorted = sortedPnl(pnl);
        const reading = empiricalReader(confidence, confidence, true, referenceKernels).read(pnl);
        expect(reading).toMatchObject({
          valueAtRiskUsd: valueAtRiskOf(sorted, confidence),
          expectedShortfallUsd: expectedShortfallOf(sorted, confidence),
          histogram: pnlHistogram(sorted, histogramRange(sorted)),
        });
        const { edgesUsd, counts } = reading.histogram;
        counts.forEach((count, bin) => {
          const from = bin === 0 ? -Infinity : edgesUsd[bin]!;
          const to = bin === counts.length - 1 ? Infinity : edgesUsd[bin + 1]!;
          expect(count).toBe(pnl.filter((value) => value >= from && value < to).length);
        });
        for (const level of [-1, 0, 1, 2.5])
          expect(reading.exceedance(level)).toBe(pnl.filter((value) => -value > level).length / pnl.length);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['ascending', (n: number) => normalSample(n, 11).sort()],
    ['descending', (n: number) => normalSample(n, 12).sort().reverse()],
    ['equal but for the first', (n: number) => new Float64Array(n).fill(3, 1)],
    [
      'worst and best at the end',
      (n: number) => normalSample(n, 13).map((value, i) => (i < n - 50 ? value / 100 : value)),
    ],
  ])('is what the reader of many outcomes says, %s', (_, make) => {
    for (const n of [1_500, 30_000]) {
      const pnl = make(n);
      const sorted = sortedPnl(pnl);
      const reading = empiricalReader(0.99, 0.975, true, referenceKernels).read(pnl);
      expect(reading.histogram).toEqual(pnlHistogram(sorted, histogramRange(sorted)));
      for (const level of [-sorted[0]!, -sorted[3]!, -sorted[n >> 1]!, 1e9, -1e9])
        expect(reading.exceedance(level)).toBe(exceedanceOf(sorted, level));
    }
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses an outcome of %f wherever it stands', (bad) => {
    for (const at of [0, 57, 99]) {
      const pnl = new Float64Array(100).fill(1);
      pnl[at] = bad;
      const read = () => empiricalReader(0.9, 0.9, true, referenceKernels).read(pnl);
      expect(read).toThrow('The losses of this book are too large to compute; check its quantities');
    }
  });
});

describe('component VaR', () => {
  it('averages as many worse as better outcomes around the VaR outcome', () => {
    const pnl = Float64Array.from({ length: 1_000 }, (_, i) => ((i * 617) % 1_000) - 500);
    const sorted = sortedPnl(pnl);
    const window = valueAtRiskWindow(pnl, sorted, 0.95);
    // The 50th worst, and five either side.
    expect([...window].map((i) => pnl[i]!).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 11 }, (_, i) => -500 + 44 + i),
    );
  });

  it('takes a bounded window where outcomes are equal', () => {
    const pnl = new Float64Array(10_000);
    expect(valueAtRiskWindow(pnl, sortedPnl(pnl), 0.99).length).toBe(21);
  });

  it('adds up to the VaR whatever the rows', () => {
    const rows = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, fc.double({ min: -1e5, max: 1e6, noNaN: true }), (means, total) => {
        const components = componentVar(total, means);
        const size = means.reduce((sum, value) => sum + Math.abs(value), Math.abs(total));
        expect(Math.abs(components.reduce((sum, value) => sum + value, 0) - total)).toBeLessThanOrEqual(
          1e-12 * size + 1e-300,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

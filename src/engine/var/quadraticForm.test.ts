import * as fc from 'fast-check';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { inverseNormalCdf, normalCdf, normalPdf } from '../numerics/normal.ts';
import {
  conditionalMoments,
  formMean,
  formStandardDeviation,
  type QuadraticForm,
  quadraticForm,
  upperQuantile,
  upperTail,
} from './quadraticForm.ts';

/** Sum of a_j y_j + lambda_j y_j^2 / 2, already diagonal. */
function diagonal(linear: readonly number[], quadratic: readonly number[]): QuadraticForm {
  return {
    linear: Float64Array.from(linear),
    quadratic: Float64Array.from(quadratic),
    axes: Matrix.eye(linear.length),
  };
}

/** Quantiles of delta.u + u.Gamma.u / 2 to ten digits, from an independent inversion at high precision. */
const PUBLISHED = [
  {
    delta: [26420, -17960, -7771],
    gamma: [
      [-328500, 5506, -120600],
      [5506, -277500, -140100],
      [-120600, -140100, -206700],
    ],
    covariance: [
      [0.00124225, 0.000491496, 0.000689891],
      [0.000491496, 0.00231246, 0.000930229],
      [0.000689891, 0.000930229, 0.00205636],
    ],
    mean: -948.237954024,
    sd: 1551.497515111325,
    quantiles: {
      0.01: -5986.824483934536,
      0.025: -4757.227641063918,
      0.05: -3849.718572553193,
      0.99: 1373.8206781009553,
    },
  },
  {
    delta: [46390, 24960, 4868, 6135, -9651],
    gamma: [
      [409500, -732600, -1096000, -459700, 1026000],
      [-732600, 1478000, 1115000, 1144000, -268800],
      [-1096000, 1115000, 795800, -1165000, 1289000],
      [-459700, 1144000, -1165000, 1036000, -546700],
      [1026000, -268800, 1289000, -546700, -1262000],
    ],
    covariance: [
      [0.000698073, 2.52601e-6, 6.99829e-5, 5.87386e-7, 4.50825e-5],
      [2.52601e-6, 0.00214052, -0.0012647, 0.000151533, -0.000166365],
      [6.99829e-5, -0.0012647, 0.0022286, -0.000465408, 0.000711843],
      [5.87386e-7, 0.000151533, -0.000465408, 0.00209629, 0.000880982],
      [4.50825e-5, -0.000166365, 0.000711843, 0.000880982, 0.00163472],
    ],
    mean: 2419.4026286798,
    sd: 5540.788232338322,
    quantiles: {
      0.01: -8240.750308076418,
      0.025: -6103.675071907992,
      0.05: -4508.60970181989,
      0.99: 21551.138973192006,
    },
  },
];

describe('quadratic form of normal factors', () => {
  it.each(PUBLISHED)('has the published moments and quantiles (mean $mean)', (reference) => {
    const factor = new CholeskyDecomposition(new Matrix(reference.covariance)).lowerTriangularMatrix;
    const form = quadraticForm(Float64Array.from(reference.delta), new Matrix(reference.gamma), factor);
    expect(Math.abs(formMean(form) - reference.mean)).toBeLessThan(1e-9 * reference.sd);
    expect(Math.abs(formStandardDeviation(form) - reference.sd)).toBeLessThan(1e-12 * reference.sd);
    for (const [probability, quantile] of Object.entries(reference.quantiles))
      expect(Math.abs(upperQuantile(form, 1 - Number(probability)) - quantile)).toBeLessThan(1e-8 * reference.sd);
  });

  it('is normal where nothing is curved, far into the tail', () => {
    const form = diagonal([3, -4], [0, 0]);
    for (const p of [0.4, 0.05, 0.01, 1e-4, 1e-8]) {
      const z = -inverseNormalCdf(p);
      expect(Math.abs(upperTail(form, 5 * z).probability / p - 1)).toBeLessThan(1e-11);
      expect(Math.abs(upperTail(form, 5 * z).excess / (5 * (normalPdf(z) - z * p)) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(upperQuantile(form, p) / (5 * z) - 1)).toBeLessThan(1e-11);
    }
  });

  it('is a shifted square where there is one factor, on either side of its bound', () => {
    // Q = a y + b y^2 / 2 > x between or beyond the roots of a quadratic.
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        fc.boolean(),
        fc.double({ min: -4, max: 6, noNaN: true }),
        (a, size, positive, x) => {
          const b = positive ? size : -size;
          const root = Math.sqrt(Math.max(a * a + 2 * b * x, 0));
          const [low, high] = [(-a - root) / Math.abs(b), (-a + root) / Math.abs(b)];
          const discriminant = a * a + 2 * b * x;
          const exact = positive
            ? discriminant <= 0
              ? 1
              : normalCdf((-a - root) / b) + normalCdf(-(-a + root) / b)
            : discriminant <= 0
              ? 0
              : normalCdf((a + root) / size) - normalCdf((a - root) / size);
          expect(high).toBeGreaterThanOrEqual(low);
          expect(Math.abs(upperTail(diagonal([a], [b]), x).probability - exact)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('agrees with a chi-square of two degrees of freedom, which is exponential', () => {
    for (const x of [0.1, 1, 5, 20, 60]) {
      const tail = upperTail(diagonal([0, 0], [2, 2]), x);
      expect(Math.abs(tail.probability / Math.exp(-x / 2) - 1)).toBeLessThan(1e-11);
      expect(Math.abs(tail.excess / (2 * Math.exp(-x / 2)) - 1)).toBeLessThan(1e-11);
      expect(Math.abs(tail.density / (Math.exp(-x / 2) / 2) - 1)).toBeLessThan(1e-11);
    }
  });

  it('holds for factors of very different size and curvature', () => {
    // Large short gamma, a nearly linear small factor, a tiny curved one: convolution with the small ones by quadrature.
    const form = diagonal([0.5, 0.02, 1e-6], [-2, 1e-5, 1e-7]);
    const main = diagonal([0.5], [-2]);
    for (const x of [-4, -2, -0.5, 0, 0.05]) {
      let sum = 0;
      let weight = 0;
      for (let i = -800; i <= 800; i += 1) {
        const y = i / 100;
        sum += normalPdf(y) * upperTail(main, x - 0.02 * y - 1e-5 * y * y * 0.5).probability;
        weight += normalPdf(y);
      }
      expect(Math.abs(upperTail(form, x).probability - sum / weight)).toBeLessThan(1e-4);
    }
  });

  it('has a quantile that inverts its tail, ES beyond VaR, and conditional moments that reproduce the level', () => {
    const factors = fc.array(
      fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(factors, fc.double({ min: 0.005, max: 0.3, noNaN: true }), (terms, p) => {
        const form = diagonal(
          terms.map(([a]) => a),
          terms.map(([, lambda]) => lambda),
        );
        const sd = formStandardDeviation(form);
        fc.pre(sd > 1e-6);
        const x = upperQuantile(form, p);
        const tail = upperTail(form, x);
        expect(Math.abs(tail.probability / p - 1)).toBeLessThan(1e-6);
        expect(tail.excess).toBeGreaterThanOrEqual(0);
        const { mean, second } = conditionalMoments(form, x);
        const level = terms.reduce(
          (sum, [a, lambda], j) => sum + a * mean.get(j, 0) + (lambda * second.get(j, j)) / 2,
          0,
        );
        expect(Math.abs(level - x)).toBeLessThan(1e-6 * (sd + Math.abs(x)));
      }),
      { numRuns: 500 },
    );
  });

  it('is a point where nothing is at risk', () => {
    const still = diagonal([0, 0], [0, 0]);
    expect(upperQuantile(still, 0.01)).toBe(0);
    expect(upperTail(still, 1)).toEqual({ probability: 0, excess: 0, density: 0 });
    expect(upperTail(still, -1)).toEqual({ probability: 1, excess: 1, density: 0 });
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fittedPareto, paretoQuantile, paretoSurvival, paretoTailRisk } from './generalizedPareto.ts';
import { uniforms } from './sampling.ts';

const pareto = fc.record({
  shape: fc.oneof(fc.double({ min: -0.8, max: 0.95, noNaN: true }), fc.constantFrom(0, 1e-14, -1e-9, 1e-6)),
  scale: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
});
const probability = fc.double({ min: 1e-8, max: 0.999, noNaN: true });

/** Excesses of a known tail, by inversion. */
function drawn(shape: number, scale: number, count: number, seed = 1): Float64Array {
  const out = new Float64Array(count);
  uniforms(seed, 7, 0, count, 1, out);
  return out.map((u) => paretoQuantile({ shape, scale }, u));
}

describe('the generalised Pareto distribution', () => {
  test.prop([pareto, probability])('quantile and survival are inverses', (tail, p) => {
    expect(Math.abs(paretoSurvival(tail, paretoQuantile(tail, p)) / p - 1)).toBeLessThan(1e-6);
  });

  test.prop([fc.double({ min: -1, max: 1, noNaN: true }), probability])(
    'goes over into the exponential as its shape goes to zero',
    (direction, p) => {
      const near = paretoQuantile({ shape: 1e-9 * direction, scale: 2 }, p);
      const limit = -2 * Math.log(p);
      // First term of the series in the shape: x^2 / 2.
      expect(Math.abs(near - limit)).toBeLessThanOrEqual(1e-9 * limit * limit + 1e-14 * limit);
    },
  );

  test.prop([
    pareto,
    fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    fc.double({ min: 1e-6, max: 0.09, noNaN: true }),
  ])('ES is beyond VaR, both shift and scale with the losses, and rise with confidence', (tail, threshold, p) => {
    const { valueAtRisk, expectedShortfall } = paretoTailRisk(tail, threshold, 0.1, p);
    expect(expectedShortfall).toBeGreaterThan(valueAtRisk - 1e-9 * Math.abs(valueAtRisk));
    const moved = paretoTailRisk({ ...tail, scale: 3 * tail.scale }, 3 * threshold + 7, 0.1, p);
    expect(moved.valueAtRisk).toBeCloseTo(3 * valueAtRisk + 7, -Math.log10(1e-9 * (1 + Math.abs(valueAtRisk))));
    expect(paretoTailRisk(tail, threshold, 0.1, p / 2).valueAtRisk).toBeGreaterThanOrEqual(valueAtRisk);
  });

  it('has no mean from a shape of 1 on', () => {
    expect(paretoTailRisk({ shape: 1, scale: 1 }, 0, 0.1, 0.01).expectedShortfall).toBe(Infinity);
  });
});

describe('fittedPareto', () => {
  it.each([
    [-0.3, 2],
    [0, 5],
    [0.25, 1000],
    [0.7, 0.001],
  ])('finds a shape of %d and a scale of %d again within four standard errors', (shape, scale) => {
    const fit = fittedPareto(drawn(shape, scale, 5000))!;
    expect(Math.abs(fit.shape - shape)).toBeLessThan(4 * fit.errors!.shape);
    expect(Math.abs(fit.scale - scale)).toBeLessThan(4 * fit.errors!.scale);
  });

  test.prop([
    fc.double({ min: -0.4, max: 0.9, noNaN: true }),
    fc.integer({ min: 20, max: 200 }),
    fc.integer({ min: 0, max: 1e6 }),
  ])('is a maximum: no neighbour is likelier, and both equations of the likelihood hold', (shape, count, seed) => {
    const excesses = drawn(shape, 3, count, seed);
    const fit = fittedPareto(excesses);
    fc.pre(fit !== null);
    const logLikelihood = (xi: number, beta: number): number =>
      excesses.reduce((sum, y) => {
        const z = 1 + (xi * y) / beta;
        if (z <= 0) return -Infinity;
        return sum - Math.log(beta) - (Math.abs(xi) < 1e-12 ? y / beta : (1 / xi + 1) * Math.log(z));
      }, 0);
    const best = logLikelihood(fit.shape, fit.scale);
    expect(Math.abs(best - fit.logLikelihood)).toBeLessThan(1e-6 * (1 + Math.abs(best)));
    for (const [a, b] of [
      [0.01, 0],
      [-0.01, 0],
      [0, 0.01],
      [0, -0.01],
      [0.01, 0.01],
      [-0.01, 0.01],
    ] as const)
      expect(logLikelihood(fit.shape + a, fit.scale * (1 + b))).toBeLessThanOrEqual(best + 1e-9);
  });

  test.prop([fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 1e-9, max: 1e9, noNaN: true })])(
    'has the same shape in every unit',
    (seed, factor) => {
      const excesses = drawn(0.2, 1, 60, seed);
      const [fit, scaled] = [fittedPareto(excesses), fittedPareto(excesses.map((y) => y * factor))];
      fc.pre(fit !== null);
      expect(scaled!.shape).toBeCloseTo(fit!.shape, 8);
      expect(Math.abs(scaled!.scale / (fit!.scale * factor) - 1)).toBeLessThan(1e-8);
    },
  );

  it('finds the same peak of many excesses as a search over all of them would', () => {
    for (const shape of [-0.3, 0.01, 0.6]) {
      const excesses = drawn(shape, 2, 3_000, 11);
      const fit = fittedPareto(excesses)!;
      // The two equations of the likelihood: mean of ln(1 + theta y) is xi, and its slope in theta vanishes.
      const theta = fit.shape / fit.scale;
      const mean = (of: (y: number) => number): number => excesses.reduce((sum, y) => sum + of(y), 0) / excesses.length;
      expect(mean((y) => Math.log1p(theta * y))).toBeCloseTo(fit.shape, 9);
      expect((1 + fit.shape) * mean((y) => 1 / (1 + theta * y))).toBeCloseTo(1, 8);
    }
  });

  it('refuses what has no maximum: nothing in excess, or all of it at the end', () => {
    expect(fittedPareto([])).toBeNull();
    expect(fittedPareto([0, 0, 0])).toBeNull();
    expect(fittedPareto(new Float64Array(40).fill(5))).toBeNull();
  });
});

import { fc, test } from '@fast-check/vitest';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import { cornishFisherPnl, cornishFisherVar, quadraticMoments } from './cornishFisherVar.ts';
import type { Sensitivity } from './exposures.ts';
import { deltaGammaNormalVar, type ParametricInputs } from './parametricVar.ts';

const greek = fc.double({ min: -1e5, max: 1e5, noNaN: true });
const position = fc.record({
  id: fc.constant('a'),
  underlying: fc.constantFrom('BTC', 'ETH'),
  delta: greek,
  gamma: greek,
  vega: greek,
  vanna: greek,
  volga: greek,
});
const COVARIANCE = new Matrix([
  [1.6e-3, 1.1e-3, -1.2e-3, -0.9e-3],
  [1.1e-3, 2.5e-3, -0.8e-3, -1.3e-3],
  [-1.2e-3, -0.8e-3, 3.2e-3, 2.1e-3],
  [-0.9e-3, -1.3e-3, 2.1e-3, 3.6e-3],
]);
const inputsOf = (positions: readonly Sensitivity[], confidence = 0.99): ParametricInputs => ({
  positions,
  underlyings: ['BTC', 'ETH'],
  covariance: COVARIANCE,
  confidence,
});

/** The answer, or null where the expansion has turned before the confidence. */
function answered(inputs: ParametricInputs): ReturnType<typeof cornishFisherVar> | null {
  try {
    return cornishFisherVar(inputs);
  } catch (error) {
    expect(error).toBeInstanceOf(RiskError);
    expect((error as RiskError).failure.code).toBe('unsupported');
    return null;
  }
}

describe('quadraticMoments', () => {
  it('are those of a chi-square variable for a pure gamma', () => {
    const { mean, deviation, skewness, excessKurtosis } = quadraticMoments([0], new Matrix([[2]]), new Matrix([[1]]));
    expect([mean, deviation]).toEqual([1, Math.SQRT2]);
    expect(skewness).toBeCloseTo(Math.sqrt(8), 12);
    expect(excessKurtosis).toBeCloseTo(12, 12);
  });

  it('gives the quantile of an independent implementation (PDQutils AS 269 on the same cumulants)', () => {
    const moments = quadraticMoments([0], new Matrix([[-10_000]]), new Matrix([[1]]));
    expect(cornishFisherPnl(moments, 0.99)).toBeCloseTo(-4707.882, 3);
  });
});

describe('cornishFisherVar', () => {
  const linear: Sensitivity = { id: 'a', underlying: 'BTC', delta: 5e4, gamma: 0, vega: 0, vanna: 0, volga: 0 };

  it('is the normal figure for a book without curvature', () => {
    const inputs = inputsOf([linear, { ...linear, underlying: 'ETH', delta: -2e4 }]);
    const [expansion, exact] = [cornishFisherVar(inputs), deltaGammaNormalVar(inputs)];
    expect(expansion.valueAtRiskUsd).toBeCloseTo(exact.valueAtRiskUsd, 5);
    expect(expansion.expectedShortfallUsd).toBeCloseTo(exact.expectedShortfallUsd, 5);
    expansion.components.forEach((each, i) => expect(each).toBeCloseTo(exact.components[i]!, 5));
    expect(expansion).toMatchObject({ monotone: true, turnsAtConfidence: null });
  });

  test.prop([fc.array(position, { minLength: 1, maxLength: 5 }), fc.constantFrom(0.9, 0.95, 0.99, 0.999)])(
    'ES is at least VaR, components add up and are derivatives, and VaR scales',
    (positions, confidence) => {
      const result = answered(inputsOf(positions, confidence));
      fc.pre(result !== null);
      const { valueAtRiskUsd, expectedShortfallUsd, components } = result!;
      const size = 1 + result!.moments.deviation;
      expect(expectedShortfallUsd).toBeGreaterThanOrEqual(valueAtRiskUsd - 1e-9 * size);
      expect(Math.abs(components.reduce((sum, each) => sum + each, 0) - valueAtRiskUsd)).toBeLessThan(1e-9 * size);
      const scaled = (factor: number): number => {
        const [first, ...rest] = positions;
        const { delta, gamma, vega, vanna, volga } = first!;
        const changed = {
          ...first!,
          delta: delta * factor,
          gamma: gamma * factor,
          vega: vega * factor,
          vanna: vanna * factor,
          volga: volga * factor,
        };
        return cornishFisherVar(inputsOf([changed, ...rest], confidence)).valueAtRiskUsd;
      };
      const step = 1e-4;
      const near = [answered(inputsOf(positions, confidence + 1e-9))];
      fc.pre(near[0] !== null && result!.moments.deviation > 1);
      const slope = (scaled(1 + step) - scaled(1 - step)) / (2 * step);
      expect(Math.abs(slope - components[0]!)).toBeLessThan(1e-4 * size);
      const all = positions.map((each) => ({
        ...each,
        delta: 2 * each.delta,
        gamma: 2 * each.gamma,
        vega: 2 * each.vega,
        vanna: 2 * each.vanna,
        volga: 2 * each.volga,
      }));
      expect(Math.abs(cornishFisherVar(inputsOf(all, confidence)).valueAtRiskUsd - 2 * valueAtRiskUsd)).toBeLessThan(
        1e-8 * size,
      );
    },
  );

  test.prop([fc.array(position, { minLength: 1, maxLength: 4 })])(
    'rises with confidence, and its exceedance is the inverse of its quantile',
    (positions) => {
      const levels = [0.8, 0.9, 0.95, 0.99, 0.999].map((confidence) => answered(inputsOf(positions, confidence)));
      const known = levels.filter((each) => each !== null);
      known.slice(1).forEach((each, i) => {
        expect(each.valueAtRiskUsd).toBeGreaterThanOrEqual(known[i]!.valueAtRiskUsd);
      });
      const [first] = known;
      fc.pre(first !== undefined && first.moments.deviation > 1);
      expect(first!.exceedance(first!.lossQuantile(0.2))).toBeCloseTo(0.2, 6);
    },
  );

  it('says where it stops being monotone, holds losses there, and refuses beyond', () => {
    // Long gamma: losses end at the least value of the square, and the expansion turns.
    const long = inputsOf([{ ...linear, delta: 100, gamma: 1e6 }], 0.6);
    const { turnsAtConfidence, monotone, valueAtRiskUsd, expectedShortfallUsd } = cornishFisherVar(long);
    expect(monotone).toBe(false);
    expect(turnsAtConfidence).toBeGreaterThan(0.6);
    expect(expectedShortfallUsd).toBeGreaterThanOrEqual(valueAtRiskUsd);
    expect(() => cornishFisherVar({ ...long, confidence: 0.999 })).toThrow('use parametric VaR');
  });
});

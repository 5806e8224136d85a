import { describe, expect, it } from 'vitest';
import { chiSquareQuantile } from './chiSquare.ts';
import { logMixingScale } from './logMixingScale.ts';
import { inverseNormalCdf, normalCdf } from './normal.ts';
import { studentTCdf } from './studentTCdf.ts';

const mixingScale = (degreesOfFreedom: number) => {
  const logScale = logMixingScale(degreesOfFreedom);
  return (z: number) => Math.exp(logScale(z));
};

describe('the Student-t scale of a normal', () => {
  it.each([2.05, 3, 4, 7.3, 30, 1000])('is the root of (nu - 2) / chi-square at the same quantile, nu = %f', (nu) => {
    const scale = mixingScale(nu);
    for (let z = -9.97; z < 14.9; z += 0.37) {
      const chiSquare =
        z > 0 ? chiSquareQuantile('lower', normalCdf(-z), nu) : chiSquareQuantile('upper', normalCdf(z), nu);
      expect(scale(z) / Math.sqrt((nu - 2) / chiSquare) - 1).toBeCloseTo(0, 12);
    }
  });

  it('has the closed form of 4 degrees of freedom, P(X > x) = exp(-x/2) (1 + x/2)', () => {
    const scale = mixingScale(4);
    for (const chiSquare of [0.1, 0.3, 1, 4, 9.49, 30, 60]) {
      const upper = Math.exp(-chiSquare / 2) * (1 + chiSquare / 2);
      const z = chiSquare > 3 ? inverseNormalCdf(upper) : -inverseNormalCdf(-Math.expm1(Math.log(upper)));
      expect(scale(z) / Math.sqrt(2 / chiSquare)).toBeCloseTo(1, 9);
    }
  });

  it('makes normals Student-t: the scale mixture has its distribution', () => {
    // P(scale x normal <= -q) = mean over z of N(-q / scale(z)), by the midpoint rule on the quantiles of z.
    const nu = 4;
    const scale = mixingScale(nu);
    const steps = 20_000;
    for (const q of [0.5, 2, 5]) {
      let mean = 0;
      for (let i = 0; i < steps; i += 1) mean += normalCdf(-q / scale(inverseNormalCdf((i + 0.5) / steps))) / steps;
      expect(mean).toBeCloseTo(studentTCdf(-q * Math.sqrt(nu / (nu - 2)), nu), 6);
    }
  });

  it('is held beyond its range and refused without a variance', () => {
    const scale = mixingScale(4);
    expect(scale(40)).toBe(scale(15));
    expect(scale(-40)).toBe(scale(-10));
    expect(() => mixingScale(2)).toThrow('above 2, not 2');
  });
});

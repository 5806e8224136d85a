import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  cornishFisherQuantile,
  cornishFisherRange,
  cornishFisherSensitivities,
  cornishFisherTailIntegral,
  isCornishFisherMonotone,
} from './cornishFisher.ts';
import { normalPdf } from './normal.ts';

const shape = fc.record({
  skewness: fc.double({ min: -3, max: 3, noNaN: true }),
  excessKurtosis: fc.double({ min: -1.5, max: 15, noNaN: true }),
});

const slope = (of: Parameters<typeof cornishFisherQuantile>[0], z: number): number =>
  (cornishFisherQuantile(of, z + 1e-5) - cornishFisherQuantile(of, z - 1e-5)) / 2e-5;

describe('the Cornish-Fisher expansion', () => {
  it('is the normal quantile without skewness and kurtosis', () => {
    expect(cornishFisherQuantile({ skewness: 0, excessKurtosis: 0 }, -2.3)).toBe(-2.3);
    expect(isCornishFisherMonotone({ skewness: 0, excessKurtosis: 0 })).toBe(true);
  });

  it.each([
    // Maillard (2012): monotone between 4 and about 8 of excess kurtosis at a skewness of 1.5; the map falls outside.
    [0, 8, true],
    [0, 8.01, false],
    [0, -0.01, false],
    [-1, 3, true],
    [-2.83, 12, false],
  ])('with skewness %d and kurtosis %d is monotone: %s', (skewness, excessKurtosis, expected) => {
    expect(isCornishFisherMonotone({ skewness, excessKurtosis })).toBe(expected);
  });

  test.prop([shape])('increases between its turning points and is level at them', (of) => {
    const range = cornishFisherRange(of);
    if (range === null) {
      expect(slope(of, 0)).toBeLessThanOrEqual(1e-6);
      return;
    }
    const [low, high] = [Math.max(range[0], -8), Math.min(range[1], 8)];
    for (let i = 1; i < 40; i += 1) expect(slope(of, low + ((high - low) * i) / 40)).toBeGreaterThan(-1e-6);
    for (const end of range)
      if (Math.abs(end) < 50) expect(Math.abs(slope(of, end))).toBeLessThan(1e-4 * (1 + end * end));
  });

  test.prop([shape, fc.double({ min: -4, max: 1, noNaN: true })])('its tail integral is the integral', (of, z) => {
    let sum = 0;
    const steps = 4000;
    const width = (z + 12) / steps;
    for (let i = 0; i < steps; i += 1) {
      const at = -12 + (i + 0.5) * width;
      sum += cornishFisherQuantile(of, at) * normalPdf(at) * width;
    }
    expect(cornishFisherTailIntegral(of, z)).toBeCloseTo(sum, 4);
  });

  test.prop([shape, fc.double({ min: -3, max: 3, noNaN: true })])('its sensitivities are its derivatives', (of, z) => {
    const [bySkewness, byKurtosis] = cornishFisherSensitivities(of, z);
    const h = 1e-5;
    const change = (a: number, b: number): number =>
      cornishFisherQuantile({ skewness: of.skewness + a, excessKurtosis: of.excessKurtosis + b }, z);
    expect((change(h, 0) - change(-h, 0)) / (2 * h)).toBeCloseTo(bySkewness, 6);
    expect((change(0, h) - change(0, -h)) / (2 * h)).toBeCloseTo(byKurtosis, 6);
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ageWeight, ageWeights, effectiveCount, weightedTail } from './ageWeights.ts';
import { tailRisk } from './tailRisk.ts';

describe('age weights', () => {
  it('are those of Hull’s 500 days at a decay of 0.995, the newest last', () => {
    const weights = ageWeights(500, 0.995);
    expect(weights[493]).toBeCloseTo(0.00528, 5);
    expect(weights[348]).toBeCloseTo(0.00255, 5);
    expect(weights[130]).toBeCloseTo(0.00086, 5);
  });

  it('give Hull’s weighted VaR of 282,204 USD and its ES', () => {
    const worst = [
      [494, 477.841],
      [339, 345.435],
      [349, 282.204],
      [329, 277.041],
    ] as const;
    const weights = worst.map(([day]) => ageWeight(500, 0.995, 500 - day));
    const { valueAtRisk, expectedShortfall, rank } = weightedTail(
      worst.map(([, loss]) => loss),
      weights,
      0.99,
    );
    expect([valueAtRisk, rank]).toEqual([282.204, 3]);
    // [0.00528 x 477.841 + 0.00243 x 345.435 + 0.00228 x 282.204] / 0.01 with the weights to four digits.
    expect(expectedShortfall).toBeCloseTo(400.914, 0);
    expect(() => weightedTail([1], [0.001], 0.99)).toThrow('less than the tail');
  });

  test.prop([fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0.5, max: 1, noNaN: true })])(
    'add up to one, fall by the decay, and count as no more than their number',
    (count, decay) => {
      const weights = ageWeights(count, decay);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      if (count > 1) expect(weights[count - 2]! / weights[count - 1]!).toBeCloseTo(decay, 9);
      expect(effectiveCount(weights)).toBeLessThanOrEqual(count * (1 + 1e-9));
    },
  );

  test.prop([
    fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 200 }),
    fc.constantFrom(0.6, 0.75, 0.9, 0.95),
  ])('without decay are the equally weighted figures', (losses, confidence) => {
    fc.pre(losses.length * (1 - confidence) >= 1);
    const sorted = [...losses].sort((a, b) => b - a);
    const weighted = weightedTail(sorted, ageWeights(losses.length, 1), confidence);
    const plain = tailRisk(
      Float64Array.from(losses, (loss) => -loss),
      confidence,
    );
    expect(weighted.valueAtRisk).toBeCloseTo(plain.valueAtRiskUsd, 9);
    expect(weighted.expectedShortfall).toBeCloseTo(plain.expectedShortfallUsd, 6);
  });

  it('refuses a decay that is none', () => {
    expect(() => ageWeights(10, 0)).toThrow('above 0 and at most 1; got 0');
    expect(() => ageWeights(10, 1.01)).toThrow('got 1.01');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageConfidence, disagreementConfidence, smileConfidence, steppedConfidence } from './confidence.ts';

describe('confidence', () => {
  it('is whole within the limit, half beyond it, and gone at three times the limit', () => {
    expect([5, 5.001, 10, 15, 100].map((age) => ageConfidence(age, 5).toFixed(2))).toEqual([
      '1.00',
      '0.50',
      '0.25',
      '0.00',
      '0.00',
    ]);
    expect([0.03, 0.06, -0.3].map((share) => disagreementConfidence(share, 0.03))).toEqual([1, 0.25, 0.05]);
    expect(smileConfidence(1, 20, 5)).toBe(0.75);
    expect(smileConfidence(0.5, 20, 5)).toBe(0.5);
    expect(steppedConfidence(0.9999)).toBe(0.95);
  });

  it('never rises with age or disagreement, and stays within 0 and 1', () => {
    const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (one, other, limit) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        for (const confidence of [ageConfidence, disagreementConfidence]) {
          expect(confidence(more, limit)).toBeLessThanOrEqual(confidence(less, limit));
          expect(steppedConfidence(confidence(more, limit))).toBeGreaterThanOrEqual(0);
          expect(confidence(less, limit)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

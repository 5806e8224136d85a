import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sum } from '../../numerics/sum.ts';
import { basisContingency, lowConfidenceCharge, nakedShorts, pegLoss } from './contingencies.ts';
import { between, expiries, options } from './deriveArbitraries.ts';
import type { HeldOption } from './optionExpiry.ts';

const held = (type: 'C' | 'P', strike: number, quantity: number): HeldOption => ({
  type,
  strike,
  quantity,
  volatility: 0.5,
});

describe('naked shorts', () => {
  test.each([
    ['a call sold', [held('C', 100, -2)], 2],
    ['a straddle sold', [held('C', 100, -2), held('P', 100, -3)], 5],
    ['a synthetic forward', [held('C', 100, 2), held('P', 100, -3)], 1],
    ['a call sold under a put held', [held('C', 100, -2), held('P', 100, 3)], 0],
    ['a call spread, which pairs nothing', [held('C', 100, -2), held('C', 110, 2)], 2],
    ['a straddle held', [held('C', 100, 2), held('P', 100, 3)], 0],
  ])('of %s', (_name, book, wanted) => {
    expect(sum(nakedShorts(book))).toBe(wanted);
  });

  property.prop([options], { seed: 11 })('are at most all options sold, and none without a sale', (book) => {
    const sold = book.reduce((total, { quantity }) => total + Math.max(0, -quantity), 0);
    expect(sum(nakedShorts(book))).toBeLessThanOrEqual(sold + 1e-12);
    for (const naked of nakedShorts(book)) expect(naked).toBeGreaterThanOrEqual(0);
  });
});

test('a confidence at its threshold is not charged, just below it is', () => {
  expect(lowConfidenceCharge(0.55, 1000, 0.55, 1)).toBe(0);
  expect(lowConfidenceCharge(0.5, 1000, 0.55, 0.4)).toBe(200);
});

test('the peg costs nothing above its threshold', () => {
  expect(pegLoss(1, 0.99, 4)).toBe(0);
  expect(pegLoss(0.9, 0.99, 4)).toBeCloseTo(0.36, 14);
});

const basis = { scenarioSpotUp: 1.05, scenarioSpotDown: 0.95, addFactor: 0.5, multFactor: 2 };

property.prop([expiries], { seed: 12 })('the basis contingency is never a gain, and expiries add', (held) => {
  const all = basisContingency(held, basis);
  expect(all).toBeLessThanOrEqual(0);
  expect(all).toBeCloseTo(
    held.reduce((total, expiry) => total + basisContingency([expiry], basis), 0),
    9,
  );
});

property.prop([between(0.001, 2), fc.constantFrom(1, -1)], { seed: 13 })(
  'a synthetic forward loses its basis move either way, by its time',
  (timeToExpiryYears, side) => {
    const expiry = {
      timeToExpiryYears,
      settledForward: 0,
      liveForward: 100,
      forwardConfidence: 1,
      rate: 0,
      rateConfidence: 1,
      volConfidence: 1,
      options: [held('C', 100, side), held('P', 100, -side)],
    };
    expect(basisContingency([expiry], basis)).toBeCloseTo(-5 * (0.5 + 2 * timeToExpiryYears), 10);
  },
);

import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import { black76Price } from '../pricing/black76.ts';
import type { OptionTerms } from './Kernels.ts';
import { referenceKernels } from './referenceKernels.ts';

const terms: OptionTerms = {
  sign: 1,
  forward: 100,
  strike: 100,
  timeToExpiryYears: 1,
  volatility: 0.5,
  volPerShock: 0.5,
  leastVol: 0,
  premiumToUsd: 1,
  presentUsd: 0,
};

function pnl(some: Partial<OptionTerms>, scenarios: readonly (readonly [number, number])[], quantity = 1): number[] {
  const growth = Float64Array.from(scenarios, ([g]) => g);
  const volShock = Float64Array.from(scenarios, ([, v]) => v);
  const total = new Float64Array(scenarios.length);
  const moves = { growth, logGrowth: growth.map(Math.log), volShock };
  referenceKernels.addOptionPnl({ ...terms, ...some }, quantity, moves, total);
  return [...total];
}

describe('addOptionPnl', () => {
  property.prop([
    fc.constantFrom<1 | -1>(1, -1),
    fc.double({ min: 50, max: 200, noNaN: true }),
    fc.double({ min: 1e-4, max: 2, noNaN: true }),
    fc.array(fc.tuple(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.double({ min: -0.5, max: 3, noNaN: true })), {
      minLength: 1,
    }),
  ])('is the difference of single prices, scenario by scenario', (sign, strike, timeToExpiryYears, scenarios) => {
    const found = pnl({ sign, strike, timeToExpiryYears, premiumToUsd: 0.97, presentUsd: 3 }, scenarios, -2);
    scenarios.forEach(([growth, shock], s) => {
      const vol = 0.5 + 0.5 * shock;
      const price = black76Price(sign > 0 ? 'C' : 'P', 100 * growth, strike, timeToExpiryYears, vol);
      expect(Math.abs(found[s]! + 2 * (0.97 * price - 3))).toBeLessThan(1e-11 * Math.max(price, 1));
    });
  });

  it('settles at intrinsic value after expiry and without vol', () => {
    const scenarios = [0.9, 1, 1.1].map((growth) => [growth, 0] as const);
    const intrinsic = [0, 0, 10.000000000000014];
    expect(pnl({ timeToExpiryYears: -0.01 }, scenarios)).toEqual(intrinsic);
    expect(pnl({ volatility: 0 }, scenarios)).toEqual(intrinsic);
  });

  it('holds vol at its least', () => {
    const low = pnl({ leastVol: 0.2 }, [[1, -0.9]]);
    expect(low).toEqual([black76Price('C', 100, 100, 1, 0.2)]);
  });
});

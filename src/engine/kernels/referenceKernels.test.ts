import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import { black76Price } from '../pricing/black76.ts';
import { referenceKernels } from './referenceKernels.ts';

describe('optionValues', () => {
  property.prop([
    fc.constantFrom<1 | -1>(1, -1),
    fc.double({ min: 0.5, max: 2, noNaN: true }),
    fc.double({ min: 1e-5, max: 2, noNaN: true }),
    fc.array(fc.tuple(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }))),
  ])('are the single prices, scenario by scenario', (sign, strike, years, scenarios) => {
    const forward = Float64Array.from(scenarios, ([f]) => f);
    const vol = Float64Array.from(scenarios, ([, v]) => v);
    const out = new Float64Array(scenarios.length);
    referenceKernels.optionValues({ sign, strike, timeToExpiryYears: years, discount: 0.97 }, forward, vol, out);
    const expected = scenarios.map(([f, v]) => black76Price(sign > 0 ? 'C' : 'P', f, strike, years, v, 0.97));
    expect([...out]).toEqual(expected);
  });

  it('settle at intrinsic value after expiry and without vol', () => {
    const out = new Float64Array(3);
    const forward = Float64Array.of(90, 100, 110);
    const row = { sign: 1, strike: 100, timeToExpiryYears: -0.01, discount: 1 } as const;
    referenceKernels.optionValues(row, forward, Float64Array.of(0.5, 0.5, 0.5), out);
    expect([...out]).toEqual([0, 0, 10]);
    referenceKernels.optionValues({ ...row, timeToExpiryYears: 1 }, forward, Float64Array.of(-0.2, 0, -1), out);
    expect([...out]).toEqual([0, 0, 10]);
  });
});

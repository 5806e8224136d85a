import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import { black76Price, undiscountedBlack } from './black76.ts';

const ULP = 2 ** -52;
const forwards = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const moneyness = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const totalVols = fc.double({ min: 1e-6, max: 16, noNaN: true });

describe('published prices', () => {
  // Undiscounted, from the test data of OpenGamma Strata and of Derive's Black-76 library, and py_vollib's doctests.
  it.each([
    ['C', 104, 85, 4.5, 0.1, 20.816241352493662, 2e-13],
    ['C', 104, 85, 4.5, 0.12, 21.901361401145017, 2e-13],
    ['C', 100, 100, 0.5, 0.2, 5.637197779701664, 5e-13],
    ['C', 1500, 1500, 604800 / 31536000, 1, 82.80508066863456, 1e-11],
    ['P', 1500, 1500, 604800 / 31536000, 1, 82.80508066863456, 1e-11],
    ['C', 100, 100, 1, 0.2, 7.965567455405797, 1e-13],
  ] as const)('%s F=%f K=%f T=%f vol=%f', (type, forward, strike, years, volatility, expected, tolerance) => {
    expect(Math.abs(black76Price(type, forward, strike, years, volatility) - expected)).toBeLessThan(tolerance);
  });

  // Closed form in 60-digit arithmetic, down to where doubles end.
  it.each([
    ['P', 64312.37, 575.073927, 0.0821917808219178, 0.5, 2.3353392750603358e-236, 1e-12],
    ['C', 1, 0.179901775, 1, 2, 0.9065732191709712 / Math.exp(0.02), 1e-15],
    ['P', 100, 99.6295406, 1.902587519025875e-6, 0.1, 4.5733195102582303e-163, 1e-10],
    ['C', 64312.37, 1116802.67, 0.0821917808219178, 0.8, 3.572386132055645e-32, 1e-13],
    ['P', 1e6, 3301.78243, 2, 0.5, 1.491002800723912e-12, 1e-14],
  ] as const)('%s F=%f K=%f T=%f vol=%f keeps its digits', (type, forward, strike, years, vol, expected, relative) => {
    const price = black76Price(type, forward, strike, years, vol);
    expect(Math.abs(price / expected - 1)).toBeLessThan(relative);
  });

  it('discounts', () => {
    expect(black76Price('C', 1000, 700, 1, 25, 0.9801986733067553)).toBeCloseTo(980.1986733067553, 9);
    expect(black76Price('P', 1000, 700, 1, 25, 0.9801986733067553)).toBeCloseTo(686.1390713147287, 9);
  });
});

describe('limits', () => {
  it('is intrinsic without time or volatility', () => {
    expect(black76Price('P', 104, 250, 0, 0.3)).toBe(146);
    expect(black76Price('C', 104, 250, 0, 0.3)).toBe(0);
    expect(black76Price('C', 104, 100, 1, 0)).toBe(4);
    expect(black76Price('C', 104, 100, -1, 0.3)).toBe(4);
  });

  it('has the forward or the strike at zero as its bounds', () => {
    expect(black76Price('C', 104, 0, 4.5, 0.3)).toBe(104);
    expect(black76Price('P', 0, 1000, 1, 4)).toBe(1000);
    expect(black76Price('C', 0, 1000, 1, 4)).toBe(0);
    expect(black76Price('C', 104, 120, 4.5, 8)).toBeCloseTo(104, 12);
  });

  it('carries NaN instead of hiding it', () => {
    expect(undiscountedBlack(1, Number.NaN, 100, 0.2)).toBeNaN();
    expect(undiscountedBlack(1, 100, Number.NaN, 0.2)).toBeNaN();
    expect(undiscountedBlack(1, 100, 100, Number.NaN)).toBeNaN();
  });

  it('stays above zero as long as a double can say so', () => {
    // 37 standard deviations out, at total volatilities from 1e-9 to 1.
    for (const totalVol of [1e-9, 1e-7, 1e-5, 1e-3, 0.01, 0.1, 0.18]) {
      const strike = 1e5 * Math.exp(37 * totalVol);
      expect(undiscountedBlack(1, 1e5, strike, totalVol)).toBeGreaterThan(0);
    }
    // exp(-d^2/2) underflows here; a large forward brings the price back into range.
    expect(undiscountedBlack(1, 1e50, 1e50 * Math.exp(39.5 * 0.1), 0.1)).toBeGreaterThan(0);
  });
});

describe('properties', () => {
  property.prop([forwards, moneyness, totalVols])('put-call parity', (forward, ratio, totalVol) => {
    const strike = forward * ratio;
    const gap = undiscountedBlack(1, forward, strike, totalVol) - undiscountedBlack(-1, forward, strike, totalVol);
    expect(Math.abs(gap - (forward - strike))).toBeLessThanOrEqual(4 * ULP * (forward + strike));
  });

  property.prop([forwards, moneyness, totalVols])('between intrinsic value and bound', (forward, ratio, totalVol) => {
    const strike = forward * ratio;
    const call = undiscountedBlack(1, forward, strike, totalVol);
    expect(call).toBeGreaterThanOrEqual(Math.max(forward - strike, 0));
    expect(call).toBeLessThanOrEqual(forward * (1 + 2 * ULP));
    const put = undiscountedBlack(-1, forward, strike, totalVol);
    expect(put).toBeGreaterThanOrEqual(Math.max(strike - forward, 0));
    expect(put).toBeLessThanOrEqual(strike * (1 + 2 * ULP));
  });

  property.prop([forwards, moneyness, totalVols, fc.double({ min: 1e-4, max: 0.5, noNaN: true })])(
    'rises with volatility',
    (forward, ratio, totalVol, step) => {
      const lower = undiscountedBlack(1, forward, forward * ratio, totalVol);
      const higher = undiscountedBlack(1, forward, forward * ratio, totalVol * (1 + step));
      expect(higher).toBeGreaterThanOrEqual(lower * (1 - 8 * ULP));
    },
  );

  property.prop([forwards, moneyness, totalVols, fc.double({ min: 0.01, max: 0.2, noNaN: true })])(
    'falls with the strike and is convex in it',
    (forward, ratio, totalVol, width) => {
      const strike = forward * ratio;
      const low = undiscountedBlack(1, forward, strike * (1 - width), totalVol);
      const middle = undiscountedBlack(1, forward, strike, totalVol);
      const high = undiscountedBlack(1, forward, strike * (1 + width), totalVol);
      const rounding = 16 * ULP * (forward + strike);
      expect(low - middle).toBeGreaterThanOrEqual(-rounding);
      expect(middle - high).toBeGreaterThanOrEqual(-rounding);
      expect(low - 2 * middle + high).toBeGreaterThanOrEqual(-rounding);
    },
  );

  property.prop([forwards, moneyness, totalVols, fc.integer({ min: -8, max: 8 })])(
    'is homogeneous in forward and strike',
    (forward, ratio, totalVol, power) => {
      const scale = 2 ** power;
      const price = undiscountedBlack(-1, forward, forward * ratio, totalVol);
      fc.pre(price > 1e-290);
      expect(undiscountedBlack(-1, forward * scale, forward * ratio * scale, totalVol)).toBe(price * scale);
    },
  );

  property.prop([forwards, moneyness, totalVols])(
    'call and put swap under exchange of F and K',
    (forward, ratio, s) => {
      expect(undiscountedBlack(1, forward, forward * ratio, s)).toBe(
        undiscountedBlack(-1, forward * ratio, forward, s),
      );
    },
  );
});

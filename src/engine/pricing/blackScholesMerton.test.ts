import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import {
  assetOrNothingPrice,
  blackScholesMertonGreeks,
  cashOrNothingPrice,
  gapOptionPrice,
  type SpotGreeks,
  type SpotOption,
} from './blackScholesMerton.ts';

function option(
  type: 'C' | 'P',
  spot: number,
  strike: number,
  dividendYield: number,
  rate: number,
  timeToExpiryYears: number,
  volatility: number,
): SpotOption {
  return { type, spot, strike, dividendYield, rate, timeToExpiryYears, volatility };
}

describe("Haug's Complete Guide to Option Pricing Formulas", () => {
  it.each([
    ['P', 100, 95, 0.05, 0.1, 0.5, 0.2, 2.4648],
    ['C', 19, 19, 0.1, 0.1, 0.75, 0.28, 1.7011],
    ['C', 1.56, 1.6, 0.08, 0.06, 0.5, 0.12, 0.0291],
    ['C', 90, 100, 0.1, 0.1, 0.1, 0.15, 0.0205],
    ['P', 110, 100, 0.1, 0.1, 0.5, 0.35, 5.7963],
    ['C', 42, 40, 0.08, 0.04, 0.75, 0.35, 5.0975],
  ] as const)('price of %s S=%f K=%f q=%f r=%f T=%f vol=%f', (type, spot, strike, q, r, years, vol, expected) => {
    const { price } = blackScholesMertonGreeks(option(type, spot, strike, q, r, years, vol));
    expect(Math.abs(price - expected)).toBeLessThan(5.0005e-5);
  });

  it.each<[keyof SpotGreeks, SpotOption, number]>([
    ['delta', option('P', 105, 100, 0.1, 0.1, 0.5, 0.36), -0.3566],
    ['elasticity', option('P', 105, 100, 0.1, 0.1, 0.5, 0.36), -4.8775],
    ['vega', option('C', 55, 60, 0, 0.1, 0.75, 0.3), 18.9358],
    ['rho', option('C', 72, 75, 0, 0.09, 1, 0.19), 38.7325],
    ['dividendRho', option('P', 500, 490, 0.05, 0.08, 0.25, 0.15), 42.2254],
  ])('%s', (name, contract, expected) => {
    expect(Math.abs(blackScholesMertonGreeks(contract)[name] - expected)).toBeLessThan(5.0005e-5);
  });

  it('theta a day', () => {
    const { theta } = blackScholesMertonGreeks(option('P', 430, 405, 0.05, 0.07, 1 / 12, 0.2));
    expect(Math.abs(theta / 365 + 0.0855)).toBeLessThan(5.0005e-5);
  });

  it('digitals and gap', () => {
    expect(cashOrNothingPrice(option('P', 100, 80, 0.06, 0.06, 0.75, 0.35), 10)).toBeCloseTo(2.671, 4);
    expect(assetOrNothingPrice(option('P', 70, 65, 0.05, 0.07, 0.5, 0.27))).toBeCloseTo(20.2069, 4);
    expect(gapOptionPrice(option('C', 50, 50, 0, 0.09, 0.5, 0.2), 57)).toBeCloseTo(-0.0053, 4);
  });
});

describe("Hull's worked example (S=49, K=50, r=5 %, 20 weeks, vol 20 %)", () => {
  const call = blackScholesMertonGreeks(option('C', 49, 50, 0, 0.05, 0.3846, 0.2));
  it('delta, theta, rho as printed; gamma and vega to the digits of py_vollib', () => {
    expect(call.delta).toBeCloseTo(0.522, 3);
    expect(call.theta).toBeCloseTo(-4.30538996455, 10);
    expect(call.rho).toBeCloseTo(8.91, 2);
    expect(call.gamma).toBeCloseTo(0.0655453772525, 12);
    expect(call.vega / 100).toBeCloseTo(0.121052427542, 11);
  });
});

describe('identities', () => {
  const options = fc.record({
    spot: fc.double({ min: 10, max: 200, noNaN: true }),
    strike: fc.double({ min: 10, max: 200, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    dividendYield: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    timeToExpiryYears: fc.double({ min: 0.01, max: 5, noNaN: true }),
    volatility: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
  });

  property.prop([options])('put-call parity on spot', (inputs) => {
    const call = blackScholesMertonGreeks({ type: 'C', ...inputs });
    const put = blackScholesMertonGreeks({ type: 'P', ...inputs });
    const carried = inputs.spot * Math.exp(-inputs.dividendYield * inputs.timeToExpiryYears);
    const discounted = inputs.strike * Math.exp(-inputs.rate * inputs.timeToExpiryYears);
    expect(Math.abs(call.price - put.price - carried + discounted)).toBeLessThan(1e-12 * (carried + discounted));
    expect(call.rho - put.rho).toBeCloseTo(inputs.timeToExpiryYears * discounted, 9);
  });

  property.prop([options])('the Black-Scholes equation holds: theta + drift + diffusion = r V', (inputs) => {
    const greeks = blackScholesMertonGreeks({ type: 'C', ...inputs });
    const drift = (inputs.rate - inputs.dividendYield) * inputs.spot * greeks.delta;
    const diffusion = 0.5 * (inputs.volatility * inputs.spot) ** 2 * greeks.gamma;
    expect(greeks.theta + drift + diffusion).toBeCloseTo(inputs.rate * greeks.price, 9);
  });

  property.prop([options])('a vanilla option is an asset digital less a cash digital', (inputs) => {
    for (const type of ['C', 'P'] as const) {
      const { price } = blackScholesMertonGreeks({ type, ...inputs });
      expect(gapOptionPrice({ type, ...inputs }, inputs.strike)).toBeCloseTo(price, 10);
    }
  });

  property.prop([options])('spot Greeks are derivatives of the price', (inputs) => {
    const greeks = blackScholesMertonGreeks({ type: 'P', ...inputs });
    const bumped = (input: keyof typeof inputs, step: number) => {
      const at = (shift: number) => blackScholesMertonGreeks({ type: 'P', ...inputs, [input]: inputs[input] + shift });
      return (at(step).price - at(-step).price) / (2 * step);
    };
    expect(greeks.delta).toBeCloseTo(bumped('spot', inputs.spot * 1e-5), 5);
    expect(greeks.rho / 100).toBeCloseTo(bumped('rate', 1e-5) / 100, 5);
    expect(greeks.dividendRho / 100).toBeCloseTo(bumped('dividendYield', 1e-5) / 100, 5);
    expect(greeks.vega / 100).toBeCloseTo(bumped('volatility', 1e-5) / 100, 5);
  });
});

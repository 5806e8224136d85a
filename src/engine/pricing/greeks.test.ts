import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import type { OptionType } from '../domain/instrument.ts';
import { type Black76Greeks, black76Greeks } from './greeks.ts';

describe('published and exact values', () => {
  it('the put of 350 % vol and one week, closed form in 60-digit arithmetic', () => {
    const greeks = black76Greeks('P', 1, 1.50033195, 0.019178082191780823, 3.5);
    const expected: Black76Greeks = {
      price: 0.5659994413077983,
      delta: -0.7239580744318505,
      gamma: 0.6896945104781054,
      vega: 0.046294563032092007,
      theta: -4.224378876678395,
      rho: -0.010854783805902983,
      dualDelta: 0.8597814075342786,
      dualGamma: 0.3063952679949032,
      vanna: 0.10309004487656885,
      volga: 0.00848933648619977,
      charm: -9.406966594986907,
      speed: 0.1564422598579782,
      zomma: -0.07058178595444171,
      color: 6.440587968342806,
      ultima: -0.006607669969798598,
    };
    for (const name of Object.keys(expected) as (keyof Black76Greeks)[]) {
      expect(Math.abs(greeks[name] / expected[name] - 1), name).toBeLessThan(3e-14);
    }
  });

  it('a put 35 standard deviations in the money keeps its densities', () => {
    const greeks = black76Greeks('P', 64312.37, 64343.1748, 1.902587519025875e-6, 0.01);
    expect(greeks.price / 30.804799999998068 - 1).toBeCloseTo(0, 14);
    expect(greeks.gamma / 8.423462448758904e-263 - 1).toBeCloseTo(0, 8);
    expect(greeks.vega / 6.628638211785099e-261 - 1).toBeCloseTo(0, 8);
    expect(greeks.ultima / 9.605772056996031e-251 - 1).toBeCloseTo(0, 8);
  });

  // py_vollib's documented values for a futures option: F=49, K=50, r=5 %, T=0.3846, vol=20 %.
  it('py_vollib: delta, vega, theta and rho of a futures option', () => {
    const discount = Math.exp(-0.05 * 0.3846);
    const call = black76Greeks('C', 49, 50, 0.3846, 0.2, discount, 0.05);
    const put = black76Greeks('P', 49, 50, 0.3846, 0.2, discount, 0.05);
    expect(call.delta).toBeCloseTo(0.4510701748220183, 14);
    expect(call.vega / 100).toBeCloseTo(0.118317785624, 12);
    expect(put.rho / 100).toBeCloseTo(-0.011243286001308292, 14);
    expect(put.theta / 365).toBeCloseTo(-0.00802799155312, 13);
  });
});

describe('without time or volatility', () => {
  it('delta is a step and densities are zero', () => {
    expect(black76Greeks('C', 110, 100, 0, 0.5)).toMatchObject({
      price: 10,
      delta: 1,
      dualDelta: -1,
      gamma: 0,
      vega: 0,
    });
    expect(black76Greeks('P', 110, 100, 1, 0)).toMatchObject({ price: 0, delta: 0, dualDelta: 0, theta: 0, rho: 0 });
    expect(black76Greeks('C', 100, 100, 0, 0.5)).toMatchObject({ price: 0, delta: 0.5, dualDelta: -0.5 });
  });

  it('every figure stays finite at the smallest lives', () => {
    for (const forward of [99, 100, 101]) {
      for (const value of Object.values(black76Greeks('P', forward, 100, 1e-12, 1e-4)))
        expect(value).toSatisfy(isFinite);
    }
  });
});

describe('against differences of the Greek below', () => {
  const options = {
    type: fc.constantFrom<OptionType>('C', 'P'),
    deviations: fc.double({ min: -3, max: 3, noNaN: true }),
    years: fc.double({ min: 0.01, max: 3, noNaN: true }),
    vol: fc.double({ min: 0.1, max: 2, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.1, noNaN: true }),
  };

  type Point = { forward: number; strike: number; years: number; vol: number; rate: number };
  const at = (type: OptionType, p: Point) =>
    black76Greeks(type, p.forward, p.strike, p.years, p.vol, Math.exp(-p.rate * p.years), p.rate);

  /** Central difference of fourth order along one input. */
  function derivative(
    type: OptionType,
    point: Point,
    input: keyof Point,
    of: keyof Black76Greeks,
    step: number,
  ): number {
    const shifted = (steps: number) => at(type, { ...point, [input]: point[input] + steps * step })[of];
    return (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * step);
  }

  property.prop([fc.record(options)])('every one of the fourteen', ({ type, deviations, years, vol, rate }) => {
    const totalVol = vol * Math.sqrt(years);
    const point = { forward: 100, strike: 100 * Math.exp(deviations * totalVol), years, vol, rate };
    const greeks = at(type, point);
    const scale = totalVol * 100;
    const relations: [keyof Black76Greeks, keyof Point, keyof Black76Greeks, number, 1 | -1][] = [
      ['delta', 'forward', 'price', 1, 1],
      ['gamma', 'forward', 'delta', 1 / scale, 1],
      ['speed', 'forward', 'gamma', 1 / scale ** 2, 1],
      ['vega', 'vol', 'price', 100 * Math.sqrt(years), 1],
      ['vanna', 'vol', 'delta', 1 / vol, 1],
      ['volga', 'vol', 'vega', (100 * Math.sqrt(years)) / vol, 1],
      ['zomma', 'vol', 'gamma', 1 / (scale * vol), 1],
      ['ultima', 'vol', 'volga', (100 * Math.sqrt(years)) / vol ** 2, 1],
      ['theta', 'years', 'price', scale / years, -1],
      ['charm', 'years', 'delta', 1 / years, -1],
      ['color', 'years', 'gamma', 1 / (scale * years), -1],
      ['rho', 'rate', 'price', 100 * years, 1],
      ['dualDelta', 'strike', 'price', 1, 1],
      ['dualGamma', 'strike', 'dualDelta', 1 / (point.strike * totalVol), 1],
    ];
    for (const [name, input, of, unit, direction] of relations) {
      const width =
        input === 'forward' || input === 'strike' ? point[input] * totalVol : input === 'rate' ? 1 : point[input];
      const difference = direction * derivative(type, point, input, of, 2e-4 * Math.min(width, 100));
      expect(Math.abs(greeks[name] - difference) / unit, name).toBeLessThan(1e-6);
    }
  });

  property.prop([fc.record(options)])('parity: calls and puts share every density', ({ deviations, years, vol }) => {
    const strike = 100 * Math.exp(deviations * vol * Math.sqrt(years));
    const call = black76Greeks('C', 100, strike, years, vol);
    const put = black76Greeks('P', 100, strike, years, vol);
    expect(call.delta - put.delta).toBeCloseTo(1, 14);
    expect(call.dualDelta - put.dualDelta).toBeCloseTo(-1, 14);
    for (const name of ['gamma', 'vega', 'vanna', 'volga', 'speed', 'zomma', 'color', 'ultima', 'dualGamma'] as const) {
      expect(call[name]).toBe(put[name]);
    }
  });
});

import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { black76Price } from './black76.ts';
import { mertonOutOfTheMoneyPrice, mertonPrice } from './merton.ts';

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1);

/** Haug's parameters: jumps that make up a share of the total variance and leave the forward where it is on average. */
function haug(totalVol: number, intensity: number, share: number) {
  const logDeviation = totalVol * Math.sqrt(share / intensity);
  return {
    volatility: totalVol * Math.sqrt(1 - share),
    jumps: { intensity, logMean: -0.5 * logDeviation ** 2, logDeviation },
  };
}

describe('published prices', () => {
  // Haug, The Complete Guide to Option Pricing Formulas (1998), recomputed by a Poisson sum in 40 digits.
  it.each([
    [80, 0.5, 1, 0.25, 23.631957228509476],
    [80, 0.1, 5, 0.25, 20.646110700278301],
    [120, 0.1, 5, 0.75, 0.15481670704197235],
    [120, 0.5, 5, 0.75, 2.2154495409767954],
    [120, 0.5, 10, 0.75, 2.2322722035670512],
  ])('strike %f, %f years, %f jumps a year, share %f', (strike, years, intensity, share, expected) => {
    const { volatility, jumps } = haug(0.25, intensity, share);
    const price = mertonPrice(
      'C',
      100 * Math.exp(0.08 * years),
      strike,
      years,
      volatility,
      jumps,
      Math.exp(-0.08 * years),
    );
    expect(relativeError(price, expected)).toBeLessThan(1e-14);
  });
});

const jumpLaws = fc.record({
  intensity: fc.double({ min: 0.01, max: 200, noNaN: true }),
  logMean: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  logDeviation: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
const years = fc.double({ min: 1 / 365, max: 5, noNaN: true });
const vols = fc.double({ min: 0.05, max: 1.5, noNaN: true });
const logStrikes = fc.double({ min: -2, max: 2, noNaN: true });

describe('properties', () => {
  property.prop([jumpLaws, years, vols, logStrikes], { seed: 51 })('bounds and put-call parity', (jumps, T, vol, k) => {
    const strike = 100 * Math.exp(k);
    const call = mertonPrice('C', 100, strike, T, vol, jumps);
    const put = mertonPrice('P', 100, strike, T, vol, jumps);
    expect(Math.abs(call - put - (100 - strike))).toBeLessThan(1e-12 * (100 + strike));
    expect(call).toBeLessThanOrEqual(100 * (1 + 1e-12));
    expect(put).toBeLessThanOrEqual(strike * (1 + 1e-12));
    expect(Math.min(call, put)).toBeGreaterThanOrEqual(0);
  });

  property.prop([jumpLaws, years, vols], { seed: 52 })('call and put sums meet at the money', (jumps, T, vol) => {
    const call = mertonOutOfTheMoneyPrice(1, 1, T, vol, jumps);
    const put = mertonOutOfTheMoneyPrice(1 + 1e-15, 1, T, vol, jumps);
    expect(relativeError(call, put)).toBeLessThan(1e-11);
  });

  property.prop([jumpLaws, years, vols, logStrikes], { seed: 53 })(
    'is Black without jumps, and tends to it with their number and with their size',
    (jumps, T, vol, k) => {
      const exact = black76Price('C', 1, Math.exp(k), T, vol);
      expect(mertonPrice('C', 1, Math.exp(k), T, vol, { ...jumps, intensity: 0 })).toBeCloseTo(exact, 15);
      expect(mertonPrice('C', 1, Math.exp(k), T, vol, { ...jumps, intensity: 1e-12 })).toBeCloseTo(exact, 9);
      expect(mertonPrice('C', 1, Math.exp(k), T, vol, { ...jumps, logMean: 0, logDeviation: 0 })).toBeCloseTo(
        exact,
        12,
      );
    },
  );

  property.prop([jumpLaws, years, vols, logStrikes, fc.double({ min: 0.01, max: 0.5, noNaN: true })], { seed: 54 })(
    'falls and is convex in strike, and scales',
    (jumps, T, vol, k, step) => {
      const call = (strike: number) => mertonPrice('C', 1, strike, T, vol, jumps);
      const [low, middle, high] = [-1, 0, 1].map((side) => call(Math.exp(k) * (1 + side * step))) as [
        number,
        number,
        number,
      ];
      expect(low).toBeGreaterThanOrEqual(middle - 1e-12);
      expect(middle).toBeGreaterThanOrEqual(high - 1e-12);
      expect(low + high - 2 * middle).toBeGreaterThanOrEqual(-1e-12);
      const scaled = mertonPrice('C', 1e4, 1e4 * Math.exp(k), T, vol, jumps);
      expect(Math.abs(scaled - 1e4 * middle)).toBeLessThanOrEqual(1e-7 * middle);
    },
  );

  it('many small jumps are a diffusion', () => {
    const intensity = 1e6;
    const logDeviation = 0.3 / Math.sqrt(intensity);
    const jumps = { intensity, logMean: -0.5 * logDeviation ** 2, logDeviation };
    expect(mertonPrice('C', 100, 110, 1, 0.4, jumps)).toBeCloseTo(black76Price('C', 100, 110, 1, 0.5), 5);
  });

  it('reaches strikes that only several jumps reach', () => {
    // Down by half each: five jumps in a day of once a year.
    const jumps = { intensity: 1, logMean: Math.log(0.5), logDeviation: 0.01 };
    const price = mertonPrice('P', 1, 1 / 32, 1 / 365, 0.001, jumps);
    // The chance of five jumps, times what an option at the money is worth whose vol is theirs.
    const fiveJumps = (((1 / 365) ** 5 / 120) * 0.3989 * 0.01 * Math.sqrt(5)) / 32;
    expect(relativeError(price, fiveJumps)).toBeLessThan(0.1);
  });
});

describe('refusals', () => {
  const jumps = { intensity: 1, logMean: 0, logDeviation: 0.1 };
  it.each([
    [-1, 100, 1, 0.2, jumps, 'forward'],
    [100, 0, 1, 0.2, jumps, 'strike'],
    [100, 100, Number.NaN, 0.2, jumps, 'time to expiry'],
    [100, 100, 1, -0.2, jumps, 'volatility'],
    [100, 100, 1, 0.2, { ...jumps, intensity: -1 }, 'intensity'],
    [100, 100, 1, 0.2, { ...jumps, logMean: Infinity }, 'mean log jump'],
    [100, 100, 1, 0.2, { ...jumps, logDeviation: -1 }, 'jump deviation'],
    [100, 100, 1, 0.2, { ...jumps, intensity: 1e9 }, 'jumps are expected'],
  ] as const)('forward %f, strike %f, %f years, vol %f, %j', (forward, strike, T, vol, law, words) => {
    expect(() => mertonPrice('C', forward, strike, T, vol, law)).toThrow(words);
  });
});

import { describe, expect, it } from 'vitest';
import { type Complex, exponential, multiply, scale } from '../numerics/complex.ts';
import { sampleMoments } from '../numerics/sampleMoments.ts';
import { hestonMoments } from '../pricing/heston.ts';
import { BatesDynamics, type CoinModel, type SimulationModel } from './batesDynamics.ts';

const COIN: CoinModel = {
  variance: { now: 0.3, longRunVariance: 0.36, meanReversion: 4, volOfVol: 0.9 },
  realisedShare: 0.75,
  leverage: -0.5,
  commonShare: 0.9,
  jump: { mean: -0.04, deviation: 0.08 },
  skew: { halfLifeDays: 5, deviation: 0.07, spotCorrelation: 0.5 },
  premium: { halfLifeDays: 0.05, deviation: 0.0003, spotCorrelation: 0.5, mean: 0.0002 },
};
const MODEL: SimulationModel = {
  coins: [COIN, { ...COIN, commonShare: 0.8, leverage: 0.3, jump: { mean: 0.02, deviation: 0.1 } }],
  jumpsAYear: 20,
};
const YEARS = 10 / 365;
const PATHS = 20_000;

/** Ends of many paths over YEARS, in so many steps. */
function ends(model: SimulationModel, steps: number) {
  return Array.from({ length: PATHS }, (_, seed) => {
    const dynamics = new BatesDynamics(model, seed, YEARS / steps);
    for (let n = 0; n < steps; n += 1) dynamics.advance();
    return dynamics.states;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  return Math.sqrt(sampleMoments(values).variance);
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [mean(one), mean(other)];
  return mean(one.map((value, i) => (value - a) * (other[i]! - b))) / (deviation(one) * deviation(other));
}

/**
 * Cumulants of Bates's log-move, by Cauchy's integral of ln E[exp(p x)] around zero: the closed forms that options are priced by,
 * and nothing of the simulation's.
 */
function cumulants(coin: CoinModel, jumpsAYear: number, years: number): number[] {
  const { now, longRunVariance, meanReversion, volOfVol } = coin.variance;
  const c = coin.realisedShare;
  const moments = hestonMoments(
    {
      initialVariance: c * now,
      longRunVariance: c * longRunVariance,
      meanReversion,
      volOfVol: volOfVol * Math.sqrt(c),
      correlation: coin.leverage,
    },
    years,
  );
  const growth = Math.expm1(coin.jump.mean + coin.jump.deviation ** 2 / 2);
  const logMoment = (p: Complex): Complex => {
    const diffusion = moments.logMomentAlong()(p);
    const square = multiply(p, p);
    const jump = exponential({
      re: coin.jump.mean * p.re + 0.5 * coin.jump.deviation ** 2 * square.re,
      im: coin.jump.mean * p.im + 0.5 * coin.jump.deviation ** 2 * square.im,
    });
    const lambda = jumpsAYear * years;
    return {
      re: diffusion.re + lambda * (jump.re - 1 - p.re * growth),
      im: diffusion.im + lambda * (jump.im - p.im * growth),
    };
  };
  const points = 64;
  const radius = 1;
  return [1, 2, 3, 4].map((order) => {
    let sum = 0;
    for (let i = 0; i < points; i += 1) {
      const angle = (2 * Math.PI * (i + 0.5)) / points;
      const value = logMoment(scale({ re: Math.cos(angle), im: Math.sin(angle) }, radius));
      sum += value.re * Math.cos(order * angle) + value.im * Math.sin(order * angle);
    }
    return ([1, 1, 2, 6, 24][order]! * sum) / points / radius ** order;
  });
}

describe('BatesDynamics', () => {
  const sample = ends(MODEL, 40);

  it.each([0, 1])('has the mean, variance, skewness and kurtosis of the closed form, coin %i', (u) => {
    const moves = sample.map((states) => states[u]!.logMove);
    const [k1, k2, k3, k4] = cumulants(MODEL.coins[u]!, MODEL.jumpsAYear, YEARS) as [number, number, number, number];
    const found = sampleMoments(moves);
    expect(Math.abs(found.mean - k1)).toBeLessThan(4 * Math.sqrt(k2 / PATHS));
    // Batches tell how sure each figure is.
    const batches = Array.from({ length: 40 }, (_, b) => sampleMoments(moves.slice(b * 500, (b + 1) * 500)));
    const about = (of: (moments: typeof found) => number) => deviation(batches.map(of)) / Math.sqrt(40);
    expect(Math.abs(found.variance - k2)).toBeLessThan(4 * about((m) => m.variance));
    const third = (m: typeof found) => m.skewness * m.variance ** 1.5;
    const fourth = (m: typeof found) => m.excessKurtosis * m.variance ** 2;
    expect(Math.abs(third(found) - k3)).toBeLessThan(4 * about(third));
    expect(Math.abs(fourth(found) - k4)).toBeLessThan(4 * about(fourth));
    expect(k4 / k2 ** 2).toBeGreaterThan(0.9);
  });

  it('leaves spot a martingale', () => {
    for (const u of [0, 1]) {
      const growth = sample.map((states) => Math.exp(states[u]!.logMove));
      expect(Math.abs(mean(growth) - 1)).toBeLessThan((4 * deviation(growth)) / Math.sqrt(PATHS));
    }
  });

  it('has the mean and variance of Cox, Ingersoll and Ross', () => {
    const { now, longRunVariance: theta, meanReversion: kappa, volOfVol: xi } = COIN.variance;
    const decay = Math.exp(-kappa * YEARS);
    const expected = theta + (now - theta) * decay;
    const variance = (xi * xi * (1 - decay) * (now * decay + (theta * (1 - decay)) / 2)) / kappa;
    const found = sample.map((states) => states[0]!.variance);
    expect(Math.abs(mean(found) - expected)).toBeLessThan(4 * Math.sqrt(variance / PATHS));
    expect(Math.abs(deviation(found) ** 2 / variance - 1)).toBeLessThan(4 * Math.sqrt(2.5 / PATHS));
  });

  it('has the leverage of the closed form between a short move of spot and its variance', () => {
    const hour = 1 / 24 / 365;
    const pairs = Array.from({ length: PATHS }, (_, seed) => {
      const dynamics = new BatesDynamics(MODEL, seed, hour);
      dynamics.advance();
      return dynamics.states.map(({ logMove, variance }) => ({ logMove, variance }));
    });
    for (const u of [0, 1]) {
      const coin = MODEL.coins[u]!;
      const diffusion = coin.realisedShare * coin.variance.now;
      const jumps = MODEL.jumpsAYear * (coin.jump.mean ** 2 + coin.jump.deviation ** 2);
      const expected = coin.leverage * Math.sqrt(diffusion / (diffusion + jumps));
      const found = correlation(
        pairs.map((pair) => pair[u]!.logMove),
        pairs.map((pair) => pair[u]!.variance),
      );
      // Jumps make the sample's deviation of spot itself uncertain.
      expect(Math.abs(found - expected)).toBeLessThan(0.05);
    }
  });

  it('has coins that move together, by diffusion and by jumps', () => {
    const calm = ends({ ...MODEL, jumpsAYear: 0 }, 4);
    const move = (u: number) => calm.map((states) => states[u]!.logMove);
    // Spots share 0.9 x 0.8; their own variances hardly differ over ten days.
    expect(correlation(move(0), move(1))).toBeGreaterThan(0.69);
    expect(correlation(move(0), move(1))).toBeLessThan(0.74);
    const skew = sample.map((states) => states[0]!.skew);
    expect(
      correlation(
        skew,
        sample.map((states) => states[0]!.logMove),
      ),
    ).toBeGreaterThan(0.2);
  });

  it('has a skew and a premium that revert: their deviation after some days is the closed form', () => {
    const skews = sample.map((states) => states[0]!.skew);
    const remaining = 0.5 ** (10 / 5);
    const expected = 0.07 * Math.sqrt(1 - remaining ** 2);
    expect(Math.abs(deviation(skews) / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * PATHS));
    expect(Math.abs(mean(skews))).toBeLessThan((4 * expected) / Math.sqrt(PATHS));
    const premiums = sample.map((states) => states[0]!.premium);
    expect(Math.abs(mean(premiums) - 0.0002)).toBeLessThan((4 * 0.0003) / Math.sqrt(PATHS));
    expect(Math.abs(deviation(premiums) / 0.0003 - 1)).toBeLessThan(4 / Math.sqrt(2 * PATHS));
  });

  it('gives the same bits for the same seed, and others for another', () => {
    const run = (seed: number) => {
      const dynamics = new BatesDynamics(MODEL, seed, 1e-5);
      for (let n = 0; n < 50; n += 1) dynamics.advance();
      return dynamics.states;
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)[0]!.logMove).not.toBe(run(8)[0]!.logMove);
  });
});

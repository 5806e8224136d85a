import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import { DAYS_PER_YEAR, MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { pathScenarios } from '../fixtures/pathScenarios.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { hestonPrice } from '../pricing/heston.ts';
import { batesFit, batesGenerator, batesPaths, type BatesModel } from './batesPaths.ts';
import { correlationMatrix } from './correlation.ts';
import { jointMoves } from './jointMoves.ts';
import { conditionalMoments, varianceFit, varianceHistory } from './varianceFit.ts';
import { followedShock, indexLoading, indexVariance, varianceFollowing } from './varianceTerm.ts';

const span = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const errorOf = (values: Float64Array): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / values.length;
};
const coin = { meanReversion: 4, longRunVariance: 0.36, volOfVol: 1.2, variance: 0.5 };
const single = (rho: number, change: Partial<typeof coin> = {}): BatesModel => ({
  coins: [{ ...coin, ...change }],
  correlation: correlationMatrix(2, [rho]),
  jumps: null,
});
const COUNT = 60_000;

describe('variance by the quadratic-exponential scheme', () => {
  it.each([
    ['calm', {}, 1],
    ['wild, often near zero', { volOfVol: 4, variance: 0.05 }, 1],
    ['in 30 sub-steps', {}, 30],
    ['wild, in 30 sub-steps', { volOfVol: 4 }, 30],
  ])('%s: has the mean and variance of the closed form, within four standard errors', (_, change, subSteps) => {
    const model = single(-0.5, change);
    const { variance } = batesPaths(model, 30 / 365, subSteps, 7, span(COUNT));
    // Cox, Ingersoll and Ross (1985), written out anew.
    const { meanReversion: k, longRunVariance: theta, volOfVol: xi, variance: v } = model.coins[0]!;
    const e = Math.exp((-k * 30) / 365);
    const mean = theta + (v - theta) * e;
    const spread = (v * xi ** 2 * e * (1 - e)) / k + (theta * xi ** 2 * (1 - e) ** 2) / (2 * k);
    expect(variance.every((value) => value >= 0)).toBe(true);
    expect(Math.abs(meanOf(variance) - mean)).toBeLessThan(4 * errorOf(variance));
    const squares = variance.map((value) => (value - mean) ** 2);
    expect(Math.abs(meanOf(squares) - spread)).toBeLessThan(4 * errorOf(squares));
  });
});

describe('Heston paths', () => {
  it.each([-0.7, 0, 0.5])('price options within three standard errors of the integral, rho %d', (rho) => {
    const years = 0.25;
    const model = single(rho);
    const { logMove } = batesPaths(model, years, 91, 11, span(COUNT));
    const growth = logMove.map(Math.exp);
    expect(Math.abs(meanOf(growth) - 1)).toBeLessThan(4 * errorOf(growth));
    const { meanReversion, longRunVariance, volOfVol, variance } = coin;
    const parameters = { initialVariance: variance, longRunVariance, meanReversion, volOfVol, correlation: rho };
    for (const strike of [0.7, 1, 1.4]) {
      const payoff = growth.map((s) => Math.max(s - strike, 0));
      expect(Math.abs(meanOf(payoff) - hestonPrice('C', 1, strike, years, parameters))).toBeLessThan(
        3 * errorOf(payoff),
      );
    }
  });

  it('of two coins keep the correlations of their Brownian motions', () => {
    const values = [0.8, -0.5, -0.3, -0.4, -0.6, 0.7];
    const model: BatesModel = {
      coins: [coin, { ...coin, variance: 0.8 }],
      correlation: correlationMatrix(4, values),
      jumps: null,
    };
    // One short step: returns and moves of variance are then nearly normal, and their correlations those of the motions.
    const ends = batesPaths(model, 1 / 3650, 1, 3, span(COUNT));
    const rows = [0, 1].map((u) => ends.logMove.subarray(u * COUNT, (u + 1) * COUNT));
    for (const u of [0, 1]) rows.push(ends.variance.subarray(u * COUNT, (u + 1) * COUNT));
    const centred = rows.map((row) => {
      const mean = meanOf(row);
      return row.map((value) => value - mean);
    });
    let k = 0;
    for (let i = 0; i < 4; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const product = meanOf(centred[i]!.map((value, s) => value * centred[j]![s]!));
        const scale = Math.sqrt(meanOf(centred[i]!.map((x) => x * x)) * meanOf(centred[j]!.map((x) => x * x)));
        expect(Math.abs(product / scale - values[k]!)).toBeLessThan(0.015);
        k += 1;
      }
    }
  });

  it('with jumps stay a martingale and have the variance of both parts', () => {
    const jumps = { intensity: 12, mean: [-0.08], covariance: new Matrix([[0.05 ** 2]]) };
    // No vol of vol to speak of: the diffusion's variance is then v t exactly.
    const model = { ...single(0, { volOfVol: 0.01, variance: 0.36 }), jumps };
    const { logMove } = batesPaths(model, 10 / 365, 10, 21, span(COUNT));
    const growth = logMove.map(Math.exp);
    expect(Math.abs(meanOf(growth) - 1)).toBeLessThan(4 * errorOf(growth));
    const mean = meanOf(logMove);
    const squares = logMove.map((x) => (x - mean) ** 2);
    const expected = (10 / 365) * (0.36 + 12 * (0.08 ** 2 + 0.05 ** 2));
    expect(Math.abs(meanOf(squares) - expected)).toBeLessThan(4 * errorOf(squares));
  });

  it('depend on the seed and the number of the path alone, bit for bit', () => {
    const jumps = { intensity: 12, mean: [-0.08], covariance: new Matrix([[0.05 ** 2]]) };
    const model = { ...single(-0.5), jumps };
    const whole = batesPaths(model, 10 / 365, 10, 5, span(900));
    const some = Int32Array.of(899, 3, 4, 5, 256, 255);
    const part = batesPaths(model, 10 / 365, 10, 5, some);
    some.forEach((path, s) => {
      expect(part.logMove[s]).toBe(whole.logMove[path]);
      expect(part.variance[s]).toBe(whole.variance[path]);
    });
  });
});

describe('a variance process from an index', () => {
  it('recovers kappa, theta and xi of a simulated Heston world', () => {
    // Five years of days, one path, the index made of v by the loading of 30 days.
    const truth = { meanReversion: 5, longRunVariance: 0.4, volOfVol: 1 };
    const days = 1825;
    const levels = new Float64Array(days + 1);
    levels[0] = truth.longRunVariance;
    for (let t = 0; t < days; t += 1) {
      const model: BatesModel = {
        coins: [{ ...truth, variance: levels[t]! }],
        correlation: correlationMatrix(2, [0]),
        jumps: null,
      };
      levels[t + 1] = batesPaths(model, 1 / 365, 1, 99, Int32Array.of(t)).variance[0]!;
    }
    const loading = indexLoading(truth.meanReversion, 30);
    const index = levels.map((v) => indexVariance(v, truth, loading));
    const fit = varianceFit(index.slice(0, -1), index.slice(1), 1 / 365, 'x');
    const errors = fit.standardErrors!;
    expect(Math.abs(fit.meanReversion - 5)).toBeLessThan(3 * errors.meanReversion);
    expect(Math.abs(fit.longRunVariance - 0.4)).toBeLessThan(3 * errors.longRunVariance);
    // Its stated bias, a few per cent low, beside three errors.
    expect(Math.abs(fit.volOfVol - 1)).toBeLessThan(0.04 + 3 * errors.volOfVol);
  });

  it('moves other expiries by what a move of v changes of their expected variance', () => {
    const term = { meanReversion: 6, longRunVariance: 0.3, variance: 0.5 };
    const later = 0.7;
    const vol = (v: number, days: number): number => Math.sqrt(indexVariance(v, term, indexLoading(6, days)));
    const shock = vol(later, 30) / vol(0.5, 30) - 1;
    for (const days of [0, 1, 7, 30, 90, 365]) {
      expect(followedShock(shock, varianceFollowing(term, days))).toBeCloseTo(
        vol(later, days) / vol(0.5, days) - 1,
        12,
      );
    }
    // Expected mean variance by quadrature of E[v_t], which nothing above uses.
    const dt = 30 / 365 / 3000;
    let sum = 0;
    for (let i = 0; i < 3000; i += 1)
      sum += conditionalMoments(0.5, { ...term, volOfVol: 1 }, (i + 0.5) * dt).mean / 3000;
    expect(indexVariance(0.5, term, indexLoading(6, 30))).toBeCloseTo(sum, 8);
  });
});

describe('a history', () => {
  const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
  const random = randomMoves(500);
  // An index that reverts: its log is pulled back by a tenth a day.
  const reverting = (moves: readonly number[]): number[] => {
    let level = 0;
    return moves.map((move) => {
      const step = 0.6 * move - 0.1 * level;
      level += step;
      return step;
    });
  };
  const market = withHistory(smallSnapshot(), {
    BTC: dailyHistory(MIDNIGHT, random.btc, reverting(random.btcVol)),
    ETH: dailyHistory(MIDNIGHT, random.eth),
  });
  const moves = jointMoves(market, ['BTC', 'ETH'], 'x');
  const history = varianceHistory(market, moves);
  const request = {
    horizonDays: 5,
    distribution: 'heston',
    degreesOfFreedom: 4,
    seed: 3,
    smile: 'sticky-strike',
    volatilityNow: [0.7, null],
    estimates: {},
  } as const;

  it('lends the variance of a coin with an index to one without, and says so', () => {
    expect(history.notices.map(({ message }) => message)).toEqual([
      'ETH has no volatility index; its variance is that of BTC times the ratio of mean squared returns',
    ]);
    const energy = (row: readonly number[]): number => row.reduce((sum, r) => sum + r * r, 0);
    const ratio = energy(random.eth) / energy(random.btc);
    expect(history.fits[1]!.longRunVariance / history.fits[0]!.longRunVariance / ratio).toBeCloseTo(1, 3);
  });

  it('makes spot and vol fall and rise against each other, and shows what it took', async () => {
    const generator = batesGenerator(moves, batesFit(moves, history, false), request);
    const set = await pathScenarios(generator.draws, moves.underlyings, span(20_000));
    const by = new Map(generator.estimates.values.map((each) => [each.id, each]));
    expect(by.get('BTC.now')!.value).toBeCloseTo(70, 9);
    const product = meanOf(set.spotMove.subarray(0, 20_000).map((x, s) => x * set.volShock[s]!));
    expect(Math.sign(product)).toBe(Math.sign(by.get('BTC.spot-vol')!.value));
    // Variance over the horizon: realised ratio times expected v, within four errors.
    const squares = set.spotMove.subarray(0, 20_000).map((x) => Math.log1p(x) ** 2);
    const loading = indexLoading(by.get('BTC.reversion')!.value, 30);
    const theta = (by.get('BTC.long-run')!.value / 100) ** 2;
    const v = theta + (0.49 - theta) / loading;
    const mean = indexVariance(v, { longRunVariance: theta }, indexLoading(by.get('BTC.reversion')!.value, 5));
    const expected = (by.get('BTC.realised')!.value * mean * 5) / DAYS_PER_YEAR;
    expect(Math.abs(meanOf(squares) - expected)).toBeLessThan(4 * errorOf(squares) + expected ** 2);
  });

  it('with jumps gives part of the variance to them', () => {
    const plain = batesFit(moves, history, false);
    const jumpy = batesFit(moves, history, true);
    expect(jumpy.jumps!.fit.intensity).toBeGreaterThan(0);
    expect(jumpy.realised[0]!.value).toBeLessThan(plain.realised[0]!.value);
    const generator = batesGenerator(moves, jumpy, {
      ...request,
      distribution: 'bates',
      estimates: { 'jumps.intensity': 0 },
    });
    expect(generator.estimates.values.find(({ id }) => id === 'jumps.intensity')).toMatchObject({
      value: 0,
      isOverridden: true,
    });
  });

  it('without any index is refused by name', () => {
    const bare = withHistory(smallSnapshot(), { BTC: dailyHistory(MIDNIGHT, random.btc) });
    const ask = () => varianceHistory(bare, jointMoves(bare, ['BTC'], 'x'));
    expect(ask).toThrow(RiskError);
    expect(ask).toThrow("none of BTC has one in this market's history; choose t-copula or jump-diffusion");
  });
});

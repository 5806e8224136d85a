import { describe, expect, it } from 'vitest';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { pathScenarios } from '../fixtures/pathScenarios.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { chiSquares, normals } from '../numerics/sampling.ts';
import { studentTQuantile } from '../numerics/studentT.ts';
import { correlationMatrix } from './correlation.ts';
import { type JointMoves, jointMoves } from './jointMoves.ts';
import {
  empiricalMargin,
  kendallTau,
  tCopulaFit,
  tCopulaGenerator,
  tCopulaLogLikelihood,
  tMargin,
  tMarginFit,
} from './tCopula.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(400);
const base = jointMoves(
  withHistory(smallSnapshot(), { BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol) }),
  ['BTC'],
  'x',
);

/** Spot and vol with a t copula of 5 degrees, rho -0.5, margins t(5) x 0.02 and t(5) x 0.04: a bivariate t. */
function bivariateT(count: number, seed: number): JointMoves {
  const [z, chi] = [new Float64Array(2 * count), new Float64Array(count)];
  normals(seed, 0, 0, count, 2, z);
  chiSquares(seed, 1, 0, count, 5, chi);
  const spot = new Float64Array(count);
  const vol = new Float64Array(count);
  for (let t = 0; t < count; t += 1) {
    const stretch = Math.sqrt(5 / chi[t]!);
    spot[t] = 0.02 * stretch * z[2 * t]!;
    vol[t] = 0.04 * stretch * (-0.5 * z[2 * t]! + Math.sqrt(0.75) * z[2 * t + 1]!);
  }
  return {
    ...base,
    count,
    spot,
    vol,
    ends: Array.from({ length: count }, (_, t) => t * MILLISECONDS_PER_DAY),
    unexplainedVolVariance: 0,
  };
}

const request = {
  horizonDays: 1,
  distribution: 't-copula',
  degreesOfFreedom: 4,
  seed: 3,
  smile: 'sticky-strike',
  margins: 't',
  estimates: {},
} as const;

describe('a t copula fitted to a history', () => {
  it('recovers what a bivariate t was simulated with, within three standard errors', () => {
    const fit = tCopulaFit(bivariateT(3000, 5));
    const near = (fitted: { value: number; standardError: number | null }, truth: number): void => {
      expect(Math.abs(fitted.value - truth)).toBeLessThan(3 * fitted.standardError!);
      expect(fitted.standardError).toBeLessThan(0.25 * Math.abs(truth));
    };
    near(fit.degreesOfFreedom, 5);
    near(fit.correlations[0]!, -0.5);
    near(fit.margins[0]!.degreesOfFreedom, 5);
    near(fit.margins[0]!.scale, 0.02);
    near(fit.margins[1]!.scale, 0.04);
    // scipy.stats.t.fit(series, floc=0), SciPy 1.17, on the first factor.
    expect(fit.margins[0]!.degreesOfFreedom.value).toBeCloseTo(4.81304, 3);
    expect(fit.margins[0]!.scale.value).toBeCloseTo(0.0201704, 6);
  });

  it('refuses no normal history: its degrees of freedom are many, without an error at the bound', () => {
    const z = new Float64Array(2000);
    normals(6, 0, 0, 2000, 1, z);
    const margin = tMarginFit(z, 'x');
    expect(margin.degreesOfFreedom.value).toBeGreaterThan(20);
    expect(margin.scale.value).toBeCloseTo(1, 1);
  });

  it('reads Kendall’s tau of known samples', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    expect(kendallTau(x, x).value).toBe(1);
    expect(
      kendallTau(
        x,
        x.map((v) => -v),
      ).value,
    ).toBe(-1);
    // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]): -0.4714045207910316 (ties in both).
    expect(kendallTau(Float64Array.of(12, 2, 1, 12, 2), Float64Array.of(1, 4, 7, 1, 0)).value).toBeCloseTo(
      -0.4714045207910316,
      14,
    );
  });

  it('has the likelihood of the density: bivariate t over the product of its margins', () => {
    // scipy 1.17: multivariate_t(shape=[[1, .3], [.3, 1]], df=4).logpdf([1.2, -0.7]) - t(4).logpdf(1.2) - t(4).logpdf(-0.7).
    const z = [Float64Array.of(1.2), Float64Array.of(-0.7)];
    expect(tCopulaLogLikelihood(z, correlationMatrix(2, [0.3]), 4)).toBeCloseTo(SCIPY_LOG_COPULA, 12);
  });
});

const SCIPY_LOG_COPULA = -0.30755667461941316;

describe('margins', () => {
  it('are quantiles of the margin at the chance of the score, far into the tails', () => {
    for (const [own, copula] of [
      [3, 8],
      [8, 3],
      [2.1, 50],
    ] as const) {
      const margin = tMargin(own, 0.02, copula);
      for (const chance of [0.4, 0.1, 1e-2, 1e-4, 1e-7, 1e-12]) {
        const [score, move] = [studentTQuantile(chance, copula), studentTQuantile(chance, own)];
        expect(margin(score) / (0.02 * move)).toBeCloseTo(1, 7);
        expect(margin(-score)).toBe(-margin(score));
      }
    }
  });

  it('of the history give back its order statistics about their mean, and nothing beyond', () => {
    const values = Float64Array.of(-0.3, -0.1, 0, 0.1, 0.4);
    const margin = empiricalMargin(values, 4);
    values.forEach((value, i) => {
      expect(margin(studentTQuantile((i + 1) / 6, 4))).toBeCloseTo(value - 0.02, 6);
    });
    expect(margin(studentTQuantile(1.5 / 6, 4))).toBeCloseTo(-0.22, 6);
    expect(margin(-1e9)).toBeCloseTo(-0.32, 12);
    expect(margin(1e9)).toBeCloseTo(0.38, 12);
  });
});

describe('moves from a t copula', () => {
  const COUNT = 60_000;
  const paths = Int32Array.from({ length: COUNT }, (_, i) => i);
  const moves = bivariateT(400, 4);
  const fit = tCopulaFit(moves);
  const estimates = {
    'copula.degrees': 3,
    'BTC.spot.degrees': 6,
    'BTC.vol.degrees': 30,
    'BTC.spot.scale': 40,
    'BTC.vol.scale': 60,
    'BTC.spot:BTC.vol': 0.5,
  };

  it('have the quantiles of their margins and the tail dependence of the copula', async () => {
    const { draws } = tCopulaGenerator(moves, fit, { ...request, estimates });
    const set = await pathScenarios(draws, moves.underlyings, paths);
    const [x, v] = [set.spotMove.map(Math.log1p), set.volShock.map(Math.log1p)];
    const level = (scale: number, degrees: number, chance: number): number =>
      (scale / 100 / Math.sqrt(365)) * studentTQuantile(chance, degrees);
    for (const chance of [0.01, 0.1, 0.9, 0.99]) {
      const error = 4 * Math.sqrt((chance * (1 - chance)) / COUNT);
      for (const [row, scale, degrees] of [
        [x, 40, 6],
        [v, 60, 30],
      ] as const) {
        const below = row.filter((value) => value < level(scale, degrees, chance)).length / COUNT;
        expect(Math.abs(below - chance)).toBeLessThan(error);
      }
    }
    // Chance that both lie below their q-quantile, over q, tends to 2 t_4(-root(4 x 0.5 / 1.5)) = 0.3125 (Demarta and McNeil,
    // table 1, nu = 3: 0.31); at q = 0.001 it stands a little above its limit.
    const q = 0.001;
    const both = x.filter((value, s) => value < level(40, 6, q) && v[s]! < level(60, 30, q)).length / COUNT / q;
    const chance = 0.3125;
    expect(Math.abs(both - chance)).toBeLessThan(0.03 + 3 * Math.sqrt((chance * (1 - chance)) / (COUNT * q)));
  });

  it('depend on the seed and the number of the path alone, bit for bit', async () => {
    for (const margins of ['t', 'empirical'] as const) {
      const { draws } = tCopulaGenerator({ ...moves, unexplainedVolVariance: 1e-4 }, fit, { ...request, margins });
      const whole = await pathScenarios(draws, moves.underlyings, paths.subarray(0, 600));
      const some = Int32Array.of(599, 7, 8, 9, 300);
      const part = await pathScenarios(draws, moves.underlyings, some);
      some.forEach((path, s) => {
        expect(part.spotMove[s]).toBe(whole.spotMove[path]);
        expect(part.volShock[s]).toBe(whole.volShock[path]);
      });
    }
  });

  it('never go beyond the history by empirical margins, over one step', async () => {
    const { draws, estimates: shown } = tCopulaGenerator(moves, fit, { ...request, margins: 'empirical' });
    const largest = moves.spot.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const set = await pathScenarios(draws, moves.underlyings, paths.subarray(0, 5000));
    expect(set.spotMove.every((move) => Math.abs(Math.log1p(move)) < largest * 1.1)).toBe(true);
    expect(shown.values.map(({ id }) => id)).toEqual(['copula.degrees', 'BTC.spot:BTC.vol']);
  });
});

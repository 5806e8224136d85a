import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { pathScenarios } from '../fixtures/pathScenarios.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { normals, uniforms } from '../numerics/sampling.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import { jointMoves } from './jointMoves.ts';
import { covarianceOf, jumpFit, jumpLogLikelihoods, jumpStandardErrors } from './jumpFit.ts';
import { mertonFit, mertonGenerator } from './mertonMoves.ts';

/** Two factors with common jumps: at most one a step, which at this intensity is nearly Poisson. */
function simulated(count: number, seed: number): Float64Array[] {
  const diffusion = covarianceFactor(covarianceOf([0.02, 0.03], [0.6])).to2DArray();
  const jump = covarianceFactor(covarianceOf([0.06, 0.08], [0.8])).to2DArray();
  const mean = [-0.04, -0.02];
  const [z, u] = [new Float64Array(4 * count), new Float64Array(count)];
  normals(seed, 0, 0, count, 4, z);
  uniforms(seed, 1, 0, count, 1, u);
  return [0, 1].map((i) =>
    Float64Array.from({ length: count }, (_, t) => {
      const draw = (rows: number[][], at: number): number =>
        rows[i]![0]! * z[4 * t + at]! + rows[i]![1]! * z[4 * t + at + 1]!;
      return draw(diffusion, 0) + (u[t]! < 0.05 ? mean[i]! + draw(jump, 2) : 0);
    }),
  );
}

describe('jumps by maximum likelihood', () => {
  const rows = simulated(4000, 8);
  const fit = jumpFit(rows, null, 'two factors');
  const errors = jumpStandardErrors(rows, null, fit)!;

  it('recover what moves were simulated with, within three standard errors', () => {
    expect(Math.abs(fit.intensity - 0.05)).toBeLessThan(3 * errors.intensity);
    [0.02, 0.03].forEach((deviation, i) => {
      expect(Math.abs(Math.sqrt(fit.diffusion.get(i, i)) - deviation)).toBeLessThan(3 * errors.diffusion[i]!);
    });
    [-0.04, -0.02].forEach((mean, i) =>
      expect(Math.abs(fit.jumpMean[i]! - mean)).toBeLessThan(3 * errors.jumpMean[i]!),
    );
    [0.06, 0.08].forEach((deviation, i) => {
      expect(Math.abs(Math.sqrt(fit.jumpCovariance.get(i, i)) - deviation)).toBeLessThan(3 * errors.jumpDeviation[i]!);
    });
    // About 200 jumps: each error is what so many give, not more than twice as much, not less than half.
    expect(errors.jumpMean[0]).toBeGreaterThan(0.5 * (0.06 / Math.sqrt(200)));
    expect(errors.jumpMean[0]).toBeLessThan(2 * (0.06 / Math.sqrt(200)));
  });

  it('have the likelihood of the mixture of normals, and stand where no neighbour is likelier', () => {
    // One step by hand: sum over n of Poisson(n) times the normal density with n jumps.
    const x = rows.map((row) => row[17]!);
    let density = 0;
    let chance = Math.exp(-fit.intensity);
    for (let n = 0; n < 8; n += 1) {
      const v = Matrix.add(fit.diffusion, Matrix.mul(fit.jumpCovariance, n));
      const [a, b, c] = [v.get(0, 0), v.get(0, 1), v.get(1, 1)];
      const d = x.map((value, i) => value - fit.drift[i]! - n * fit.jumpMean[i]!);
      const square = (c * d[0]! ** 2 - 2 * b * d[0]! * d[1]! + a * d[1]! ** 2) / (a * c - b * b);
      density += (chance * Math.exp(-square / 2)) / (2 * Math.PI * Math.sqrt(a * c - b * b));
      chance *= fit.intensity / (n + 1);
    }
    const sample = { rows, scales: null, count: 4000, size: 2 };
    expect(jumpLogLikelihoods(sample, fit)[17]).toBeCloseTo(Math.log(density), 8);
    const total = (change: Partial<typeof fit>): number =>
      jumpLogLikelihoods(sample, { ...fit, ...change }).reduce((sum, value) => sum + value, 0);
    const best = total({});
    expect(best).toBeCloseTo(fit.logLikelihood, 6);
    for (const factor of [0.97, 1.03]) {
      expect(total({ intensity: fit.intensity * factor })).toBeLessThan(best);
      expect(total({ jumpMean: fit.jumpMean.map((m) => m * factor) })).toBeLessThan(best);
      expect(total({ diffusion: Matrix.mul(fit.diffusion, factor) })).toBeLessThan(best);
      expect(total({ jumpCovariance: Matrix.mul(fit.jumpCovariance, factor) })).toBeLessThan(best);
    }
  });

  it('find the days of the jumps', () => {
    const chance = fit.jumpChance.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(chance - 4000 * (1 - Math.exp(-fit.intensity)))).toBeLessThan(2);
  });

  it('are the same where every step has a scale of one, but for the drift', () => {
    const scaled = jumpFit(
      rows,
      rows.map((row) => row.map(() => 1)),
      'two factors',
    );
    expect(scaled.intensity).toBeCloseTo(fit.intensity, 2);
    expect(scaled.diffusion.get(0, 1)).toBeCloseTo(fit.diffusion.get(0, 1), 5);
  });

  it('are none in thin-tailed moves', () => {
    const plain = new Float64Array(1000);
    uniforms(3, 0, 0, 1000, 1, plain);
    const none = jumpFit([plain.map((u) => 0.02 * (u - 0.5))], null, 'uniform moves');
    expect(none.logLikelihood - none.logLikelihoodWithoutJumps).toBeLessThan(1e-3);
    expect(none.intensity).toBe(0);
  });
});

describe('Merton moves', () => {
  const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
  const random = randomMoves(600);
  const snapshot = withHistory(smallSnapshot(), { BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol) });
  const moves = jointMoves(snapshot, ['BTC'], 'x');
  const calibrated = mertonFit(moves);
  const request = {
    horizonDays: 3,
    distribution: 'jump-diffusion',
    degreesOfFreedom: 4,
    seed: 5,
    smile: 'sticky-strike',
  } as const;
  const paths = Int32Array.from({ length: 100_000 }, (_, i) => i);

  it('have the mean, variance, skewness and kurtosis of the closed form, within four standard errors', async () => {
    const estimates = {
      'jumps.intensity': 0.2 * 365,
      'BTC.spot.diffusion': 40,
      'BTC.spot.jump-mean': -5,
      'BTC.spot.jump-deviation': 4,
    };
    const { draws } = mertonGenerator(moves, calibrated, { ...request, estimates });
    const x = (await pathScenarios(draws, moves.underlyings, paths)).spotMove.map(Math.log1p);
    const [l, m, d] = [0.2 * 3, -0.05, 0.04];
    const variance = 0.4 ** 2 * (3 / 365) + l * (m * m + d * d);
    const third = l * (m ** 3 + 3 * m * d * d);
    const fourth = l * (m ** 4 + 6 * m * m * d * d + 3 * d ** 4) + 3 * variance ** 2;
    [0, variance, third, fourth].forEach((expected, k) => {
      const powers = x.map((value) => value ** (k + 1));
      const mean = powers.reduce((sum, value) => sum + value, 0) / x.length;
      const spread = powers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
      expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(spread / x.length));
    });
  });

  it('show what was estimated beside what was set', () => {
    const { estimates } = mertonGenerator(moves, calibrated, { ...request, estimates: { 'jumps.intensity': 20 } });
    const intensity = estimates.values.find(({ id }) => id === 'jumps.intensity')!;
    expect(intensity).toMatchObject({ value: 20, isOverridden: true });
    expect(intensity.estimated).toBeCloseTo(calibrated.fit.intensity * 365, 9);
    expect(estimates).toMatchObject({ observations: 600, from: '2025-03-30', to: '2026-11-20', stepDays: 1 });
    expect(() => mertonGenerator(moves, calibrated, { ...request, estimates: { 'jumps.intensity': -1 } })).toThrow(
      'Jumps, Jumps a year must lie between 0 and 365; got -1',
    );
  });

  it('are normal, with a warning, where the history has no jumps, until they are set in full', () => {
    const thin = {
      ...moves,
      spot: moves.spot.map((_, t) => 0.02 * Math.sin(t * 1.7)),
      vol: moves.vol.map((_, t) => 0.03 * Math.cos(t * 2.3)),
    };
    const fit = mertonFit(thin);
    expect(fit.fit.intensity).toBe(0);
    const { notices, draws } = mertonGenerator(thin, fit, { ...request, estimates: {} });
    expect(draws.intensity).toBe(0);
    expect(notices[0]!.message).toMatch(/^The history shows no jumps/);
    expect(() => mertonGenerator(thin, fit, { ...request, estimates: { 'jumps.intensity': 10 } })).toThrow(
      'The history does not determine BTC spot, Mean of a jump; set BTC.spot.jump-mean by hand',
    );
  });
});

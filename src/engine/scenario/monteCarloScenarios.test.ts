import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { VarDistribution } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { pathScenarios } from '../fixtures/pathScenarios.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { jointMoves, moveCovariance } from './jointMoves.ts';
import { mertonFit, mertonGenerator } from './mertonMoves.ts';
import type { PathDraws } from './pathPlan.ts';
import { ellipticalGenerator, type MonteCarloRequest } from './monteCarloScenarios.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(600);
const snapshot = withHistory(smallSnapshot(), {
  BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
  ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
});
const joint = jointMoves(snapshot, ['BTC', 'ETH'], 'Monte Carlo VaR');
const request = (distribution: VarDistribution, part: Partial<MonteCarloRequest> = {}): MonteCarloRequest => ({
  horizonDays: 1,
  distribution,
  degreesOfFreedom: 8,
  seed: 11,
  smile: 'sticky-strike',
  ...part,
});
const calibrated = mertonFit(joint);
const drawsOf = (asked: MonteCarloRequest): PathDraws =>
  asked.distribution === 'jump-diffusion'
    ? mertonGenerator(joint, calibrated, { ...asked, estimates: {} }).draws
    : ellipticalGenerator(joint, { ...asked, estimates: {} }).draws;
const paths = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
const DISTRIBUTIONS: VarDistribution[] = ['normal', 'student-t', 'jump-diffusion'];
const COUNT = 60_000;

/** Log-moves of the drawn paths, one row a factor. */
async function drawn(distribution: VarDistribution, part: Partial<MonteCarloRequest> = {}): Promise<Float64Array[]> {
  const set = await pathScenarios(drawsOf(request(distribution, part)), joint.underlyings, paths(0, COUNT));
  return [set.spotMove, set.volShock].flatMap((values) =>
    [0, 1].map((u) => values.slice(u * COUNT, (u + 1) * COUNT).map(Math.log1p)),
  );
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(DISTRIBUTIONS)('%s moves', (distribution) => {
  it('have mean zero and the covariance they are made for, within four standard errors', async () => {
    const rows = await drawn(distribution);
    // Elliptical moves have the history's covariance; jumps are fitted to its likelihood instead, and have their own.
    const { diffusion, intensity, jumpMean, jumpCovariance } = calibrated.fit;
    const mean = Matrix.columnVector(jumpMean);
    const covariance =
      distribution === 'jump-diffusion'
        ? Matrix.add(diffusion, Matrix.add(jumpCovariance, mean.mmul(mean.transpose())).mul(intensity))
        : moveCovariance(joint, 1);
    rows.forEach((a, i) => {
      expect(Math.abs(meanOf(a))).toBeLessThan(4 * Math.sqrt(covariance.get(i, i) / COUNT));
      rows.forEach((b, j) => {
        const products = a.map((value, s) => value * b[s]!);
        const mean = meanOf(products);
        const error = Math.sqrt(meanOf(products.map((value) => (value - mean) ** 2)) / COUNT);
        expect(Math.abs(mean - covariance.get(i, j))).toBeLessThan(4 * error);
      });
    });
  });

  it('depend on the seed and the number of the path alone, bit for bit', async () => {
    const draws = drawsOf(request(distribution));
    const whole = await pathScenarios(draws, joint.underlyings, paths(0, 1000));
    for (const some of [paths(0, 1), paths(300, 700), Int32Array.of(999, 4, 5, 6, 512)]) {
      const part = await pathScenarios(draws, joint.underlyings, some);
      some.forEach((path, s) => {
        for (const u of [0, 1]) {
          expect(part.spotMove[u * some.length + s]).toBe(whole.spotMove[u * 1000 + path]);
          expect(part.volShock[u * some.length + s]).toBe(whole.volShock[u * 1000 + path]);
        }
      });
    }
    const other = await pathScenarios(drawsOf(request(distribution, { seed: 12 })), joint.underlyings, paths(0, 1000));
    expect(other.spotMove).not.toEqual(whole.spotMove);
  });

  it('grow with the root of the horizon', async () => {
    const [one] = await drawn(distribution);
    const [nine] = await drawn(distribution, { horizonDays: 9 });
    const variance = (values: Float64Array): number => meanOf(values.map((value) => value * value));
    expect(variance(nine!) / variance(one!) / 9).toBeCloseTo(1, 1);
  });
});

describe('Student-t moves', () => {
  it('have the quantiles of a t scaled to unit variance', async () => {
    // 99 % quantile of t with 4 degrees of freedom, from tables: 3.7469; of 8: 2.8965.
    for (const [degreesOfFreedom, quantile] of [
      [4, 3.7469],
      [8, 2.8965],
    ] as const) {
      const [btc] = await drawn('student-t', { degreesOfFreedom });
      const deviation = Math.sqrt(moveCovariance(joint, 1).get(0, 0));
      const level = -quantile * deviation * Math.sqrt((degreesOfFreedom - 2) / degreesOfFreedom);
      const beyond = btc!.filter((value) => value < level).length / COUNT;
      expect(Math.abs(beyond - 0.01)).toBeLessThan(4 * Math.sqrt((0.01 * 0.99) / COUNT));
    }
  });

  it('share one chi-square, so that extreme days are extreme for all coins', async () => {
    const both = (rows: Float64Array[]): number => {
      const worst = rows.map((row) => row.slice().sort()[COUNT / 100]!);
      return rows[0]!.filter((value, s) => value < worst[0]! && rows[2]![s]! > -worst[2]!).length;
    };
    const tail = both(await drawn('student-t', { degreesOfFreedom: 3 }));
    const thin = both(await drawn('normal'));
    expect(tail).toBeGreaterThan(1.3 * thin);
  });
});

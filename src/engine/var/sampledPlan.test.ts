import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { VarReport, VarRequest, VarSampling } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { inlinePathPool } from '../scenario/inlinePathPool.ts';
import { MOVE_LIMITS } from '../scenario/jointMoves.ts';
import type { PathPool } from '../scenario/PathPool.ts';
import type { PathPlan } from '../scenario/pathPlan.ts';
import { consecutive, pathSampler } from '../scenario/pathSampler.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { standardStudentTTail, studentTUnitScale } from './closedFormVar.ts';
import { quadraticForm, upperQuantile, upperTail } from './quadraticForm.ts';
import { sampledPlan } from './sampledPlan.ts';
import type { VarControl } from './VarControl.ts';
import { valueAtRisk } from './valueAtRisk.ts';
import { weightedReader } from './weightedReader.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(400);
const market = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
    ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
  }),
);
const strangles = smallBook([
  [`BTC-${CODES.month}-100000-C`, -3],
  [`BTC-${CODES.month}-80000-P`, -3],
  [`ETH-${CODES.month}-3400-C`, -60],
  [`ETH-${CODES.month}-2600-P`, -60],
]);
const perpetual = smallBook([['BTC-PERPETUAL', 100_000]]);

const request = (part: Partial<VarRequest> = {}): VarRequest => ({
  inputVersion: 1,
  marketId: 'small',
  portfolio: strangles,
  method: 'monte-carlo',
  confidence: 0.99,
  expectedShortfallConfidence: 0.975,
  horizonDays: 1,
  paths: 10_000,
  seed: 4,
  distribution: 'student-t',
  degreesOfFreedom: 4,
  revaluation: 'full',
  smile: 'sticky-strike',
  lossLevelsUsd: [],
  ...part,
});
async function report(part: Partial<VarRequest> = {}, control: VarControl = {}): Promise<VarReport> {
  const found = await valueAtRisk(market, request(part), control);
  if (found === null) throw new Error('cancelled');
  return found;
}

/** Bounds of a binomial count of successes with chance 0.95, each exceeded once in some three thousand times. */
const covered = (count: number): readonly [number, number] => {
  const spread = 3.5 * Math.sqrt(count * 0.95 * 0.05);
  return [0.95 * count - spread, Math.min(0.95 * count + spread, count)];
};

interface Truth {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}
interface Estimate {
  readonly figure: Truth;
  readonly error: Truth;
  readonly interval: {
    readonly valueAtRisk: readonly [number, number];
    readonly expectedShortfall: readonly [number, number];
  };
}

/** Unbiased over the seeds within 4 standard errors of their mean; reported errors as large as their spread; intervals that cover. */
function judge(estimates: readonly Estimate[], truth: Truth): void {
  for (const name of ['valueAtRisk', 'expectedShortfall'] as const) {
    const values = estimates.map(({ figure }) => figure[name]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    expect(Math.abs(mean - truth[name])).toBeLessThan(4 * Math.sqrt(variance / values.length));
    const reported = estimates.reduce((sum, { error }) => sum + error[name] ** 2, 0) / values.length;
    // Both are means of squares, of 15 degrees of freedom a seed and of one.
    expect(reported / variance).toBeGreaterThan(1 - 5 * Math.sqrt(2 / values.length));
    expect(reported / variance).toBeLessThan(1 + 6 * Math.sqrt(2 / values.length));
    const inside = estimates.filter(
      ({ interval }) => interval[name][0] <= truth[name] && truth[name] <= interval[name][1],
    );
    const [least, most] = covered(values.length);
    expect(inside.length).toBeGreaterThanOrEqual(least);
    expect(inside.length).toBeLessThanOrEqual(most);
  }
}

const SEEDS = 120;

describe.each(['sobol', 'importance'] as const)('%s sampling', (sampling) => {
  it(`gives a linear book its Student-t VaR and ES, with errors and intervals that hold over ${SEEDS} seeds`, async () => {
    // P&L = held (exp(x) - 1), x Student-t: VaR is held (1 - exp(-q)); ES the mean of that over the tail's quantiles.
    const held = (100_000 * market.snapshot.underlyings[0]!.index) / market.snapshot.underlyings[0]!.perpetual!.mark;
    const deviation =
      Math.sqrt(random.btc.reduce((sum, r) => sum + r * r, 0) / random.btc.length) * studentTUnitScale(4);
    const lossAt = (confidence: number): number =>
      -held * Math.expm1(-deviation * standardStudentTTail(4, confidence).valueAtRisk);
    const steps = 4_000;
    // The loss grows with a root of the chance at the end of the tail; u = w^4 makes it smooth for the midpoint rule.
    const tailMean = Array.from({ length: steps }, (_, i) => {
      const w = (i + 0.5) / steps;
      return lossAt(1 - 0.025 * w ** 4) * 4 * w ** 3;
    }).reduce((sum, value) => sum + value / steps, 0);
    const estimates: Estimate[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const found = await report({ portfolio: perpetual, sampling, seed, paths: 4_000 });
      estimates.push(estimateOf(found));
    }
    expect(estimates).toHaveLength(SEEDS);
    judge(estimates, { valueAtRisk: lossAt(0.99), expectedShortfall: tailMean });
  });

  it(`gives a quadratic book the quantile of its form, over ${SEEDS} seeds`, async () => {
    const estimates: Estimate[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) estimates.push(await quadraticEstimate(sampling, seed));
    const form = quadraticForm(
      DELTA.map((value) => -value),
      GAMMA.clone().mul(-1),
      FACTOR,
    );
    const edge = upperQuantile(form, 0.025);
    expect(estimates).toHaveLength(SEEDS);
    judge(estimates, {
      valueAtRisk: upperQuantile(form, 0.01),
      expectedShortfall: edge + upperTail(form, edge).excess / 0.025,
    });
  });

  it('reports the same bits however the paths are cut', async () => {
    const whole = await report({ sampling });
    const pools = [inlinePathPool(market.kernels, 777), outOfOrder(inlinePathPool(market.kernels))];
    for (const pool of pools) {
      const cut = await report({ sampling }, { pool });
      expect({ ...cut, elapsedMs: 0 }).toEqual({ ...whole, elapsedMs: 0 });
    }
  });

  it('agrees with plain paths on every figure, within their errors', async () => {
    const levels = { lossLevelsUsd: [2_000, 10_000, 20_000], before: perpetual };
    const plain = await report({ ...levels, sampling: 'plain', paths: 200_000 });
    const found = await report({ ...levels, sampling, paths: 20_000 });
    const near = (value: number, other: number, error: number): void =>
      expect(Math.abs(value - other)).toBeLessThan(4.5 * error);
    const error = Math.hypot(plain.standardError!.valueAtRiskUsd, found.standardError!.valueAtRiskUsd);
    near(found.valueAtRiskUsd, plain.valueAtRiskUsd, error);
    near(
      found.expectedShortfallUsd,
      plain.expectedShortfallUsd,
      Math.hypot(plain.standardError!.expectedShortfallUsd, found.standardError!.expectedShortfallUsd),
    );
    found.exceedance.forEach(({ probability }, i) => {
      const other = plain.exceedance[i]!.probability;
      // The weights bound the variance by four times that of a count.
      near(probability, other, Math.sqrt(other * (1 - other) * (1 / 200_000 + 4 / 20_000)));
    });
    const counts = found.histogram.counts.reduce((sum, count) => sum + count, 0);
    expect(counts).toBeCloseTo(20_000, 6);
    // The mean of a linear position near VaR: the same conditional expectation, each with the noise of its window.
    const share = (all: VarReport, id: string): number =>
      all.byPosition.find((row) => row.id === id)!.valueAtRiskUsd / all.valueAtRiskUsd;
    for (const { id } of plain.byPosition) near(share(found, id), share(plain, id), 0.05);
    for (const [i, row] of plain.byPosition.entries())
      near(found.byPosition[i]!.incrementalVaRUsd!, row.incrementalVaRUsd!, 2 * error);
    near(found.incremental!.valueAtRiskUsd, plain.incremental!.valueAtRiskUsd, 2 * error);
    expect(found.sampling!.method).toBe(sampling);
    expect(found.sampling!.effectivePaths.valueAtRisk!).toBeGreaterThan(20_000);
  });

  it('is given up during the pilot and the run', async () => {
    for (const asked of [1, 3]) {
      let times = 0;
      const cancelled = (): boolean => (times += 1) > asked;
      expect(await valueAtRisk(market, request({ sampling }), { cancelled, pause: async () => {} })).toBeNull();
    }
  });
});

describe('the way of sampling', () => {
  it('is importance for normal and Student-t moves unless told otherwise, and plain for others', async () => {
    for (const distribution of ['normal', 'student-t'] as const) {
      const found = await report({ distribution, paths: 4_000 });
      expect(found.sampling!.method).toBe('importance');
      expect(found.sampling!.replicates).toBe(16);
      // Student's t with 15 degrees of freedom, 97.5 %: 2.131450 in any table.
      const high = found.confidenceInterval95!.expectedShortfallUsd[1];
      const errors = (high - found.expectedShortfallUsd) / found.standardError!.expectedShortfallUsd;
      expect(errors).toBeCloseTo(2.13145, 5);
    }
    const jumps = await report({ distribution: 'jump-diffusion', paths: 4_000 });
    expect(jumps.sampling).toEqual({
      method: 'plain',
      replicates: null,
      effectivePaths: { valueAtRisk: 4_000, expectedShortfall: 4_000 },
    });
    expect((await report({ method: 'historical' })).sampling).toBeUndefined();
    const tail = await report({ method: 'evt', tailOf: 'monte-carlo', paths: 4_000 });
    expect(tail.sampling).toBeUndefined();
  });

  it('is refused where it would be wrong', async () => {
    await expect(report({ distribution: 'jump-diffusion', sampling: 'sobol' })).rejects.toThrow(
      'Sampling by sobol is for normal and Student-t moves; use plain sampling with jump-diffusion',
    );
    await expect(report({ method: 'evt', tailOf: 'monte-carlo', sampling: 'importance' })).rejects.toThrow(
      'A tail is fitted to equally likely outcomes; use plain sampling',
    );
  });

  it('does not warn of a thin tail that importance sampling has filled', async () => {
    const found = await report({ confidence: 0.999, expectedShortfallConfidence: 0.999, paths: 2_000 });
    expect(found.notices.filter(({ severity }) => severity === 'warning')).toEqual([]);
    expect(found.standardError!.expectedShortfallUsd).toBeGreaterThan(0);
  });

  it.each(['plain', 'sobol'] as const)('tells no error of a tail that %s paths hardly reach', async (sampling) => {
    const thin = { confidence: 0.999, expectedShortfallConfidence: 0.975, paths: 2_000 };
    const found = await report({ ...thin, sampling, targetStandardErrorUsd: 1e9 });
    expect(found.standardError).toBeNull();
    expect(found.confidenceInterval95).toBeNull();
    // And a target is not met by an error that nobody knows.
    expect(found.observations).toBe(2_000);
    expect((await report({ ...thin, confidence: 0.99, sampling })).standardError).not.toBeNull();
  });
});

// ---- a book that is quadratic in log-moves ---------------------------------------------------------------------------

const FACTOR = new Matrix([
  [0.04, 0, 0, 0],
  [0.03, 0.03, 0, 0],
  [-0.02, 0, 0.05, 0],
  [-0.02, -0.01, 0.03, 0.04],
]);
const DELTA = Float64Array.of(500, -300, -2_000, 1_000);
const GAMMA = new Matrix([
  [-90_000, 0, 3_000, 0],
  [0, -60_000, 0, -2_000],
  [3_000, 0, -5_000, 0],
  [0, -2_000, 0, 4_000],
]);

async function quadraticEstimate(method: Exclude<VarSampling, 'plain'>, seed: number): Promise<Estimate> {
  const paths = 4_000;
  const plan = {
    underlyings: ['BTC', 'ETH'],
    rows: [],
    books: [],
    draws: {
      kind: 'elliptical',
      seed,
      normalStream: 0,
      chiSquareStream: 1,
      degreesOfFreedom: null,
      factor: Float64Array.from(FACTOR.to1DArray()),
      ...MOVE_LIMITS,
    },
  } as const;
  const question = { confidence: 0.99, expectedShortfallConfidence: 0.975 };
  const found = (await sampledPlan(plan, method, question, quadraticPool, referenceKernels, {}))!;
  const block = (await quadraticPool.pnl(found.plan, 0, paths))!;
  const sample = { ...found.sample, weights: block.weights! };
  const reading = weightedReader(0.99, 0.975, sample, referenceKernels).read(block.pnl[0]!);
  const errors = reading.errors!;
  return {
    figure: { valueAtRisk: reading.valueAtRiskUsd, expectedShortfall: reading.expectedShortfallUsd },
    error: { valueAtRisk: errors.var.standardError, expectedShortfall: errors.es.standardError },
    interval: { valueAtRisk: errors.var.interval95, expectedShortfall: errors.es.interval95 },
  };
}

const quadraticPool: PathPool = {
  workers: 0,
  async pnl(plan: PathPlan, firstPath, count) {
    const column = (): Float64Array => new Float64Array(count);
    const moves = plan.underlyings.map(() => ({ growth: column(), logGrowth: column(), volShock: column() }));
    const weights = column();
    (await pathSampler(plan, referenceKernels))(consecutive(firstPath, count), moves, weights);
    const pnl = Float64Array.from({ length: count }, (_, s) => {
      const x = [
        ...moves.map(({ logGrowth }) => logGrowth[s]!),
        ...moves.map(({ volShock }) => Math.log1p(volShock[s]!)),
      ];
      return x.reduce(
        (sum, value, i) =>
          sum + value * (DELTA[i]! + x.reduce((half, other, j) => half + (GAMMA.get(i, j) * other) / 2, 0)),
        0,
      );
    });
    return { pnl: [pnl], weights, fault: null };
  },
};

function estimateOf(found: VarReport): Estimate {
  const { standardError, confidenceInterval95 } = found;
  return {
    figure: { valueAtRisk: found.valueAtRiskUsd, expectedShortfall: found.expectedShortfallUsd },
    error: { valueAtRisk: standardError!.valueAtRiskUsd, expectedShortfall: standardError!.expectedShortfallUsd },
    interval: {
      valueAtRisk: confidenceInterval95!.valueAtRiskUsd,
      expectedShortfall: confidenceInterval95!.expectedShortfallUsd,
    },
  };
}

/** The same paths in two halves, the later one first. */
function outOfOrder(pool: PathPool): PathPool {
  return {
    workers: 0,
    async pnl(plan, firstPath, count, control) {
      const half = Math.floor(count / 3);
      const later = (await pool.pnl(plan, firstPath + half, count - half, control))!;
      const earlier = (await pool.pnl(plan, firstPath, half, control))!;
      const joined = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.of(...a, ...b);
      return {
        pnl: earlier.pnl.map((values, book) => joined(values, later.pnl[book]!)),
        weights: earlier.weights === null ? null : joined(earlier.weights, later.weights!),
        fault: null,
      };
    },
  };
}

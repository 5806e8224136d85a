import { Matrix } from 'ml-matrix';
import type { Notice } from '../domain/marketSummary.ts';
import type { EstimateOverrides } from '../domain/scenarioEstimates.ts';
import type { VarianceTerm } from '../domain/scenario.ts';
import { DAYS_PER_YEAR, type Vol } from '../domain/units.ts';
import { hestonStep } from '../pricing/hestonStep.ts';
import { consistentCorrelation, correlationMatrix, factorPairs } from './correlation.ts';
import { INCONSISTENT } from './covarianceEstimates.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import { EstimateList, factorId, factorName } from './EstimateList.ts';
import { type JointMoves, MOVE_LIMITS } from './jointMoves.ts';
import {
  covarianceOf,
  deviationsAndCorrelations,
  type JumpFit,
  jumpFit,
  jumpStandardErrors,
  MOST_INTENSITY,
} from './jumpFit.ts';
import { type MonteCarloRequest, rowMajor, type ScenarioGenerator } from './monteCarloScenarios.ts';
import { normalDraws, poissonDraws } from './pathDraws.ts';
import type { VariancePathDraws } from './pathPlan.ts';
import { type VarianceHistory, type VarianceProcess, spotVariance } from './varianceFit.ts';
import { indexLoading, indexVariance } from './varianceTerm.ts';

/** What the history says of the joint paths of several coins. Factors of `correlations`: all spots, then all variances. */
export interface BatesFit {
  readonly history: VarianceHistory;
  /** Variance of spot over the variance that the index speaks of, by coin, jumps left out where there are any. */
  readonly realised: readonly { readonly value: number; readonly standardError: number | null }[];
  readonly correlations: readonly number[];
  /** Null for Heston. */
  readonly jumps: { readonly fit: JumpFit; readonly errors: ReturnType<typeof jumpStandardErrors> } | null;
}

/**
 * The slow part. Variance processes by `varianceHistory`. Heston: the ratio of realised to implied variance is the sum of squared
 * returns over the sum of v dt. Bates: the ratio and the jumps by maximum likelihood on the returns, each step's diffusion in
 * proportion to its own v (`jumpFit`). Correlations are those of the standardised moves of spot (less the expected jump) and variance.
 */
export function batesFit(moves: JointMoves, history: VarianceHistory, withJumps: boolean): BatesFit {
  const dt = moves.stepDays / DAYS_PER_YEAR;
  const { returns, variance, innovations } = history;
  const scales = variance.map((row) => row.map((v) => Math.sqrt(v * dt)));
  if (!withJumps) {
    const realised = returns.map((row, u) => {
      const expected = variance[u]!.reduce((sum, v) => sum + v * dt, 0);
      const value = row.reduce((sum, r) => sum + r * r, 0) / expected;
      const errors = row.reduce((sum, r, t) => sum + (r * r - value * variance[u]![t]! * dt) ** 2, 0);
      return { value, standardError: Math.sqrt(errors) / expected };
    });
    const shocks = returns.map((row, u) => row.map((r, t) => r / scales[u]![t]!));
    return { history, realised, correlations: correlationsOf([...shocks, ...innovations]), jumps: null };
  }
  const fit = jumpFit(returns, scales, moves.underlyings.join(', '));
  const errors = jumpStandardErrors(returns, scales, fit);
  const realised = fit.diffusion.diagonal().map((value, u) => ({
    value,
    standardError: errors && 2 * Math.sqrt(value) * errors.diffusion[u]!,
  }));
  const shocks = returns.map((row, u) => row.map((r, t) => (r - fit.jumpPart[u]![t]!) / scales[u]![t]!));
  return { history, realised, correlations: correlationsOf([...shocks, ...innovations]), jumps: { fit, errors } };
}

/** Correlations about zero, below the diagonal. */
function correlationsOf(rows: readonly Float64Array[]): number[] {
  const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, t) => sum + value * b[t]!, 0);
  return factorPairs(rows.length).map(
    ([i, j]) =>
      product(rows[i]!, rows[j]!) /
      Math.sqrt(Math.max(product(rows[i]!, rows[i]!) * product(rows[j]!, rows[j]!), Number.MIN_VALUE)),
  );
}

// ---- the paths -----------------------------------------------------------------------------------------------------

/** One coin's variance of spot: dV = kappa (theta - V) dt + xi sqrt(V) dZ, from `variance` now. */
export interface SpotVariance extends VarianceProcess {
  readonly variance: number;
}

/** A model of several coins' spots and variances, all numbers a year. */
export interface BatesModel {
  readonly coins: readonly SpotVariance[];
  /** Of the Brownian motions: all spots, then all variances. */
  readonly correlation: Matrix;
  /** Jumps at common times, normal log-sizes by coin; null for none. */
  readonly jumps: { readonly intensity: number; readonly mean: readonly number[]; readonly covariance: Matrix } | null;
}

/** Log-move of spot and variance at the end, by coin and path: `[coin * paths + path]`. */
export interface PathEnds {
  readonly logMove: Float64Array;
  readonly variance: Float64Array;
}

/** Streams of one seed, apart from those of the other generators. */
const STREAM = { normal: 32, jumpCount: 33, jumpSize: 34 } as const;
/** Draws of so many paths are held at once. */
const CHUNK = 256;

/**
 * Ends of paths by Andersen's quadratic-exponential scheme (2008, "Simple and efficient simulation of the Heston stochastic volatility
 * model"), central discretisation, with his martingale correction: the mean of exp(log-move) is one. Mean and variance of V are exact
 * at every sub-step. Jumps (Bates 1996) are independent of V and of when they come, so their sum over the horizon is drawn at once; the
 * drift makes up for their mean. Path i depends on the seed and i alone.
 */
export function batesPaths(
  model: BatesModel,
  years: number,
  subSteps: number,
  seed: number,
  paths: Int32Array,
): PathEnds {
  const n = model.coins.length;
  const dt = years / subSteps;
  const coins = model.coins.map((coin, u) => hestonStep(coin, model.correlation.get(u, n + u), dt));
  const factor = shockFactor(model.correlation).to2DArray();
  const logMove = new Float64Array(n * paths.length);
  const variance = new Float64Array(n * paths.length);
  const width = 2 * n * subSteps;
  const shocks = new Float64Array(2 * n);
  for (let from = 0; from < paths.length; from += CHUNK) {
    const some = paths.subarray(from, Math.min(from + CHUNK, paths.length));
    const normal = normalDraws(seed, STREAM.normal, some, width);
    for (let s = 0; s < some.length; s += 1) {
      for (let u = 0; u < n; u += 1) variance[u * paths.length + from + s] = model.coins[u]!.variance;
      for (let k = 0; k < subSteps; k += 1) {
        const at = s * width + k * 2 * n;
        for (let i = 0; i < 2 * n; i += 1) {
          let z = 0;
          for (let j = 0; j < 2 * n; j += 1) z += factor[i]![j]! * normal[at + j]!;
          shocks[i] = z;
        }
        for (let u = 0; u < n; u += 1) {
          const place = u * paths.length + from + s;
          const step = coins[u]!;
          const v = variance[place]!;
          const later = step.nextVariance(v, shocks[n + u]!);
          logMove[place] = logMove[place]! + step.logMove(v, later, shocks[u]!);
          variance[place] = later;
        }
      }
    }
  }
  if (model.jumps !== null) addJumps(model.jumps, years, seed, paths, logMove);
  return { logMove, variance };
}

function addJumps(
  { intensity, mean, covariance }: NonNullable<BatesModel['jumps']>,
  years: number,
  seed: number,
  paths: Int32Array,
  logMove: Float64Array,
): void {
  const n = mean.length;
  const expected = intensity * years;
  const counts = poissonDraws(seed, STREAM.jumpCount, paths, expected);
  const normal = normalDraws(seed, STREAM.jumpSize, paths, n);
  const rows = covarianceFactor(covariance).to2DArray();
  const growth = mean.map((m, u) => Math.expm1(m + covariance.get(u, u) / 2));
  for (let s = 0; s < paths.length; s += 1) {
    for (let u = 0; u < n; u += 1) {
      let z = 0;
      for (let j = 0; j < n; j += 1) z += rows[u]![j]! * normal[s * n + j]!;
      const place = u * paths.length + s;
      const number = counts[s]!;
      logMove[place] = logMove[place]! + number * mean[u]! + Math.sqrt(number) * z - expected * growth[u]!;
    }
  }
}

/**
 * A factor that makes independent normals into the shocks of a step: for each coin first what its spot's Brownian motion has apart from
 * its own variance's, (W - rho Z) / root of (1 - rho^2), since QE brings the common part in through the move of V; then the Z.
 */
function shockFactor(correlation: Matrix): Matrix {
  const n = correlation.rows / 2;
  const transform = Matrix.eye(2 * n);
  for (let u = 0; u < n; u += 1) {
    const rho = correlation.get(u, n + u);
    const own = Math.sqrt(Math.max(1 - rho * rho, 1e-12));
    transform.set(u, u, 1 / own);
    transform.set(u, n + u, -rho / own);
  }
  return covarianceFactor(transform.mmul(correlation).mmul(transform.transpose()));
}

// ---- as scenarios --------------------------------------------------------------------------------------------------

export interface BatesRequest extends MonteCarloRequest {
  readonly estimates: EstimateOverrides;
  /** 30-day implied vol of each underlying in the market now; null where the market has none, and the index's last value is used. */
  readonly volatilityNow: readonly (Vol | null)[];
}

/**
 * Paths of several coins' spots and variances in daily sub-steps (Heston 1993; with jumps, Bates 1996), of which the ends are the
 * scenarios. Each coin's implied variance v starts where today's 30-day vol puts it; spot moves with v times the ratio of realised to
 * implied variance. A move of v moves every expiry's vol by what it changes of expected mean variance (`varianceFollowing`), and all
 * strikes of an expiry by the same factor. Spot is a martingale. Moves are held within what can be priced, as all moves are.
 */
export function batesGenerator(
  moves: JointMoves,
  fit: BatesFit,
  request: BatesRequest,
): ScenarioGenerator<VariancePathDraws> {
  const list = new EstimateList(request.estimates);
  const notices: Notice[] = [...fit.history.notices];
  const { underlyings } = moves;
  const n = underlyings.length;
  const terms: VarianceTerm[] = [];
  const ratios: number[] = [];
  const coins = fit.history.fits.map((fitted, u): SpotVariance => {
    const symbol = underlyings[u]!;
    const group = `${symbol} variance`;
    const errors = fitted.standardErrors;
    const last = fit.history.variance[u]!;
    const longRunVol = Math.sqrt(fitted.longRunVariance) * 100;
    const now = list.use({
      id: `${symbol}.now`,
      group,
      name: '30-day volatility now',
      unit: '% a year',
      estimated:
        100 *
        (request.volatilityNow[u] ??
          Math.sqrt(indexVariance(last[last.length - 1]!, fitted, indexLoading(fitted.meanReversion, INDEX_DAYS)))),
      standardError: null,
      min: 1,
      max: 500,
    });
    const longRun = list.use({
      id: `${symbol}.long-run`,
      group,
      name: 'Long-run volatility √θ',
      unit: '% a year',
      estimated: longRunVol,
      standardError: errors && (errors.longRunVariance / (2 * fitted.longRunVariance)) * longRunVol,
      min: 1,
      max: 500,
    });
    const meanReversion = list.use({
      id: `${symbol}.reversion`,
      group,
      name: 'Mean reversion κ',
      unit: 'a year',
      estimated: fitted.meanReversion,
      standardError: errors && errors.meanReversion,
      min: 0.01,
      max: 365,
    });
    const volOfVol = list.use({
      id: `${symbol}.vol-of-vol`,
      group,
      name: 'Vol of vol ξ',
      unit: '',
      estimated: fitted.volOfVol,
      standardError: errors && errors.volOfVol,
      min: 0.01,
      max: 50,
    });
    const realised = list.use({
      id: `${symbol}.realised`,
      group,
      name: 'Realised over implied variance',
      unit: '',
      estimated: fit.realised[u]!.value,
      standardError: fit.realised[u]!.standardError,
      min: 0.01,
      max: 100,
    });
    const process = { meanReversion, longRunVariance: (longRun / 100) ** 2, volOfVol };
    const variance = spotVariance((now / 100) ** 2, process);
    terms.push({ meanReversion, longRunVariance: process.longRunVariance, variance });
    ratios.push(realised);
    return {
      meanReversion,
      longRunVariance: process.longRunVariance * realised,
      volOfVol: volOfVol * Math.sqrt(realised),
      variance: variance * realised,
    };
  });
  const used = fit.history.steps.length;
  const values = factorPairs(2 * n).map(([i, j], k) => {
    const own = i === n + j;
    const estimated = fit.correlations[k]!;
    const name = (f: number): string => factorName(moves, f).replace(' vol', ' variance');
    return list.use({
      id: own ? `${underlyings[j]}.spot-vol` : `${factorId(moves, j)}:${factorId(moves, i)}`,
      group: 'Correlations',
      name: own ? `${name(j)}, its variance ρ` : `${name(j)}, ${name(i)}`,
      unit: '',
      estimated,
      standardError: (1 - estimated * estimated) / Math.sqrt(used),
      min: own ? -0.99 : -1,
      max: own ? 0.99 : 1,
    });
  });
  const { matrix, isRepaired } = consistentCorrelation(correlationMatrix(2 * n, values));
  if (isRepaired && Object.keys(request.estimates).some((id) => id.includes(':') || id.endsWith('.spot-vol')))
    notices.push(INCONSISTENT);
  const jumps = fit.jumps === null ? null : jumpEstimates(moves, fit.jumps, list);
  if (fit.jumps?.fit.intensity === 0) {
    notices.push({
      severity: 'warning',
      message:
        'The history shows no jumps beside its moves of variance. Set their number, mean and deviation to have some',
    });
  }
  if (fit.jumps !== null && isHeld(fit.jumps.fit)) {
    notices.push({
      severity: 'info',
      message: 'Jumps are held at one in ten days, although the history would take more: the rest is left to variance',
    });
  }
  const days = request.horizonDays;
  return {
    notices,
    estimates: list.report(
      jumps === null ? 'Heston paths' : 'Bates paths: Heston with jumps',
      `Gaussian quasi-maximum likelihood on the volatility index${jumps === null ? '' : ', jumps by EM'}; ${used} days with an index`,
      moves,
    ),
    draws: {
      kind: 'bates',
      seed: request.seed,
      years: days / DAYS_PER_YEAR,
      subSteps: Math.max(Math.ceil(days), 1),
      coins,
      correlation: rowMajor(matrix),
      jumps: jumps && { ...jumps, covariance: rowMajor(jumps.covariance) },
      implied: terms.map((term, u) => ({ term, realised: ratios[u]! })),
      ...MOVE_LIMITS,
    },
  };
}

/** Log-moves of spot and of 30-day vol in chosen paths, `[factor * paths + path]`. */
export function variancePathMoves(draws: VariancePathDraws): (paths: Int32Array) => Float64Array {
  const { seed, years, subSteps, coins, jumps, implied } = draws;
  const n = coins.length;
  const square = (values: Float64Array, size: number): Matrix => Matrix.from1DArray(size, size, values);
  const model: BatesModel = {
    coins,
    correlation: square(draws.correlation, 2 * n),
    jumps: jumps && { ...jumps, covariance: square(jumps.covariance, n) },
  };
  const loadings = implied.map(({ term }) => indexLoading(term.meanReversion, INDEX_DAYS));
  return (paths) => {
    const { logMove, variance } = batesPaths(model, years, subSteps, seed, paths);
    const moves = new Float64Array(2 * logMove.length);
    moves.set(logMove);
    variance.forEach((value, place) => {
      const u = Math.floor(place / paths.length);
      const { term, realised } = implied[u]!;
      const now = indexVariance(term.variance, term, loadings[u]!);
      const later = indexVariance(value / realised, term, loadings[u]!);
      moves[logMove.length + place] = 0.5 * Math.log(Math.max(later, Number.MIN_VALUE) / now);
    });
    return moves;
  };
}

const INDEX_DAYS = 30;

/** The history would take more jumps than are let. */
function isHeld({ intensity }: JumpFit): boolean {
  return intensity > 0.999 * MOST_INTENSITY.scaled;
}

function jumpEstimates(
  moves: JointMoves,
  { fit, errors }: NonNullable<BatesFit['jumps']>,
  list: EstimateList,
): NonNullable<BatesModel['jumps']> {
  const perYear = DAYS_PER_YEAR / moves.stepDays;
  const has = fit.intensity > 0;
  const intensity = list.use({
    id: 'jumps.intensity',
    group: 'Jumps',
    name: 'Jumps a year',
    unit: 'a year',
    estimated: fit.intensity * perYear,
    standardError: errors === null || isHeld(fit) ? null : errors.intensity * perYear,
    min: 0,
    max: perYear,
  });
  const n = moves.underlyings.length;
  if (!has && intensity === 0)
    return { intensity: 0, mean: new Array<number>(n).fill(0), covariance: new Matrix(n, n) };
  const { deviations, correlations } = deviationsAndCorrelations(fit.jumpCovariance);
  const mean: number[] = [];
  const sizes = moves.underlyings.map((symbol, u) => {
    const row = { group: 'Jumps', unit: '%', max: 300 };
    mean.push(
      list.use({
        ...row,
        id: `${symbol}.jump-mean`,
        name: `${symbol} mean`,
        estimated: has ? fit.jumpMean[u]! * 100 : null,
        standardError: errors && errors.jumpMean[u]! * 100,
        min: -300,
      }) / 100,
    );
    return (
      list.use({
        ...row,
        id: `${symbol}.jump-deviation`,
        name: `${symbol} deviation`,
        estimated: has ? deviations[u]! * 100 : null,
        standardError: errors && errors.jumpDeviation[u]! * 100,
        min: 0,
      }) / 100
    );
  });
  const values = factorPairs(n).map(([i, j], k) =>
    list.use({
      id: `${moves.underlyings[j]}:${moves.underlyings[i]}.jumps`,
      group: 'Jumps',
      name: `Correlation ${moves.underlyings[j]}, ${moves.underlyings[i]}`,
      unit: '',
      estimated: correlations[k]!,
      standardError: null,
      min: -1,
      max: 1,
    }),
  );
  const { matrix } = consistentCorrelation(correlationMatrix(n, values));
  const consistent = factorPairs(n).map(([i, j]) => matrix.get(i, j));
  return { intensity, mean, covariance: covarianceOf(sizes, consistent) };
}

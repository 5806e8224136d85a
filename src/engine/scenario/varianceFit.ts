import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { VarianceTerm } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import { minimum } from '../numerics/minimum.ts';
import { estimateCovariance } from '../numerics/observedInformation.ts';
import { factorMoves } from './EstimateList.ts';
import { type JointMoves, volatilityLevels } from './jointMoves.ts';
import { indexLoading, indexVariance } from './varianceTerm.ts';

/** dv = kappa (theta - v) dt + xi sqrt(v) dZ, v the variance a year that the volatility index speaks of. */
export interface VarianceProcess {
  /** kappa, a year. */
  readonly meanReversion: number;
  /** theta. */
  readonly longRunVariance: number;
  /** xi, a year. */
  readonly volOfVol: number;
}

export interface VarianceFit extends VarianceProcess {
  readonly standardErrors: VarianceProcess | null;
}

/** The variance processes of some coins, and what their days have in common. All arrays by coin run over the steps in use. */
export interface VarianceHistory {
  readonly fits: readonly VarianceFit[];
  /** Steps of the joint moves on which every index in use is known. */
  readonly steps: readonly number[];
  /** v at the beginning of each step. */
  readonly variance: readonly Float64Array[];
  /** Moves of v, less their mean, over their deviation: standard normal if the model is right. */
  readonly innovations: readonly Float64Array[];
  /** Log-returns of spot on the same steps. */
  readonly returns: readonly Float64Array[];
  readonly notices: readonly Notice[];
}

/** Fewer moves of the index than this do not show how it reverts. */
const FEWEST_MOVES = 100;
const INDEX_DAYS = 30;
/** Bounds of the search; an estimate on one of them has no standard error. */
const BOUNDS = { meanReversion: [0.05, 100], longRunVariance: [1e-4, 25], volOfVol: [0.01, 30] } as const;
/** v is not taken below this share of theta: an index of 30 days does not tell smaller ones apart. */
const LEAST_SHARE = 0.05;

/**
 * Heston's variance process (1993) from a volatility index. The square of an index of 30 days is the mean of expected variance,
 * y = theta + (v - theta) B with B = (1 - exp(-kappa T)) / (kappa T), so that y reverts to theta by exp(-kappa dt) as v does. Kappa and
 * theta are those of a square-root process fitted to y itself by Gaussian quasi-maximum likelihood with its exact conditional mean and
 * variance (Bollerslev and Wooldridge 1992; Cox, Ingersoll and Ross 1985): y, unlike the v behind it, is never near zero, where the
 * likelihood would hang on a few days. Xi is that of y over B, which gives y's moves their size where v stands at theta; in a world
 * that is Heston's it comes out low by the root of the mean of v / y, some 2 % for crypto's numbers. What the index charges above the variance that comes is not part of it: see the ratio of realised to
 * implied variance in `batesPaths`.
 *
 * A coin without an index is given the mean squared index of those that have one, times the ratio of mean squared returns; a notice says so.
 *
 * @throws RiskError `missing-data` when no coin has a usable index, `bad-value` when the search does not settle.
 */
export function varianceHistory(market: MarketSnapshot, moves: JointMoves): VarianceHistory {
  const { underlyings, count } = moves;
  const n = underlyings.length;
  const levels = volatilityLevels(market, moves);
  const known = (u: number, t: number): boolean =>
    levels.before[u * count + t]! > 0 && levels.after[u * count + t]! > 0;
  const all = Array.from({ length: count }, (_, t) => t);
  const donors = underlyings.map((_, u) => u).filter((u) => all.filter((t) => known(u, t)).length >= FEWEST_MOVES);
  const steps = all.filter((t) => donors.every((u) => known(u, t)));
  if (donors.length === 0 || steps.length < FEWEST_MOVES) {
    throw new RiskError(
      'missing-data',
      `A path of variance is fitted to at least ${FEWEST_MOVES} moves of a volatility index, and ${donors.length === 0 ? `none of ${underlyings.join(', ')} has one in this market's history` : 'the indices share fewer days'}; choose t-copula or jump-diffusion`,
    );
  }
  const returns = underlyings.map((_, u) => Float64Array.from(steps, (t) => factorMoves(moves, u)[t]!));
  const energy = returns.map((row) => row.reduce((sum, r) => sum + r * r, 0));
  const notices: Notice[] = [];
  const squares = (rows: Float64Array, u: number): Float64Array =>
    Float64Array.from(steps, (t) => rows[u * count + t]! ** 2);
  const borrowed = (rows: Float64Array, u: number): Float64Array =>
    Float64Array.from(steps, (t) => {
      const mean = donors.reduce((sum, d) => sum + rows[d * count + t]! ** 2 * (energy[u]! / energy[d]!), 0);
      return mean / donors.length;
    });
  const before: Float64Array[] = [];
  const after: Float64Array[] = [];
  for (let u = 0; u < n; u += 1) {
    const own = donors.includes(u);
    if (!own && !(energy[u]! > 0))
      throw new RiskError('missing-data', `${underlyings[u]} does not move in this history; Heston needs moves`);
    before.push(own ? squares(levels.before, u) : borrowed(levels.before, u));
    after.push(own ? squares(levels.after, u) : borrowed(levels.after, u));
    if (!own) {
      const names = donors.map((d) => underlyings[d]).join(' and ');
      notices.push({
        severity: 'info',
        underlying: underlyings[u]!,
        message: `${underlyings[u]} has no volatility index; its variance is that of ${names} times the ratio of mean squared returns`,
      });
    }
  }
  const dt = moves.stepDays / DAYS_PER_YEAR;
  const fits = before.map((from, u) => varianceFit(from, after[u]!, dt, underlyings[u]!));
  const variance = before.map((from, u) => from.map((y) => spotVariance(y, fits[u]!)));
  const innovations = before.map((from, u) => {
    const fit = fits[u]!;
    const loading = indexLoading(fit.meanReversion, INDEX_DAYS);
    return from.map((y, t) => {
      const { mean, variance: spread } = conditionalMoments(spotVariance(y, fit), fit, dt);
      return (after[u]![t]! - indexVariance(mean, fit, loading)) / (loading * Math.sqrt(spread));
    });
  });
  return { fits, steps, variance, innovations, returns, notices };
}

/** Mean and variance of v after dt years, given v now (Cox, Ingersoll and Ross 1985). */
export function conditionalMoments(
  v: number,
  { meanReversion: kappa, longRunVariance: theta, volOfVol: xi }: VarianceProcess,
  dt: number,
): { mean: number; variance: number } {
  const decay = Math.exp(-kappa * dt);
  const gone = -Math.expm1(-kappa * dt);
  return {
    mean: theta + (v - theta) * decay,
    variance: (xi * xi * gone * (v * decay + (theta * gone) / 2)) / kappa,
  };
}

/** v behind a squared 30-day index. */
export function spotVariance(squaredIndex: number, process: Omit<VarianceTerm, 'variance'>): number {
  const { longRunVariance: theta } = process;
  const v = theta + (squaredIndex - theta) / indexLoading(process.meanReversion, INDEX_DAYS);
  return Math.max(v, LEAST_SHARE * theta);
}

/** The process behind an index from its square before and after each move. */
export function varianceFit(before: Float64Array, after: Float64Array, dt: number, name: string): VarianceFit {
  const n = before.length;
  const average = before.reduce((sum, y) => sum + y, 0) / n;
  const logLikelihood = ([kappa, theta, xi]: readonly number[]): number => {
    const process = { meanReversion: kappa!, longRunVariance: theta!, volOfVol: xi! };
    for (const key of ['meanReversion', 'longRunVariance', 'volOfVol'] as const)
      if (!(process[key] >= BOUNDS[key][0] && process[key] <= BOUNDS[key][1])) return -Infinity;
    let sum = 0;
    for (let t = 0; t < n; t += 1) {
      const { mean, variance } = conditionalMoments(before[t]!, process, dt);
      sum += Math.log(variance) + (after[t]! - mean) ** 2 / variance;
    }
    return -0.5 * (sum + n * Math.log(2 * Math.PI));
  };
  const negative = (x: readonly number[]): number => -logLikelihood(x.map(Math.exp)) / n;
  const found = [2, 10]
    .map((kappa) => minimum(negative, [Math.log(kappa), Math.log(average), Math.log(1.5)], [0.5, 0.2, 0.5]))
    .reduce((a, b) => (b.value < a.value ? b : a));
  if (!found.converged) {
    throw new RiskError(
      'bad-value',
      `Heston's variance cannot be fitted to the volatility index of ${name}: its likelihood has no maximum that a search settles on; choose t-copula or jump-diffusion`,
    );
  }
  const [meanReversion, longRunVariance, xi] = found.at.map(Math.exp) as [number, number, number];
  const covariance = estimateCovariance(
    logLikelihood,
    [meanReversion, longRunVariance, xi],
    [1e-3 * meanReversion, 1e-3 * longRunVariance, 1e-3 * xi],
  );
  const loading = indexLoading(meanReversion, INDEX_DAYS);
  // Delta method: d ln(xi / B) = d ln xi - (d ln B / d kappa) d kappa.
  const slope = (indexLoading(meanReversion * 1.001, INDEX_DAYS) / loading - 1) / (0.001 * meanReversion);
  const error = (i: number): number => Math.sqrt(covariance!.get(i, i));
  const relative = covariance && [
    covariance.get(2, 2) / xi ** 2,
    (-2 * slope * covariance.get(0, 2)) / xi,
    slope ** 2 * covariance.get(0, 0),
  ];
  return {
    meanReversion,
    longRunVariance,
    volOfVol: xi / loading,
    standardErrors: relative && {
      meanReversion: error(0),
      longRunVariance: error(1),
      volOfVol: (xi / loading) * Math.sqrt(Math.max(relative[0]! + relative[1]! + relative[2]!, 0)),
    },
  };
}

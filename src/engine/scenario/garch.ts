import { RiskError } from '../domain/failure.ts';
import { minimum } from '../numerics/minimum.ts';
import { estimateCovariance } from '../numerics/observedInformation.ts';

/** sigma_t^2 = omega + alpha r_(t-1)^2 + beta sigma_(t-1)^2, per step. */
export interface GarchParameters {
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
}

export interface GarchFit extends GarchParameters {
  readonly logLikelihood: number;
  /** omega / (1 - alpha - beta): variance of a step in the long run. */
  readonly longRunVariance: number;
  /** Null where the maximum lies on the edge of what is allowed. */
  readonly standardErrors: {
    readonly alpha: number;
    readonly beta: number;
    readonly longRunVariance: number;
  } | null;
}

export interface EwmaFit {
  /** Weight kept by the past at each step. */
  readonly decay: number;
  readonly logLikelihood: number;
  readonly standardError: number | null;
}

/** Fewer returns than this do not show how volatility moves. */
export const FEWEST_RETURNS = 100;
/** alpha + beta is kept below this: beyond, no forecast reverts within a lifetime. */
export const MOST_PERSISTENCE = 0.9999;
/** Bounds of a fitted decay: half of the weight on the last step, and a memory of ten thousand steps. */
export const DECAY_RANGE = [0.5, 0.9999] as const;
/** Below this alpha the history has no clustering that could be told from none. */
const NO_CLUSTERING = 1e-6;

/**
 * GARCH(1,1) with zero mean by Gaussian maximum likelihood (Bollerslev 1986); where returns are not normal, the quasi-likelihood,
 * whose estimates are consistent (Bollerslev and Wooldridge 1992) while these standard errors, from the observed information, are
 * then too small. The first variance is the sample's mean square. Stationarity (alpha + beta < 1) and positivity hold by the
 * coordinates of the search: log of the long-run variance, logits of alpha + beta and of alpha's part in it.
 *
 * @param name whose returns, for the message.
 * @throws RiskError `missing-data` with fewer than 100 returns or none that moves, `bad-value` when the search does not settle.
 */
export function garchFit(returns: Float64Array, name: string): GarchFit {
  const scale = meanSquareOf(returns, name, 'GARCH(1,1)');
  const negative = (x: readonly number[]): number => {
    if (x.some((value) => Math.abs(value) > 30)) return Infinity;
    return -garchLogLikelihood(returns, fromSearch(x, scale)) / returns.length;
  };
  const starts = [
    [0.05, 0.9],
    [0.1, 0.8],
    [0.03, 0.96],
    [0.2, 0.4],
  ].map(([alpha, beta]) => toSearch(alpha!, beta!));
  const ranked = starts.map((x) => ({ x, value: negative(x) })).sort((a, b) => a.value - b.value);
  const found = ranked.slice(0, 2).map(({ x }) => minimum(negative, x, [0.3, 0.5, 0.5]));
  const best = found.reduce((a, b) => (b.value < a.value ? b : a));
  if (!best.converged) {
    throw new RiskError(
      'bad-value',
      `GARCH(1,1) cannot be fitted to ${name}: its likelihood has no maximum that a search settles on; choose the filter riskmetrics (decay 0.94) or set its numbers by hand`,
    );
  }
  const parameters = fromSearch(best.at, scale);
  return { ...parameters, ...garchErrors(returns, parameters), logLikelihood: -best.value * returns.length };
}

/** Gaussian log-likelihood of zero-mean GARCH(1,1), constants included. -Infinity outside its domain. */
export function garchLogLikelihood(returns: Float64Array, parameters: GarchParameters): number {
  const { omega, alpha, beta } = parameters;
  if (!(omega > 0 && alpha >= 0 && beta >= 0 && alpha + beta < 1)) return -Infinity;
  let variance = meanSquare(returns);
  let sum = 0;
  for (let t = 0; t < returns.length; t += 1) {
    const square = returns[t]! ** 2;
    sum += Math.log(variance) + square / variance;
    variance = omega + alpha * square + beta * variance;
  }
  return -0.5 * (sum + returns.length * Math.log(2 * Math.PI));
}

/** Variance of each step given those before it, and after them of the next: one more than there are returns. */
export function garchVariances(returns: Float64Array, { omega, alpha, beta }: GarchParameters): Float64Array {
  const variances = new Float64Array(returns.length + 1);
  variances[0] = meanSquare(returns);
  for (let t = 0; t < returns.length; t += 1)
    variances[t + 1] = omega + alpha * returns[t]! ** 2 + beta * variances[t]!;
  return variances;
}

/** Variance of the sum of the next `steps` returns: the forecasts revert to the long run by alpha + beta a step. */
export function garchForecast(parameters: GarchParameters, next: number, steps: number): number {
  const persistence = parameters.alpha + parameters.beta;
  const longRun = parameters.omega / (1 - persistence);
  let sum = 0;
  let excess = next - longRun;
  for (let k = 0; k < steps; k += 1) {
    sum += longRun + excess;
    excess *= persistence;
  }
  return sum;
}

/**
 * The decay of an exponentially weighted variance, sigma_t^2 = d sigma_(t-1)^2 + (1 - d) r_(t-1)^2 from the sample's mean square, by
 * Gaussian maximum likelihood: GARCH(1,1) with omega 0 and alpha + beta 1.
 * @throws RiskError like `garchFit`.
 */
export function ewmaFit(returns: Float64Array, name: string): EwmaFit {
  meanSquareOf(returns, name, 'A fitted EWMA');
  const [low, high] = DECAY_RANGE;
  const decayOf = (x: number): number => 1 - Math.exp(x);
  const negative = ([x]: readonly number[]): number => {
    const decay = decayOf(x!);
    return decay < low || decay > high ? Infinity : -ewmaLogLikelihood(returns, decay) / returns.length;
  };
  const found = [0.94, 0.98, 0.8]
    .map((decay) => minimum(negative, [Math.log(1 - decay)], [0.5]))
    .reduce((a, b) => (b.value < a.value ? b : a));
  if (!found.converged) {
    throw new RiskError(
      'bad-value',
      `An EWMA cannot be fitted to ${name}: its likelihood has no maximum that a search settles on; choose the filter riskmetrics (decay 0.94) or set its decay by hand`,
    );
  }
  const decay = decayOf(found.at[0]!);
  const covariance = estimateCovariance(
    ([d]) => (d! < low || d! > high ? -Infinity : ewmaLogLikelihood(returns, d!)),
    [decay],
    [1e-3 * (1 - decay)],
  );
  return {
    decay,
    logLikelihood: -found.value * returns.length,
    standardError: covariance === null || atEdge(decay) ? null : Math.sqrt(covariance.get(0, 0)),
  };
}

function atEdge(decay: number): boolean {
  return decay - DECAY_RANGE[0] < 1e-4 || DECAY_RANGE[1] - decay < 1e-6;
}

/** Gaussian log-likelihood of an exponentially weighted variance, constants included. */
export function ewmaLogLikelihood(returns: Float64Array, decay: number): number {
  let variance = meanSquare(returns);
  let sum = 0;
  for (let t = 0; t < returns.length; t += 1) {
    const square = returns[t]! ** 2;
    sum += Math.log(variance) + square / variance;
    variance = decay * variance + (1 - decay) * square;
  }
  return -0.5 * (sum + returns.length * Math.log(2 * Math.PI));
}

function garchErrors(
  returns: Float64Array,
  { omega, alpha, beta }: GarchParameters,
): Pick<GarchFit, 'longRunVariance' | 'standardErrors'> {
  const longRunVariance = omega / (1 - alpha - beta);
  const inside = alpha > NO_CLUSTERING && beta > NO_CLUSTERING && alpha + beta < MOST_PERSISTENCE - NO_CLUSTERING;
  const covariance = inside
    ? estimateCovariance(
        ([w, a, b]) => garchLogLikelihood(returns, { omega: w! * omega, alpha: a!, beta: b! }),
        [1, alpha, beta],
        [1e-3, Math.min(1e-4, alpha / 2), Math.min(1e-4, (1 - alpha - beta) / 4)],
      )
    : null;
  if (covariance === null) return { longRunVariance, standardErrors: null };
  // Delta method: d ln V = d ln omega + (d alpha + d beta) / (1 - alpha - beta).
  const slope = 1 / (1 - alpha - beta);
  const gradient = [1, slope, slope];
  let variance = 0;
  for (let i = 0; i < 3; i += 1)
    for (let j = 0; j < 3; j += 1) variance += gradient[i]! * gradient[j]! * covariance.get(i, j);
  return {
    longRunVariance,
    standardErrors: {
      alpha: Math.sqrt(covariance.get(1, 1)),
      beta: Math.sqrt(covariance.get(2, 2)),
      longRunVariance: longRunVariance * Math.sqrt(variance),
    },
  };
}

function toSearch(alpha: number, beta: number): number[] {
  const persistence = (alpha + beta) / MOST_PERSISTENCE;
  const part = alpha / (alpha + beta);
  return [0, Math.log(persistence / (1 - persistence)), Math.log(part / (1 - part))];
}

function fromSearch([level, persistent, part]: readonly number[], scale: number): GarchParameters {
  const persistence = MOST_PERSISTENCE / (1 + Math.exp(-persistent!));
  const alpha = persistence / (1 + Math.exp(-part!));
  return { omega: scale * Math.exp(level!) * (1 - persistence), alpha, beta: persistence - alpha };
}

function meanSquareOf(returns: Float64Array, name: string, model: string): number {
  if (returns.length < FEWEST_RETURNS) {
    throw new RiskError(
      'missing-data',
      `${model} needs at least ${FEWEST_RETURNS} moves; ${name} has ${returns.length}. Choose the filter riskmetrics (decay 0.94) or set its numbers by hand`,
    );
  }
  const scale = meanSquare(returns);
  if (!(scale > 0)) throw new RiskError('missing-data', `${model} needs moves; ${name} does not move in this history`);
  return scale;
}

function meanSquare(returns: Float64Array): number {
  return returns.reduce((sum, value) => sum + value * value, 0) / returns.length;
}

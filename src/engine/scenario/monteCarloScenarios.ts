import { Matrix } from 'ml-matrix';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarDistribution } from '../domain/riskReport.ts';
import type { ScenarioSet, SmileRule } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import { chiSquares, normals, uniforms } from '../numerics/sampling.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import {
  type JointMoves,
  move,
  moveCovariance,
  secondMoments,
  spotMoveOf,
  VOL_TERM_POWER,
  volShockOf,
} from './jointMoves.ts';

export interface MonteCarloRequest {
  readonly horizonDays: number;
  readonly distribution: VarDistribution;
  /** Of `student-t`; above 2. */
  readonly degreesOfFreedom: number;
  readonly seed: number;
  readonly smile: SmileRule;
}

/** A joint distribution of log-moves over the horizon, ready to be drawn from. Factors: all spots, then all vols. */
export interface MonteCarloModel extends MonteCarloRequest {
  readonly underlyings: readonly string[];
  /** L of the diffusion (of everything, where there are no jumps), L L' its covariance over the horizon. */
  readonly factor: Matrix;
  /** Null unless `jump-diffusion`. */
  readonly jumps: Jumps | null;
}

interface Jumps {
  /** Expected number over the horizon. */
  readonly intensity: number;
  /** Mean of one jump, by factor. */
  readonly mean: Float64Array;
  /** L of the covariance of one jump. */
  readonly factor: Matrix;
}

/** A day is a jump when a coin's return exceeds this many robust standard deviations (1.4826 x median size). */
const JUMP_THRESHOLD = 4;
const ROBUST_DEVIATION = 1.4826;
/** With fewer jump days than this their size cannot be estimated, and the default below is used. */
const MIN_JUMPS = 5;
/** Four jumps a year without direction, each with the covariance of sixteen ordinary steps. */
const DEFAULT_JUMPS = { perYear: 4, steps: 16 };

/** Streams of one seed; each use draws from its own. */
const STREAM = { diffusion: 0, chiSquare: 1, jumpCount: 2, jumpSize: 3 } as const;

/**
 * The distribution of joint moves that fits a history. Covariances are the history's, times horizon / step; means are zero.
 *
 * - `normal`: multivariate normal.
 * - `student-t`: multivariate t, one chi-square for all factors, scaled to the same covariance. The horizon's moves have the
 *   tails of a single step's: the sum of several steps would have thinner ones.
 * - `jump-diffusion`: Merton (1976) with joint jumps. Days on which any coin moves by more than four robust standard deviations
 *   are jumps; their frequency, mean and covariance (less the diffusion's) are those of the jumps, the other days' second
 *   moments those of the diffusion, and the drift is set so that the mean move stays zero.
 */
export function monteCarloModel(
  moves: JointMoves,
  request: MonteCarloRequest,
): { model: MonteCarloModel; notices: readonly Notice[] } {
  const base = { ...request, underlyings: moves.underlyings };
  if (request.distribution !== 'jump-diffusion') {
    const factor = covarianceFactor(moveCovariance(moves, request.horizonDays));
    return { model: { ...base, factor, jumps: null }, notices: [] };
  }
  const jumpDays = jumpSteps(moves);
  const isJump = (t: number): boolean => jumpDays[t] === 1;
  const factor = covarianceFactor(secondMoments(moves, request.horizonDays, (t) => !isJump(t)));
  const count = jumpDays.reduce((sum, flag) => sum + flag, 0);
  const size = 2 * moves.underlyings.length;
  const diffusion = secondMoments(moves, moves.stepDays, (t) => !isJump(t));
  if (count < MIN_JUMPS) {
    const jumps: Jumps = {
      intensity: (DEFAULT_JUMPS.perYear * request.horizonDays) / DAYS_PER_YEAR,
      mean: new Float64Array(size),
      factor: covarianceFactor(diffusion.mul(DEFAULT_JUMPS.steps)),
    };
    const message = `The history has only ${count} jump days; ${DEFAULT_JUMPS.perYear} jumps a year of four times an ordinary day's size are assumed`;
    return { model: { ...base, factor, jumps }, notices: [{ severity: 'warning', message }] };
  }
  const mean = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < moves.count; t += 1) if (isJump(t)) sum += move(moves, i, t);
    return sum / count;
  });
  const covariance = secondMoments(moves, moves.stepDays, isJump)
    .sub(Matrix.columnVector(mean).mmul(Matrix.rowVector(mean)))
    .sub(diffusion);
  const perStep = count / moves.count;
  const jumps: Jumps = {
    intensity: (perStep * request.horizonDays) / moves.stepDays,
    mean,
    factor: covarianceFactor(covariance),
  };
  const perYear = ((perStep * DAYS_PER_YEAR) / moves.stepDays).toFixed(1);
  const message = `Jumps: ${count} of the history's ${moves.count} moves, ${perYear} a year`;
  return { model: { ...base, factor, jumps }, notices: [{ severity: 'info', message }] };
}

/**
 * Scenarios of the given paths, in their order, as instantaneous shocks: spot moves exp(x) - 1 without drift, vol shocks likewise.
 * Path i depends on the model, the seed and i alone, so any block of paths may be computed anywhere with the same bits.
 */
export function monteCarloScenarios(model: MonteCarloModel, paths: Int32Array): ScenarioSet {
  const { underlyings } = model;
  const n = underlyings.length;
  const size = 2 * n;
  const count = paths.length;
  const draws = standardDraws(model, paths);
  const spotMove = new Float64Array(n * count);
  const volShock = new Float64Array(n * count);
  const rows = model.factor.to2DArray();
  const jumpRows = model.jumps?.factor.to2DArray();
  for (let s = 0; s < count; s += 1) {
    for (let i = 0; i < size; i += 1) {
      let x = 0;
      for (let j = 0; j < size; j += 1) x += rows[i]![j]! * draws.normal[s * size + j]!;
      if (draws.scale !== null) x *= draws.scale[s]!;
      if (model.jumps && jumpRows && draws.jumps) {
        const number = draws.jumps.count[s]!;
        let jump = 0;
        for (let j = 0; j < size; j += 1) jump += jumpRows[i]![j]! * draws.jumps.normal[s * size + j]!;
        x += (number - model.jumps.intensity) * model.jumps.mean[i]! + Math.sqrt(number) * jump;
      }
      if (i < n) spotMove[i * count + s] = spotMoveOf(x);
      else volShock[(i - n) * count + s] = volShockOf(x);
    }
  }
  return {
    id: `monte-carlo|${modelLabel(model)}|${pathsLabel(paths)}`,
    count,
    underlyings,
    spotMove,
    volShock,
    volUnit: 'relative',
    volTermPower: VOL_TERM_POWER,
    horizonDays: 0,
    smile: model.smile,
  };
}

interface Draws {
  /** Path-major. */
  readonly normal: Float64Array;
  /** Of `student-t`: root of (degrees - 2) / chi-square, which has mean square one. */
  readonly scale: Float64Array | null;
  readonly jumps: { readonly count: Float64Array; readonly normal: Float64Array } | null;
}

function standardDraws(model: MonteCarloModel, paths: Int32Array): Draws {
  const { seed, jumps, degreesOfFreedom } = model;
  const size = 2 * model.underlyings.length;
  const normal = (stream: number): Float64Array => {
    const out = new Float64Array(paths.length * size);
    forEachRun(paths, (first, at, count) =>
      normals(seed, stream, first, count, size, out.subarray(at * size, (at + count) * size)),
    );
    return out;
  };
  let scale: Float64Array | null = null;
  if (model.distribution === 'student-t') {
    const chi = new Float64Array(paths.length);
    forEachRun(paths, (first, at, count) =>
      chiSquares(seed, STREAM.chiSquare, first, count, degreesOfFreedom, chi.subarray(at, at + count)),
    );
    scale = chi.map((value) => Math.sqrt((degreesOfFreedom - 2) / value));
  }
  if (jumps === null) return { normal: normal(STREAM.diffusion), scale, jumps: null };
  const uniform = new Float64Array(paths.length);
  forEachRun(paths, (first, at, count) =>
    uniforms(seed, STREAM.jumpCount, first, count, 1, uniform.subarray(at, at + count)),
  );
  const count = uniform.map((u) => poissonQuantile(u, jumps.intensity));
  return { normal: normal(STREAM.diffusion), scale, jumps: { count, normal: normal(STREAM.jumpSize) } };
}

/** Calls `run` for each stretch of consecutive paths: its first path, where it stands in the list, and its length. */
function forEachRun(paths: Int32Array, run: (first: number, at: number, count: number) => void): void {
  let at = 0;
  while (at < paths.length) {
    let count = 1;
    while (at + count < paths.length && paths[at + count] === paths[at]! + count) count += 1;
    run(paths[at]!, at, count);
    at += count;
  }
}

/** Least k with P(N <= k) >= u for N Poisson with a mean, by adding up its probabilities. */
function poissonQuantile(u: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = probability;
  let k = 0;
  // The probabilities stop adding up to u when rounding has eaten the rest; no draw is that far out.
  while (below < u && probability > 0) {
    k += 1;
    probability *= mean / k;
    below += probability;
  }
  return k;
}

/** 1 for steps on which any coin's return is a jump. */
function jumpSteps(moves: JointMoves): Uint8Array {
  const flags = new Uint8Array(moves.count);
  moves.underlyings.forEach((_, u) => {
    const sizes = moves.spot.slice(u * moves.count, (u + 1) * moves.count).map(Math.abs);
    const median = sizes.slice().sort()[Math.floor(moves.count / 2)]!;
    const limit = JUMP_THRESHOLD * ROBUST_DEVIATION * median;
    sizes.forEach((size, t) => {
      if (limit > 0 && size > limit) flags[t] = 1;
    });
  });
  return flags;
}

function modelLabel(model: MonteCarloModel): string {
  const { jumps } = model;
  const numbers = [
    model.seed,
    model.degreesOfFreedom,
    model.horizonDays,
    ...model.factor.to1DArray(),
    ...(jumps ? [jumps.intensity, ...jumps.mean, ...jumps.factor.to1DArray()] : []),
  ];
  return [model.underlyings.join(','), model.distribution, model.smile, numbers.join(',')].join('|');
}

function pathsLabel(paths: Int32Array): string {
  const [first, last] = [paths[0] ?? 0, paths[paths.length - 1] ?? -1];
  return last - first === paths.length - 1 ? `${first}-${last}` : paths.join(',');
}

import type { Matrix } from 'ml-matrix';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarDistribution } from '../domain/riskReport.ts';
import type { ScenarioSet, SmileRule } from '../domain/scenario.ts';
import type { EstimateOverrides, ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import { covarianceEstimates } from './covarianceEstimates.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import { EstimateList } from './EstimateList.ts';
import { type JointMoves, spotMoveOf, VOL_TERM_POWER, volShockOf } from './jointMoves.ts';
import { chiSquareDraws, normalDraws, pathsLabel, poissonDraws } from './pathDraws.ts';

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

export interface Jumps {
  /** Expected number over the horizon. */
  readonly intensity: number;
  /** Mean of one jump, by factor. */
  readonly mean: Float64Array;
  /** L of the covariance of one jump. */
  readonly factor: Matrix;
}

/** Streams of one seed; each use draws from its own. */
const STREAM = { diffusion: 0, chiSquare: 1, jumpCount: 2, jumpSize: 3 } as const;

/** Moves drawn by number of the path. */
export interface ScenarioGenerator {
  scenarios(paths: Int32Array): ScenarioSet;
  readonly notices: readonly Notice[];
  readonly estimates: ScenarioEstimates;
}

/**
 * The normal or Student-t distribution of joint moves that fits a history. Covariances are the history's, times horizon / step, where
 * they are not overridden; means are zero.
 *
 * - `normal`: multivariate normal.
 * - `student-t`: multivariate t, one chi-square for all factors, scaled to the same covariance. The horizon's moves have the
 *   tails of a single step's: the sum of several steps would have thinner ones.
 */
export function ellipticalGenerator(
  moves: JointMoves,
  request: MonteCarloRequest & { readonly estimates: EstimateOverrides },
): ScenarioGenerator & { readonly model: MonteCarloModel } {
  const list = new EstimateList(request.estimates);
  const { covariance, notices } = covarianceEstimates(moves, request.horizonDays, list);
  const model = { ...request, underlyings: moves.underlyings, factor: covarianceFactor(covariance), jumps: null };
  const name =
    request.distribution === 'student-t' ? `Student-t moves, ν = ${request.degreesOfFreedom} as set` : 'Normal moves';
  return {
    model,
    notices,
    estimates: list.report(name, 'Second moments of the moves about zero', moves),
    scenarios: (paths) => monteCarloScenarios(model, paths),
  };
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
  const scale =
    model.distribution === 'student-t'
      ? chiSquareDraws(seed, STREAM.chiSquare, paths, degreesOfFreedom).map((value) =>
          Math.sqrt((degreesOfFreedom - 2) / value),
        )
      : null;
  const normal = normalDraws(seed, STREAM.diffusion, paths, size);
  if (jumps === null) return { normal, scale, jumps: null };
  return {
    normal,
    scale,
    jumps: {
      count: poissonDraws(seed, STREAM.jumpCount, paths, jumps.intensity),
      normal: normalDraws(seed, STREAM.jumpSize, paths, size),
    },
  };
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

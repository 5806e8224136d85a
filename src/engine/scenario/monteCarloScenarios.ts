import type { Matrix } from 'ml-matrix';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarDistribution } from '../domain/riskReport.ts';
import type { SmileRule } from '../domain/scenario.ts';
import type { EstimateOverrides, ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import { covarianceEstimates } from './covarianceEstimates.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import { EstimateList } from './EstimateList.ts';
import { type JointMoves, MOVE_LIMITS } from './jointMoves.ts';
import type { PathDraws } from './pathPlan.ts';

export interface MonteCarloRequest {
  readonly horizonDays: number;
  readonly distribution: VarDistribution;
  /** Of `student-t`; above 2. */
  readonly degreesOfFreedom: number;
  readonly seed: number;
  readonly smile: SmileRule;
}

/** Moves that fit a history, ready to be drawn by number of the path. */
export interface ScenarioGenerator<Draws extends PathDraws = PathDraws> {
  /** Of the underlyings of the moves, in their order. */
  readonly draws: Draws;
  readonly notices: readonly Notice[];
  readonly estimates: ScenarioEstimates;
}

/** Streams of one seed; each use draws from its own. */
const STREAM = { normal: 0, chiSquare: 1 } as const;

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
): ScenarioGenerator<Extract<PathDraws, { kind: 'elliptical' }>> {
  const list = new EstimateList(request.estimates);
  const { covariance, notices } = covarianceEstimates(moves, request.horizonDays, list);
  const { distribution, degreesOfFreedom, seed } = request;
  return {
    draws: {
      kind: 'elliptical',
      seed,
      normalStream: STREAM.normal,
      chiSquareStream: STREAM.chiSquare,
      degreesOfFreedom: distribution === 'student-t' ? degreesOfFreedom : null,
      factor: rowMajor(covarianceFactor(covariance)),
      ...MOVE_LIMITS,
    },
    notices,
    estimates: list.report(
      distribution === 'student-t' ? `Student-t moves, ν = ${degreesOfFreedom} as set` : 'Normal moves',
      'Second moments of the moves about zero',
      moves,
    ),
  };
}

export function rowMajor(matrix: Matrix): Float64Array {
  return Float64Array.from(matrix.to1DArray());
}

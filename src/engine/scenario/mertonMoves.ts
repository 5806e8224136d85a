import { Matrix, solve } from 'ml-matrix';
import type { Notice } from '../domain/marketSummary.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import type { EstimateOverrides } from '../domain/scenarioEstimates.ts';
import { consistentCorrelation, correlationMatrix, factorPairs } from './correlation.ts';
import { INCONSISTENT } from './covarianceEstimates.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import { annualPercent, EstimateList, factorId, factorMoves, factorName, movingFactors } from './EstimateList.ts';
import { type JointMoves, MOVE_LIMITS } from './jointMoves.ts';
import { deviationsAndCorrelations, type JumpFit, jumpFit, jumpStandardErrors } from './jumpFit.ts';
import { type MonteCarloRequest, rowMajor, type ScenarioGenerator } from './monteCarloScenarios.ts';
import type { JumpDiffusionDraws } from './pathPlan.ts';

/** Jumps and diffusion of the factors that move, and what is known of their errors. */
export interface MertonFit {
  /** Factors that move, by number: spots first, then vols. */
  readonly moving: readonly number[];
  /** Vols without an index: what each makes of a unit move of the moving factors, and the variance of the rest, per step. */
  readonly following: readonly {
    readonly factor: number;
    readonly weights: readonly number[];
    readonly rest: number;
  }[];
  readonly fit: JumpFit;
  readonly errors: ReturnType<typeof jumpStandardErrors>;
}

/**
 * The slow part: maximum likelihood on the history's joint moves, see `jumpFit`. A vol without an index is a function of the other
 * factors, on which a joint likelihood would collapse: it is left out of it and follows them by linear regression, calm or jumping.
 */
export function mertonFit(moves: JointMoves): MertonFit {
  const n = moves.underlyings.length;
  const all = movingFactors(moves);
  const isFunction = (i: number): boolean => i >= n && (moves.withoutIndex ?? []).includes(i - n);
  const moving = all.filter((i) => !isFunction(i));
  const rows = moving.map((i) => factorMoves(moves, i));
  const known = new Matrix(rows.map((row) => [...row])).transpose();
  const following = all.filter(isFunction).map((factor) => {
    const target = Matrix.columnVector(factorMoves(moves, factor));
    const weights = solve(known, target, true);
    const left = Matrix.sub(target, known.mmul(weights)).getColumn(0);
    return { factor, weights: weights.getColumn(0), rest: left.reduce((sum, x) => sum + x * x, 0) / moves.count };
  });
  const fit = jumpFit(rows, null, moves.underlyings.join(', '));
  return { moving, following, fit, errors: jumpStandardErrors(rows, null, fit) };
}

/**
 * Merton's jump diffusion (1976) of all coins' spots and vols together: a normal diffusion, and jumps that come at the same time for
 * all, with normal sizes of their own correlation. Intensity, jump mean and deviation, and diffusion are fitted by maximum likelihood
 * (`jumpFit`) and may be overridden one by one; over a horizon of h days intensity and diffusion grow by h. The drift is set so that
 * the mean move is zero: a history's drift is no forecast. Moments of a factor over h steps: mean 0, variance
 * h (s^2 + l (m^2 + d^2)), third central moment h l (m^3 + 3 m d^2), fourth cumulant h l (m^4 + 6 m^2 d^2 + 3 d^4).
 */
export function mertonGenerator(
  moves: JointMoves,
  { moving, following, fit, errors }: MertonFit,
  request: MonteCarloRequest & { readonly estimates: EstimateOverrides },
): ScenarioGenerator<JumpDiffusionDraws> {
  const list = new EstimateList(request.estimates);
  const notices: Notice[] = [];
  const perYear = DAYS_PER_YEAR / moves.stepDays;
  const annual = annualPercent(moves.stepDays);
  const has = fit.intensity > 0;
  const intensity = list.use({
    id: 'jumps.intensity',
    group: 'Jumps',
    name: 'Jumps a year',
    unit: 'a year',
    estimated: fit.intensity * perYear,
    standardError: errors && errors.intensity * perYear,
    min: 0,
    max: perYear,
  });
  // Without jumps in the history their size is not known; it is asked for only where a number of them has been set.
  const sized = has || intensity > 0;
  const diffusion = deviationsAndCorrelations(fit.diffusion);
  const jump = deviationsAndCorrelations(fit.jumpCovariance);
  const perFactor = moving.map((i, k) => {
    const group = factorName(moves, i);
    const id = factorId(moves, i);
    const size = { group, unit: '%' };
    return {
      diffusion:
        list.use({
          id: `${id}.diffusion`,
          group,
          name: 'Diffusion',
          unit: '% a year',
          estimated: diffusion.deviations[k]! * annual,
          standardError: errors && errors.diffusion[k]! * annual,
          min: 0,
          max: 10_000,
        }) / annual,
      mean: !sized
        ? 0
        : list.use({
            ...size,
            id: `${id}.jump-mean`,
            name: 'Mean of a jump',
            estimated: has ? fit.jumpMean[k]! * 100 : null,
            standardError: errors && errors.jumpMean[k]! * 100,
            min: -300,
            max: 300,
          }) / 100,
      deviation: !sized
        ? 0
        : list.use({
            ...size,
            id: `${id}.jump-deviation`,
            name: 'Deviation of a jump',
            estimated: has ? jump.deviations[k]! * 100 : null,
            standardError: errors && errors.jumpDeviation[k]! * 100,
            min: 0,
            max: 300,
          }) / 100,
    };
  });
  const correlations = (kind: 'diffusion' | 'jumps', estimated: readonly number[]): Matrix => {
    const values = factorPairs(moving.length).map(([a, b], k) => {
      const [i, j] = [moving[a]!, moving[b]!];
      return list.use({
        id: `${factorId(moves, j)}:${factorId(moves, i)}.${kind}`,
        group: kind === 'diffusion' ? 'Correlations of diffusion' : 'Correlations of jumps',
        name: `${factorName(moves, j)}, ${factorName(moves, i)}`,
        unit: '',
        estimated: estimated[k]!,
        standardError: null,
        min: -1,
        max: 1,
      });
    });
    const { matrix, isRepaired } = consistentCorrelation(correlationMatrix(moving.length, values));
    if (isRepaired && Object.keys(request.estimates).some((id) => id.endsWith(`.${kind}`))) notices.push(INCONSISTENT);
    return matrix;
  };
  const calm = correlations('diffusion', diffusion.correlations);
  const wild = sized ? correlations('jumps', jump.correlations) : Matrix.eye(moving.length);

  const steps = request.horizonDays / moves.stepDays;
  const n = moves.underlyings.length;
  const covariance = new Matrix(2 * n, 2 * n);
  const jumpCovariance = new Matrix(2 * n, 2 * n);
  const mean = new Float64Array(2 * n);
  moving.forEach((i, a) => {
    mean[i] = perFactor[a]!.mean;
    moving.forEach((j, b) => {
      covariance.set(i, j, calm.get(a, b) * perFactor[a]!.diffusion * perFactor[b]!.diffusion * steps);
      jumpCovariance.set(i, j, wild.get(a, b) * perFactor[a]!.deviation * perFactor[b]!.deviation);
    });
  });
  for (const { factor, weights, rest } of following) {
    mean[factor] = moving.reduce((sum, i, a) => sum + weights[a]! * mean[i]!, 0);
    follow(covariance, factor, moving, weights, rest * steps);
    follow(jumpCovariance, factor, moving, weights, 0);
  }
  for (let i = n; i < 2 * n; i += 1)
    for (let j = n; j < 2 * n; j += 1)
      covariance.set(i, j, covariance.get(i, j) + moves.unexplainedVolVariance * steps);
  const draws: JumpDiffusionDraws = {
    kind: 'jump-diffusion',
    seed: request.seed,
    factor: rowMajor(covarianceFactor(covariance)),
    intensity: (intensity / perYear) * steps,
    jumpMean: mean,
    jumpFactor: rowMajor(covarianceFactor(jumpCovariance)),
    ...MOVE_LIMITS,
  };
  if (!has) {
    notices.push({
      severity: 'warning',
      message:
        'The history shows no jumps: its moves are no likelier with them than without. Set their number, mean and deviation to have some',
    });
  }
  return {
    draws,
    notices,
    estimates: list.report(
      'Merton jump diffusion',
      'Maximum likelihood by EM; standard errors by the outer product of scores',
      moves,
    ),
  };
}

/** Fills the row and column of a factor that is a weighted sum of the moving ones, and a rest of its own. */
function follow(
  covariance: Matrix,
  factor: number,
  moving: readonly number[],
  weights: readonly number[],
  rest: number,
): void {
  // Factors filled before are no moving ones, and covary through these alone.
  for (let j = 0; j < covariance.rows; j += 1) {
    if (j === factor) continue;
    const value = moving.reduce((sum, i, a) => sum + weights[a]! * covariance.get(i, j), 0);
    covariance.set(factor, j, value);
    covariance.set(j, factor, value);
  }
  const own = moving.reduce((sum, i, a) => sum + weights[a]! * covariance.get(i, factor), 0);
  covariance.set(factor, factor, own + rest);
}

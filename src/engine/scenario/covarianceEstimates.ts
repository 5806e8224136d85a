import type { Matrix } from 'ml-matrix';
import type { Notice } from '../domain/marketSummary.ts';
import { consistentCorrelation, correlationMatrix, factorPairs } from './correlation.ts';
import { annualPercent, type EstimateList, factorId, factorMoves, factorName } from './EstimateList.ts';
import { type JointMoves, moveCovariance } from './jointMoves.ts';

/** What is said where correlations set by hand cannot all be true. */
export const INCONSISTENT: Notice = {
  severity: 'warning',
  message: 'The correlations set by hand contradict each other; the nearest consistent ones are used',
};

/**
 * `moveCovariance` with every volatility and correlation as an estimate that may be overridden. Standard errors: of a volatility by
 * the spread of squared moves, of a correlation (1 - rho^2) / root of n, which holds for normal moves. With nothing overridden the
 * matrix is `moveCovariance` to the bit.
 */
export function covarianceEstimates(
  moves: JointMoves,
  horizonDays: number,
  list: EstimateList,
): { covariance: Matrix; notices: readonly Notice[] } {
  const covariance = moveCovariance(moves, horizonDays);
  const size = covariance.rows;
  const deviations = covariance.diagonal().map(Math.sqrt);
  const toPercent = annualPercent(moves.stepDays) / Math.sqrt(horizonDays / moves.stepDays);
  let overridden = false;
  const volatilities = deviations.map((deviation, i) => {
    const estimated = deviation * toPercent;
    const id = `${factorId(moves, i)}.volatility`;
    overridden ||= list.has(id);
    return list.use({
      id,
      group: 'Volatilities',
      name: factorName(moves, i),
      unit: '% a year',
      estimated,
      standardError: deviation > 0 ? estimated * relativeError(factorMoves(moves, i)) : null,
      min: 0,
      max: 10_000,
    });
  });
  const correlations = factorPairs(size).map(([i, j]) => {
    const scale = deviations[i]! * deviations[j]!;
    const estimated = scale > 0 ? Math.min(Math.max(covariance.get(i, j) / scale, -1), 1) : 0;
    const id = `${factorId(moves, j)}:${factorId(moves, i)}`;
    overridden ||= list.has(id);
    return list.use({
      id,
      group: 'Correlations',
      name: `${factorName(moves, j)}, ${factorName(moves, i)}`,
      unit: '',
      estimated,
      standardError: scale > 0 ? (1 - estimated * estimated) / Math.sqrt(moves.count) : null,
      min: -1,
      max: 1,
    });
  });
  if (!overridden) return { covariance, notices: [] };
  const { matrix, isRepaired } = consistentCorrelation(correlationMatrix(size, correlations));
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1)
      matrix.set(i, j, (matrix.get(i, j) * volatilities[i]! * volatilities[j]!) / toPercent ** 2);
  return { covariance: matrix, notices: isRepaired ? [INCONSISTENT] : [] };
}

/** Standard error of the root mean square over itself, by the delta method. */
function relativeError(values: Float64Array): number {
  const n = values.length;
  let [second, fourth] = [0, 0];
  for (const value of values) {
    second += value ** 2 / n;
    fourth += value ** 4 / n;
  }
  return second > 0 ? Math.sqrt(Math.max(fourth / second ** 2 - 1, 0) / n) / 2 : 0;
}

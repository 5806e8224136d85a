import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';

/**
 * Covariance of maximum-likelihood estimates: the inverse of the negative Hessian of the log-likelihood at them (Fisher's observed
 * information), by central differences with the given steps. Null where the Hessian is not negative definite or not finite: the
 * point is then no interior maximum, and the estimates have no standard errors.
 */
export function estimateCovariance(
  logLikelihood: (x: readonly number[]) => number,
  at: readonly number[],
  steps: readonly number[],
): Matrix | null {
  const n = at.length;
  const shifted = (...moves: readonly (readonly [number, number])[]): number => {
    const x = [...at];
    for (const [i, sign] of moves) x[i] = x[i]! + sign * steps[i]!;
    return logLikelihood(x);
  };
  const centre = logLikelihood(at);
  const information = new Matrix(n, n);
  for (let i = 0; i < n; i += 1) {
    information.set(i, i, -(shifted([i, 1]) - 2 * centre + shifted([i, -1])) / steps[i]! ** 2);
    for (let j = 0; j < i; j += 1) {
      const mixed =
        -(shifted([i, 1], [j, 1]) - shifted([i, 1], [j, -1]) - shifted([i, -1], [j, 1]) + shifted([i, -1], [j, -1])) /
        (4 * steps[i]! * steps[j]!);
      information.set(i, j, mixed);
      information.set(j, i, mixed);
    }
  }
  return inverseIfDefinite(information);
}

/**
 * Covariance of maximum-likelihood estimates by the outer product of scores (Berndt, Hall, Hall and Hausman 1974): the inverse of
 * the sum over observations of s s', s the gradient of one observation's log-likelihood by central differences. It needs
 * 2 n evaluations where the Hessian needs 2 n^2. Null where the sum is singular.
 */
export function scoreCovariance(
  logLikelihoods: (x: readonly number[]) => Float64Array,
  at: readonly number[],
  steps: readonly number[],
): Matrix | null {
  const n = at.length;
  const scores = steps.map((step, i) => {
    const shifted = (sign: number): Float64Array =>
      logLikelihoods(at.map((value, j) => (i === j ? value + sign * step : value)));
    const [up, down] = [shifted(1), shifted(-1)];
    return up.map((value, t) => (value - down[t]!) / (2 * step));
  });
  const information = new Matrix(n, n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      for (let t = 0; t < scores[i]!.length; t += 1) sum += scores[i]![t]! * scores[j]![t]!;
      information.set(i, j, sum);
      information.set(j, i, sum);
    }
  }
  return inverseIfDefinite(information);
}

/** Least eigenvalue, over the largest, of an information matrix (scaled to a unit diagonal) that can be told from a singular one. */
const CONDITION = 1e-10;

function inverseIfDefinite(information: Matrix): Matrix | null {
  const n = information.rows;
  const scale = Array.from({ length: n }, (_, i) => Math.sqrt(information.get(i, i)));
  if (!scale.every((value) => value > 0 && Number.isFinite(value))) return null;
  // Unknowns of very different size make the matrix look singular; a unit diagonal takes their units out.
  const scaled = new Matrix(n, n);
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1) scaled.set(i, j, information.get(i, j) / (scale[i]! * scale[j]!));
  if (!scaled.to1DArray().every(Number.isFinite)) return null;
  const { realEigenvalues } = new EigenvalueDecomposition(scaled, { assumeSymmetric: true });
  if (!(Math.min(...realEigenvalues) > CONDITION * Math.max(...realEigenvalues))) return null;
  const inverted = inverse(scaled);
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j < n; j += 1) inverted.set(i, j, inverted.get(i, j) / (scale[i]! * scale[j]!));
  return inverted;
}

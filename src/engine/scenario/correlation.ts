import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues of a repaired correlation matrix are at least this, so that it can be inverted. */
const LEAST_EIGENVALUE = 1e-6;

/**
 * The matrix itself where it is positive definite, else its eigenvalues raised above zero and its diagonal set back to one
 * (Rousseeuw and Molenberghs 1993), which correlations taken pair by pair, or set by hand, may need.
 */
export function consistentCorrelation(correlation: Matrix): { matrix: Matrix; isRepaired: boolean } {
  if (new CholeskyDecomposition(correlation).isPositiveDefinite()) return { matrix: correlation, isRepaired: false };
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(correlation, { assumeSymmetric: true });
  const raised = realEigenvalues.map((value) => Math.max(value, LEAST_EIGENVALUE));
  const matrix = eigenvectorMatrix.mmul(Matrix.diag(raised)).mmul(eigenvectorMatrix.transpose());
  const scale = matrix.diagonal().map((value) => 1 / Math.sqrt(value));
  for (let i = 0; i < matrix.rows; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const value = (matrix.get(i, j) + matrix.get(j, i)) * 0.5 * scale[i]! * scale[j]!;
      matrix.set(i, j, value);
      matrix.set(j, i, value);
    }
  }
  for (let i = 0; i < matrix.rows; i += 1) matrix.set(i, i, 1);
  return { matrix, isRepaired: true };
}

/** Unit diagonal and `values` below it, row by row, mirrored. */
export function correlationMatrix(size: number, values: readonly number[]): Matrix {
  const matrix = Matrix.eye(size, size);
  let k = 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) {
      matrix.set(i, j, values[k]!);
      matrix.set(j, i, values[k]!);
      k += 1;
    }
  }
  return matrix;
}

/** Pairs of factors in the order of `correlationMatrix`: [row, column] with column below row. */
export function factorPairs(size: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < size; i += 1) for (let j = 0; j < i; j += 1) pairs.push([i, j]);
  return pairs;
}

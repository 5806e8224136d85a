import { CholeskyDecomposition, EigenvalueDecomposition, type Matrix } from 'ml-matrix';

/**
 * A matrix L with L L' = covariance: the Cholesky factor, or, where the covariance is not positive definite (moves that depend
 * on one another, a factor that does not move), the nearest positive semi-definite matrix's factor: eigenvectors times the
 * roots of the eigenvalues, negative ones taken as zero (Higham 1988).
 */
export function covarianceFactor(covariance: Matrix): Matrix {
  // Symmetric to the bit, which the decompositions insist on.
  const symmetric = covariance.clone().add(covariance.transpose()).mul(0.5);
  const cholesky = new CholeskyDecomposition(symmetric);
  if (cholesky.isPositiveDefinite()) return cholesky.lowerTriangularMatrix;
  const eigen = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const factor = eigen.eigenvectorMatrix.clone();
  eigen.realEigenvalues.forEach((value, j) => {
    const root = Math.sqrt(Math.max(value, 0));
    for (let i = 0; i < factor.rows; i += 1) factor.set(i, j, factor.get(i, j) * root);
  });
  return factor;
}

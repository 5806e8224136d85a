/**
 * Solves a symmetric positive definite system whose entries vanish beyond `band` places from the diagonal, by Cholesky's
 * method in the time of n band^2. `matrix` holds the lower band by rows, entry (i, i - d) at `i * (band + 1) + d`, and is
 * overwritten. Null where the matrix is not positive definite.
 */
export function bandSolution(matrix: Float64Array, band: number, right: Float64Array): Float64Array | null {
  const n = right.length;
  const stride = band + 1;
  for (let i = 0; i < n; i++) {
    const first = Math.max(0, i - band);
    for (let j = first; j <= i; j++) {
      let sum = matrix[i * stride + (i - j)]!;
      for (let k = Math.max(first, j - band); k < j; k++) {
        sum -= matrix[i * stride + (i - k)]! * matrix[j * stride + (j - k)]!;
      }
      if (j < i) matrix[i * stride + (i - j)] = sum / matrix[j * stride]!;
      else if (sum > 0) matrix[i * stride] = Math.sqrt(sum);
      else return null;
    }
  }
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = Math.max(0, i - band); k < i; k++) x[i]! -= matrix[i * stride + (i - k)]! * x[k]!;
    x[i]! /= matrix[i * stride]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < Math.min(n, i + stride); k++) x[i]! -= matrix[k * stride + (k - i)]! * x[k]!;
    x[i]! /= matrix[i * stride]!;
  }
  return x;
}

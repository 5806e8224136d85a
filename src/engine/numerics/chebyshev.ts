/**
 * Chebyshev polynomials on [-1, 1]: T_0 = 1, T_1 = x, T_{j+1} = 2 x T_j - T_{j-1} (Trefethen, "Approximation Theory and Approximation
 * Practice", chapters 2 to 4). Matrices are row-major.
 */

/** The `count` zeros of T_count, ascending. */
export function chebyshevNodes(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => -Math.cos((Math.PI * (k + 0.5)) / count));
}

/** The matrix that makes values at `count` nodes into coefficients of T_0 to T_{count - 1}: row j is coefficient j. */
export function chebyshevTransform(count: number): Float64Array {
  const known = transforms.get(count);
  if (known !== undefined) return known;
  const matrix = new Float64Array(count * count);
  for (let j = 0; j < count; j += 1)
    for (let k = 0; k < count; k += 1) {
      // Nodes ascend, so the k-th has the angle pi - pi (k + 1/2) / count.
      const angle = Math.PI - (Math.PI * (k + 0.5)) / count;
      matrix[j * count + k] = ((j === 0 ? 1 : 2) / count) * Math.cos(j * angle);
    }
  transforms.set(count, matrix);
  return matrix;
}

const transforms = new Map<number, Float64Array>();

/** T_0 to T_{count - 1} at each point: `out[i * count + j]` = T_j(points[i]). */
export function chebyshevValues(points: Float64Array, count: number): Float64Array {
  const out = new Float64Array(points.length * count);
  for (let i = 0; i < points.length; i += 1) {
    const x = points[i]!;
    let before = 1;
    let value = x;
    for (let j = 0; j < count; j += 1) {
      out[i * count + j] = before;
      const next = 2 * x * value - before;
      before = value;
      value = next;
    }
  }
  return out;
}

/** The matrix that makes coefficients of T_0 to T_{count - 1} into those of 1, x, x^2, ...: row i is the power i. */
export function chebyshevPowers(count: number): Float64Array {
  const matrix = new Float64Array(count * count);
  for (let j = 0; j < count; j += 1)
    for (let i = 0; i <= j; i += 1) {
      if (j < 2) matrix[i * count + j] = i === j ? 1 : 0;
      else {
        const lower = i === 0 ? 0 : matrix[(i - 1) * count + j - 1]!;
        matrix[i * count + j] = 2 * lower - matrix[i * count + j - 2]!;
      }
    }
  return matrix;
}

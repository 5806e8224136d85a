import { inverseNormalCdf } from './normal.ts';
import { philoxBlock, seedKey, uniformOf } from './philox.ts';

/**
 * Random draws addressed by path. Path i of a stream depends on (seed, stream, i) alone: splitting a run over workers,
 * or asking for more paths later, never changes a number. Streams (0 to 2^32 - 1) of one seed are independent of each
 * other; give normals and chi-squares streams of their own.
 */

const words = new Uint32Array(4);

/**
 * Independent standard normals by inversion, path-major: `out[(i * dimensions) + j]` is component j of path
 * `firstPath + i`, for i < count. Raising `dimensions` leaves the earlier components as they were.
 */
export function normals(
  seed: number,
  stream: number,
  firstPath: number,
  count: number,
  dimensions: number,
  out: Float64Array,
): void {
  const [k0, k1] = seedKey(seed);
  let position = 0;
  for (let i = 0; i < count; i++) {
    const path = firstPath + i;
    const pathHigh = Math.floor(path / 2 ** 32);
    for (let j = 0; j < dimensions; j += 2) {
      philoxBlock(path, pathHigh, j >>> 1, stream, k0, k1, words);
      out[position++] = inverseNormalCdf(uniformOf(words[0]!, words[1]!));
      if (j + 1 < dimensions) out[position++] = inverseNormalCdf(uniformOf(words[2]!, words[3]!));
    }
  }
}

/** Independent uniforms in (0, 1), addressed and laid out like `normals`. */
export function uniforms(
  seed: number,
  stream: number,
  firstPath: number,
  count: number,
  dimensions: number,
  out: Float64Array,
): void {
  const [k0, k1] = seedKey(seed);
  let position = 0;
  for (let i = 0; i < count; i++) {
    const path = firstPath + i;
    const pathHigh = Math.floor(path / 2 ** 32);
    for (let j = 0; j < dimensions; j += 2) {
      philoxBlock(path, pathHigh, j >>> 1, stream, k0, k1, words);
      out[position++] = uniformOf(words[0]!, words[1]!);
      if (j + 1 < dimensions) out[position++] = uniformOf(words[2]!, words[3]!);
    }
  }
}

/**
 * Chi-square draws with any real `degreesOfFreedom` >= 2, one a path: `out[i]` belongs to path `firstPath + i`. A
 * Student-t vector is a normal vector times sqrt(degreesOfFreedom / chi-square), the same draw for every component.
 *
 * With 2 and 4 degrees of freedom a chi-square is the sum of one or two exponentials of mean 2, so that of path i is exactly
 * -2 ln(u1) or -2 ln(u1 u2), u1 and u2 the uniforms of block (i, 0) of the stream (Devroye, "Non-uniform random variate
 * generation", 1986, IX.3.1): no rejection, and the same arithmetic for every path. With others: Marsaglia and Tsang, "A simple
 * method for generating gamma variables" (ACM TOMS 26, 2000), with shape degreesOfFreedom / 2 and twice its gamma. Attempt k
 * of path i reads block (i, k), so rejections on one path shift nothing on another.
 */
export function chiSquares(
  seed: number,
  stream: number,
  firstPath: number,
  count: number,
  degreesOfFreedom: number,
  out: Float64Array,
): void {
  if (!(degreesOfFreedom >= 2 && degreesOfFreedom < Infinity)) {
    throw new RangeError(`Chi-square draws need finite degrees of freedom of at least 2, not ${degreesOfFreedom}`);
  }
  const [k0, k1] = seedKey(seed);
  if (degreesOfFreedom === 2 || degreesOfFreedom === 4) {
    for (let i = 0; i < count; i++) {
      const path = firstPath + i;
      philoxBlock(path, Math.floor(path / 2 ** 32), 0, stream, k0, k1, words);
      const first = uniformOf(words[0]!, words[1]!);
      out[i] = -2 * Math.log(degreesOfFreedom === 2 ? first : first * uniformOf(words[2]!, words[3]!));
    }
    return;
  }
  const d = degreesOfFreedom / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let i = 0; i < count; i++) {
    const path = firstPath + i;
    const pathHigh = Math.floor(path / 2 ** 32);
    for (let attempt = 0; ; attempt++) {
      philoxBlock(path, pathHigh, attempt, stream, k0, k1, words);
      const x = inverseNormalCdf(uniformOf(words[0]!, words[1]!));
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      if (Math.log(uniformOf(words[2]!, words[3]!)) < 0.5 * x * x + d * (1 - v + Math.log(v))) {
        out[i] = 2 * d * v;
        break;
      }
    }
  }
}

import { poissonQuantile } from '../numerics/poissonQuantile.ts';
import { chiSquares, normals, uniforms } from '../numerics/sampling.ts';

/** Random numbers of chosen paths, in the order in which the paths are listed; each depends on the seed, the stream and its path. */

/** `dimensions` standard normals a path, path-major. */
export function normalDraws(seed: number, stream: number, paths: Int32Array, dimensions: number): Float64Array {
  const out = new Float64Array(paths.length * dimensions);
  forEachRun(paths, (first, at, count) =>
    normals(seed, stream, first, count, dimensions, out.subarray(at * dimensions, (at + count) * dimensions)),
  );
  return out;
}

/** One uniform a path, between 0 and 1. */
export function uniformDraws(seed: number, stream: number, paths: Int32Array): Float64Array {
  const out = new Float64Array(paths.length);
  forEachRun(paths, (first, at, count) => uniforms(seed, stream, first, count, 1, out.subarray(at, at + count)));
  return out;
}

/** One chi-square a path. */
export function chiSquareDraws(
  seed: number,
  stream: number,
  paths: Int32Array,
  degreesOfFreedom: number,
): Float64Array {
  const out = new Float64Array(paths.length);
  forEachRun(paths, (first, at, count) =>
    chiSquares(seed, stream, first, count, degreesOfFreedom, out.subarray(at, at + count)),
  );
  return out;
}

/** One Poisson number a path. */
export function poissonDraws(seed: number, stream: number, paths: Int32Array, mean: number): Float64Array {
  return uniformDraws(seed, stream, paths).map((u) => poissonQuantile(u, mean));
}

/** Calls `run` for each stretch of consecutive paths: its first path, where it stands in the list, and its length. */
function forEachRun(paths: Int32Array, run: (first: number, at: number, count: number) => void): void {
  let at = 0;
  while (at < paths.length) {
    let count = 1;
    while (at + count < paths.length && paths[at + count] === paths[at]! + count) count += 1;
    run(paths[at]!, at, count);
    at += count;
  }
}

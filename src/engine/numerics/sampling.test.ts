import cephes from 'cephes';
import { beforeAll, describe, expect, it } from 'vitest';
import { chiSquares, normals, uniforms } from './sampling.ts';

beforeAll(async () => {
  await cephes.compiled;
});

const COUNT = 40_000;

/** Largest distance between the empirical and the true distribution function, times sqrt(n). */
function kolmogorovSmirnov(sample: Float64Array, distribution: (x: number) => number): number {
  const sorted = sample.toSorted();
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = distribution(x);
    distance = Math.max(distance, p - i / sorted.length, (i + 1) / sorted.length - p);
  });
  return distance * Math.sqrt(sorted.length);
}

// The seeds are fixed, so these outcomes are too. 1.95 is the 0.1 % point of the Kolmogorov distribution.
const KOLMOGOROV_BOUND = 1.95;

describe('normals', () => {
  it('are standard normal', () => {
    const out = new Float64Array(COUNT);
    normals(42, 0, 0, COUNT, 1, out);
    expect(kolmogorovSmirnov(out, (x) => cephes.ndtr(x))).toBeLessThan(KOLMOGOROV_BOUND);
  });

  it('are independent over components, paths and streams', () => {
    const pairs = new Float64Array(2 * COUNT);
    normals(42, 0, 0, COUNT, 2, pairs);
    const other = new Float64Array(COUNT);
    normals(42, 1, 0, COUNT, 1, other);
    let components = 0;
    let neighbours = 0;
    let streams = 0;
    for (let i = 0; i < COUNT; i++) {
      components += pairs[2 * i]! * pairs[2 * i + 1]!;
      streams += pairs[2 * i]! * other[i]!;
      if (i > 0) neighbours += pairs[2 * i]! * pairs[2 * i - 2]!;
    }
    for (const sum of [components, neighbours, streams]) expect(Math.abs(sum) / Math.sqrt(COUNT)).toBeLessThan(3.5);
  });

  it('depend on seed, stream and path alone, not on how a run is cut', () => {
    const whole = new Float64Array(100 * 3);
    normals(7, 2, 0, 100, 3, whole);
    const part = new Float64Array(40 * 3);
    normals(7, 2, 60, 40, 3, part);
    expect(part).toEqual(whole.subarray(180));
    const narrow = new Float64Array(100 * 2);
    normals(7, 2, 0, 100, 2, narrow);
    expect([narrow[0], narrow[1], narrow[198], narrow[199]]).toEqual([whole[0], whole[1], whole[297], whole[298]]);
  });

  it('differ by seed, stream and path, also beyond 2^32 paths', () => {
    const first = (seed: number, stream: number, path: number) => {
      const out = new Float64Array(1);
      normals(seed, stream, path, 1, 1, out);
      return out[0];
    };
    const draws = [
      first(1, 0, 0),
      first(2, 0, 0),
      first(1 + 2 ** 32, 0, 0),
      first(1, 1, 0),
      first(1, 0, 1),
      first(1, 0, 2 ** 32),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });
});

describe('uniforms', () => {
  it('are uniform', () => {
    const out = new Float64Array(COUNT);
    uniforms(3, 9, 0, COUNT / 2, 2, out);
    expect(kolmogorovSmirnov(out, (x) => x)).toBeLessThan(KOLMOGOROV_BOUND);
  });
});

describe('chiSquares', () => {
  it.each([2, 2.5, 4, 7.3, 100])('have the distribution with %f degrees of freedom', (degreesOfFreedom) => {
    const out = new Float64Array(COUNT);
    chiSquares(11, 1, 0, COUNT, degreesOfFreedom, out);
    const distribution = (x: number) => cephes.igam(degreesOfFreedom / 2, x / 2);
    expect(kolmogorovSmirnov(out, distribution)).toBeLessThan(KOLMOGOROV_BOUND);
  });

  it('are sums of exponentials of one block with 2 and 4 degrees of freedom', () => {
    const pairs = new Float64Array(2 * 50);
    uniforms(11, 1, 7, 50, 2, pairs);
    const draws = (degreesOfFreedom: number): Float64Array => {
      const out = new Float64Array(50);
      chiSquares(11, 1, 7, 50, degreesOfFreedom, out);
      return out;
    };
    const exponential = (i: number): number => -2 * Math.log(pairs[i]!);
    draws(2).forEach((value, i) => expect(value).toBe(exponential(2 * i)));
    draws(4).forEach((value, i) => expect(value).toBeCloseTo(exponential(2 * i) + exponential(2 * i + 1), 12));
  });

  it('do not depend on how a run is cut', () => {
    const whole = new Float64Array(500);
    chiSquares(5, 1, 0, 500, 4, whole);
    const part = new Float64Array(200);
    chiSquares(5, 1, 300, 200, 4, part);
    expect(part).toEqual(whole.subarray(300));
  });

  it.each([Number.NaN, 1.9, -4, Infinity])('refuse %f degrees of freedom', (degreesOfFreedom) => {
    expect(() => chiSquares(1, 1, 0, 1, degreesOfFreedom, new Float64Array(1))).toThrow(/degrees of freedom/);
  });
});

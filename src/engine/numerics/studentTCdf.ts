import { studentTPdf } from './studentT.ts';

/**
 * Distribution function of the standard Student-t with any `degreesOfFreedom` > 0, to full relative precision below zero,
 * about 1e-14. Take the upper tail as `studentTCdf(-t)`, never as one minus the distribution.
 *
 * The incomplete beta function by its continued fraction (DLMF 8.17.22) in terms of the density f: with n degrees of
 * freedom the tail is t f(t) / n times the fraction for I(n/2, 1/2), and near zero one half less t f(t) times that
 * for I(1/2, n/2). Own code, because the package (`@stdlib/stats-base-dists-t-cdf` 0.2.3) is off by 1e-9 near zero at one degree
 * of freedom.
 */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) return Number.NaN;
  const size = Math.abs(t);
  if (size === Infinity) return t > 0 ? 1 : 0;
  const square = size * size;
  const a = degreesOfFreedom / 2;
  const mass = size * studentTPdf(size, degreesOfFreedom);
  const inner = square / (degreesOfFreedom + square);
  if (inner < 1.5 / (a + 2.5)) {
    const half = mass * betaFraction(inner, 0.5, a);
    return t > 0 ? 0.5 + half : 0.5 - half;
  }
  const tail = (mass / degreesOfFreedom) * betaFraction(1 / (1 + square / degreesOfFreedom), a, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/** The continued fraction of a B(a, b) I_x(a, b) / (x^a (1-x)^b), by Lentz's method; quick for x < (a+1)/(a+b+2). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let value = d;
  for (let m = 1; m < 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

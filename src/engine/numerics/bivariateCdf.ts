import { doubleExponentialIntegral } from './doubleExponential.ts';
import { normalCdf } from './normal.ts';
import { studentTCdf } from './studentTCdf.ts';

/**
 * P(X <= x, Y <= y) for two standard normals with a correlation from -1 to 1, to about 1e-13 of itself also in the joint
 * tail.
 */
export function bivariateNormalCdf(x: number, y: number, correlation: number): number {
  return jointProbability(x, y, correlation, normalCdf, (distance) => Math.exp(-0.5 * distance * distance));
}

/**
 * P(X <= x, Y <= y) for the bivariate Student-t with any `degreesOfFreedom` > 0 and correlation from -1 to 1, likewise.
 * Uncorrelated components are not independent.
 */
export function bivariateStudentTCdf(x: number, y: number, correlation: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0 && degreesOfFreedom < Infinity)) {
    throw new RangeError(`The degrees of freedom are ${degreesOfFreedom}; give a finite number above zero`);
  }
  return jointProbability(
    x,
    y,
    correlation,
    (t) => studentTCdf(t, degreesOfFreedom),
    (distance) => Math.exp((-degreesOfFreedom / 2) * Math.log1p((distance * distance) / degreesOfFreedom)),
  );
}

/**
 * The derivative of the joint distribution by the correlation is the joint density (Plackett, "A reduction formula for
 * normal multivariate integrals", Biometrika 41, 1954; for Student-t with real degrees of freedom: Genz, "Numerical computation
 * of rectangular bivariate and trivariate normal and t probabilities", 2004). With correlation sin(theta) and u = theta + pi/2,
 *
 *   P = max(0, F(x) + F(y) - 1)  +  1/(2 pi) times the integral over u from 0 of  g((x^2 + y^2 + 2 x y cos u) / sin^2 u).
 *
 * The first part is the probability at correlation -1. Both are positive, so no digits cancel, unlike from correlation 0,
 * where Genz starts. Own code, since no package was found that has the Student-t case or keeps digits in the joint tail.
 */
function jointProbability(
  x: number,
  y: number,
  correlation: number,
  cdf: (x: number) => number,
  kernel: (distance: number) => number,
): number {
  if (Number.isNaN(x) || Number.isNaN(y)) {
    throw new RangeError(`The bounds are ${x} and ${y}; give two numbers`);
  }
  if (!(Math.abs(correlation) <= 1)) {
    throw new RangeError(`The correlation is ${correlation}; give a number from -1 to 1`);
  }
  const low = Math.min(x, y);
  const high = Math.max(x, y);
  if (low === -Infinity) return 0;
  if (high === Infinity || correlation === 1) return cdf(low);
  // F(x) + F(y) - 1, from the tails that are small.
  const apart = low + high > 0 ? (low < 0 ? cdf(low) - cdf(-high) : 1 - cdf(-low) - cdf(-high)) : 0;
  if (correlation === -1) return Math.max(0, apart);

  const cosine = Math.sqrt((1 - correlation) * (1 + correlation));
  const width = Math.atan2(cosine, -correlation);
  const gap = Math.atan2(cosine, correlation);
  const integral = doubleExponentialIntegral((u, fromUpper) => {
    const rest = gap + fromUpper;
    const isNear = u < rest;
    const sine = Math.sin(isNear ? u : rest);
    const half = Math.sin((isNear ? u : rest) / 2);
    const base = isNear ? x + y : x - y;
    // x^2 + y^2 + 2 x y cos u, from its value at the nearer end of the range.
    const square = base * base + (isNear ? -4 : 4) * x * y * half * half;
    return kernel(Math.sqrt(Math.max(0, square)) / sine);
  }, width);
  return Math.max(0, apart) + integral / (2 * Math.PI);
}

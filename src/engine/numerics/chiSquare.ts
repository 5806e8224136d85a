import { inverseNormalCdf } from './normal.ts';

/**
 * The chi-square distribution. Own code, because the package's incomplete gamma function (`@stdlib/math-base-special-gammainc`
 * 0.2.3) is off by 0.8 % in the upper tail at four thousand degrees of freedom.
 */

export type Tail = 'lower' | 'upper';

/**
 * P(X <= x) or P(X > x), each to about 1e-13 of itself: the smaller of the two by the series (DLMF 8.7.1) or the
 * continued fraction (DLMF 8.9.2) of the incomplete gamma function, the other as its complement.
 */
export function chiSquareProbability(tail: Tail, x: number, degreesOfFreedom: number): number {
  requireDegrees(degreesOfFreedom);
  if (!(x > 0)) return tail === 'lower' ? 0 : 1;
  if (x === Infinity) return tail === 'lower' ? 1 : 0;
  const shape = degreesOfFreedom / 2;
  const half = x / 2;
  const isBelow = half < shape + 1;
  const share = powerShare(half, shape) * (isBelow ? lowerSeries(half, shape) : shape * upperFraction(half, shape));
  return isBelow === (tail === 'lower') ? share : 1 - share;
}

/**
 * The x whose lower or upper tail has the given probability, to about 1e-13 of itself: Wilson and Hilferty's guess (1931)
 * and Newton steps on the logarithm of the tail, which is concave.
 */
export function chiSquareQuantile(tail: Tail, probability: number, degreesOfFreedom: number): number {
  requireDegrees(degreesOfFreedom);
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`A probability must lie between 0 and 1; got ${probability}`);
  }
  if (probability === 0 || probability === 1) return (probability === 0) === (tail === 'lower') ? 0 : Infinity;
  const shape = degreesOfFreedom / 2;
  const z = inverseNormalCdf(probability) * (tail === 'lower' ? 1 : -1);
  const spread = 2 / (9 * degreesOfFreedom);
  const cube = 1 - spread + z * Math.sqrt(spread);
  // Far below, P is nearly (x/2)^shape / Gamma(shape + 1).
  const far = 2 * Math.exp((Math.log(probability) + logGamma(shape + 1)) / shape);
  let logX = Math.log(cube > 0.1 || tail === 'upper' ? degreesOfFreedom * Math.max(cube, 0.1) ** 3 : far);
  for (let step = 0; step < 60; step += 1) {
    const x = Math.exp(logX);
    const reached = chiSquareProbability(tail, x, degreesOfFreedom);
    // d P / d ln x = x times the density.
    const slope = (shape * powerShare(x / 2, shape)) / reached;
    const move = ((Math.log(reached) - Math.log(probability)) / slope) * (tail === 'lower' ? -1 : 1);
    logX += Math.max(-2, Math.min(2, move));
    if (Math.abs(move) < 1e-15) break;
  }
  return Math.exp(logX);
}

function requireDegrees(degreesOfFreedom: number): void {
  if (!(degreesOfFreedom > 0 && degreesOfFreedom < Infinity)) {
    throw new RangeError(`The degrees of freedom are ${degreesOfFreedom}; give a finite number above zero`);
  }
}

/** Ratio of P(shape, x) to x^shape exp(-x) / Gamma(shape + 1). */
function lowerSeries(x: number, shape: number): number {
  let term = 1;
  let total = 1;
  for (let n = 1; term > 1e-17 * total; n += 1) {
    term *= x / (shape + n);
    total += term;
  }
  return total;
}

/** Ratio of Q(shape, x) to x^shape exp(-x) / Gamma(shape), by Lentz's method. */
function upperFraction(x: number, shape: number): number {
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 100_000; n += 1) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b || 1e-300);
    c = b + a / c || 1e-300;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

/**
 * x^shape exp(-x) / Gamma(shape + 1) without the cancellation between its factors: exp of -shape (r - 1 - ln r) with
 * r = x / shape, over sqrt(2 pi shape) and Stirling's correction (Loader, "Fast and accurate computation of binomial
 * probabilities", 2000).
 */
function powerShare(x: number, shape: number): number {
  const excess = (x - shape) / shape;
  const deviance = excess - (Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(x / shape));
  return Math.exp(-shape * deviance - stirlingCorrection(shape)) / Math.sqrt(2 * Math.PI * shape);
}

/** ln Gamma(a + 1) - (a + 1/2) ln a + a - ln(2 pi) / 2. */
function stirlingCorrection(a: number): number {
  if (a < 16) {
    // From a + 1 down: the correction there, plus what the main terms differ by.
    return stirlingCorrection(a + 1) + (a + 0.5) * Math.log1p(1 / a) - 1;
  }
  const r2 = 1 / (a * a);
  return (1 / 12 + r2 * (-1 / 360 + r2 * (1 / 1260 + r2 * (-1 / 1680 + r2 * (1 / 1188 - (r2 * 691) / 360360))))) / a;
}

function logGamma(a: number): number {
  const below = a - 1;
  if (below <= 0) return logGamma(a + 1) - Math.log(a);
  return stirlingCorrection(below) + (below + 0.5) * Math.log(below) - below + 0.5 * Math.log(2 * Math.PI);
}

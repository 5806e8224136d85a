import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import { inverseNormalCdf } from '../numerics/normal.ts';

/**
 * The exact distribution of Q = delta.u + u.Gamma.u / 2 for normal u, without moments matched or expansions cut off.
 *
 * With u = C y, y independent standard normal and C chosen so that C'Gamma C is diagonal,
 * Q = sum of a_j y_j + lambda_j y_j^2 / 2. Its cumulant generating function is closed,
 * K(s) = sum of a_j^2 s^2 / (2 (1 - lambda_j s)) - ln(1 - lambda_j s) / 2 (Rouvinez 1997, "Going Greek with VaR"), and
 * P(Q > x) = 1/(2 pi i) x integral of exp(K(s) - s x) / s over a path upwards through the positive real axis. The path starts at the
 * saddle point and is laid downhill, where the integrand falls off like a Gaussian, so that a few hundred evaluations give
 * twelve digits far into the tail (Lugannani and Rice 1980 for the saddle point; Rice 1980 for the numerical integration).
 */
export interface QuadraticForm {
  /** a_j. */
  readonly linear: Float64Array;
  /** lambda_j. */
  readonly quadratic: Float64Array;
  /** C: u = C y, one row a factor. */
  readonly axes: Matrix;
}

/** The form of `delta` and `gamma` for u ~ N(0, factor factor'). */
export function quadraticForm(delta: Float64Array, gamma: Matrix, factor: Matrix): QuadraticForm {
  const inner = factor.transpose().mmul(gamma).mmul(factor);
  // Symmetric up to rounding; the decomposition wants it to the bit.
  const symmetric = inner.clone().add(inner.transpose()).mul(0.5);
  const eigen = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  const axes = factor.mmul(eigen.eigenvectorMatrix);
  const linear = Float64Array.from(Matrix.rowVector(delta).mmul(axes).getRow(0));
  return { linear, quadratic: Float64Array.from(eigen.realEigenvalues), axes };
}

export function formMean(form: QuadraticForm): number {
  return form.quadratic.reduce((sum, lambda) => sum + lambda / 2, 0);
}

export function formStandardDeviation(form: QuadraticForm): number {
  let variance = 0;
  for (let j = 0; j < form.linear.length; j += 1) variance += form.linear[j]! ** 2 + form.quadratic[j]! ** 2 / 2;
  return Math.sqrt(variance);
}

export interface UpperTail {
  /** P(Q > x). */
  readonly probability: number;
  /** E[max(Q - x, 0)], in the units of Q. */
  readonly excess: number;
  readonly density: number;
}

/** The distribution above x. Below the mean it is had from the lower tail, so that the smaller of the two is always the accurate one. */
export function upperTail(form: QuadraticForm, x: number): UpperTail {
  const scale = formStandardDeviation(form);
  const mean = formMean(form);
  if (scale === 0) return { probability: mean > x ? 1 : 0, excess: Math.max(mean - x, 0), density: 0 };
  if (x >= mean) return tailAboveMean(form.linear, form.quadratic, scale, x);
  const mirrored = form.quadratic.map((lambda) => -lambda);
  const below = tailAboveMean(form.linear, mirrored, scale, -x);
  return { probability: 1 - below.probability, excess: mean - x + below.excess, density: below.density };
}

function tailAboveMean(linear: Float64Array, quadratic: Float64Array, scale: number, x: number): UpperTail {
  const terms = scaledTerms(linear, quadratic, scale);
  const level = x / scale;
  // This close to its largest value the probability, which goes with the root of the distance at most, is nothing.
  if (supremum(terms) - level < 1e-100) return { probability: 0, excess: 0, density: 0 };
  const sums = new Float64Array(3);
  integrate(terms, level, (re, im, sRe, sIm) => {
    const size = sRe * sRe + sIm * sIm;
    sums[0] = sums[0]! + im;
    sums[1] = sums[1]! + (im * sRe - re * sIm) / size;
    sums[2] = sums[2]! + im * sRe + re * sIm;
  });
  return {
    probability: Math.min(Math.max(sums[0]! / Math.PI, 0), 1),
    excess: Math.max((sums[1]! / Math.PI) * scale, 0),
    density: Math.max(sums[2]! / Math.PI / scale, 0),
  };
}

/** The x with P(Q > x) = `probability`, to twelve digits of the standard deviation. 0 < probability < 1. Near `guess` it is found sooner. */
export function upperQuantile(form: QuadraticForm, probability: number, guess?: number): number {
  const scale = formStandardDeviation(form);
  const mean = formMean(form);
  if (scale === 0) return mean;
  // Cantelli's inequality bounds the quantile on either side whatever the distribution.
  let low = mean - scale * Math.sqrt(probability / (1 - probability));
  let high = mean + scale * Math.sqrt((1 - probability) / probability);
  let x = Math.min(Math.max(guess ?? mean - scale * inverseNormalCdf(probability), low), high);
  let before = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200 && high - low > 1e-13 * scale; i += 1) {
    const tail = upperTail(form, x);
    if (tail.probability > probability) low = x;
    else high = x;
    // Newton on ln P, which is close to straight in the tail. Near a bound of the support it creeps: a step that did not halve the miss is
    // followed by one that halves the bracket, and a short step alone does not count as arrival. What a step leaves is about its miss
    // times its length.
    const miss = Math.log(tail.probability / probability);
    const next = x + (miss * tail.probability) / tail.density;
    if (Math.abs(miss) < 1e-6 && Math.abs(next - x) < 1e-7 * scale) return next;
    const goesOn = next > low && next < high && Math.abs(miss) < before / 2;
    before = goesOn ? Math.abs(miss) : Number.POSITIVE_INFINITY;
    x = goesOn ? next : (low + high) / 2;
  }
  return x;
}

/** E[u | Q = x] and E[u u' | Q = x]: what a position's own quadratic form is averaged with at the VaR. */
export function conditionalMoments(form: QuadraticForm, x: number): { mean: Matrix; second: Matrix } {
  const n = form.linear.length;
  const scale = formStandardDeviation(form);
  if (scale === 0) throw new RiskError('internal', 'A book without risk has no moments at its VaR');
  const terms = scaledTerms(form.linear, form.quadratic, scale);
  let density = 0;
  const mean = new Float64Array(n);
  const second = new Matrix(n, n);
  const mRe = new Float64Array(n);
  const mIm = new Float64Array(n);
  integrate(terms, x / scale, (re, im, sRe, sIm) => {
    // The integrand of the density: exp(K - s x) = (integrand of the tail) times s.
    const wRe = re * sRe - im * sIm;
    const wIm = re * sIm + im * sRe;
    density += wIm;
    for (let j = 0; j < n; j += 1) {
      // Tilted moments of y_j: mean a s / (1 - lambda s), variance 1 / (1 - lambda s), s in units of 1 / scale.
      const dRe = 1 - (form.quadratic[j]! / scale) * sRe;
      const dIm = -(form.quadratic[j]! / scale) * sIm;
      const size = dRe * dRe + dIm * dIm;
      const a = form.linear[j]! / scale;
      mRe[j] = (a * (sRe * dRe + sIm * dIm)) / size;
      mIm[j] = (a * (sIm * dRe - sRe * dIm)) / size;
      mean[j] = mean[j]! + wRe * mIm[j]! + wIm * mRe[j]!;
      second.set(j, j, second.get(j, j) + (wIm * dRe - wRe * dIm) / size);
    }
    for (let j = 0; j < n; j += 1) {
      for (let k = 0; k <= j; k += 1) {
        const pRe = mRe[j]! * mRe[k]! - mIm[j]! * mIm[k]!;
        const pIm = mRe[j]! * mIm[k]! + mIm[j]! * mRe[k]!;
        second.set(j, k, second.get(j, k) + wRe * pIm + wIm * pRe);
      }
    }
  });
  for (let j = 0; j < n; j += 1) for (let k = 0; k < j; k += 1) second.set(k, j, second.get(j, k));
  const c = form.axes;
  return {
    mean: c.mmul(Matrix.columnVector(mean)).div(density),
    second: c.mmul(second).mmul(c.transpose()).div(density),
  };
}

// ---- the contour ----------------------------------------------------------------------------------------------------

interface Terms {
  /** a_j / sd. */
  readonly a: Float64Array;
  /** lambda_j / sd. */
  readonly lambda: Float64Array;
}

/** A term with less than this share of the variance is dropped. */
const NEGLIGIBLE_VARIANCE = 1e-24;

/** Terms in units of the standard deviation. */
function scaledTerms(linear: Float64Array, quadratic: Float64Array, scale: number): Terms {
  const a: number[] = [];
  const lambda: number[] = [];
  for (let j = 0; j < linear.length; j += 1) {
    const term = [linear[j]! / scale, quadratic[j]! / scale] as const;
    if (term[0] ** 2 + term[1] ** 2 / 2 < NEGLIGIBLE_VARIANCE) continue;
    a.push(term[0]);
    lambda.push(term[1]);
  }
  return { a: Float64Array.from(a), lambda: Float64Array.from(lambda) };
}

/** The largest value that Q / sd can take: finite where every term is a square that opens downwards. */
function supremum({ a, lambda }: Terms): number {
  if (lambda.some((value) => value >= 0)) return Number.POSITIVE_INFINITY;
  return a.reduce((sum, value, j) => sum - value ** 2 / (2 * lambda[j]!), 0);
}

/** Psi(s) = K(s) - s x - ln s and its derivative, on and above the real axis (principal logarithms are continuous there). */
function exponent({ a, lambda }: Terms, x: number, sRe: number, sIm: number, out: Float64Array): void {
  const size = sRe * sRe + sIm * sIm;
  let re = -x * sRe - Math.log(size) / 2;
  let im = -x * sIm - Math.atan2(sIm, sRe);
  let dRe = -x - sRe / size;
  let dIm = sIm / size;
  const s2Re = sRe * sRe - sIm * sIm;
  const s2Im = 2 * sRe * sIm;
  for (let j = 0; j < a.length; j += 1) {
    const l = lambda[j]!;
    const half = (a[j]! * a[j]!) / 2;
    const qRe = 1 - l * sRe;
    const qIm = -l * sIm;
    const qSize = qRe * qRe + qIm * qIm;
    const rRe = qRe / qSize;
    const rIm = -qIm / qSize;
    re += half * (s2Re * rRe - s2Im * rIm) - Math.log(qSize) / 4;
    im += half * (s2Re * rIm + s2Im * rRe) - Math.atan2(qIm, qRe) / 2;
    // d/ds of a^2 s^2 / (2 q) is a^2 (s - lambda s^2 / 2) / q^2.
    const r2Re = rRe * rRe - rIm * rIm;
    const r2Im = 2 * rRe * rIm;
    const gRe = sRe - (l * s2Re) / 2;
    const gIm = sIm - (l * s2Im) / 2;
    dRe += 2 * half * (gRe * r2Re - gIm * r2Im) + (l / 2) * rRe;
    dIm += 2 * half * (gRe * r2Im + gIm * r2Re) + (l / 2) * rIm;
  }
  out[0] = re;
  out[1] = im;
  out[2] = dRe;
  out[3] = dIm;
}

/** Beyond this size, squared, what is multiplied is scaled. */
const LARGE = 1e200;

/** exp(Psi(s)), by a product of principal roots instead of a sum of logarithms: the same, for a third of the work. */
function integrand({ a, lambda }: Terms, x: number, sRe: number, sIm: number, out: Float64Array): void {
  const s2Re = sRe * sRe - sIm * sIm;
  const s2Im = 2 * sRe * sIm;
  let re = -x * sRe;
  let im = -x * sIm;
  // s times the roots of 1 - lambda s.
  let pRe = sRe;
  let pIm = sIm;
  for (let j = 0; j < a.length; j += 1) {
    const l = lambda[j]!;
    const half = (a[j]! * a[j]!) / 2;
    const qRe = 1 - l * sRe;
    const qIm = -l * sIm;
    const qSize = qRe * qRe + qIm * qIm;
    const rRe = qRe / qSize;
    const rIm = -qIm / qSize;
    re += half * (s2Re * rRe - s2Im * rIm);
    im += half * (s2Re * rIm + s2Im * rRe);
    const larger = Math.sqrt((Math.sqrt(qSize) + Math.abs(qRe)) / 2);
    const smaller = Math.abs(qIm) / (2 * larger);
    const rootRe = qRe < 0 ? smaller : larger;
    const rootIm = (qIm < 0 ? -1 : 1) * (qRe < 0 ? larger : smaller);
    const size = pRe * pRe + pIm * pIm;
    if (size > LARGE || size < 1 / LARGE) {
      const length = Math.sqrt(size);
      pRe /= length;
      pIm /= length;
      re -= Math.log(length);
    }
    const next = pRe * rootRe - pIm * rootIm;
    pIm = pRe * rootIm + pIm * rootRe;
    pRe = next;
  }
  const size = Math.exp(re) / (pRe * pRe + pIm * pIm);
  const cos = Math.cos(im);
  const sin = Math.sin(im);
  out[0] = size * (cos * pRe + sin * pIm);
  out[1] = size * (sin * pRe - cos * pIm);
}

/** The real saddle point: the root of Psi' between 0 and the nearest positive 1 / lambda. */
function saddlePoint(terms: Terms, x: number): number {
  const { a, lambda } = terms;
  const slope = (s: number): number => {
    let sum = -x - 1 / s;
    for (let j = 0; j < a.length; j += 1) {
      const q = 1 - lambda[j]! * s;
      sum += (a[j]! * a[j]! * s * (1 - (lambda[j]! * s) / 2)) / (q * q) + lambda[j]! / (2 * q);
    }
    return sum;
  };
  const largest = lambda.reduce((most, value) => Math.max(most, value), 0);
  const end = largest > 0 ? 1 / largest : Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Math.min(1, end / 2);
  while (slope(high) < 0) {
    low = high;
    high = Number.isFinite(end) ? (high + end) / 2 : high * 2;
    if (high === low || high > 1e150) break;
  }
  for (let i = 0; i < 200; i += 1) {
    // Halving on the ratio while the bracket spans magnitudes, since the root may be tiny.
    const middle = low > 0 && high / low > 4 ? Math.sqrt(low * high) : (low + high) / 2;
    if (middle === low || middle === high || high - low < 1e-9 * high) break;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Directions tried at each step, as angles from the real axis: all climb, so the path never returns to the singularities. */
const DIRECTIONS = [90, 70, 110, 55, 125].map((degrees) => {
  const angle = (degrees * Math.PI) / 180;
  return [degrees === 90 ? 0 : Math.cos(angle), Math.sin(angle)] as const;
});

const MAX_CHORDS = 20_000;
/** Where integrand times distance has fallen by this exponent from its start, the rest is below double precision. */
const NEGLIGIBLE = -40;

const UNDERFLOW = -745;

/**
 * Calls `add` with each weighted value of exp(Psi) ds (real and imaginary part) and its s, along the upper half of the path.
 * By symmetry the whole integral is the imaginary part of the sum, over pi.
 */
function integrate(terms: Terms, x: number, add: (re: number, im: number, sRe: number, sIm: number) => void): void {
  const out = new Float64Array(4);
  let re = saddlePoint(terms, x);
  let im = 0;
  exponent(terms, x, re, 0, out);
  const peak = out[0]! + Math.log(re);
  // Chernoff: the tail is at most exp(K(s) - s x), here less than the smallest number.
  if (peak < UNDERFLOW) return;
  let length = Math.min(2 / Math.sqrt(curvature(terms, re)), 0.7 * clearance(terms, re, 0));
  let direction = DIRECTIONS[0]!;
  for (let chord = 0; chord < MAX_CHORDS; chord += 1) {
    const [uRe, uIm] = direction;
    for (let i = 0; i < NODES.length; i += 1) {
      const t = NODES[i]! * length;
      const sRe = re + t * uRe;
      const sIm = im + t * uIm;
      integrand(terms, x, sRe, sIm, out);
      const weight = WEIGHTS[i]! * length;
      const vRe = out[0]! * weight;
      const vIm = out[1]! * weight;
      add(vRe * uRe - vIm * uIm, vRe * uIm + vIm * uRe, sRe, sIm);
    }
    re += length * uRe;
    im += length * uIm;
    exponent(terms, x, re, im, out);
    if (out[0]! + Math.log(Math.hypot(re, im)) - peak < NEGLIGIBLE) return;
    const height = out[0]!;
    const [dRe, dIm] = [out[2]!, out[3]!];
    length = Math.min(4 / Math.hypot(dRe, dIm), 0.7 * clearance(terms, re, im));
    direction = downhill(dRe, dIm);
    exponent(terms, x, re + length * direction[0], im + length * direction[1], out);
    // Straight up is always downhill in the strip of the saddle point; bending must not climb instead.
    if (out[0]! > height) direction = DIRECTIONS[0]!;
  }
  throw new RiskError('internal', 'The delta-gamma distribution could not be integrated');
}

function downhill(dRe: number, dIm: number): readonly [number, number] {
  return DIRECTIONS.reduce((best, next) =>
    // Re(Psi' u): the slope of the real part along u.
    dRe * next[0] - dIm * next[1] < dRe * best[0] - dIm * best[1] ? next : best,
  );
}

/** Psi'' at a real point. */
function curvature({ a, lambda }: Terms, s: number): number {
  let sum = 1 / (s * s);
  for (let j = 0; j < a.length; j += 1) {
    const q = 1 - lambda[j]! * s;
    sum += a[j]! ** 2 / q ** 3 + lambda[j]! ** 2 / (2 * q * q);
  }
  return sum;
}

/** Distance to the nearest singularity. */
function clearance({ lambda }: Terms, re: number, im: number): number {
  let nearest = Math.hypot(re, im);
  for (const l of lambda) if (l !== 0) nearest = Math.min(nearest, Math.hypot(re - 1 / l, im));
  return nearest;
}

/** Gauss-Legendre on [0, 1], 16 points, by Newton on the Legendre polynomial. */
const [NODES, WEIGHTS] = gaussLegendre(16);

function gaussLegendre(n: number): [Float64Array, Float64Array] {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let t = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let derivative = 1;
    for (let step = 0; step < 100; step += 1) {
      let [previous, value] = [1, t];
      for (let k = 2; k <= n; k += 1) [previous, value] = [value, ((2 * k - 1) * t * value - (k - 1) * previous) / k];
      derivative = (n * (t * value - previous)) / (t * t - 1);
      const change = value / derivative;
      t -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    nodes[i] = (1 - t) / 2;
    weights[i] = 1 / ((1 - t * t) * derivative * derivative);
  }
  return [nodes, weights];
}

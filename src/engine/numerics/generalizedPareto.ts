/**
 * The generalised Pareto distribution of excesses y >= 0 over a threshold: F(y) = 1 - (1 + xi y / beta)^(-1/xi), at xi = 0
 * the exponential 1 - exp(-y / beta). For xi < 0 it ends at -beta / xi. (Pickands 1975; Embrechts, Klueppelberg and Mikosch
 * 1997, Modelling Extremal Events, section 3.4.)
 */
export interface GeneralizedPareto {
  /** xi: above 0 a power tail, 0 exponential, below 0 an end. */
  readonly shape: number;
  /** beta > 0, in the units of the excess. */
  readonly scale: number;
}

/** P(Y > y). */
export function paretoSurvival({ shape, scale }: GeneralizedPareto, y: number): number {
  if (y <= 0) return 1;
  const x = y / scale;
  if (1 + shape * x <= 0) return 0;
  return Math.exp(-x * logarithmicMean(shape * x));
}

/** The excess that is passed with a probability in (0, 1]: beta ((1/p)^xi - 1) / xi, in a form that holds through xi = 0. */
export function paretoQuantile({ shape, scale }: GeneralizedPareto, probability: number): number {
  const x = -Math.log(probability);
  return scale * x * exponentialMean(shape * x);
}

/**
 * The loss exceeded with probability `tail` and the mean of the losses beyond, for a sample of which a share
 * `exceedanceShare` lies above `threshold` with excesses of this distribution (McNeil, Frey and Embrechts 2015, Quantitative
 * Risk Management, 5.18 and 5.19). The mean is infinite from xi = 1 on.
 */
export function paretoTailRisk(
  pareto: GeneralizedPareto,
  threshold: number,
  exceedanceShare: number,
  tail: number,
): { readonly valueAtRisk: number; readonly expectedShortfall: number } {
  const excess = paretoQuantile(pareto, tail / exceedanceShare);
  const { shape, scale } = pareto;
  return {
    valueAtRisk: threshold + excess,
    expectedShortfall: shape < 1 ? threshold + (excess + scale) / (1 - shape) : Infinity,
  };
}

export interface ParetoFit extends GeneralizedPareto {
  readonly logLikelihood: number;
  readonly count: number;
  /**
   * Standard errors and their covariance from the expected information, (1 + xi)/n times [1 + xi, -beta; -beta, 2 beta^2]
   * (Smith 1987); null where xi <= -1/2 and maximum likelihood has no normal limit.
   */
  readonly errors: { readonly shape: number; readonly scale: number; readonly covariance: number } | null;
}

/** Below this shape the likelihood has no maximum: it grows without bound towards the largest excess. */
const LEAST_SHAPE = -1;
/** Points on either side of theta = 0 where the slope is looked at. */
const GRID = 24;
/** Of more excesses than this, the grid looks at some. */
const MOST_SCANNED = 1_000;
/** Largest xi y_max / beta looked at: with it the shape is about 27 even for one extreme excess among many. */
const MOST_RATIO = 1e12;

/**
 * Maximum likelihood fit to excesses, all >= 0 and some above 0; null where the likelihood has no maximum with xi > -1.
 *
 * With theta = xi / beta, the best xi for a theta is the mean of ln(1 + theta y), which leaves one variable (Grimshaw 1993,
 * "Computing maximum likelihood estimates for the generalized Pareto distribution", Technometrics 35). The slope of the profile
 * is written so that it is smooth through theta = 0, looked at on a grid, and its best root polished to the last digits.
 * A general optimiser (ml-levenberg-marquardt fits curves, not likelihoods) is not needed for one variable.
 */
export function fittedPareto(excesses: ArrayLike<number>): ParetoFit | null {
  const n = excesses.length;
  let largest = 0;
  for (let i = 0; i < n; i += 1) largest = Math.max(largest, excesses[i]!);
  if (!(largest > 0)) return null;
  // In units of the largest excess theta runs from -1, and every theta y is above -1.
  const y = Float64Array.from({ length: n }, (_, i) => excesses[i]! / largest);
  const best = (n > MOST_SCANNED ? peakNear(y, scannedPeak(thinned(y))) : null) ?? scannedPeak(y);
  if (best === null) return null;
  const { shape } = best;
  const scale = best.scale * largest;
  return {
    shape,
    scale,
    count: n,
    logLikelihood: best.logLikelihood - n * Math.log(largest),
    errors:
      shape > -0.5
        ? {
            shape: (1 + shape) / Math.sqrt(n),
            scale: scale * Math.sqrt((2 * (1 + shape)) / n),
            covariance: (-scale * (1 + shape)) / n,
          }
        : null,
  };
}

type Profile = ReturnType<typeof profile>;

/** The likeliest peak of those that a grid finds. */
function scannedPeak(y: Float64Array): Profile | null {
  const grid: number[] = [];
  for (let i = 0; i < GRID; i += 1) grid.push(-1 + 10 ** (-12 + (12 * i) / GRID));
  for (let i = 0; i <= GRID; i += 1) grid.push(MOST_RATIO ** (i / GRID) - 1);
  let best: Profile | null = null;
  let below = profile(y, grid[0]!);
  for (const theta of grid.slice(1)) {
    const above = profile(y, theta);
    if (below.slope > 0 && above.slope <= 0) {
      const peak = profile(y, rootBetween(y, below.theta, above.theta));
      if (peak.shape > LEAST_SHAPE && (best === null || peak.logLikelihood > best.logLikelihood)) best = peak;
    }
    below = above;
  }
  return best;
}

/** Some of many excesses, evenly by rank, the largest among them. */
function thinned(y: Float64Array): Float64Array {
  const descending = y.slice().sort().reverse();
  const stride = descending.length / MOST_SCANNED;
  return Float64Array.from({ length: MOST_SCANNED }, (_, i) => descending[Math.floor(i * stride)]!);
}

/** The peak of all excesses near that of some of them; null where none is near. */
function peakNear(y: Float64Array, guess: Profile | null): Profile | null {
  if (guess === null) return null;
  for (let reach = 0.05 * (1 + guess.theta); reach < 0.9 * (1 + guess.theta); reach *= 2.5) {
    const [low, high] = [guess.theta - reach, guess.theta + reach];
    if (profile(y, low).slope <= 0 || profile(y, high).slope > 0) continue;
    const peak = profile(y, rootBetween(y, low, high));
    return peak.shape > LEAST_SHAPE ? peak : null;
  }
  return null;
}

/** Profile likelihood at theta and its slope per excess. */
function profile(y: Float64Array, theta: number) {
  const n = y.length;
  let [shape, scale, curvature, pull] = [0, 0, 0, 0];
  for (const value of y) {
    const x = theta * value;
    const mean = logarithmicMean(x);
    shape += (x * mean) / n;
    scale += (value * mean) / n;
    curvature += (value * value * logarithmicRest(x)) / n;
    pull += value / (1 + x) / n;
  }
  return {
    theta,
    shape,
    scale,
    slope: curvature / scale - pull,
    pull,
    logLikelihood: -n * (Math.log(scale) + 1 + shape),
  };
}

/** Regula falsi with the Illinois rule, halving where it does not close in. */
function rootBetween(y: Float64Array, from: number, to: number): number {
  let [low, high] = [from, to];
  let [atLow, atHigh] = [profile(y, low).slope, profile(y, high).slope];
  for (let i = 0; i < 200 && high - low > 1e-15 * Math.max(Math.abs(low), Math.abs(high), 1e-9); i += 1) {
    const secant = (low * atHigh - high * atLow) / (atHigh - atLow);
    const middle = i % 3 !== 2 && secant > low && secant < high ? secant : (low + high) / 2;
    const { slope, pull } = profile(y, middle);
    // Both terms of the slope are as large as the pull, and known to about as many digits.
    if (Math.abs(slope) <= 1e-15 * pull) return middle;
    if (slope > 0) [low, atLow, atHigh] = [middle, slope, atHigh / 2];
    else [high, atHigh, atLow] = [middle, slope, atLow / 2];
  }
  return (low + high) / 2;
}

/** ln(1 + x) / x, 1 at 0. */
function logarithmicMean(x: number): number {
  return x === 0 ? 1 : Math.log1p(x) / x;
}

/** (exp(x) - 1) / x, 1 at 0. */
function exponentialMean(x: number): number {
  return x === 0 ? 1 : Math.expm1(x) / x;
}

/** (ln(1 + x) - x / (1 + x)) / x^2, 1/2 at 0. */
function logarithmicRest(x: number): number {
  if (Math.abs(x) > 0.05) return (Math.log1p(x) - x / (1 + x)) / (x * x);
  // Sum over k >= 2 of (1 - 1/k) (-x)^(k - 2); twelve terms reach 1e-16 here.
  let sum = 0;
  for (let k = 14; k >= 2; k -= 1) sum = 1 - 1 / k - x * sum;
  return sum;
}

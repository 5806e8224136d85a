import quantile from '@stdlib/stats-base-dists-t-quantile';

/** This near to one half the package's quantile, which stops at an absolute error, has few digits or none. */
const CENTRE = 1e-4;

/**
 * Quantile of the standard Student-t distribution with any `degreesOfFreedom` > 0, to about 1e-13 of itself from the centre
 * out to the smallest probabilities. NaN outside [0, 1].
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  const fromCentre = probability - 0.5;
  if (Math.abs(fromCentre) < CENTRE) return centralQuantile(fromCentre, degreesOfFreedom);
  if (probability > 0 && probability < RARE) {
    const power = powerTailQuantile(probability, degreesOfFreedom);
    if (power > FAR_TAIL * Math.max(1, degreesOfFreedom)) return -power;
  }
  return quantile(probability, degreesOfFreedom);
}

/** The inverse of F(t) - 1/2 = f(0) (t - (nu + 1) t^3 / (6 nu) + ...), whose next term is below 1e-20 of it here. */
function centralQuantile(fromCentre: number, nu: number): number {
  const x = fromCentre / studentTPdf(0, nu);
  const x2 = x * x;
  return x * (1 + (x2 * (nu + 1)) / (6 * nu) + (x2 * x2 * (nu + 1) * (7 * nu + 1)) / (120 * nu * nu));
}

/** Only below this probability is the power law tried: elsewhere the package has every digit. */
const RARE = 1e-4;

/** From here on (times nu) the tail is a power of t to the last bit. */
const FAR_TAIL = 1e9;

/**
 * The t beyond which the power f(t) ~ c (t^2 / nu)^(-(nu + 1) / 2) of the density holds the probability. Without it the package
 * squares t, and so has no quantile above 1e154.
 */
function powerTailQuantile(probability: number, nu: number): number {
  return Math.sqrt(nu) * (studentTPdf(0, nu) / Math.sqrt(nu)) ** (1 / nu) * probability ** (-1 / nu);
}

/**
 * Density of the standard Student-t distribution.
 *
 * Own code, because the package's density (`@stdlib/stats-base-dists-t-pdf`) takes a quotient of gamma functions and a power of a
 * number near one, and so loses digits as the degrees of freedom grow (2e-11 at a million); this one does not.
 */
export function studentTPdf(t: number, degreesOfFreedom: number): number {
  const decay = Math.exp((-(degreesOfFreedom + 1) / 2) * Math.log1p((t * t) / degreesOfFreedom));
  return (gammaHalfRatio(degreesOfFreedom / 2) / Math.sqrt(degreesOfFreedom * Math.PI)) * decay;
}

/** Below this the recurrence climbs first; above it the series below is exact to the last bit. */
const ASYMPTOTIC = 20;

/**
 * Gamma(x + 1/2) / Gamma(x) for x > 0, from the Stirling series of the difference of the logarithms (Tricomi and Erdelyi 1951):
 * ln x / 2 - 1/(8x) + 1/(192x^3) - 1/(640x^5) + 17/(14336x^7) - 31/(18432x^9).
 */
function gammaHalfRatio(x: number): number {
  let factor = 1;
  let at = x;
  while (at < ASYMPTOTIC) {
    factor *= at / (at + 0.5);
    at += 1;
  }
  const r = 1 / at;
  const r2 = r * r;
  const correction = r * (-1 / 8 + r2 * (1 / 192 + r2 * (-1 / 640 + r2 * (17 / 14336 - (31 / 18432) * r2))));
  return factor * Math.sqrt(at) * Math.exp(correction);
}

import quantile from '@stdlib/stats-base-dists-t-quantile';

/**
 * Quantile of the standard Student-t distribution with any `degreesOfFreedom` > 0, to about 1e-13 of itself down to
 * probabilities of 1e-300. NaN outside [0, 1].
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  return quantile(probability, degreesOfFreedom);
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

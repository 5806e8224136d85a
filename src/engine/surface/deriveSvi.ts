import type { SviParameters } from '../domain/marketSnapshot.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { sviTotalVariance } from './svi.ts';

/**
 * Log-moneyness at which Derive's on-chain SVI feed reads its smile: ln(K/F), held within four of the slice's own
 * standard deviations sqrt(a + b sigma), so that far strikes share the vol at that distance.
 */
export function deriveLogMoneyness(p: SviParameters, forward: number, strike: number): number {
  const bound = 4 * Math.sqrt(p.a + p.b * p.sigma);
  return Math.min(Math.max(Math.log(strike / forward), -bound), bound);
}

/** Vol of a strike on Derive's SVI slice; `referenceTime` is the time in years that its variance is divided by. */
export function deriveSviVol(p: SviParameters, referenceTime: YearFraction, forward: number, strike: number): Vol {
  return Math.sqrt(sviTotalVariance(p, deriveLogMoneyness(p, forward, strike)) / referenceTime);
}

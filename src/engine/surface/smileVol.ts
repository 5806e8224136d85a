import { RiskError } from '../domain/failure.ts';
import { expiryCode } from '../domain/instrument.ts';
import type { SmileRule } from '../domain/scenario.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { sviTotalVariance } from './svi.ts';
import type { SmileFit, VolSurface } from './VolSurface.ts';

/**
 * No reading of a surface is above this. Deribit quotes no implied vol beyond 500 %; deep in an unquoted wing of a
 * short expiry a linear total variance would pass it.
 */
export const HIGHEST_VOL: Vol = 5;

/**
 * Vol of one expiry at k = ln(K / F), sqrt(w(k) / T). Beyond the quoted strikes the fitted wing goes on linearly in
 * total variance, its slope within Lee's bound of 2, and vol is held at HIGHEST_VOL. Throws a RiskError when the
 * expiry has no smile.
 */
export function smileVol(fit: SmileFit, logMoneyness: number): Vol {
  if (fit.svi === null) {
    throw new RiskError(
      fit.failure?.code ?? 'missing-data',
      fit.failure?.message ?? `The expiry ${expiryCode(fit.expiry)} has no smile`,
    );
  }
  return Math.min(HIGHEST_VOL, Math.sqrt(sviTotalVariance(fit.svi, logMoneyness) / fit.timeToExpiryYears));
}

/**
 * Vol at any time to expiry and k = ln(K / F(T)), with F the forward of that time: total variance is linear in time
 * at constant k between the two fitted expiries around it (Gatheral and Jacquier 2014, section 2.2), and equals the
 * smile's own at an expiry. Before the first and after the last fitted expiry vol is flat in time. Where two smiles
 * cross (`calendarArbitrage`, or far outside the quotes) total variance falls between them, yet stays above zero.
 * Null when no expiry has a smile or the time is not above zero.
 */
export function surfaceVol(surface: VolSurface, timeToExpiryYears: YearFraction, logMoneyness: number): Vol | null {
  if (!(timeToExpiryYears > 0)) return null;
  let earlier: SmileFit | null = null;
  for (const fit of surface.fits) {
    if (fit.svi === null) continue;
    if (fit.timeToExpiryYears === timeToExpiryYears) return smileVol(fit, logMoneyness);
    if (fit.timeToExpiryYears > timeToExpiryYears) {
      if (earlier === null) return smileVol(fit, logMoneyness);
      const from = earlier.timeToExpiryYears;
      const to = fit.timeToExpiryYears;
      const weight = (timeToExpiryYears - from) / (to - from);
      const near = smileVol(earlier, logMoneyness);
      const far = smileVol(fit, logMoneyness);
      return Math.sqrt(((1 - weight) * near * near * from + weight * far * far * to) / timeToExpiryYears);
    }
    earlier = fit;
  }
  return earlier === null ? null : smileVol(earlier, logMoneyness);
}

/**
 * The k at which today's smile is read for a strike once the forward has moved by the fraction `move`. Sticky-strike:
 * the strike keeps its vol, so k stays ln(K / F). Sticky-delta: the moneyness keeps its vol, so k = ln(K / (F (1 + move))).
 */
export function stickyLogMoneyness(rule: SmileRule, strike: number, forward: number, move: number): number {
  return Math.log(strike / (rule === 'sticky-strike' ? forward : forward * (1 + move)));
}

import type { SviParameters } from '../domain/marketSnapshot.ts';
import { arbitrageFreeSmiles, checkedRange, type SmileTarget } from './arbitrageFreeSmiles.ts';
import { calendarCrossings, LOG_RANGE } from './calendarArbitrage.ts';
import { smileVol } from './smileVol.ts';
import { sviButterflyMinimum, sviTotalVariance } from './svi.ts';
import type { SmileFit, VolSurface } from './VolSurface.ts';

/** A smile given by the market is held to its own vols at so many k over LOG_RANGE, weighted like quotes with that vega. */
const GIVEN_POINTS = 31;
/** A smile that has moved by less than a hundredth of a vol point over its strikes has not been repaired. */
const LEAST_CHANGE = 1e-4;

/** Total variances closer than this share of themselves are equal in doubles. */
const ROUNDING = 1e-12;

type Fitted = SmileFit & { readonly svi: SviParameters; readonly atmVol: number };

/**
 * The surface without butterfly and calendar arbitrage, as near to what its smiles were fitted to as that allows: g(k) >= 0
 * and total variance not falling with time at any k from 5 % to 20 times the forward (further where quotes go further), and
 * no wing crossing a later one beyond. Each smile that had to move says what that cost in `repair`; expiries without a smile
 * stay without one. Options are valued at their own mark vols where the market gives them: a repair changes what is read
 * from the surface, not the market.
 */
export function repairedSurface(surface: VolSurface): VolSurface {
  const fitted = surface.fits.filter((fit): fit is Fitted => fit.svi !== null && fit.atmVol !== null);
  const range = checkedRange(fitted);
  const smiles = arbitrageFreeSmiles(fitted.map(smileTarget));
  const repaired = new Map(fitted.map((fit, i) => [fit.expiry, repairedFit(fit, smiles[i]!, range)]));
  const fits = surface.fits.map((fit) => repaired.get(fit.expiry) ?? fit);
  return { ...surface, fits, calendarArbitrage: calendarCrossings(fits, ROUNDING), isRepaired: true };
}

function smileTarget(fit: Fitted): SmileTarget {
  const { svi, atmVol, timeToExpiryYears } = fit;
  const root = Math.sqrt(timeToExpiryYears);
  const deviation = atmVol * root;
  if (fit.points.length > 0) {
    const points = fit.points.map(({ logMoneyness, vol, weight }) => ({ logMoneyness, deviation: vol * root, weight }));
    return { svi, deviation, points };
  }
  const points = Array.from({ length: GIVEN_POINTS }, (_, i) => {
    // Within three standard deviations, where its options have vega.
    const x = -3 + (6 * i) / (GIVEN_POINTS - 1);
    const logMoneyness = x * deviation;
    return { logMoneyness, deviation: Math.sqrt(sviTotalVariance(svi, logMoneyness)), weight: Math.exp((-x * x) / 4) };
  });
  return { svi, deviation, points };
}

function repairedFit(fit: Fitted, svi: SviParameters, range: readonly [number, number]): SmileFit {
  const { g, k } = sviButterflyMinimum(svi, ...range);
  const after: SmileFit = {
    ...fit,
    svi,
    butterflyArbitrage: g < 0,
    butterfly: { g, logMoneyness: k, strike: fit.forward * Math.exp(k) },
  };
  const points = fit.points.map((point) => ({ ...point, error: smileVol(after, point.logMoneyness) - point.vol }));
  const errors = points.map(({ error }) => Math.abs(error));
  const [from, to] = fit.strikeRange?.map((strike) => Math.log(strike / fit.forward)) ?? [-LOG_RANGE, LOG_RANGE];
  let largestChange = 0;
  for (let i = 0; i <= 60; i++) {
    const at = from! + ((to! - from!) * i) / 60;
    largestChange = Math.max(largestChange, Math.abs(smileVol(after, at) - smileVol(fit, at)));
  }
  return {
    ...after,
    points,
    atmVol: smileVol(after, 0),
    rmse: errors.length === 0 ? null : Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length),
    maxError: errors.length === 0 ? null : Math.max(...errors),
    repair:
      largestChange < LEAST_CHANGE
        ? null
        : { sviBefore: fit.svi, rmseBefore: fit.rmse, maxErrorBefore: fit.maxError, largestChange },
  };
}

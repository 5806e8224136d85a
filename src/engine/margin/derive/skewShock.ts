import { RiskError } from '../../domain/failure.ts';
import type { Usd, Vol, YearFraction } from '../../domain/units.ts';

export interface SkewShockParameters {
  readonly linearBaseCap: number;
  readonly linearCBase: number;
  readonly absBaseCap: number;
  readonly absCBase: number;
  readonly minKStar: number;
  readonly widthScale: number;
  readonly volParamStatic: number;
  readonly volParamScale: number;
}

/** `linear` tilts the smile, one wing up and the other down; `abs` lifts both wings. */
export type SkewShape = 'linear' | 'abs';

/**
 * The smile turned about the forward: with k = ln(K/F) (|k| for `abs`), T in years,
 *
 *   cap = baseCap + cBase sqrt(T),   k* = max(minKStar, sqrt(T) width (static + sqrt(T) scale)),
 *   vol' = vol max(0, 1 + clamp(k cap / k*, -cap, cap)).
 *
 * With a negative cap the bounds trade places: at k >= 0 the upper one, at k < 0 the lower one is applied.
 *
 * Source: derivexyz/v2-core 7736900d, PMRMLib_2.sol.
 *
 * @throws RiskError `bad-value` when k* is not above zero.
 */
export function skewShock(
  shape: SkewShape,
  forward: Usd,
  timeToExpiryYears: YearFraction,
  p: SkewShockParameters,
): (volatility: Vol, strike: Usd) => Vol {
  const root = Math.sqrt(timeToExpiryYears);
  const cap = shape === 'linear' ? p.linearBaseCap + p.linearCBase * root : p.absBaseCap + p.absCBase * root;
  const width = Math.max(p.minKStar, root * p.widthScale * (p.volParamStatic + root * p.volParamScale));
  if (!(width > 0)) {
    throw new RiskError(
      'bad-value',
      'The skew shock needs a width k* above zero; raise minKStar or the vol parameters',
    );
  }
  return (volatility, strike) => {
    // Without a strike or a forward there is no time value for a vol to act on.
    if (strike <= 0 || forward <= 0) return volatility;
    const logMoneyness = Math.log(strike / forward);
    const k = shape === 'linear' ? logMoneyness : Math.abs(logMoneyness);
    const tilt = (k * cap) / width;
    return volatility * Math.max(0, 1 + (k >= 0 ? Math.min(cap, tilt) : Math.max(-cap, tilt)));
  };
}

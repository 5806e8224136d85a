import type { OptionType } from '../domain/instrument.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { INVERSE_SQRT_TWO_PI, scaledTail, scaledTailDecay } from '../numerics/normal.ts';

/** +1 for a call, -1 for a put. */
export type OptionSign = 1 | -1;

export function optionSign(type: OptionType): OptionSign {
  return type === 'C' ? 1 : -1;
}

/**
 * Undiscounted Black-76 price, in the unit of forward and strike. `totalVol` is vol x sqrt(T); at zero or below the
 * option is worth its intrinsic value, and so it is when forward or strike is zero. NaN in, NaN out.
 *
 * Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976). The price is the intrinsic
 * value plus the price of the out-of-the-money option of the same strike, which has no cancellation.
 */
export function undiscountedBlack(sign: OptionSign, forward: number, strike: number, totalVol: number): number {
  const exercise = sign * (forward - strike);
  const low = forward < strike ? forward : strike;
  const value =
    totalVol <= 0 || low <= 0 ? 0 : timeValue(low, absoluteLogMoneyness(forward, strike) / totalVol, totalVol);
  return exercise > 0 ? exercise + value : value;
}

/** The same with ln(forward / strike) given, where a caller has it for less than a logarithm. */
export function undiscountedBlackAt(
  sign: OptionSign,
  forward: number,
  strike: number,
  logMoneyness: number,
  totalVol: number,
): number {
  const exercise = sign * (forward - strike);
  const low = forward < strike ? forward : strike;
  const value = totalVol <= 0 || low <= 0 ? 0 : timeValue(low, Math.abs(logMoneyness) / totalVol, totalVol);
  return exercise > 0 ? exercise + value : value;
}

/** Black-76 price of a European option; `discount` is the factor from payment date to now. */
export function black76Price(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
  discount = 1,
): number {
  const totalVol = timeToExpiryYears > 0 ? volatility * Math.sqrt(timeToExpiryYears) : 0;
  return discount * undiscountedBlack(optionSign(type), forward, strike, totalVol);
}

/** |ln(forward/strike)| for positive arguments, to full relative precision also next to the strike. */
export function absoluteLogMoneyness(forward: number, strike: number): number {
  const low = forward < strike ? forward : strike;
  const gap = Math.abs(forward - strike);
  // Up to a factor of two the difference is exact, which the quotient is not.
  return gap < 0.5 * low ? Math.log1p(gap / low) : Math.log((forward < strike ? strike : forward) / low);
}

/** ln(forward/strike), likewise. */
export function signedLogMoneyness(forward: number, strike: number): number {
  return forward < strike ? -absoluteLogMoneyness(forward, strike) : absoluteLogMoneyness(forward, strike);
}

/**
 * Price of the out-of-the-money option: with low = min(F, K), x = |ln(F/K)|, a = x/s, h = s/2 and m the scaled tail,
 *
 *   low exp(-(a-h)^2/2) (m(a-h) - m(a+h)),
 *
 * one exponential and one logarithm. Most options of a book need m only on [0, 12], where a shorter fraction
 * (approximation error 7e-17) is evaluated in line, both tails over one common denominator; the rest go through
 * `distantTimeValue`.
 */
function timeValue(low: number, a: number, totalVol: number): number {
  const h = 0.5 * totalVol;
  const d = a - h;
  const u = a + h;
  if (!(u < 12 && h > 0.01)) return distantTimeValue(low, a, h);
  const z = d < 0 ? -d : d;
  const zNumerator =
    (((((((4.903610363172379e-6 * z + 0.00012293706245546687) * z + 0.001479239819941069) * z + 0.011037744143429597) *
      z +
      0.055599821238841274) *
      z +
      0.1935798878348268) *
      z +
      0.45721419924703005) *
      z +
      0.6782193512627572) *
      z +
    0.5;
  const zDenominator =
    ((((((((1.2291528329772909e-5 * z + 0.00030815752216700645) * z + 0.003720195631518081) * z +
      0.027975686595012914) *
      z +
      0.14305124799883964) *
      z +
      0.5122865094803412) *
      z +
      1.2781104705006712) *
      z +
      2.13332966928183) *
      z +
      2.1543232633283926) *
      z +
    1;
  const uNumerator =
    (((((((4.903610363172379e-6 * u + 0.00012293706245546687) * u + 0.001479239819941069) * u + 0.011037744143429597) *
      u +
      0.055599821238841274) *
      u +
      0.1935798878348268) *
      u +
      0.45721419924703005) *
      u +
      0.6782193512627572) *
      u +
    0.5;
  const uDenominator =
    ((((((((1.2291528329772909e-5 * u + 0.00030815752216700645) * u + 0.003720195631518081) * u +
      0.027975686595012914) *
      u +
      0.14305124799883964) *
      u +
      0.5122865094803412) *
      u +
      1.2781104705006712) *
      u +
      2.13332966928183) *
      u +
      2.1543232633283926) *
      u +
    1;
  const exponential = Math.exp(-0.5 * d * d);
  const denominator = zDenominator * uDenominator;
  return d < 0
    ? low * (1 - (exponential * (zNumerator * uDenominator + uNumerator * zDenominator)) / denominator)
    : (low * exponential * (zNumerator * uDenominator - uNumerator * zDenominator)) / denominator;
}

/** The same for any a >= 0, h > 0: tiny and huge total vols, far wings. */
function distantTimeValue(low: number, a: number, h: number): number {
  const d = a - h;
  // exp(-54^2/2) is smaller than the smallest double over the largest.
  if (d > 54) return 0;
  if (d < 0 && h > SERIES_HALF_VOL) {
    return low * (1 - Math.exp(-0.5 * d * d) * (scaledTail(-d) + scaledTail(a + h)));
  }
  const gap = scaledTailGap(a, h);
  if (d < 36) return low * (gap * Math.exp(-0.5 * d * d));
  // The exponential alone may underflow although the price does not.
  const half = Math.exp(-0.25 * d * d);
  return low * half * (gap * half);
}

/** Up to this half total vol, and near the money, the Taylor series below is exact to rounding. */
const SERIES_HALF_VOL = 0.05;
const SERIES_PRODUCT = 0.2;

/** m(a-h) - m(a+h) for a >= 0, h > 0, with a >= h unless h <= SERIES_HALF_VOL; relative precision about 1e-15. */
export function scaledTailGap(a: number, h: number): number {
  if (h <= SERIES_HALF_VOL && a * h <= SERIES_PRODUCT) {
    // g_k = (-1)^k m^(k)(a), all positive: g_(k+1) = k g_(k-1) - a g_k.
    const g1 = scaledTailDecay(a);
    const g2 = scaledTail(a) - a * g1;
    const g3 = 2 * g1 - a * g2;
    const g4 = 3 * g2 - a * g3;
    const g5 = 4 * g3 - a * g4;
    const g6 = 5 * g4 - a * g5;
    const g7 = 6 * g5 - a * g6;
    const g8 = 7 * g6 - a * g7;
    const g9 = 8 * g7 - a * g8;
    const h2 = h * h;
    return 2 * h * (g1 + h2 * (g3 / 6 + h2 * (g5 / 120 + h2 * (g7 / 5040 + (h2 * g9) / 362880))));
  }
  const low = a - h;
  const high = a + h;
  if (low < 1) return scaledTail(low) - scaledTail(high);
  // m(z) = (c - decay(z)) / z; the leading parts c/z are subtracted exactly.
  const decays = scaledTailDecay(low) * high - scaledTailDecay(high) * low;
  return (2 * h * INVERSE_SQRT_TWO_PI - decays) / (low * high);
}

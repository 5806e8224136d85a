import { type Failure, failed, type Result, success } from '../domain/failure.ts';
import type { OptionType } from '../domain/instrument.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { INVERSE_SQRT_TWO_PI, inverseNormalCdf, scaledTail } from '../numerics/normal.ts';
import { absoluteLogMoneyness, optionSign, scaledTailGap } from './black76.ts';

/** Why a price has no volatility, as what `solvedVolatility` answers instead of one. */
const REFUSED = {
  forward: -1,
  strike: -2,
  time: -3,
  discount: -4,
  price: -5,
  intrinsic: -6,
  bound: -7,
  lost: -8,
} as const;

/**
 * The Black-76 volatility of an option price, or why there is none: a price at or below its intrinsic value, at or above
 * its upper bound (forward for a call, strike for a put), or an input that is not a positive finite number.
 *
 * Jaeckel, "Let's Be Rational" (Wilmott, 2015): a guess by rational interpolation on four branches of the normalised
 * price, then third-order Householder steps on an objective that is nearly linear on each branch. Two steps reach the
 * precision that the price itself allows; there is no bracketing.
 */
export function impliedVolatility(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  price: number,
  discount = 1,
): Result<Vol> {
  const sign = optionSign(type);
  const solved = solvedVolatility(sign, forward, strike, timeToExpiryYears, price, discount);
  return solved > 0 ? success(solved) : refusal(solved, sign, forward, strike, timeToExpiryYears, price, discount);
}

/** Options in columns of equal length, one option an index. */
export interface PricedOptions {
  /** +1 for a call, -1 for a put. */
  readonly sign: ArrayLike<number>;
  readonly forward: ArrayLike<number>;
  readonly strike: ArrayLike<number>;
  readonly timeToExpiryYears: ArrayLike<YearFraction>;
  readonly price: ArrayLike<number>;
  readonly discount: ArrayLike<number>;
}

export interface ImpliedVolatilities {
  /** By index; 0 where there is none. */
  readonly volatility: Float64Array;
  /** Why there is none, by index. */
  readonly refusals: ReadonlyMap<number, Failure>;
}

/** `impliedVolatility` of whole columns, to the same bits: nothing is allocated for an option that has a volatility. */
export function impliedVolatilities(options: PricedOptions): ImpliedVolatilities {
  const { sign, forward, strike, timeToExpiryYears, price, discount } = options;
  const volatility = new Float64Array(price.length);
  const refusals = new Map<number, Failure>();
  for (let i = 0; i < price.length; i += 1) {
    const side = sign[i]! < 0 ? -1 : 1;
    const solved = solvedVolatility(side, forward[i]!, strike[i]!, timeToExpiryYears[i]!, price[i]!, discount[i]!);
    if (solved > 0) volatility[i] = solved;
    else {
      const why = refusal(solved, side, forward[i]!, strike[i]!, timeToExpiryYears[i]!, price[i]!, discount[i]!);
      refusals.set(i, why.failure);
    }
  }
  return { volatility, refusals };
}

/** The volatility, above zero, or one of `REFUSED`. */
function solvedVolatility(
  sign: 1 | -1,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  price: number,
  discount: number,
): number {
  if (!isPositive(forward)) return REFUSED.forward;
  if (!isPositive(strike)) return REFUSED.strike;
  if (!isPositive(timeToExpiryYears)) return REFUSED.time;
  if (!isPositive(discount)) return REFUSED.discount;
  if (!Number.isFinite(price)) return REFUSED.price;
  const undiscounted = price / discount;
  const bound = sign === 1 ? forward : strike;
  const intrinsic = Math.max(sign * (forward - strike), 0);
  if (!(undiscounted > intrinsic)) return REFUSED.intrinsic;
  if (!(undiscounted < bound)) return REFUSED.bound;
  const low = Math.min(forward, strike);
  const share = (undiscounted - intrinsic) / low;
  const x = absoluteLogMoneyness(forward, strike);
  const logShare = Math.log(undiscounted - intrinsic) - Math.log(low);
  const totalVol = normalisedTotalVol(x, share, (bound - undiscounted) / low, logShare);
  return totalVol > 0 && totalVol < Infinity ? totalVol / Math.sqrt(timeToExpiryYears) : REFUSED.lost;
}

function isPositive(value: number): boolean {
  return value > 0 && value < Infinity;
}

/** The sentence of a refusal. */
function refusal(
  code: number,
  sign: 1 | -1,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  price: number,
  discount: number,
): Extract<Result<Vol>, { ok: false }> {
  const needs = (name: string, value: number) =>
    failed('bad-value', `The ${name} is ${value}; an implied volatility needs a finite number above zero`);
  switch (code) {
    case REFUSED.forward:
      return needs('forward', forward);
    case REFUSED.strike:
      return needs('strike', strike);
    case REFUSED.time:
      return needs('time to expiry', timeToExpiryYears);
    case REFUSED.discount:
      return needs('discount factor', discount);
    case REFUSED.price:
      return failed('bad-value', `The option price is ${price}; give a finite number`);
    case REFUSED.intrinsic: {
      const intrinsic = discount * Math.max(sign * (forward - strike), 0);
      return failed(
        'bad-value',
        `The price ${price} is not above the option's intrinsic value ${intrinsic}, so no volatility gives it`,
      );
    }
    case REFUSED.bound: {
      const most = discount * (sign === 1 ? forward : strike);
      return failed(
        'bad-value',
        `The price ${price} is not below ${most}, the most the option can be worth, so no volatility gives it`,
      );
    }
    default:
      return failed('bad-value', `The price ${price} is too close to its bounds to carry a volatility`);
  }
}

/**
 * Total vol of an out-of-the-money option that is worth `share` of min(F, K), 0 < share < 1, at x = |ln(F/K)|.
 * `missing` is 1 - share and `logShare` its logarithm: the caller can form them where share itself is rounded away.
 */
function normalisedTotalVol(x: number, share: number, missing: number, logShare: number): number {
  if (x === 0) {
    if (share < 0.5) return middleSteps(x, share / INVERSE_SQRT_TWO_PI, share);
    return upperSteps(x, -2 * inverseNormalCdf(0.5 * missing), missing);
  }
  // The share rises fastest at s = sqrt(2x), where d1 = 0. The tangent there meets 0 at `lowVol`, 1 at `highVol`.
  const centreVol = Math.sqrt(2 * x);
  const centreShare = scaledTailGap(0.5 * centreVol, 0.5 * centreVol);
  const centreSlope = 1 / INVERSE_SQRT_TWO_PI;
  if (share < centreShare) {
    const lowVol = centreVol - centreShare * centreSlope;
    const lowShare = shareAt(x, lowVol);
    if (share < lowShare) return lowerSteps(x, lowerGuess(x, share, logShare, lowVol, lowShare), logShare);
    const slope = 1 / shareSlope(x, lowVol);
    const width = centreShare - lowShare;
    // The curvature of vol against share vanishes at the centre.
    const shape = (centreSlope - slope) / (centreSlope - (centreVol - lowVol) / width);
    const t = (share - lowShare) / width;
    return middleSteps(x, rationalCubic(t, 1 - t, width, lowVol, centreVol, slope, centreSlope, shape), share);
  }
  const highVol = centreVol + (1 - centreShare) * centreSlope;
  const highMissing = missingAt(x, highVol);
  if (missing > highMissing) {
    const slope = 1 / shareSlope(x, highVol);
    const width = 1 - highMissing - centreShare;
    const shape = (slope - centreSlope) / ((highVol - centreVol) / width - centreSlope);
    const t = (share - centreShare) / width;
    const guess = rationalCubic(t, 1 - t, width, centreVol, highVol, centreSlope, slope, shape);
    return missing < 0.5 ? upperSteps(x, guess, missing) : middleSteps(x, guess, share);
  }
  return upperSteps(x, upperGuess(x, missing, highVol, highMissing), missing);
}

/** exp(-(a-h)^2/2) (m(a-h) - m(a+h)), the share of min(F, K); only used where it is well above underflow. */
function shareAt(x: number, totalVol: number): number {
  const a = x / totalVol;
  const h = 0.5 * totalVol;
  if (a < h && h > 0.05) return 1 - missingAt(x, totalVol);
  return scaledTailGap(a, h) * Math.exp(-0.5 * (a - h) * (a - h));
}

/** 1 - share, for totalVol above the centre. */
function missingAt(x: number, totalVol: number): number {
  const d = 0.5 * totalVol - x / totalVol;
  return Math.exp(-0.5 * d * d) * (scaledTail(d) + scaledTail(x / totalVol + 0.5 * totalVol));
}

/** d share / d totalVol. */
function shareSlope(x: number, totalVol: number): number {
  const d = x / totalVol - 0.5 * totalVol;
  return INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * d * d);
}

/**
 * Jaeckel's lower map f(s) = 2 pi x / (3 sqrt 3) N(-x/(sqrt 3 s))^3 follows the price b = share exp(-x/2) so closely
 * that f, as a function of b, is nearly the identity: interpolated over [0, b(lowVol)] and inverted.
 */
function lowerGuess(x: number, share: number, logShare: number, lowVol: number, lowShare: number): number {
  const scale = (2 * Math.PI * x) / (3 * Math.sqrt(3));
  const z = x / (Math.sqrt(3) * lowVol);
  const tail = scaledTail(z);
  const y = z * z;
  const growth = Math.exp((lowVol * lowVol) / 8);
  const value = scale * (tail * Math.exp(-0.5 * y)) ** 3;
  const slope = 2 * Math.PI * y * tail * tail * growth;
  const curvature =
    ((slope * ((2 * z * INVERSE_SQRT_TWO_PI) / tail - 2 - 2 * y + (lowVol * lowVol) / 4)) / lowVol) *
    ((Math.exp(1.5 * y) * growth) / INVERSE_SQRT_TWO_PI);
  const width = lowShare * Math.exp(-0.5 * x);
  const shape = (0.5 * width * curvature + slope - 1) / (slope - value / width);
  const t = share / lowShare;
  const interpolated = rationalCubic(t, 1 - t, width, 0, value, 1, slope, shape);
  // Close to zero f is b itself, and the logarithm reaches where b has underflowed.
  const logValue = t > 1e-100 && interpolated > 0 ? Math.log(interpolated) : logShare - 0.5 * x;
  const root = Math.exp((logValue - Math.log(scale)) / 3);
  return root < 0.5 ? x / (-Math.sqrt(3) * inverseNormalCdf(root)) : lowVol;
}

/** Jaeckel's upper map f(s) = N(-s/2), interpolated over the shares from that of `highVol` to 1, and inverted. */
function upperGuess(x: number, missing: number, highVol: number, highMissing: number): number {
  const a = x / highVol;
  const scale = Math.exp(-0.5 * x);
  const value = scaledTail(0.5 * highVol) * Math.exp((-highVol * highVol) / 8);
  const endSlope = -0.5 * scale;
  const slope = endSlope * Math.exp(0.5 * a * a);
  const curvature =
    (0.5 * scale * scale * ((a * a) / highVol) * Math.exp(a * a + (highVol * highVol) / 8)) / INVERSE_SQRT_TWO_PI;
  const shape = (0.5 * highMissing * curvature + endSlope - slope) / (-value / highMissing - slope);
  const t = missing / highMissing;
  const interpolated = rationalCubic(1 - t, t, highMissing, value, 0, slope, endSlope, shape);
  return -2 * inverseNormalCdf(interpolated > 0 && interpolated < 0.5 ? interpolated : value * t);
}

/**
 * Delbourgo and Gregory's rational cubic through two values with two slopes, at fraction t of the width; `shape` (above
 * -1; 3 makes it the plain cubic) is chosen by the callers to match a curvature.
 */
function rationalCubic(
  t: number,
  rest: number,
  width: number,
  left: number,
  right: number,
  leftSlope: number,
  rightSlope: number,
  shape: number,
): number {
  const r = shape > -0.9 ? Math.min(shape, 1e8) : -0.9;
  const numerator =
    right * t * t * t +
    (r * right - width * rightSlope) * t * t * rest +
    (r * left + width * leftSlope) * t * rest * rest +
    left * rest * rest * rest;
  return numerator / (1 + (r - 3) * t * rest);
}

/** After a relative step this small the third-order iteration is exact to rounding. */
const CONVERGED = 1e-4;
const MAXIMUM_STEPS = 6;

/** Householder steps on 1/ln(share): the far wing, where the share itself may underflow. */
function lowerSteps(x: number, guess: number, logShare: number): number {
  let s = guess;
  for (let count = 0; count < MAXIMUM_STEPS; count++) {
    const a = x / s;
    const h = 0.5 * s;
    const gap = scaledTailGap(a, h);
    const logValue = Math.log(gap) - 0.5 * (a - h) * (a - h);
    const ratio = INVERSE_SQRT_TWO_PI / gap;
    const newton = ((logShare - logValue) * (logValue / logShare)) / ratio;
    const bend = (a * a - h * h) / s;
    const twist = bend * bend - 3 * (a / s) * (a / s) - 0.25;
    const reciprocal = 1 / logValue;
    const second = bend - ratio * (1 + 2 * reciprocal);
    const third =
      twist + 2 * ratio * ratio * (1 + 3 * reciprocal * (1 + reciprocal)) - 3 * bend * ratio * (1 + 2 * reciprocal);
    const next = householder(s, newton, second, third);
    if (Math.abs(next - s) <= CONVERGED * s) return next;
    s = next;
  }
  return s;
}

/** Householder steps on the share itself. */
function middleSteps(x: number, guess: number, share: number): number {
  let s = guess;
  for (let count = 0; count < MAXIMUM_STEPS; count++) {
    const a = x / s;
    const h = 0.5 * s;
    const bend = (a * a - h * h) / s;
    const twist = bend * bend - 3 * (a / s) * (a / s) - 0.25;
    const next = householder(s, (share - shareAt(x, s)) / shareSlope(x, s), bend, twist);
    if (Math.abs(next - s) <= CONVERGED * s) return next;
    s = next;
  }
  return s;
}

/** Householder steps on ln(1 - share): prices near their upper bound. */
function upperSteps(x: number, guess: number, missing: number): number {
  let s = guess;
  for (let count = 0; count < MAXIMUM_STEPS; count++) {
    const a = x / s;
    const h = 0.5 * s;
    const value = missingAt(x, s);
    const ratio = shareSlope(x, s) / value;
    const bend = (a * a - h * h) / s;
    const twist = bend * bend - 3 * (a / s) * (a / s) - 0.25;
    const newton = Math.log(value / missing) / ratio;
    const next = householder(s, newton, bend + ratio, twist + 3 * bend * ratio + 2 * ratio * ratio);
    if (Math.abs(next - s) <= CONVERGED * s) return next;
    s = next;
  }
  return s;
}

/**
 * One third-order step from s towards the root of g: `newton` is -g/g', `second` and `third` are the second and third
 * derivative over the first. Never below half of s.
 */
function householder(s: number, newton: number, second: number, third: number): number {
  const step = (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (third * newton) / 6));
  return s + Math.max(step, -0.5 * s);
}

import type { Lanes, Polynomial, Vectors } from './Vectors.ts';

/**
 * Elementary functions on vectors. Coefficients are minimax in relative error, found by Remez's algorithm in 40 digits; the error
 * stated is that of the approximation, rounding adds some units in the last place.
 */

/** exp on [-ln 2 / 2, ln 2 / 2]: 2e-16. */
const EXP = [
  2.748842976426718e-7, 2.763978468182758e-6, 2.4801917819867798e-5, 0.00019841171345023935, 0.001388888849890477,
  0.008333333384696422, 0.04166666666842742, 0.16666666666557656, 0.49999999999997286, 1.0000000000000064, 1,
];
/** Added to a small number, leaves its whole part in the lowest bits: 1.5 x 2^52. */
const ROUNDER = 6755399441055744;
const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts, the first with room for an exponent. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** An exponential under way: the polynomial to be evaluated, in whatever lock-step, and the power of two that scales it. */
export interface Exponential {
  readonly polynomial: Polynomial;
  readonly power: Lanes;
}

/** exp(x) for |x| up to 700, prepared. */
export function exponential(v: Vectors, x: Lanes): Exponential {
  const rounder = v.constant(ROUNDER);
  const shifted = v.multiplyAdd(x, v.constant(LOG2_E), rounder);
  const whole = v.sub(shifted, rounder);
  const reduced = v.multiplyAdd(whole, v.constant(-LN2_HIGH), x);
  const rest = v.multiplyAdd(whole, v.constant(-LN2_LOW), reduced);
  return { polynomial: { coefficients: EXP, at: rest }, power: v.shiftLeft64(shifted, 52) };
}

/** Its value, once the polynomial has been evaluated. */
export function scaledExponential(v: Vectors, { power }: Exponential, polynomial: Lanes): Lanes {
  return v.add64(polynomial, power);
}

/** exp(x) for |x| up to 700. */
export function exp(v: Vectors, x: Lanes): Lanes {
  const started = exponential(v, x);
  const [value] = v.polynomials(started.polynomial);
  return scaledExponential(v, started, value!);
}

/** 2 atanh(t) / t in t^2 for |t| up to 0.2: 1e-19. */
const TWICE_ATANH = [
  0.13861908055979474, 0.1317043003389704, 0.15391331010104378, 0.1818165784874298, 0.222222244637196,
  0.28571428553857076, 0.40000000000068925, 0.6666666666666656, 2,
];
const EXPONENT_BITS = 0xfff0000000000000n;
const HALF_EXPONENT = 0x0008000000000000n;
/** The bits of 2^52, into whose lowest an integer may be put. */
const INTEGER_BITS = 0x4330000000000000n;
const INTEGER_BIAS = 2048n;

/**
 * ln(a / b) for positive normal numbers, with one division. The exponent of the quotient is the rounded difference of the two
 * numbers read as integers; with it taken from a, what is left of the quotient is (1 + t) / (1 - t), t = (a - b) / (a + b), |t| <= 0.2.
 */
export function logQuotient(v: Vectors, a: Lanes, b: Lanes): Lanes {
  const difference = v.sub64(a, b);
  const power = v.and(v.add64(difference, v.bits(HALF_EXPONENT)), v.bits(EXPONENT_BITS));
  const scaled = v.sub64(a, power);
  const t = v.div(v.sub(scaled, b), v.add(scaled, b));
  const [series] = v.polynomials({ coefficients: TWICE_ATANH, at: v.mul(t, t) });
  const biased = v.shiftRight64(v.add64(power, v.bits(INTEGER_BIAS << 52n)), 52);
  const exponent = v.sub(v.or(biased, v.bits(INTEGER_BITS)), v.constant(2 ** 52 + Number(INTEGER_BIAS)));
  const low = v.multiplyAdd(exponent, v.constant(LN2_LOW), v.mul(t, series!));
  return v.multiplyAdd(exponent, v.constant(LN2_HIGH), low);
}

/** ln(a) for a positive normal number. */
export function log(v: Vectors, a: Lanes): Lanes {
  return logQuotient(v, a, v.constant(1));
}

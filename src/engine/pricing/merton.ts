import { RiskError } from '../domain/failure.ts';
import type { OptionType } from '../domain/instrument.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { optionSign, undiscountedBlack } from './black76.ts';

/** Jumps of the log price: at random times, each normally distributed. */
export interface JumpParameters {
  /** lambda: jumps a year. */
  readonly intensity: number;
  /** Mean of a jump's logarithm. A jump multiplies the price by exp(mean + variance/2) on average. */
  readonly logMean: number;
  /** Standard deviation of a jump's logarithm. */
  readonly logDeviation: number;
}

/** Price of a European option; `discount` is the factor from payment date to now. */
export function mertonPrice(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
  jumps: JumpParameters,
  discount = 1,
): number {
  const exercise = optionSign(type) * (forward - strike);
  const otm = mertonOutOfTheMoneyPrice(forward, strike, timeToExpiryYears, volatility, jumps);
  return discount * (exercise > 0 ? exercise + otm : otm);
}

/** The series stops where what it leaves out is at most this share of the price. */
const TRUNCATION = 1e-17;
/** More expected jumps than these are a diffusion, and the series needs too many terms. */
const MOST_JUMPS = 1e8;

/**
 * Undiscounted price of the call where strike >= forward, else of the put, when the log price diffuses with `volatility`
 * and jumps.
 *
 * Merton, "Option pricing when underlying stock returns are discontinuous" (Journal of Financial Economics 3, 1976): given n
 * jumps the price is lognormal, so it is a sum of Black-76 prices with Poisson weights,
 *
 *   sum over n of  exp(-lambda T) (lambda T)^n / n!  B(F_n, K, s_n),
 *   s_n^2 = volatility^2 T + n d^2,  F_n = F g^n exp(-lambda T (g - 1)),  g = exp(mean + d^2/2).
 *
 * All terms are positive, so the sum keeps relative digits however far the strike. It starts at the largest weight and
 * goes both ways until a bound on the rest, from B <= F_n for a call and B <= K for a put and the ratio of
 * successive weights, is below 1e-17 of the sum. Relative error about 1e-15, growing to 1e-12 at a million jumps.
 *
 * Throws a RiskError: `bad-value` for a forward, strike or parameter outside its range, `unsupported` above 1e8
 * expected jumps.
 */
export function mertonOutOfTheMoneyPrice(
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
  jumps: JumpParameters,
): number {
  requireMerton(forward, strike, timeToExpiryYears, volatility, jumps);
  const { intensity, logMean, logDeviation } = jumps;
  const sign = strike >= forward ? 1 : -1;
  const logGrowth = logMean + 0.5 * logDeviation * logDeviation;
  const expectedJumps = intensity * timeToExpiryYears;
  const compensator = expectedJumps * Math.expm1(logGrowth);
  // Under the measure of the forward, in which a call is bounded by one, jumps are this frequent.
  const mean = sign === 1 ? expectedJumps * Math.exp(logGrowth) : expectedJumps;
  if (!(Math.max(mean, expectedJumps) <= MOST_JUMPS)) {
    throw new RiskError(
      'unsupported',
      `${Math.max(mean, expectedJumps)} jumps are expected until expiry; give an intensity that expects at most ${MOST_JUMPS}, or a diffusion without jumps`,
    );
  }

  const diffused = volatility * volatility * timeToExpiryYears;
  /** Price given n jumps, over its bound: their forward for a call, the strike for a put. */
  const shareOfBound = (n: number): number => {
    const totalVol = Math.sqrt(diffused + n * logDeviation * logDeviation);
    const moneyness = (forward / strike) * Math.exp(n * logGrowth - compensator);
    return sign === 1
      ? undiscountedBlack(1, 1, 1 / moneyness, totalVol)
      : undiscountedBlack(-1, moneyness, 1, totalVol);
  };

  // Poisson weights over the largest; their own sum makes them add up to one.
  const centre = Math.floor(mean);
  let weights = 0;
  let total = 0;
  for (let n = centre, weight = 1; ; n += 1) {
    weights += weight;
    total += weight * shareOfBound(n);
    weight *= mean / (n + 1);
    // From here on each weight is at most mean / (n + 2) of the one before.
    const rest = weight / (1 - mean / (n + 2));
    if (rest <= TRUNCATION * total || rest === 0) break;
  }
  for (let n = centre, weight = 1; n > 0; ) {
    weight *= n / mean;
    n -= 1;
    weights += weight;
    total += weight * shareOfBound(n);
    const rest = (weight * n) / mean / (1 - n / mean);
    if (rest <= TRUNCATION * total || rest === 0) break;
  }
  return (total / weights) * (sign === 1 ? forward : strike);
}

function requireMerton(
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
  jumps: JumpParameters,
): void {
  for (const [name, value] of [
    ['forward', forward],
    ['strike', strike],
  ] as const) {
    if (!(value > 0 && value < Infinity)) {
      throw new RiskError('bad-value', `The ${name} is ${value}; give a finite number above zero`);
    }
  }
  for (const [name, value] of [
    ['time to expiry', timeToExpiryYears],
    ['volatility', volatility],
  ] as const) {
    if (!(value >= 0 && value < Infinity)) {
      throw new RiskError('bad-value', `The ${name} is ${value}; give a finite number of at least zero`);
    }
  }
  requireJumps(jumps);
}

/** Refuses, by name, jumps without a meaning. */
export function requireJumps({ intensity, logMean, logDeviation }: JumpParameters): void {
  if (!(intensity >= 0 && intensity < Infinity)) {
    throw new RiskError('bad-value', `The jump intensity is ${intensity}; give a finite number of at least zero`);
  }
  if (!Number.isFinite(logMean)) {
    throw new RiskError('bad-value', `The mean log jump is ${logMean}; give a finite number`);
  }
  if (!(logDeviation >= 0 && logDeviation < Infinity)) {
    throw new RiskError('bad-value', `The jump deviation is ${logDeviation}; give a finite number of at least zero`);
  }
}

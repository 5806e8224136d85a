import type { OptionType } from '../domain/instrument.ts';
import type { YearFraction } from '../domain/units.ts';
import { add, type Complex, expm1, multiply, scale } from '../numerics/complex.ts';
import { optionSign, signedLogMoneyness } from './black76.ts';
import { type MomentFunction, outOfTheMoneyShare } from './contourPrice.ts';
import {
  expectedTotalVariance,
  type HestonParameters,
  hestonMoments,
  hestonOutOfTheMoneyPrice,
  requireHeston,
} from './heston.ts';
import { type JumpParameters, mertonOutOfTheMoneyPrice, requireJumps } from './merton.ts';

/** Price of a European option; `discount` is the factor from payment date to now. */
export function batesPrice(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  heston: HestonParameters,
  jumps: JumpParameters,
  discount = 1,
): number {
  const exercise = optionSign(type) * (forward - strike);
  const otm = batesOutOfTheMoneyPrice(forward, strike, timeToExpiryYears, heston, jumps);
  return discount * (exercise > 0 ? exercise + otm : otm);
}

/**
 * Undiscounted price of the call where strike >= forward, else of the put, under Heston's variance and Merton's jumps.
 *
 * Bates, "Jumps and stochastic volatility" (Review of Financial Studies 9, 1996): both are independent, so their moments
 * multiply; the integral is `outOfTheMoneyShare`. Without jumps it is Heston's model, without vol of vol Merton's.
 * Relative error about 1e-12.
 *
 * Throws a RiskError: `bad-value` for a forward, strike or parameter outside its range, `unsupported` if the integral
 * does not converge, as when the variance is next to nothing beside the jumps.
 */
export function batesOutOfTheMoneyPrice(
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  heston: HestonParameters,
  jumps: JumpParameters,
): number {
  requireJumps(jumps);
  if (jumps.intensity === 0 || timeToExpiryYears === 0) {
    return hestonOutOfTheMoneyPrice(forward, strike, timeToExpiryYears, heston);
  }
  requireHeston(forward, strike, timeToExpiryYears, heston);
  const meanVariance = expectedTotalVariance(heston, timeToExpiryYears);
  if (heston.volOfVol === 0 || meanVariance === 0) {
    const volatility = Math.sqrt(meanVariance / timeToExpiryYears);
    return mertonOutOfTheMoneyPrice(forward, strike, timeToExpiryYears, volatility, jumps);
  }
  const moments = withJumps(hestonMoments(heston, timeToExpiryYears), jumps, timeToExpiryYears);
  return forward * outOfTheMoneyShare(moments, -signedLogMoneyness(forward, strike));
}

/** ln M gains lambda T (exp(m p + d^2 p^2 / 2) - 1 - p (g - 1)), with g = exp(m + d^2 / 2). */
function withJumps(
  diffusion: MomentFunction,
  { intensity, logMean, logDeviation }: JumpParameters,
  timeToExpiryYears: YearFraction,
): MomentFunction {
  const expectedJumps = intensity * timeToExpiryYears;
  const halfVariance = 0.5 * logDeviation * logDeviation;
  const growth = Math.expm1(logMean + halfVariance);
  return {
    isFinite: (order) => diffusion.isFinite(order),
    logMomentAlong() {
      const diffused = diffusion.logMomentAlong();
      return (p: Complex): Complex => {
        const jump = expm1(multiply(p, { re: logMean + halfVariance * p.re, im: halfVariance * p.im }));
        return add(diffused(p), scale(add(jump, scale(p, -growth)), expectedJumps));
      };
    },
    // exp(d^2 p^2 / 2) explodes where p is more real than imaginary.
    leans: () => [],
  };
}

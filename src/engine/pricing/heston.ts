import { RiskError } from '../domain/failure.ts';
import type { OptionType } from '../domain/instrument.ts';
import type { YearFraction } from '../domain/units.ts';
import { add, type Complex, divide, expm1, log1p, multiply, scale, squareRoot, subtract } from '../numerics/complex.ts';
import { optionSign, signedLogMoneyness, undiscountedBlack } from './black76.ts';
import { type MomentFunction, outOfTheMoneyShare } from './contourPrice.ts';

/**
 * Heston's model of the forward F and its variance v:
 *
 *   dF = F sqrt(v) dW1,  dv = kappa (theta - v) dt + sigma sqrt(v) dW2,  d<W1, W2> = rho dt.
 */
export interface HestonParameters {
  /** v today, vol squared a year. */
  readonly initialVariance: number;
  /** theta, to which v reverts. */
  readonly longRunVariance: number;
  /** kappa, a year. */
  readonly meanReversion: number;
  /** sigma. */
  readonly volOfVol: number;
  /** rho, -1 to 1. */
  readonly correlation: number;
}

/** Price of a European option; `discount` is the factor from payment date to now. */
export function hestonPrice(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  parameters: HestonParameters,
  discount = 1,
): number {
  const exercise = optionSign(type) * (forward - strike);
  const otm = hestonOutOfTheMoneyPrice(forward, strike, timeToExpiryYears, parameters);
  return discount * (exercise > 0 ? exercise + otm : otm);
}

/**
 * Undiscounted price of the call where strike >= forward, else of the put: what is left of an option after its intrinsic
 * value.
 *
 * Heston, "A closed-form solution for options with stochastic volatility" (Review of Financial Studies 6, 1993), as one
 * integral over a contour of its own for each option (`outOfTheMoneyShare`). Relative error about 1e-13 down to 1e-300,
 * whether or not Feller's condition 2 kappa theta >= sigma^2 holds. Without vol of vol it is Black-76 with the mean
 * variance; at expiry it is zero.
 *
 * Throws a RiskError: `bad-value` for a forward, strike or parameter outside its range, `unsupported` if the integral
 * does not converge.
 */
export function hestonOutOfTheMoneyPrice(
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  parameters: HestonParameters,
): number {
  requireHeston(forward, strike, timeToExpiryYears, parameters);
  const meanVariance = expectedTotalVariance(parameters, timeToExpiryYears);
  if (meanVariance === 0) return 0;
  if (parameters.volOfVol === 0) {
    return undiscountedBlack(strike >= forward ? 1 : -1, forward, strike, Math.sqrt(meanVariance));
  }
  const moments = hestonMoments(parameters, timeToExpiryYears);
  return forward * outOfTheMoneyShare(moments, -signedLogMoneyness(forward, strike));
}

/** E[integral of v from 0 to T]. */
export function expectedTotalVariance(
  { initialVariance, longRunVariance, meanReversion }: HestonParameters,
  timeToExpiryYears: YearFraction,
): number {
  const decayed =
    meanReversion > 0 ? -Math.expm1(-meanReversion * timeToExpiryYears) / meanReversion : timeToExpiryYears;
  return longRunVariance * (timeToExpiryYears - decayed) + initialVariance * decayed;
}

/** Refuses, by name, what is not a forward, a strike, a time or a parameter of the model. */
export function requireHeston(
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  parameters: HestonParameters,
): void {
  requirePositive('forward', forward);
  requirePositive('strike', strike);
  requireAtLeastZero('time to expiry', timeToExpiryYears);
  requireAtLeastZero('initial variance', parameters.initialVariance);
  requireAtLeastZero('long-run variance', parameters.longRunVariance);
  requireAtLeastZero('mean reversion', parameters.meanReversion);
  requireAtLeastZero('vol of vol', parameters.volOfVol);
  if (!(Math.abs(parameters.correlation) <= 1)) {
    throw new RiskError('bad-value', `The correlation is ${parameters.correlation}; give a number from -1 to 1`);
  }
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new RiskError('bad-value', `The ${name} is ${value}; give a finite number above zero`);
  }
}

function requireAtLeastZero(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new RiskError('bad-value', `The ${name} is ${value}; give a finite number of at least zero`);
  }
}

/**
 * ln M(p) = A + B v with, for beta = kappa - rho sigma p, D = sqrt(beta^2 - sigma^2 p (p - 1)) and E = (1 - exp(-D T)) / D,
 *
 *   B = p (p - 1) E / (1 + exp(-D T) + beta E),
 *   A = kappa theta (delta T - 2/sigma^2 ln(1 + sigma^2 delta E / 2)),  delta = (beta - D) / sigma^2.
 *
 * It is the form with exp(-D T) (Albrecher, Mayer, Schoutens and Tistaert, "The little Heston trap", 2007), arranged so
 * that nothing is divided by sigma^2 after a cancellation: where Re beta >= 0, delta = p (p - 1) / (beta + D). Hence
 * sigma may be tiny, and D may be zero. The logarithm leaves its principal branch only on contours that lean over
 * exploded moments; it is followed from point to point. All singularities lie on the real axis (Lucic, "On singularities in the Heston model", 2007).
 */
export function hestonMoments(
  { initialVariance, longRunVariance, meanReversion, volOfVol, correlation }: HestonParameters,
  timeToExpiryYears: YearFraction,
): MomentFunction {
  const years = timeToExpiryYears;
  const square = volOfVol * volOfVol;
  const covariance = correlation * volOfVol;
  const reach = initialVariance + meanReversion * longRunVariance * years;
  // D^2 = kappa^2 + p (linear - quadratic p): for rho = +-1 its quadratic part is exactly nothing.
  const linear = volOfVol * (volOfVol - 2 * meanReversion * correlation);
  const quadratic = square * (1 - correlation) * (1 + correlation);

  return {
    /** Andersen and Piterbarg, "Moment explosions in stochastic volatility models" (Finance and Stochastics 11, 2007). */
    isFinite(order) {
      if (order >= 0 && order <= 1) return true;
      const beta = meanReversion - covariance * order;
      const discriminant = meanReversion ** 2 + order * (linear - quadratic * order);
      if (discriminant < 0) {
        const frequency = Math.sqrt(-discriminant);
        return years * frequency < 2 * Math.atan2(frequency, -beta);
      }
      if (beta >= 0) return true;
      const rate = Math.sqrt(discriminant);
      return rate * years < 1e-8 ? 2 + beta * years > 0 : rate > -beta * Math.tanh(0.5 * rate * years);
    },

    logMomentAlong() {
      let phase = 0;
      return (p: Complex): Complex => {
        const beta = { re: meanReversion - covariance * p.re, im: -covariance * p.im };
        const product = multiply(p, { re: p.re - 1, im: p.im });
        const inner = multiply(p, { re: linear - quadratic * p.re, im: -quadratic * p.im });
        const root = squareRoot({ re: meanReversion ** 2 + inner.re, im: inner.im });
        const delta = beta.re >= 0 ? divide(product, add(beta, root)) : scale(subtract(beta, root), 1 / square);
        const decayed = expm1(scale(root, -years));
        const span = root.re === 0 && root.im === 0 ? { re: years, im: 0 } : divide(scale(decayed, -1), root);
        const principal = log1p(scale(multiply(delta, span), 0.5 * square));
        const turns = Math.round((phase - principal.im) / (2 * Math.PI));
        phase = principal.im + 2 * Math.PI * turns;
        const a = subtract(scale(delta, years), scale({ re: principal.re, im: phase }, 2 / square));
        const b = divide(multiply(product, span), add({ re: 2 + decayed.re, im: decayed.im }, multiply(beta, span)));
        return add(scale(a, meanReversion * longRunVariance), scale(b, initialVariance));
      };
    },

    /**
     * Far from the origin, ln M(p) - p k tends to (reach / sigma) (i sqrt(1 - rho^2) - rho) p - k p: it falls fastest
     * along one direction. Half of the way is tried first, since that only holds far out.
     */
    leans(logStrike) {
      const upward = (reach / volOfVol) * Math.sqrt(1 - correlation * correlation);
      const sideward = (reach / volOfVol) * correlation + logStrike;
      const lean = Math.atan2(upward, sideward) - Math.PI / 2;
      const bounded = Math.max(-STEEPEST_LEAN, Math.min(STEEPEST_LEAN, lean));
      return [bounded / 2, bounded];
    },
  };
}

/** Radians. More would bring the contour next to the singularities on the real axis. */
const STEEPEST_LEAN = 1.2;

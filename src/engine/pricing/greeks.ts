import type { OptionType } from '../domain/instrument.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { INVERSE_SQRT_TWO_PI, scaledTail } from '../numerics/normal.ts';
import { type OptionSign, optionSign, signedLogMoneyness, undiscountedBlack } from './black76.ts';

/** Price and derivatives of one Black-76 option, all per unit of the underlying, in the unit of forward and strike. */
export interface Black76Greeks {
  readonly price: number;
  /** dV/dF */
  readonly delta: number;
  /** d2V/dF2 */
  readonly gamma: number;
  /** dV/dvol, per 1.00 of vol */
  readonly vega: number;
  /** -dV/dT per year, forward and rate held */
  readonly theta: number;
  /** dV/dr per 1.00 of rate, forward held: -T V */
  readonly rho: number;
  /** dV/dK */
  readonly dualDelta: number;
  /** d2V/dK2 */
  readonly dualGamma: number;
  /** d2V/dF dvol */
  readonly vanna: number;
  /** d2V/dvol2 */
  readonly volga: number;
  /** -d2V/dF dT per year */
  readonly charm: number;
  /** d3V/dF3 */
  readonly speed: number;
  /** d3V/dF2 dvol */
  readonly zomma: number;
  /** -d3V/dF2 dT per year */
  readonly color: number;
  /** d3V/dvol3 */
  readonly ultima: number;
}

/**
 * Price and 14 Greeks of a European option under Black-76.
 *
 * `rate` is the continuous rate behind `discount`, exp(-rate T); theta, charm and color need it. Without it it is taken
 * from the discount factor, which loses digits for lives of minutes.
 *
 * Without time or volatility the option is its intrinsic value: delta is a step (one half at the strike itself) and
 * every density is zero.
 */
export function black76Greeks(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
  discount = 1,
  rate = timeToExpiryYears > 0 ? 0 - Math.log(discount) / timeToExpiryYears : 0,
): Black76Greeks {
  const sign = optionSign(type);
  const time = timeToExpiryYears > 0 ? timeToExpiryYears : 0;
  const totalVol = volatility * Math.sqrt(time);
  const price = discount * undiscountedBlack(sign, forward, strike, totalVol);
  if (totalVol <= 0 || forward <= 0 || strike <= 0) {
    return intrinsicGreeks(sign, forward, strike, time, price, discount, rate);
  }

  const x = signedLogMoneyness(forward, strike);
  const d1 = x / totalVol + 0.5 * totalVol;
  const d2 = x / totalVol - 0.5 * totalVol;
  // Each density is applied as two factors around the rest of its product, so that nothing underflows before its time.
  const halfDensity = Math.exp(-0.25 * d1 * d1);
  const density = (factor: number): number =>
    halfDensity > 0 ? INVERSE_SQRT_TWO_PI * halfDensity * (factor * halfDensity) : 0;

  const delta = sign * discount * probability(sign * d1);
  const perVol = discount * forward * Math.sqrt(time);
  const perForward = discount / (forward * totalVol);
  const product = d1 * d2;
  return {
    price,
    delta,
    gamma: density(perForward),
    vega: density(perVol),
    theta: rate * price - density((discount * forward * volatility) / (2 * Math.sqrt(time))),
    rho: -time * price,
    dualDelta: -sign * discount * probability(sign * d2),
    // K phi(d2) = F phi(d1)
    dualGamma: density(perForward * (forward / strike) ** 2),
    vanna: density((-discount * d2) / volatility),
    volga: density((perVol * product) / volatility),
    charm: rate * delta + density((discount * d2) / (2 * time)),
    speed: density((-perForward / forward) * (1 + d1 / totalVol)),
    zomma: density((perForward * (product - 1)) / volatility),
    color: density(perForward * (rate + (1 - product) / (2 * time))),
    ultima: density(((-perVol / volatility) * (product * (1 - product) + d1 * d1 + d2 * d2)) / volatility),
  };
}

/** `black76Greeks(...).delta` of a discount factor of one, alone. */
export function black76Delta(
  type: OptionType,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
  volatility: Vol,
): number {
  const sign = optionSign(type);
  const totalVol = volatility * Math.sqrt(timeToExpiryYears > 0 ? timeToExpiryYears : 0);
  if (totalVol <= 0 || forward <= 0 || strike <= 0) return intrinsicDelta(sign, forward, strike, 1);
  const d1 = signedLogMoneyness(forward, strike) / totalVol + 0.5 * totalVol;
  return sign * probability(sign * d1);
}

/** N(x) with every digit of the lower tail. */
function probability(x: number): number {
  const z = Math.abs(x);
  const half = Math.exp(-0.25 * z * z);
  const tail = half * (half * scaledTail(z));
  return x > 0 ? 1 - tail : tail;
}

function intrinsicGreeks(
  sign: OptionSign,
  forward: number,
  strike: number,
  time: number,
  price: number,
  discount: number,
  rate: number,
): Black76Greeks {
  const delta = intrinsicDelta(sign, forward, strike, discount);
  return {
    price,
    delta,
    gamma: 0,
    vega: 0,
    theta: rate * price,
    rho: 0 - time * price,
    dualDelta: 0 - delta,
    dualGamma: 0,
    vanna: 0,
    volga: 0,
    charm: rate * delta,
    speed: 0,
    zomma: 0,
    color: 0,
    ultima: 0,
  };
}

/** 0 + x, here and 0 - x above, so that no zero is negative. */
function intrinsicDelta(sign: OptionSign, forward: number, strike: number, discount: number): number {
  const moneyness = sign * (forward - strike);
  const exercise = moneyness > 0 ? 1 : moneyness < 0 ? 0 : 0.5;
  return 0 + sign * discount * exercise;
}

import type { OptionType } from '../domain/instrument.ts';
import type { Vol, YearFraction } from '../domain/units.ts';
import { normalCdf } from '../numerics/normal.ts';
import { optionSign, signedLogMoneyness } from './black76.ts';
import { black76Greeks } from './greeks.ts';

/** A European option on a spot that carries a yield: spot, strike, both continuous rates, years and vol. */
export interface SpotOption {
  readonly type: OptionType;
  readonly spot: number;
  readonly strike: number;
  /** Continuous risk-free rate a year. */
  readonly rate: number;
  /** Continuous dividend or carry yield a year. */
  readonly dividendYield: number;
  readonly timeToExpiryYears: YearFraction;
  readonly volatility: Vol;
}

/** Price and derivatives with spot, not the forward, as the variable. */
export interface SpotGreeks {
  readonly price: number;
  /** dV/dS */
  readonly delta: number;
  /** d2V/dS2 */
  readonly gamma: number;
  /** dV/dvol, per 1.00 */
  readonly vega: number;
  /** dV/dt per year, spot held */
  readonly theta: number;
  /** dV/drate, per 1.00, spot held */
  readonly rho: number;
  /** dV/ddividendYield, per 1.00, spot held */
  readonly dividendRho: number;
  /** delta S / V; zero for a worthless option */
  readonly elasticity: number;
  /** dV/dK */
  readonly dualDelta: number;
  /** d2V/dK2 */
  readonly dualGamma: number;
  /** d2V/dS dvol */
  readonly vanna: number;
  /** d2V/dvol2 */
  readonly volga: number;
}

/**
 * Black-Scholes-Merton (Merton, Bell Journal of Economics 4, 1973) as Black-76 on the forward S exp((r - q) T): the
 * chain rule turns forward Greeks into spot Greeks.
 */
export function blackScholesMertonGreeks(option: SpotOption): SpotGreeks {
  const { type, spot, strike, rate, timeToExpiryYears, volatility } = option;
  const { forward, discount, carry } = forwardOf(option);
  const black = black76Greeks(type, forward, strike, timeToExpiryYears, volatility, discount, rate);
  const growth = forward / spot;
  const delta = black.delta * growth;
  const forwardDelta = black.delta * forward;
  return {
    price: black.price,
    delta,
    gamma: black.gamma * growth * growth,
    vega: black.vega,
    theta: black.theta - forwardDelta * carry,
    rho: black.rho + forwardDelta * timeToExpiryYears,
    dividendRho: 0 - forwardDelta * timeToExpiryYears,
    elasticity: black.price > 0 ? (delta * spot) / black.price : 0,
    dualDelta: black.dualDelta,
    dualGamma: black.dualGamma,
    vanna: black.vanna * growth,
    volga: black.volga,
  };
}

/** Present value of `cash` paid if the option ends in the money (Reiner and Rubinstein, Risk 4, 1991). */
export function cashOrNothingPrice(option: SpotOption, cash: number): number {
  const { forward, discount } = forwardOf(option);
  const { d2 } = standardisedMoneyness(option, forward);
  return discount * cash * normalCdf(optionSign(option.type) * d2);
}

/** Present value of one unit of the underlying, delivered if the option ends in the money. */
export function assetOrNothingPrice(option: SpotOption): number {
  const { forward, discount } = forwardOf(option);
  const { d1 } = standardisedMoneyness(option, forward);
  return discount * forward * normalCdf(optionSign(option.type) * d1);
}

/**
 * Price of a gap option: if spot ends beyond `option.strike`, it pays the difference of spot and `payoffStrike`, which
 * may be negative (Reiner and Rubinstein 1991).
 */
export function gapOptionPrice(option: SpotOption, payoffStrike: number): number {
  return optionSign(option.type) * (assetOrNothingPrice(option) - cashOrNothingPrice(option, payoffStrike));
}

function forwardOf(option: SpotOption): { forward: number; discount: number; carry: number } {
  const carry = option.rate - option.dividendYield;
  return {
    forward: option.spot * Math.exp(carry * option.timeToExpiryYears),
    discount: Math.exp(-option.rate * option.timeToExpiryYears),
    carry,
  };
}

/** d1 and d2; infinite without time or vol (zero at the strike itself). */
function standardisedMoneyness(option: SpotOption, forward: number): { d1: number; d2: number } {
  const totalVol = option.volatility * Math.sqrt(Math.max(option.timeToExpiryYears, 0));
  const x = signedLogMoneyness(forward, option.strike);
  const centre = x === 0 ? 0 : x / totalVol;
  return { d1: centre + 0.5 * totalVol, d2: centre - 0.5 * totalVol };
}

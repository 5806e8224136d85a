import type { Greeks } from '../domain/riskReport.ts';
import { black76Delta, black76Greeks } from '../pricing/greeks.ts';
import { type ContractState, premiumToUsd, settlementLevel } from './contractState.ts';

export const NO_GREEKS: Greeks = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0 };

/**
 * Sensitivities of the USD value of one unit, with the ratio of forward to index held: d/dI = (F/I) d/dF.
 * Units as in `Greeks`. Sources: Black-76 derivatives; chain rule through value = (USD per premium) x B(F/u, K).
 *
 * For a coin-settled option, value = (I/F) B(F), so delta is N(d1) and gamma is B''(F) F/I.
 * Rho follows the exchange's convention: the forward grows with the rate, discounting aside, K T N(d2) for a call.
 * An inverse future of one USD notional is worth index x (1/entry - 1/F): its delta is 1/F coin and its gamma nothing.
 */
export function unitGreeks(state: ContractState): Greeks {
  const { option, index, forward, usdcPrice } = state;
  if (state.timeToExpiryYears <= 0) return NO_GREEKS;
  if (option === null)
    return { ...NO_GREEKS, delta: state.instrument.settlement === 'coin' ? 1 / forward : forward / index };
  const { contract, volatility } = option;
  const level = settlementLevel(state) / usdcPrice;
  const black = black76Greeks(contract.optionType, level, contract.strike, state.timeToExpiryYears, volatility);
  const usd = premiumToUsd(state);
  const perIndex = level / index;
  // K N(d2) = F N(d1) - B for a call, and with both signs turned for a put.
  const rho = usd * state.timeToExpiryYears * (level * black.delta - black.price);
  return {
    delta: usd * black.delta * perIndex,
    gamma: usd * black.gamma * perIndex * perIndex,
    vega: usd * black.vega,
    theta: usd * black.theta,
    rho,
    vanna: usd * black.vanna * perIndex,
    volga: usd * black.volga,
  };
}

/** `unitGreeks(state).delta` alone, for a fraction of the work: a scan of margins needs no other. */
export function unitDelta(state: ContractState): number {
  const { option, index, forward, usdcPrice } = state;
  if (state.timeToExpiryYears <= 0) return 0;
  if (option === null) return state.instrument.settlement === 'coin' ? 1 / forward : forward / index;
  const { contract, volatility } = option;
  const level = settlementLevel(state) / usdcPrice;
  const delta = black76Delta(contract.optionType, level, contract.strike, state.timeToExpiryYears, volatility);
  return premiumToUsd(state) * delta * (level / index);
}

export function scaledGreeks(greeks: Greeks, quantity: number): Greeks {
  return {
    delta: greeks.delta * quantity,
    gamma: greeks.gamma * quantity,
    vega: greeks.vega * quantity,
    theta: greeks.theta * quantity,
    rho: greeks.rho * quantity,
    vanna: greeks.vanna * quantity,
    volga: greeks.volga * quantity,
  };
}

export function addedGreeks(a: Greeks, b: Greeks): Greeks {
  return {
    delta: a.delta + b.delta,
    gamma: a.gamma + b.gamma,
    vega: a.vega + b.vega,
    theta: a.theta + b.theta,
    rho: a.rho + b.rho,
    vanna: a.vanna + b.vanna,
    volga: a.volga + b.volga,
  };
}

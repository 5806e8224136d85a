import { RiskError } from './domain/failure.ts';
import { expiryCode, listedOption, type OptionContract, type OptionType } from './domain/instrument.ts';
import type { ChainReport, ChainRequest, ChainSide } from './domain/riskReport.ts';
import type { Vol } from './domain/units.ts';
import { contractState, unitValueUsd } from './scenario/contractState.ts';
import { unitGreeks } from './scenario/positionGreeks.ts';
import {
  optionQuote,
  type PreparedExpiry,
  preparedExpiry,
  type PreparedMarket,
  preparedUnderlying,
} from './scenario/preparedMarket.ts';
import { quotedPrices } from './scenario/quotedPrices.ts';
import { smileVol } from './surface/smileVol.ts';
import type { SmileFit } from './surface/VolSurface.ts';

const SMILE_POINTS = 81;
/** The drawn smile reaches a little beyond the quoted strikes. */
const SMILE_MARGIN = 0.05;

/**
 * One expiry as a chain of calls and puts: quoted bid and ask, mark, vol and delta of each contract in its quote unit.
 * @throws RiskError when the market does not list the underlying or the expiry, or the expiry has passed.
 */
export function optionChain(market: PreparedMarket, request: ChainRequest): ChainReport {
  const underlying = preparedUnderlying(market, request.underlying);
  const expiry = preparedExpiry(market, request.underlying, request.expiry);
  if (expiry.fit === null)
    throw new RiskError('expired', `${request.underlying} ${expiryCode(request.expiry)} has expired in this market`);

  const strikes = [...new Set(expiry.market.quotes.map(({ strike }) => strike))].sort((a, b) => a - b);
  const side = (strike: number, optionType: OptionType) =>
    chainSide(market, expiry, listedOption(request, strike, optionType));
  return {
    marketId: request.marketId,
    underlying: request.underlying,
    expiry: request.expiry,
    forward: expiry.market.forward,
    index: underlying.market.index,
    atmVol: expiry.fit.atmVol,
    rows: strikes.map((strike) => ({ strike, call: side(strike, 'C'), put: side(strike, 'P') })),
    smile: drawnSmile(expiry.fit, strikes),
    fitError: expiry.fit.rmse,
  };
}

function chainSide(market: PreparedMarket, expiry: PreparedExpiry, option: OptionContract): ChainSide {
  const quote = optionQuote(expiry, option);
  const state = contractState(market, option);
  const base = { instrument: option.name, type: option.optionType, openInterest: quote?.openInterest ?? null };
  if (!state.ok) return { ...base, bid: null, ask: null, mark: null, markUsd: null, markIv: null, delta: null };
  return {
    ...base,
    ...quotedPrices(market, state.value),
    markUsd: unitValueUsd(state.value),
    markIv: state.value.option!.volatility,
    bidIv: quote?.bidIv ?? null,
    askIv: quote?.askIv ?? null,
    delta: unitGreeks(state.value).delta,
  };
}

function drawnSmile(fit: SmileFit, strikes: readonly number[]): { strike: number; vol: Vol }[] {
  const lowest = strikes[0];
  const highest = strikes.at(-1);
  if (fit.svi === null || lowest === undefined || highest === undefined) return [];
  const from = Math.log(lowest / fit.forward) - SMILE_MARGIN;
  const to = Math.log(highest / fit.forward) + SMILE_MARGIN;
  return Array.from({ length: SMILE_POINTS }, (_, i) => {
    const logMoneyness = from + ((to - from) * i) / (SMILE_POINTS - 1);
    return { strike: fit.forward * Math.exp(logMoneyness), vol: smileVol(fit, logMoneyness) };
  });
}

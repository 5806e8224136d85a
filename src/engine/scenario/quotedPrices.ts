import type { Vol } from '../domain/units.ts';
import { type ContractState, markPrice } from './contractState.ts';
import { optionQuote, type PreparedMarket } from './preparedMarket.ts';

/** Prices of one unit in the contract's own quote unit; null where the market does not quote that side. */
export interface QuotedPrices {
  readonly bid: number | null;
  readonly ask: number | null;
  readonly mark: number;
}

/** What a contract can be sold and bought at. Markets quote options alone: of futures and perpetuals only the mark is known. */
export function quotedPrices(market: PreparedMarket, state: ContractState): QuotedPrices {
  const mark = markPrice(state);
  const { option } = state;
  if (option === null) return { bid: null, ask: null, mark };
  const expiry = market.underlyings.get(option.contract.underlying)?.expiries.get(option.contract.expiry);
  const quote = expiry && optionQuote(expiry, option.contract);
  const priceAt = (volatility: Vol | undefined) =>
    volatility === undefined ? null : markPrice({ ...state, option: { ...option, volatility } });
  return { bid: priceAt(quote?.bidIv), ask: priceAt(quote?.askIv), mark };
}

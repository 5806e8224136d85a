import type { OptionType } from './instrument.ts';
import type { Timestamp, Usd, Vol } from './units.ts';

export type SourceKind = 'live' | 'recorded' | 'simulated';

/** All prices used together, and when. Everything is readonly data that survives structured clone. */
export interface MarketSnapshot {
  /** Hash of the content: equal ids mean equal markets. */
  readonly id: string;
  readonly asOf: Timestamp;
  readonly source: { readonly kind: SourceKind; readonly name: string };
  /** In the file's order, symbols unique. */
  readonly underlyings: readonly UnderlyingMarket[];
  /** USD per unit of each stablecoin the market knows, e.g. USDC. */
  readonly stablecoins: readonly { readonly asset: string; readonly priceUsd: number }[];
}

export interface UnderlyingMarket {
  readonly symbol: string;
  readonly index: Usd;
  /** When the index was that, by the venue's clock; the market's own time where it is not said. */
  readonly indexTimestamp?: Timestamp;
  readonly perpetual?: { readonly mark: Usd; readonly fundingRate8h?: number; readonly timestamp?: Timestamp };
  /** How far the prices are to be trusted, from 0 to 1; 1 where nothing is said. */
  readonly confidence?: { readonly index: number; readonly perpetual: number };
  /** By expiry, earliest first, unique. */
  readonly expiries: readonly ExpiryMarket[];
  readonly history?: PriceHistory;
}

export interface ExpiryMarket {
  readonly expiry: Timestamp;
  /** USD. */
  readonly forward: Usd;
  /** When the forward was that, by the venue's clock; the market's own time where it is not said. */
  readonly timestamp?: Timestamp;
  /** How far the forward and the vols are to be trusted, from 0 to 1; 1 where nothing is said. */
  readonly confidence?: { readonly forward: number; readonly vol: number };
  readonly discount: number;
  /** By strike, calls before puts. */
  readonly quotes: readonly OptionQuote[];
  /** Raw SVI of total variance given by the market itself. */
  readonly svi?: SviParameters;
}

export interface OptionQuote {
  readonly strike: number;
  readonly type: OptionType;
  readonly markIv?: Vol;
  readonly bidIv?: Vol;
  readonly askIv?: Vol;
  /** Coin. */
  readonly openInterest?: number;
  readonly timestamp?: Timestamp;
}

/** Raw SVI: w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), w total variance, k = ln(K / F). */
export interface SviParameters {
  readonly a: number;
  readonly b: number;
  readonly rho: number;
  readonly m: number;
  readonly sigma: number;
}

export interface PriceHistory {
  readonly intervalDays: number;
  /** Oldest first. */
  readonly closes: readonly (readonly [Timestamp, Usd])[];
  /** 30-day implied volatility index; may be absent or shorter than the closes. */
  readonly volatilityIndex: readonly (readonly [Timestamp, Vol])[];
}

export function underlyingMarket(market: MarketSnapshot, symbol: string): UnderlyingMarket | undefined {
  return market.underlyings.find((underlying) => underlying.symbol === symbol);
}

/** USD per unit of a stablecoin, or undefined when the market does not say. USD itself is 1. */
export function stablecoinPrice(market: MarketSnapshot, asset: string): number | undefined {
  return asset === 'USD' ? 1 : market.stablecoins.find((coin) => coin.asset === asset)?.priceUsd;
}

/** The id of a market that has moved so many times since its first snapshot. */
export function movedMarketId(firstId: string, moves: number): string {
  return `${firstId}+${moves}`;
}

/** How many moves after the first market this one is. */
export function movesOf(marketId: string): number {
  return Number(marketId.split('+')[1] ?? 0);
}

/** Whether one market is the other at another moment: what a person has set for the one holds for the other. */
export function isSameMarket(oneId: string, otherId: string): boolean {
  return oneId.split('+')[0] === otherId.split('+')[0];
}

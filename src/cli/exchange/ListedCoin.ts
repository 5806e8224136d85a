import type { PriceHistory } from '../../engine/domain/marketSnapshot.ts';
import type { Timestamp, Usd, Vol } from '../../engine/domain/units.ts';

export type Currency = 'BTC' | 'ETH' | 'USDC';

/** A coin as the exchange lists it: its index, its perpetual and its expiries. What moves is not readonly. */
export interface ListedCoin {
  readonly symbol: string;
  readonly settlement: 'coin' | 'usdc';
  /** Where its instruments are found: `USDC` for all linear ones. */
  readonly currency: Currency;
  /** `btc_usd`, `sol_usdc`. */
  readonly indexName: string;
  readonly history: PriceHistory | undefined;
  /** What 24-hour changes are counted from. */
  readonly indexBefore: Usd;
  indexUsd: Usd;
  /** Perpetual mark over index. */
  perpetualRatio: number;
  fundingRate8h: number;
  /** Multiplies every vol of the coin. */
  volLevel: number;
  /** Earliest first. */
  readonly expiries: ListedExpiry[];
}

/** `open` is traded, `settlement` is being settled, `delivered` is over; only what is open has prices. */
export type ListingState = 'open' | 'settlement' | 'delivered';

export interface ListedExpiry {
  readonly expiry: Timestamp;
  /** `27NOV26`. */
  readonly code: string;
  readonly period: 'day' | 'week' | 'month';
  readonly created: Timestamp;
  /** The name of the future of that date; null where only a synthetic forward exists. */
  readonly future: string | null;
  /** That future's name, or `SYN.BTC-27NOV26`. */
  readonly underlyingIndex: string;
  readonly options: ListedOption[];
  /** Forward over index. */
  forwardRatio: number;
  /** Multiplies every vol of the expiry. */
  volLevel: number;
  state: ListingState;
}

export interface ListedOption {
  readonly name: string;
  readonly id: number;
  readonly strike: number;
  readonly type: 'C' | 'P';
  /** Before the levels of coin and expiry. */
  markIv: Vol;
  /** Null: nobody bids. */
  bidIv: Vol | null;
  askIv: Vol | null;
  /** Coin. */
  openInterest: number;
  readonly bidAmount: number;
  readonly askAmount: number;
}

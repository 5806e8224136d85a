import type { MarketDelta, UnderlyingDelta } from '../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import type { Timestamp, Usd } from '../../engine/domain/units.ts';
import type { ListedCoin, ListedExpiry } from './ListedCoin.ts';
import { currencyOf, indexNameOf, listedExpiry, optionKey, relisted } from './listing.ts';

export interface Delivery {
  readonly indexName: string;
  readonly expiry: Timestamp;
  readonly price: number;
}

/** What happened to a listing when time passed. */
export interface ListingChange {
  readonly coin: ListedCoin;
  readonly expiry: ListedExpiry;
  readonly kind: 'state' | 'created';
}

/** How long an expiry is being settled. */
const SETTLEMENT_MS = 10_000;

/** The market behind the exchange, at its venue's time. */
export class ExchangeMarket {
  readonly coins: readonly ListedCoin[];
  readonly source: MarketSnapshot['source'];
  /** Newest first. */
  readonly deliveries: Delivery[] = [];
  /** USD per USDC. */
  usdc: Usd;
  time: Timestamp;
  private nextId = 400_000;

  /** Options without a mark vol take that of the nearest strike of their expiry; where there is none they are not listed. */
  constructor(snapshot: MarketSnapshot) {
    this.time = snapshot.asOf;
    this.source = snapshot.source;
    this.usdc = snapshot.stablecoins.find(({ asset }) => asset === 'USDC')?.priceUsd ?? 1;
    this.coins = snapshot.underlyings.map((underlying): ListedCoin => {
      const { symbol, index, perpetual, history } = underlying;
      const currency = currencyOf(symbol);
      return {
        symbol,
        settlement: currency === 'USDC' ? 'usdc' : 'coin',
        currency,
        indexName: indexNameOf(symbol),
        history,
        indexBefore: history?.closes.at(-1)?.[1] ?? index,
        indexUsd: index,
        perpetualRatio: (perpetual?.mark ?? index) / index,
        fundingRate8h: perpetual?.fundingRate8h ?? 0,
        volLevel: 1,
        expiries: underlying.expiries.map((expiry) =>
          listedExpiry(symbol, index, expiry, this.time, () => this.nextId++),
        ),
      };
    });
  }

  coin(indexName: string): ListedCoin | undefined {
    return this.coins.find((coin) => coin.indexName === indexName);
  }

  /** Moves to what another source of prices says; options and expiries it does not list stay as they are. */
  apply(delta: MarketDelta): void {
    this.usdc = delta.stablecoins?.find(({ asset }) => asset === 'USDC')?.priceUsd ?? this.usdc;
    for (const move of delta.underlyings) {
      const coin = this.coins.find(({ symbol }) => symbol === move.symbol);
      if (coin !== undefined) moveCoin(coin, move);
    }
  }

  /** Lets time pass: what has expired is settled, then delivered, and another expiry of its kind is listed. */
  passTo(time: Timestamp): ListingChange[] {
    this.time = time;
    const changes: ListingChange[] = [];
    for (const coin of this.coins) {
      for (const expiry of coin.expiries.slice()) {
        if (expiry.expiry > time) break;
        if (expiry.state === 'open') {
          expiry.state = 'settlement';
          changes.push({ coin, expiry, kind: 'state' });
        }
        if (expiry.state === 'settlement' && time >= expiry.expiry + SETTLEMENT_MS) {
          expiry.state = 'delivered';
          this.deliveries.unshift({ indexName: coin.indexName, expiry: expiry.expiry, price: this.index(coin) });
          changes.push({ coin, expiry, kind: 'state' });
          const created = relisted(coin, expiry, time, () => this.nextId++);
          if (created !== null) changes.push({ coin, expiry: created, kind: 'created' });
        }
      }
    }
    return changes;
  }

  /** The index in what the coin's contracts are quoted in: USD, or USDC. */
  index(coin: ListedCoin): number {
    return rounded(coin.settlement === 'usdc' ? coin.indexUsd / this.usdc : coin.indexUsd);
  }

  perpetual(coin: ListedCoin): number {
    return rounded(this.index(coin) * coin.perpetualRatio);
  }

  forward(coin: ListedCoin, expiry: ListedExpiry): number {
    return rounded(this.index(coin) * expiry.forwardRatio);
  }
}

/** Prices to a cent, small ones to a hundredth of that. */
export function rounded(price: number): number {
  const scale = Math.abs(price) >= 1_000 ? 100 : 10_000;
  return Math.round(price * scale) / scale;
}

function moveCoin(coin: ListedCoin, move: UnderlyingDelta): void {
  const before = coin.indexUsd;
  coin.indexUsd = move.index ?? before;
  coin.volLevel = 1;
  if (move.perpetual !== undefined) {
    coin.perpetualRatio = move.perpetual.mark / coin.indexUsd;
    coin.fundingRate8h = move.perpetual.fundingRate8h ?? coin.fundingRate8h;
  }
  for (const expiryMove of move.expiries ?? []) {
    const expiry = coin.expiries.find((listed) => listed.expiry === expiryMove.expiry);
    if (expiry === undefined) continue;
    expiry.volLevel = 1;
    if (expiryMove.forward !== undefined) expiry.forwardRatio = expiryMove.forward / coin.indexUsd;
    if (expiryMove.quotes === undefined) continue;
    const options = new Map(expiry.options.map((option) => [optionKey(option), option]));
    for (const quote of expiryMove.quotes) {
      const option = options.get(optionKey(quote));
      if (option === undefined) continue;
      option.markIv = quote.markIv ?? option.markIv;
      option.bidIv = quote.bidIv ?? null;
      option.askIv = quote.askIv ?? null;
      option.openInterest = quote.openInterest ?? option.openInterest;
    }
  }
}

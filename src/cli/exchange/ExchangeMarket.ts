import type { MarketDelta, UnderlyingDelta } from '../../engine/domain/marketDelta.ts';
import type { ExpiryMarket, MarketSnapshot, OptionQuote } from '../../engine/domain/marketSnapshot.ts';
import type { Timestamp, Usd } from '../../engine/domain/units.ts';
import type { ListedCoin, ListedExpiry, ListedOption } from './ListedCoin.ts';
import { currencyOf, indexNameOf, listedExpiry, optionKey, optionOf, relisted } from './listing.ts';

export interface Delivery {
  readonly indexName: string;
  readonly expiry: Timestamp;
  readonly price: number;
}

/** What happened to a listing when time passed. */
export interface ListingChange {
  readonly coin: ListedCoin;
  readonly expiry: ListedExpiry;
  /** The one option that joined; every contract of the expiry where it is left out. */
  readonly option?: ListedOption;
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
  /** Listed since time last passed. */
  private joined: ListingChange[] = [];

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

  /** Moves to what another source of prices says. What it lists anew joins; what it leaves out stays as it is. */
  apply(delta: MarketDelta): void {
    this.usdc = delta.stablecoins?.find(({ asset }) => asset === 'USDC')?.priceUsd ?? this.usdc;
    for (const move of delta.underlyings) {
      const coin = this.coins.find(({ symbol }) => symbol === move.symbol);
      if (coin !== undefined) this.moveCoin(coin, move);
    }
  }

  /** Lets time pass: what has expired is settled, then delivered, and another expiry of its kind is listed where `relists` says so. */
  passTo(time: Timestamp, relists: boolean): ListingChange[] {
    this.time = time;
    const changes = this.joined;
    this.joined = [];
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
          const created = relists ? relisted(coin, expiry, time, () => this.nextId++) : null;
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

  private moveCoin(coin: ListedCoin, move: UnderlyingDelta): void {
    coin.indexUsd = move.index ?? coin.indexUsd;
    coin.volLevel = 1;
    if (move.perpetual !== undefined) {
      coin.perpetualRatio = move.perpetual.mark / coin.indexUsd;
      coin.fundingRate8h = move.perpetual.fundingRate8h ?? coin.fundingRate8h;
    }
    for (const { expiry, forward, quotes = [] } of move.expiries ?? []) {
      const listed = coin.expiries.find((known) => known.expiry === expiry);
      if (listed === undefined) {
        if (forward !== undefined) this.list(coin, { expiry, forward, discount: 1, quotes });
        continue;
      }
      listed.volLevel = 1;
      if (forward !== undefined) listed.forwardRatio = forward / coin.indexUsd;
      this.requote(coin, listed, quotes);
    }
  }

  private list(coin: ListedCoin, market: ExpiryMarket): void {
    const expiry = listedExpiry(coin.symbol, coin.indexUsd, market, this.time, () => this.nextId++);
    coin.expiries.push(expiry);
    coin.expiries.sort((one, other) => one.expiry - other.expiry);
    this.joined.push({ coin, expiry, kind: 'created' });
  }

  private requote(coin: ListedCoin, expiry: ListedExpiry, quotes: readonly OptionQuote[]): void {
    if (quotes.length === 0) return;
    const options = new Map(expiry.options.map((option) => [optionKey(option), option]));
    for (const quote of quotes) {
      const option = options.get(optionKey(quote));
      if (option === undefined) {
        const joining = optionOf(coin.symbol, expiry.expiry, quote, () => this.nextId++);
        if (joining === null) continue;
        expiry.options.push(joining);
        expiry.options.sort((one, other) => one.strike - other.strike || (one.type < other.type ? -1 : 1));
        this.joined.push({ coin, expiry, option: joining, kind: 'created' });
        continue;
      }
      option.markIv = quote.markIv ?? option.markIv;
      option.bidIv = quote.bidIv ?? null;
      option.askIv = quote.askIv ?? null;
      option.openInterest = quote.openInterest ?? option.openInterest;
    }
  }
}

/** Prices to a cent, small ones to a hundredth of that. */
export function rounded(price: number): number {
  const scale = Math.abs(price) >= 1_000 ? 100 : 10_000;
  return Math.round(price * scale) / scale;
}

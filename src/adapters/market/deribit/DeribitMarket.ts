import type { OptionContract } from '../../../engine/domain/instrument.ts';
import type { MarketDelta } from '../../../engine/domain/marketDelta.ts';
import type { MarketSnapshot, PriceHistory } from '../../../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../../../engine/domain/units.ts';
import { CoinLine } from './CoinLine.ts';
import type { ContractReading } from './contractReading.ts';
import type { ExpiryLine, OptionLine } from './ExpiryLine.ts';
import { fieldsOf, instantIn, numberIn } from './foreignValue.ts';
import { type ListedContract, marketInstrument } from './parseListing.ts';
import { isAhead, venueOrder } from './venueOrder.ts';

type Contract =
  | { readonly product: 'option'; readonly coin: CoinLine; readonly expiry: ExpiryLine; readonly line: OptionLine }
  | { readonly product: 'future'; readonly coin: CoinLine; readonly expiry: Timestamp }
  | { readonly product: 'perpetual'; readonly coin: CoinLine };

/** A coin whose listed contracts are read. */
export interface ListedCoin {
  readonly symbol: string;
  readonly indexName: string;
  /** Perpetual and futures, by the venue's names. */
  readonly futures: readonly string[];
}

/** What became of the rows of a message of marks. */
export interface AppliedMarks {
  readonly refused: number;
  /** Of the refused: options of the coin that are not listed here. */
  readonly unknown: number;
  /** The latest time of those that were taken. */
  readonly latest: Timestamp | null;
}

/**
 * The market as the venue's messages have left it. Of each value the latest by the venue's time stands: what is older never
 * replaces it, what repeats it moves nothing. Memory is bounded by what is listed. `venueNow` is the venue's clock.
 */
export class DeribitMarket {
  readonly #source: MarketSnapshot['source'];
  readonly #coins = new Map<string, CoinLine>();
  readonly #byIndex = new Map<string, CoinLine>();
  readonly #contracts = new Map<string, Contract>();
  #usdc = { price: 1, order: 0, isMoved: false };
  #asOf: Timestamp = 0;
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor(source: MarketSnapshot['source']) {
    this.#source = source;
  }

  /** The latest of the venue's times that any value came with. */
  get asOf(): Timestamp {
    return this.#asOf;
  }

  get coins(): readonly ListedCoin[] {
    const futures = new Map<CoinLine, string[]>([...this.#coins.values()].map((coin) => [coin, []]));
    for (const [name, contract] of this.#contracts) {
      if (contract.product !== 'option') futures.get(contract.coin)?.push(name);
    }
    return [...futures].map(([{ symbol, indexName }, names]) => ({ symbol, indexName, futures: names }));
  }

  /** Names of the indices that have not come yet. */
  get missingIndices(): readonly string[] {
    return [...this.#coins.values()].flatMap((coin) => (coin.hasIndex ? [] : [coin.indexName]));
  }

  has(name: string): boolean {
    return this.#contracts.has(name);
  }

  /** All options that are listed in a currency: joins what is new, and lets go what is no longer there. */
  list(currency: string, options: readonly ListedContract[]): void {
    const names = new Set(options.map(({ name }) => name));
    for (const [name, contract] of this.#contracts) {
      if (contract.product === 'option' && currencyOf(contract.coin) === currency && !names.has(name))
        this.delist(name);
    }
    for (const option of options) this.join(option);
  }

  /** A contract that is listed. A coin is one of this market from its first option on; futures of other coins stay out. */
  join({ instrument, name, indexName }: ListedContract): void {
    if (this.#contracts.has(name)) return;
    if (instrument.product !== 'perpetual' && instrument.expiry <= this.#asOf) return;
    const coin =
      this.#coins.get(instrument.underlying) ??
      (instrument.product === 'option' ? this.#newCoin(instrument, indexName) : null);
    if (coin === null) return;
    if (instrument.product === 'perpetual') this.#contracts.set(name, { product: 'perpetual', coin });
    else if (instrument.product === 'future') {
      this.#contracts.set(name, { product: 'future', coin, expiry: instrument.expiry });
      coin.futureDates.add(instrument.expiry);
    } else {
      const expiry = coin.expiry(instrument.expiry);
      const line = expiry.list(instrument.strike, instrument.optionType);
      this.#contracts.set(name, { product: 'option', coin, expiry, line });
      this.#nextExpiry = Math.min(this.#nextExpiry, instrument.expiry);
    }
  }

  #newCoin({ underlying, settlement }: OptionContract, indexName: string): CoinLine {
    const coin = new CoinLine(underlying, indexName, settlement);
    this.#coins.set(underlying, coin);
    this.#byIndex.set(indexName, coin);
    return coin;
  }

  delist(name: string): void {
    const contract = this.#contracts.get(name);
    if (contract === undefined) return;
    this.#contracts.delete(name);
    if (contract.product === 'future') contract.coin.futureDates.delete(contract.expiry);
    if (contract.product !== 'option') return;
    const { coin, expiry, line } = contract;
    expiry.delist(line);
    if (expiry.isEmpty && coin.expiries.get(expiry.expiry) === expiry) coin.delistExpiry(expiry.expiry);
  }

  /** Expiries whose hour has come by the venue's clock are no longer listed. */
  #expire(): void {
    if (this.#asOf < this.#nextExpiry) return;
    for (const coin of this.#coins.values()) {
      for (const expiry of coin.expiries.keys()) if (expiry <= this.#asOf) coin.delistExpiry(expiry);
    }
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const [name, contract] of this.#contracts) {
      if (contract.product === 'perpetual') continue;
      const expiry = contract.product === 'option' ? contract.expiry.expiry : contract.expiry;
      if (expiry <= this.#asOf) this.#contracts.delete(name);
      else this.#nextExpiry = Math.min(this.#nextExpiry, expiry);
    }
  }

  /** False when the index is none of this market. */
  applyIndex(indexName: string, price: number, at: Timestamp, venueNow: Timestamp): boolean {
    const coin = this.#byIndex.get(indexName);
    if (coin === undefined) return false;
    coin.applyIndex(price, at, this.#order(at, venueNow));
    return true;
  }

  /** USD per USDC. */
  applyUsdcPrice(price: number, at: Timestamp, venueNow: Timestamp): void {
    const order = this.#order(at, venueNow);
    if (order < this.#usdc.order) return;
    this.#usdc = { price, order, isMoved: this.#usdc.isMoved || price !== this.#usdc.price };
  }

  /** A book summary or ticker; false for a contract that is not listed. */
  applyReading(reading: ContractReading, venueNow: Timestamp): boolean {
    const contract = this.#contracts.get(reading.name);
    if (contract === undefined) return false;
    const order = this.#order(reading.at, venueNow);
    if (contract.product === 'option') contract.expiry.applyReading(contract.line, reading, order);
    else if (contract.product === 'perpetual') contract.coin.applyPerpetual(reading, order);
    else if (reading.mark !== undefined) {
      contract.coin.expiries.get(contract.expiry)?.applyForward(reading.mark, reading.at, order);
    }
    return true;
  }

  /** Marks of a coin's options as the channel of marks sends them, the vol a fraction. */
  applyMarks(rows: readonly unknown[], indexName: string, venueNow: Timestamp): AppliedMarks {
    const coin = this.#byIndex.get(indexName);
    if (coin === undefined) return { refused: rows.length, unknown: 0, latest: null };
    let refused = 0;
    let unknown = 0;
    const touched = new Map<ExpiryLine, Timestamp>();
    for (const row of rows) {
      const fields = fieldsOf(row);
      const at = instantIn(fields?.timestamp);
      const name = fields?.instrument_name;
      const contract = typeof name === 'string' ? this.#contracts.get(name) : undefined;
      if (fields === null || at === undefined || contract?.product !== 'option' || contract.coin !== coin) {
        refused++;
        const isUnknown = at !== undefined && typeof name === 'string' && contract === undefined;
        if (isUnknown && marketInstrument(name)?.underlying === coin.symbol) unknown++;
        continue;
      }
      const mark = numberIn(fields.mark_price);
      const order = this.#order(at, venueNow);
      contract.expiry.applyMark(contract.line, mark, numberIn(fields.iv), at, order);
      if (at > (touched.get(contract.expiry) ?? 0)) touched.set(contract.expiry, at);
    }
    let latest: Timestamp | null = null;
    for (const [expiry, at] of touched) {
      if (coin.futureDates.has(expiry.expiry)) expiry.compareForward(at);
      else expiry.implyForward(at, venueOrder(at, venueNow));
      latest = Math.max(latest ?? at, at);
    }
    return { refused, unknown, latest };
  }

  applyHistory(symbol: string, history: PriceHistory): void {
    this.#coins.get(symbol)?.applyHistory(history);
  }

  /** The market as a whole, its coins told from now on; null before any coin has an index. */
  whole(): Omit<MarketSnapshot, 'id'> | null {
    this.#expire();
    const underlyings = [...this.#coins.values()].flatMap((coin) => coin.whole(this.#usdc.price) ?? []);
    if (underlyings.length === 0) return null;
    this.#usdc.isMoved = false;
    return { asOf: this.#asOf, source: this.#source, underlyings, stablecoins: this.#stablecoins() };
  }

  /** What has moved since it was last told; null when nothing has. */
  takeDelta(): MarketDelta | null {
    this.#expire();
    const { price, isMoved } = this.#usdc;
    const underlyings = [...this.#coins.values()].flatMap((coin) => coin.takeDelta(price, isMoved) ?? []);
    if (underlyings.length === 0 && !isMoved) return null;
    this.#usdc.isMoved = false;
    return { asOf: this.#asOf, underlyings, ...(isMoved ? { stablecoins: this.#stablecoins() } : {}) };
  }

  #stablecoins(): MarketSnapshot['stablecoins'] {
    return [{ asset: 'USDC', priceUsd: this.#usdc.price }];
  }

  #order(at: Timestamp, venueNow: Timestamp): number {
    if (at > this.#asOf && !isAhead(at, venueNow)) this.#asOf = at;
    return venueOrder(at, venueNow);
  }
}

/** Under which of its currencies the venue lists a coin's contracts. */
function currencyOf({ symbol, settlement }: CoinLine): string {
  return settlement === 'coin' ? symbol : 'USDC';
}

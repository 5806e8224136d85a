import type { Settlement } from '../../../engine/domain/instrument.ts';
import type { UnderlyingDelta } from '../../../engine/domain/marketDelta.ts';
import type { PriceHistory, UnderlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../../../engine/domain/units.ts';
import type { ContractReading } from './contractReading.ts';
import { ExpiryLine } from './ExpiryLine.ts';

/** One coin: index, perpetual and expiries in the venue's money, and what of them has moved since it was last told. */
export class CoinLine {
  readonly symbol: string;
  readonly indexName: string;
  readonly settlement: Settlement;
  readonly expiries = new Map<Timestamp, ExpiryLine>();
  /** Dates of listed futures, whose marks are the forwards of these dates. */
  readonly futureDates = new Set<Timestamp>();
  #index: number | undefined;
  #indexAt: Timestamp | undefined;
  #indexOrder = 0;
  #perpetual: { mark: number; fundingRate8h: number | undefined; timestamp: Timestamp } | undefined;
  #perpetualOrder = 0;
  #history: PriceHistory | undefined;
  readonly #moved = new Set<'index' | 'perpetual' | 'history'>();
  #delisted: Timestamp[] = [];
  /** Whether the listener knows of it. */
  #isTold = false;

  constructor(symbol: string, indexName: string, settlement: Settlement) {
    this.symbol = symbol;
    this.indexName = indexName;
    this.settlement = settlement;
  }

  get hasIndex(): boolean {
    return this.#index !== undefined;
  }

  expiry(expiry: Timestamp): ExpiryLine {
    const known = this.expiries.get(expiry);
    if (known !== undefined) return known;
    const line = new ExpiryLine(expiry, this.settlement);
    this.expiries.set(expiry, line);
    return line;
  }

  delistExpiry(expiry: Timestamp): void {
    if (this.expiries.delete(expiry) && this.#isTold) this.#delisted.push(expiry);
  }

  applyIndex(price: number, at: Timestamp, order: number): void {
    if (order < this.#indexOrder || (price === this.#index && at === this.#indexAt)) return;
    this.#index = price;
    this.#indexAt = at;
    this.#indexOrder = order;
    this.#moved.add('index');
  }

  applyPerpetual({ mark, funding8h, at }: ContractReading, order: number): void {
    if (mark === undefined || order < this.#perpetualOrder) return;
    const before = this.#perpetual;
    const fundingRate8h = funding8h ?? before?.fundingRate8h;
    if (before?.mark === mark && before.fundingRate8h === fundingRate8h && before.timestamp === at) return;
    this.#perpetual = { mark, fundingRate8h, timestamp: at };
    this.#perpetualOrder = order;
    this.#moved.add('perpetual');
  }

  applyHistory(history: PriceHistory): void {
    this.#history = history;
    this.#moved.add('history');
  }

  /** The coin as a whole, told from now on; null before it has an index. */
  whole(usdcPrice: number): UnderlyingMarket | null {
    const usdPerMoney = this.#usdPerMoney(usdcPrice);
    const index = this.#indexInUsd(usdPerMoney);
    if (index === null) return null;
    this.#isTold = true;
    this.#forget();
    const perpetual = this.#perpetualInUsd(usdPerMoney);
    return {
      symbol: this.symbol,
      ...index,
      ...(perpetual === null ? {} : { perpetual }),
      expiries: [...this.expiries.values()]
        .flatMap((line) => line.whole(usdPerMoney) ?? [])
        .sort((one, other) => one.expiry - other.expiry),
      ...(this.#history === undefined ? {} : { history: this.#history }),
    };
  }

  /** What has moved since it was last told; null when nothing has, or before it has an index. */
  takeDelta(usdcPrice: number, isUsdcMoved: boolean): UnderlyingDelta | null {
    if (!this.#isTold) return this.whole(usdcPrice);
    const usdPerMoney = this.#usdPerMoney(usdcPrice);
    const isMoneyMoved = isUsdcMoved && this.settlement === 'usdc';
    const expiries = [...this.expiries.values()].flatMap((line) => line.takeDelta(usdPerMoney, isMoneyMoved) ?? []);
    const delisted = this.#delisted;
    if (this.#moved.size === 0 && !isMoneyMoved && expiries.length === 0 && delisted.length === 0) return null;
    const index = this.#moved.has('index') || isMoneyMoved ? this.#indexInUsd(usdPerMoney) : null;
    const perpetual = this.#moved.has('perpetual') || isMoneyMoved ? this.#perpetualInUsd(usdPerMoney) : null;
    const history = this.#moved.has('history') ? this.#history : undefined;
    this.#forget();
    return {
      symbol: this.symbol,
      ...index,
      ...(perpetual === null ? {} : { perpetual }),
      ...(history === undefined ? {} : { history }),
      ...(expiries.length === 0 ? {} : { expiries }),
      ...(delisted.length === 0 ? {} : { delisted }),
    };
  }

  #forget(): void {
    this.#moved.clear();
    this.#delisted = [];
  }

  /** Inverse contracts are quoted in USD, linear ones in USDC. */
  #usdPerMoney(usdcPrice: number): number {
    return this.settlement === 'coin' ? 1 : usdcPrice;
  }

  #indexInUsd(usdPerMoney: number): { index: number; indexTimestamp: Timestamp } | null {
    if (this.#index === undefined || this.#indexAt === undefined) return null;
    return { index: this.#index * usdPerMoney, indexTimestamp: this.#indexAt };
  }

  #perpetualInUsd(usdPerMoney: number): NonNullable<UnderlyingMarket['perpetual']> | null {
    if (this.#perpetual === undefined) return null;
    const { mark, fundingRate8h, timestamp } = this.#perpetual;
    return { mark: mark * usdPerMoney, ...(fundingRate8h === undefined ? {} : { fundingRate8h }), timestamp };
  }
}

import type { Timestamp } from '../../engine/domain/units.ts';
import { yearFraction } from '../../engine/domain/units.ts';
import { black76Price } from '../../engine/pricing/black76.ts';
import { type ExchangeMarket, rounded } from './ExchangeMarket.ts';
import type { Fault, FaultKind } from './Fault.ts';
import type { FaultBoard } from './FaultBoard.ts';
import type { ListedCoin, ListedExpiry, ListedOption } from './ListedCoin.ts';
import { perpetualName } from './listing.ts';

/** Bid and ask of one contract; null on a side where nobody quotes. */
export interface Sides {
  readonly bid: number | null;
  readonly ask: number | null;
}

export interface OptionPrices extends Sides {
  /** Decimal; NaN or null where a fault says so. */
  readonly markIv: number | null;
  /** In coin, of linear options in USDC. */
  readonly mark: number;
  /** What the option is priced from. */
  readonly forward: number;
}

/** Inverse options below and above the price at which the tick widens. */
const COIN_TICKS = { fine: 0.0001, above: 0.005, coarse: 0.0005 };
const USDC_TICK = 0.01;
/**
 * A price this close to a tick, in ticks, is on it, as long as it stays on its side of the mark: vols are written with two
 * decimals of a point, and a quote must come back as the tick it was read from.
 */
const ON_TICK = 0.05;

/** The prices of the market as the exchange shows them, the faults of values among them. */
export class PriceBoard {
  constructor(
    private readonly market: ExchangeMarket,
    private readonly faults: FaultBoard,
  ) {}

  /** What data are dated with. */
  get timestamp(): Timestamp {
    const { faults, market } = this;
    const skew = faults.get('clock-skew')?.ms ?? 0;
    const age = (faults.get('stale-timestamps')?.ms ?? 0) - (faults.get('future-timestamps')?.ms ?? 0);
    return Math.round(market.time + skew - age);
  }

  /** What options are priced at; data may be dated otherwise. */
  get marketTime(): Timestamp {
    return this.market.time;
  }

  index(coin: ListedCoin): number {
    const jump = this.concerning('index-jump', coin);
    return jump === undefined ? this.market.index(coin) : rounded(this.market.index(coin) * jump.factor!);
  }

  perpetual(coin: ListedCoin): { readonly name: string; readonly mark: number } & Sides {
    const name = perpetualName(coin);
    const factor = this.marketFactor(coin) * (this.concerning('perpetual-disagreement', coin)?.factor ?? 1);
    const mark = rounded(this.market.perpetual(coin) * factor);
    return { name, mark, ...this.futureSides(name, mark) };
  }

  /** The forward that the exchange states, which a fault may set against its own option prices. */
  statedForward(coin: ListedCoin, expiry: ListedExpiry): number {
    const disagreement = this.concerning('forward-disagreement', coin, expiry);
    return rounded(this.pricingForward(coin, expiry) * (disagreement?.factor ?? 1));
  }

  futureSides(name: string, mark: number): Sides {
    const tick = futureTick(mark);
    const bid = decimal(Math.floor(mark / tick) * tick);
    const ask = decimal(bid + tick);
    const isCrossed = this.faults.get('crossed-quotes')?.instruments?.includes(name) ?? false;
    return isCrossed ? { bid: decimal(ask + 2 * tick), ask: bid } : { bid, ask };
  }

  option(coin: ListedCoin, expiry: ListedExpiry, option: ListedOption): OptionPrices {
    const forward = this.pricingForward(coin, expiry);
    const years = yearFraction(this.market.time, expiry.expiry);
    const unit = coin.settlement === 'coin' ? forward : 1;
    const price = (at: number) => black76Price(option.type, forward, option.strike, years, at) / unit;
    const { bid, ask } = this.optionSides(coin, option, price, coin.volLevel * expiry.volLevel);
    const other = this.otherUnit(coin, option, forward);
    return {
      ...this.optionMark(coin, expiry, option),
      forward,
      bid: bid === null ? null : decimal(bid * other),
      ask: ask === null ? null : decimal(ask * other),
    };
  }

  /** Mark and vol alone. */
  optionMark(coin: ListedCoin, expiry: ListedExpiry, option: ListedOption): Pick<OptionPrices, 'mark' | 'markIv'> {
    const forward = this.pricingForward(coin, expiry);
    const vol = this.pricingVol(coin, expiry, option);
    const years = yearFraction(this.market.time, expiry.expiry);
    const usd = black76Price(option.type, forward, option.strike, years, vol);
    const mark = coin.settlement === 'coin' ? usd / forward : usd;
    return {
      mark: decimal(mark * this.otherUnit(coin, option, forward)),
      markIv: this.shownVol(option.name, vol),
    };
  }

  /** Decimal: what an option is priced at. */
  pricingVol(coin: ListedCoin, expiry: ListedExpiry, option: ListedOption): number {
    return hundredth(option.markIv * coin.volLevel * expiry.volLevel);
  }

  /** Whether the prices of an expiry are shown at all. */
  isShown(coin: ListedCoin, expiry: ListedExpiry): boolean {
    return expiry.state === 'open' && this.concerning('missing-expiry', coin, expiry) === undefined;
  }

  private optionSides(coin: ListedCoin, option: ListedOption, price: (vol: number) => number, level: number): Sides {
    const tickAt = (value: number) =>
      coin.settlement === 'usdc' ? USDC_TICK : value > COIN_TICKS.above ? COIN_TICKS.coarse : COIN_TICKS.fine;
    const down = (value: number, slack: number) => decimal(Math.floor(value / tickAt(value) + slack) * tickAt(value));
    const up = (value: number, slack: number) => decimal(Math.ceil(value / tickAt(value) - slack) * tickAt(value));
    const { bidIv, askIv, markIv } = option;
    const mark = price(markIv * level);
    const low = bidIv === null ? 0 : price(bidIv * level);
    const top = askIv === null ? 0 : price(askIv * level);
    const near = { bid: down(low, ON_TICK), ask: up(top, ON_TICK) };
    const bid = near.bid > mark && low <= mark ? down(low, 0) : near.bid;
    const ask = askIv === null ? null : near.ask < mark && top >= mark ? up(top, 0) : near.ask;
    if (this.names('crossed-quotes', option.name) === undefined)
      return { bid: bid > 0 ? bid : null, ask: ask === 0 ? tickAt(0) : ask };
    const high = Math.max(bid, ask ?? 0, tickAt(0));
    return { bid: decimal(high + 4 * tickAt(high)), ask: high };
  }

  /** Coin for dollars, and the reverse, where a fault confuses them. */
  private otherUnit(coin: ListedCoin, option: ListedOption, forward: number): number {
    if (this.names('wrong-unit', option.name)?.value !== 'price') return 1;
    return coin.settlement === 'coin' ? forward : 1 / forward;
  }

  private shownVol(name: string, vol: number): number | null {
    const bad = this.names('bad-volatility', name)?.value;
    if (bad !== undefined) {
      return { nan: Number.NaN, null: null, zero: 0, negative: -vol, huge: decimal(50 * vol) }[bad] ?? null;
    }
    return this.names('wrong-unit', name)?.value === 'volatility' ? decimal(vol * 100) : vol;
  }

  private pricingForward(coin: ListedCoin, expiry: ListedExpiry): number {
    const factor = this.marketFactor(coin);
    const forward = this.market.forward(coin, expiry);
    return factor === 1 ? forward : rounded(forward * factor);
  }

  /** By how much a jump moves everything, not the index alone. */
  private marketFactor(coin: ListedCoin): number {
    const jump = this.concerning('index-jump', coin);
    return jump?.value === 'market' ? jump.factor! : 1;
  }

  /** A fault that concerns named instruments, or all options. */
  private names(kind: FaultKind, name: string): Fault | undefined {
    const fault = this.faults.get(kind);
    if (fault === undefined) return undefined;
    return fault.instruments === undefined || fault.instruments.includes(name) ? fault : undefined;
  }

  private concerning(kind: FaultKind, coin: ListedCoin, expiry?: ListedExpiry): Fault | undefined {
    const fault = this.faults.get(kind);
    if (fault === undefined || (fault.coin !== undefined && fault.coin !== coin.symbol)) return undefined;
    return fault.expiry === undefined || fault.expiry === expiry?.code ? fault : undefined;
  }
}

/** The tick of a perpetual or future at a price. */
export function futureTick(mark: number): number {
  return mark >= 10_000 ? 0.5 : mark >= 1_000 ? 0.05 : 0.01;
}

/** Eight decimals, as the exchange writes prices. */
export function decimal(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}

/** Vols are shown to a hundredth of a vol point, and priced as shown. */
function hundredth(vol: number): number {
  return Math.max(Math.round(vol * 1e4), 1) / 1e4;
}

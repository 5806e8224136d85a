import type { OptionType, Settlement } from '../../../engine/domain/instrument.ts';
import type { ExpiryDelta } from '../../../engine/domain/marketDelta.ts';
import type { ExpiryMarket, OptionQuote } from '../../../engine/domain/marketSnapshot.ts';
import type { Timestamp, Vol } from '../../../engine/domain/units.ts';
import { heldVol, pricedVol } from '../venueVol.ts';
import type { ContractReading } from './contractReading.ts';
import { impliedForward } from './impliedForward.ts';

/** One option as its messages have left it. Orders are `venueOrder`s; before the first of a kind, 0. */
export interface OptionLine {
  readonly strike: number;
  readonly type: OptionType;
  vol: Vol | undefined;
  volAt: Timestamp | undefined;
  volOrder: number;
  /** In the venue's money, of the channel of marks. */
  mark: number | undefined;
  bidVol: Vol | undefined;
  askVol: Vol | undefined;
  sidesAt: Timestamp | undefined;
  sidesOrder: number;
  openInterest: number | undefined;
}

/** A bid or ask this much older than the mark is not one that stands: nothing has refreshed it, though it is asked for all the time. */
const LONGEST_SIDES_MS = 120_000;

/** One expiry of a coin: its forward and options in the venue's money, and what of them has moved since it was last told. */
export class ExpiryLine {
  readonly expiry: Timestamp;
  readonly #settlement: Settlement;
  /** By strike, the call and the put. */
  readonly #strikes = new Map<number, { C?: OptionLine; P?: OptionLine }>();
  #ladder: readonly number[] = [];
  #forward: number | undefined;
  #forwardAt: Timestamp | undefined;
  #forwardOrder = 0;
  #isForwardMoved = false;
  /** What the marks that have just come imply, where the forward is that of a future. */
  #implied: number | null = null;
  readonly #moved = new Set<OptionLine>();
  #delisted: Pick<OptionQuote, 'strike' | 'type'>[] = [];
  /** Whether the listener knows of it. */
  #isTold = false;

  constructor(expiry: Timestamp, settlement: Settlement) {
    this.expiry = expiry;
    this.#settlement = settlement;
  }

  get isEmpty(): boolean {
    return this.#strikes.size === 0;
  }

  list(strike: number, type: OptionType): OptionLine {
    const known = this.#strikes.get(strike)?.[type];
    if (known !== undefined) return known;
    const line: OptionLine = {
      strike,
      type,
      vol: undefined,
      volAt: undefined,
      volOrder: 0,
      mark: undefined,
      bidVol: undefined,
      askVol: undefined,
      sidesAt: undefined,
      sidesOrder: 0,
      openInterest: undefined,
    };
    this.#strikes.set(strike, { ...this.#strikes.get(strike), [type]: line });
    this.#ladder = [...this.#strikes.keys()].sort((one, other) => one - other);
    this.#moved.add(line);
    return line;
  }

  delist(line: OptionLine): void {
    const { [line.type]: gone, ...rest } = this.#strikes.get(line.strike) ?? {};
    if (gone !== line) return;
    if (Object.keys(rest).length > 0) this.#strikes.set(line.strike, rest);
    else {
      this.#strikes.delete(line.strike);
      this.#ladder = this.#ladder.filter((strike) => strike !== line.strike);
    }
    this.#moved.delete(line);
    if (this.#isTold) this.#delisted.push({ strike: line.strike, type: line.type });
  }

  /** The forward of this date from its future, or from what an option is priced on. */
  applyForward(forward: number, at: Timestamp, order: number): void {
    if (order < this.#forwardOrder || (forward === this.#forward && at === this.#forwardAt)) return;
    this.#forward = forward;
    this.#forwardAt = at;
    this.#forwardOrder = order;
    this.#isForwardMoved = true;
  }

  applyReading(line: OptionLine, reading: ContractReading, order: number): void {
    const { at, forward, markVol, bid, ask, openInterest } = reading;
    if (forward !== undefined) this.applyForward(forward, at, order);
    if (order >= line.volOrder) this.#setVol(line, markVol, at, order);
    if (order < line.sidesOrder) return;
    const priced = (price: number | undefined): Vol | undefined => {
      if (price === undefined || forward === undefined) return undefined;
      // An inverse option's price is in coin: its worth in the strike's money is the price times its own forward.
      const worth = this.#settlement === 'coin' ? price * forward : price;
      return pricedVol({ expiry: this.expiry, strike: line.strike, type: line.type }, at, forward, worth);
    };
    const [bidVol, askVol] = [priced(bid), priced(ask)];
    const isSame = bidVol === line.bidVol && askVol === line.askVol && openInterest === line.openInterest;
    if (isSame && at === line.sidesAt) return;
    line.bidVol = bidVol;
    line.askVol = askVol;
    line.openInterest = openInterest ?? line.openInterest;
    line.sidesAt = at;
    line.sidesOrder = order;
    this.#moved.add(line);
  }

  /** A mark of the channel of marks, its vol a fraction; undefined where it came as no number. */
  applyMark(line: OptionLine, mark: number | undefined, vol: number | undefined, at: Timestamp, order: number): void {
    if (order < line.volOrder) return;
    line.mark = mark;
    this.#setVol(line, vol === undefined ? undefined : heldVol(vol), at, order);
  }

  #setVol(line: OptionLine, vol: Vol | undefined, at: Timestamp, order: number): void {
    if (vol === line.vol && at === line.volAt) return;
    line.vol = vol;
    line.volAt = at;
    line.volOrder = order;
    this.#moved.add(line);
  }

  /** After marks of one moment: the forward that they imply is that of the expiry. */
  implyForward(at: Timestamp, order: number): void {
    if (order <= this.#forwardOrder) return;
    const forward = this.#impliedAt(at);
    if (forward !== null) this.applyForward(forward, at, order);
  }

  /** The same where the forward is that of a future: told beside it, so that one can be set against the other. */
  compareForward(at: Timestamp): void {
    this.#implied = this.#impliedAt(at);
  }

  #impliedAt(at: Timestamp): number | null {
    if (this.#forward === undefined) return null;
    const pairs = this.#ladder.flatMap((strike) => {
      const { C: call, P: put } = this.#strikes.get(strike)!;
      const isOfNow = call?.volAt === at && put?.volAt === at;
      return isOfNow && call.mark !== undefined && put.mark !== undefined
        ? [{ strike, call: call.mark, put: put.mark }]
        : [];
    });
    return impliedForward(pairs, this.#forward, this.#settlement);
  }

  /** The expiry as a whole, told from now on; null before it has a forward. */
  whole(usdPerMoney: number): ExpiryMarket | null {
    const market = this.#forwardInUsd(usdPerMoney);
    if (market === null) return null;
    this.#isTold = true;
    this.#forget();
    const quotes = this.#ladder.flatMap((strike) => {
      const { C: call, P: put } = this.#strikes.get(strike)!;
      return [call, put].flatMap((line) => (line === undefined ? [] : [quote(line)]));
    });
    return { expiry: this.expiry, ...market, discount: 1, quotes };
  }

  /** What has moved since it was last told; null when nothing has, or before it has a forward. */
  takeDelta(usdPerMoney: number, isMoneyMoved: boolean): ExpiryDelta | null {
    if (!this.#isTold) return this.whole(usdPerMoney);
    const forward = this.#isForwardMoved || isMoneyMoved ? this.#forwardInUsd(usdPerMoney) : null;
    if (forward === null && this.#moved.size === 0 && this.#delisted.length === 0) return null;
    const delta: ExpiryDelta = {
      expiry: this.expiry,
      ...forward,
      ...(this.#moved.size === 0 ? {} : { quotes: [...this.#moved].map(quote) }),
      ...(this.#delisted.length === 0 ? {} : { delisted: this.#delisted }),
      ...(this.#implied === null ? {} : { impliedForward: this.#implied * usdPerMoney }),
    };
    this.#forget();
    return delta;
  }

  #forget(): void {
    this.#moved.clear();
    this.#delisted = [];
    this.#isForwardMoved = false;
    this.#implied = null;
  }

  #forwardInUsd(usdPerMoney: number): { forward: number; timestamp: Timestamp } | null {
    if (this.#forward === undefined || this.#forwardAt === undefined) return null;
    return { forward: this.#forward * usdPerMoney, timestamp: this.#forwardAt };
  }
}

function quote(line: OptionLine): OptionQuote {
  const { strike, type, vol, volAt, bidVol, askVol, sidesAt, openInterest } = line;
  const result: { -readonly [K in keyof OptionQuote]: OptionQuote[K] } = { strike, type };
  if (vol !== undefined) result.markIv = vol;
  const areSidesOfNow = sidesAt !== undefined && (volAt === undefined || volAt - sidesAt <= LONGEST_SIDES_MS);
  if (areSidesOfNow && bidVol !== undefined) result.bidIv = bidVol;
  if (areSidesOfNow && askVol !== undefined) result.askIv = askVol;
  if (openInterest !== undefined) result.openInterest = openInterest;
  const timestamp = volAt ?? sidesAt;
  if (timestamp !== undefined) result.timestamp = timestamp;
  return result;
}

import type { ExpiryDelta } from '../../../engine/domain/marketDelta.ts';
import type { ExpiryMarket, OptionQuote, UnderlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import { type Timestamp, type Usd, yearFraction } from '../../../engine/domain/units.ts';
import {
  type SimulatedSlice,
  type SurfaceState,
  simulatedSlices,
  simulatedSliceVol,
} from '../../../engine/simulation/simulatedSurface.ts';
import { type ListedExpiry, listedExpiries } from '../listedExpiries.ts';
import type { Coin } from '../simulatedCoins.ts';
import { cents, halfSpread, rounded, simulatedQuote } from '../simulatedQuotes.ts';
import { LISTINGS, strikeLadder } from '../strikeLadder.ts';

/** Strikes join when the forward has gone so many standard deviations since they were last laid out. */
const RELISTING_DEVIATIONS = 0.5;

interface ListedOptions {
  readonly expiry: Timestamp;
  /** Forward that the strikes were last laid out around; null before they were. */
  laidOutAt: Usd | null;
  /** As last told, by strike and type. */
  readonly quotes: Map<string, OptionQuote>;
}

/** The listed options of one coin: which there are, and their quotes as last told. */
export class SimulatedOptions {
  private listed: ListedOptions[];
  /** Annual rates by which forwards exceeded the index at the start, by years to expiry, ascending. */
  private readonly carry: readonly (readonly [years: number, rate: number])[];

  constructor(
    private readonly coin: Coin,
    { expiries, index }: UnderlyingMarket,
    asOf: Timestamp,
  ) {
    const left = expiries.filter(({ expiry }) => expiry > asOf);
    this.carry = left.map(({ expiry, forward }) => {
      const years = yearFraction(asOf, expiry);
      return [years, Math.log(forward / index) / years];
    });
    this.listed = left.map(({ expiry, forward, quotes }: ExpiryMarket) => ({
      expiry,
      laidOutAt: forward,
      quotes: new Map(quotes.map((quote) => [`${quote.strike}${quote.type}`, quote])),
    }));
  }

  /** Takes out what has expired, and answers it. */
  delist(asOf: Timestamp): readonly Timestamp[] {
    const gone = this.listed.filter(({ expiry }) => expiry <= asOf).map(({ expiry }) => expiry);
    if (gone.length > 0) this.listed = this.listed.filter(({ expiry }) => expiry > asOf);
    return gone;
  }

  /** Takes in what an exchange lists at an instant; it has no quotes until the next `quote`. */
  list(asOf: Timestamp): void {
    for (const { expiry } of listedExpiries(asOf)) {
      if (this.listed.some((other) => other.expiry === expiry)) continue;
      this.listed.push({ expiry, laidOutAt: null, quotes: new Map() });
    }
    this.listed.sort((one, other) => one.expiry - other.expiry);
  }

  /** Forwards and those quotes that are not what was told last. */
  quote(index: Usd, surface: SurfaceState, spreadFactor: number, asOf: Timestamp): readonly ExpiryDelta[] {
    const years = this.listed.map(({ expiry }) => yearFraction(asOf, expiry));
    const slices = simulatedSlices(surface, years);
    const listing = listedExpiries(asOf);
    return this.listed.map((options, place) => {
      const slice = slices[place]!;
      const forward = cents(index * Math.exp(this.carryOver(slice.years) * slice.years));
      this.layOut(options, forward, slice, listing);
      const quotes = this.changedQuotes(options, forward, slice, spreadFactor, asOf);
      return { expiry: options.expiry, forward, timestamp: asOf, ...(quotes.length === 0 ? {} : { quotes }) };
    });
  }

  private layOut(options: ListedOptions, forward: Usd, slice: SimulatedSlice, listing: readonly ListedExpiry[]): void {
    // Strikes are laid out as far as a day moves at least.
    const deviation = simulatedSliceVol(slice, 0) * Math.sqrt(Math.max(slice.years, 1 / 365));
    if (
      options.laidOutAt !== null &&
      Math.abs(Math.log(forward / options.laidOutAt)) < RELISTING_DEVIATIONS * deviation
    )
      return;
    const kind = listing.find(({ expiry }) => expiry === options.expiry)?.kind ?? 'monthly';
    for (const strike of strikeLadder(this.coin.strikeSteps, forward, deviation, LISTINGS[kind]).strikes) {
      for (const type of ['C', 'P'] as const) {
        const key = `${strike}${type}`;
        if (!options.quotes.has(key)) options.quotes.set(key, { strike, type, openInterest: 0 });
      }
    }
    options.laidOutAt = forward;
  }

  private changedQuotes(
    options: ListedOptions,
    forward: Usd,
    slice: SimulatedSlice,
    spreadFactor: number,
    asOf: Timestamp,
  ): readonly OptionQuote[] {
    const { coin } = this;
    const deviation = simulatedSliceVol(slice, 0) * Math.sqrt(slice.years);
    const changed: OptionQuote[] = [];
    for (const [key, last] of options.quotes) {
      const { strike, type, openInterest } = last;
      const k = Math.log(strike / forward);
      const deviations = k / deviation;
      const mark = rounded(simulatedSliceVol(slice, k));
      // Far out a spread would go on growing with the square.
      const half = halfSpread(coin, slice.years, Math.min(Math.abs(deviations), FURTHEST_SPREAD)) * spreadFactor;
      const quote = simulatedQuote(coin, type, { forward, strike, years: slice.years, deviations }, mark, half);
      if (quote.markIv === last.markIv && quote.bidIv === last.bidIv && quote.askIv === last.askIv) continue;
      const told = { ...quote, ...(openInterest === undefined ? {} : { openInterest }), timestamp: asOf };
      options.quotes.set(key, told);
      changed.push(told);
    }
    return changed;
  }

  /** Linear between the expiries of the start. */
  private carryOver(years: number): number {
    const { carry } = this;
    const next = carry.findIndex(([at]) => at >= years);
    if (carry.length === 0) return 0;
    if (next === 0) return carry[0]![1];
    if (next < 0) return carry.at(-1)![1];
    const [[from, one], [to, other]] = [carry[next - 1]!, carry[next]!];
    return one + ((other - one) * (years - from)) / (to - from);
  }
}

/** In standard deviations. */
const FURTHEST_SPREAD = 4;

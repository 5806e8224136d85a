import { MILLISECONDS_PER_DAY } from '../../../engine/domain/units.ts';
import type { ContractReading } from './contractReading.ts';
import type { DeribitMarket } from './DeribitMarket.ts';
import {
  bookSummaries,
  CURRENCIES,
  type Currency,
  hasUsdcIndex,
  indexPrice,
  listedOptions,
  USDC_INDEX,
} from './marketLoad.ts';
import { type ListedContract, marketInstrument } from './parseListing.ts';
import { RpcError } from './parseRpcMessage.ts';
import type { VenueCalls } from './VenueCalls.ts';

/** The listing is long and dear: it is asked for once an hour, after the day's expiry, and when the stream knows more. */
const LISTING_HOLDS_MS = 3_600_000;
const OLD_LISTING_HOLDS_MS = 60_000;
/** When the day's new contracts are listed, after the expiry at 08:00 UTC. */
const LISTED_AT_MS = 8 * 3_600_000 + 60_000;

/** Every price is turned into a vol: so many at once hold up a page for a few milliseconds. */
const READINGS_AT_ONCE = 200;

interface Listing {
  readonly at: number;
  readonly options: readonly ListedContract[];
}

interface LoadedCurrency {
  readonly currency: Currency;
  readonly listing: Listing;
  readonly readings: readonly ContractReading[];
}

/** Listings and book summaries, by currency, into a market. Never rejects: what does not come is a problem of its currency. */
export class CurrencyLoader {
  readonly #calls: VenueCalls;
  readonly #now: () => number;
  readonly #listings = new Map<Currency, Listing>();
  readonly #pending = new Map<Currency, Promise<Listing>>();
  readonly #problems = new Map<Currency, string>();
  /** Which listings a market has been given already: what has joined it since must not be taken out by the same ones again. */
  readonly #given = new WeakMap<DeribitMarket, Map<Currency, Listing>>();
  #isListingOld = false;
  #hasUsdcIndex: boolean | null = null;
  #next = 0;
  #isBusy = false;

  constructor(calls: VenueCalls, now: () => number) {
    this.#calls = calls;
    this.#now = now;
  }

  /** Why a currency could not be read the last time; null when all could. */
  get problem(): string | null {
    if (this.#problems.size === 0) return null;
    return [...this.#problems].map(([currency, why]) => `${currency}: ${why}`).join('; ');
  }

  get hasUsdcIndex(): boolean {
    return this.#hasUsdcIndex === true;
  }

  /** The stream knows options that the listing does not. */
  listingIsOld(): void {
    this.#isListingOld = true;
  }

  async loadAll(market: DeribitMarket): Promise<void> {
    const [loaded] = await Promise.all([
      Promise.all(CURRENCIES.map((currency) => this.#loaded(currency))),
      this.#loadUsdcPrice(market),
    ]);
    for (const currency of loaded) if (currency !== null) await this.#apply(market, currency);
    await this.#loadIndices(market);
  }

  /** One currency at a time, in turn; `isWanted` says whether the market is still the one in use when the prices have come. */
  async refreshNext(market: DeribitMarket, isWanted: () => boolean): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const loaded = await this.#loaded(CURRENCIES[this.#next++ % CURRENCIES.length]!);
      if (loaded === null || !isWanted()) return;
      await this.#apply(market, loaded);
      await this.#loadIndices(market);
    } finally {
      this.#isBusy = false;
    }
  }

  async #loaded(currency: Currency): Promise<LoadedCurrency | null> {
    const { call } = this.#calls;
    try {
      const [listing, futureReadings, optionReadings] = await Promise.all([
        this.#listing(currency),
        bookSummaries(call, currency, 'future'),
        bookSummaries(call, currency, 'option'),
      ]);
      this.#problems.delete(currency);
      return { currency, listing, readings: [...futureReadings, ...optionReadings] };
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.#problems.set(currency, error.message);
      return null;
    }
  }

  /** One question a currency at a time: it is dear, and whoever else wants to know waits for the same answer. */
  #listing(currency: Currency): Promise<Listing> {
    const pending = this.#pending.get(currency) ?? this.#askedListing(currency);
    this.#pending.set(currency, pending);
    return pending.finally(() => this.#pending.delete(currency));
  }

  async #askedListing(currency: Currency): Promise<Listing> {
    const now = this.#now();
    const known = this.#listings.get(currency);
    if (known !== undefined) {
      const age = now - known.at;
      const isOfToday = listingDay(known.at) === listingDay(now);
      const holds = this.#isListingOld || known.options.length === 0 ? OLD_LISTING_HOLDS_MS : LISTING_HOLDS_MS;
      if (age >= 0 && age < holds && isOfToday) return known;
    }
    const options = await listedOptions(this.#calls.call, currency);
    const listing = { at: now, options };
    this.#listings.set(currency, listing);
    if ([...this.#listings.values()].every(({ at }) => now - at < OLD_LISTING_HOLDS_MS)) this.#isListingOld = false;
    return listing;
  }

  async #apply(market: DeribitMarket, { currency, listing, readings }: LoadedCurrency): Promise<void> {
    const { venueNow } = this.#calls;
    const given = this.#given.get(market) ?? new Map<Currency, Listing>();
    this.#given.set(market, given);
    if (given.get(currency) !== listing) market.list(currency, listing.options);
    given.set(currency, listing);
    for (const [i, reading] of readings.entries()) {
      if (i > 0 && i % READINGS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
      const instrument = market.has(reading.name) ? null : marketInstrument(reading.name);
      if (instrument !== null && instrument.product !== 'option')
        market.join({ instrument, name: reading.name, indexName: '' });
      market.applyReading(reading, venueNow);
    }
  }

  /** Where the exchange has no index of USDC, or does not give it, a USDC is taken to be a dollar. */
  async #loadUsdcPrice(market: DeribitMarket): Promise<void> {
    const { call } = this.#calls;
    try {
      this.#hasUsdcIndex ??= await hasUsdcIndex(call);
      if (!this.#hasUsdcIndex) return;
      const price = await indexPrice(call, USDC_INDEX);
      market.applyUsdcPrice(price, this.#calls.venueNow, this.#calls.venueNow);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
  }

  async #loadIndices(market: DeribitMarket): Promise<void> {
    await Promise.all(
      market.missingIndices.map(async (name) => {
        try {
          const price = await indexPrice(this.#calls.call, name);
          market.applyIndex(name, price, this.#calls.venueNow, this.#calls.venueNow);
        } catch (error) {
          // The stream brings it too; until then the coin is none of the market.
          if (!(error instanceof RpcError)) throw error;
        }
      }),
    );
  }
}

/** Changes when the day's new contracts have been listed. */
function listingDay(at: number): number {
  return Math.floor((at - LISTED_AT_MS) / MILLISECONDS_PER_DAY);
}

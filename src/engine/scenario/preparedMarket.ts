import { RiskError } from '../domain/failure.ts';
import { expiryCode, type OptionContract } from '../domain/instrument.ts';
import type { SpotVolBeta } from '../domain/marketSummary.ts';
import type { SmileShift } from '../domain/smileEdit.ts';
import type { ExpiryMarket, MarketSnapshot, OptionQuote, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import type { Timestamp } from '../domain/units.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { calibrateSurface, expirySmile } from '../surface/calibrateSurface.ts';
import type { SmileFit, VolSurface } from '../surface/VolSurface.ts';
import { spotVolBetas } from './spotVolBeta.ts';

/** A snapshot with its fitted surfaces, its quotes by contract and the kernels at hand: what every valuation reads. */
export interface PreparedMarket {
  readonly snapshot: MarketSnapshot;
  /** What values batches of its contracts. */
  readonly kernels: Kernels;
  /** By underlying symbol. */
  readonly surfaces: ReadonlyMap<string, VolSurface>;
  readonly underlyings: ReadonlyMap<string, PreparedUnderlying>;
}

export interface PreparedUnderlying {
  readonly market: UnderlyingMarket;
  readonly spotVolBeta: SpotVolBeta | null;
  readonly expiries: ReadonlyMap<number, PreparedExpiry>;
}

export interface PreparedExpiry {
  readonly market: ExpiryMarket;
  /** Null when the expiry is not after the market's as-of time. */
  readonly fit: SmileFit | null;
  readonly quotes: ReadonlyMap<string, OptionQuote>;
  /** Present when a person has bent the smile: `fit` is then the bent one. */
  readonly edit?: {
    /** The market's own. */
    readonly fit: SmileFit;
    readonly shift: SmileShift;
    /** Equal keys in one market mean equal edits. */
    readonly key: string;
  };
}

/** A snapshot with what takes long to prepare of it, as one thread hands it to another: plain data. */
export interface FittedMarket {
  readonly snapshot: MarketSnapshot;
  /** Of the coins whose smiles have been fitted. */
  readonly surfaces: readonly VolSurface[];
}

/** Fits every smile of a snapshot. Never throws: what cannot be fitted is said in the surface. */
export function prepareMarket(snapshot: MarketSnapshot, kernels: Kernels = referenceKernels): PreparedMarket {
  const surfaces = snapshot.underlyings.map((market) => calibrateSurface(market, snapshot.asOf));
  return preparedMarket({ snapshot, surfaces }, kernels);
}

/**
 * A market of which some smiles have been fitted; the others are when they are first read, to the same smiles, so that a book's figures
 * in a market that moves wait for the smiles of its own expiries alone.
 */
export function preparedMarket({ snapshot, surfaces: fitted }: FittedMarket, kernels: Kernels): PreparedMarket {
  const { asOf } = snapshot;
  const surfaces = new LaterMap(
    snapshot.underlyings.map((market) => [market.symbol, () => calibrateSurface(market, asOf)] as const),
    fitted.map((surface) => [surface.underlying, surface] as const),
  );
  const betas = spotVolBetas(snapshot.underlyings, asOf);
  const underlyings = snapshot.underlyings.map((market): [string, PreparedUnderlying] => {
    const { symbol } = market;
    const known = fitted.find(({ underlying }) => underlying === symbol);
    const fits = known && new Map(known.fits.map((fit) => [fit.expiry, fit]));
    const expiries = market.expiries.map((expiry): [number, PreparedExpiry] => {
      const smile = () => (expiry.expiry > asOf ? expirySmile(symbol, expiry, asOf) : null);
      return [expiry.expiry, fits ? readExpiry(expiry, fits.get(expiry.expiry) ?? null) : laterExpiry(expiry, smile)];
    });
    return [symbol, { market, spotVolBeta: betas.get(symbol) ?? null, expiries: new Map(expiries) }];
  });
  return { snapshot, kernels, surfaces, underlyings: new Map(underlyings) };
}

/** Values that are computed when they are first asked for, each once; whoever goes through them all has them all computed. */
class LaterMap<Key, Value> extends Map<Key, Value> {
  readonly #later: ReadonlyMap<Key, () => Value>;

  constructor(later: readonly (readonly [Key, () => Value])[], known: readonly (readonly [Key, Value])[]) {
    super(known);
    this.#later = new Map(later);
  }

  override get(key: Key): Value | undefined {
    const known = super.get(key);
    if (known !== undefined) return known;
    const value = this.#later.get(key)?.();
    if (value !== undefined) this.set(key, value);
    return value;
  }

  override entries(): MapIterator<[Key, Value]> {
    for (const key of this.#later.keys()) this.get(key);
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }
}

function readExpiry(market: ExpiryMarket, fit: SmileFit | null): PreparedExpiry {
  return { market, fit, quotes: quotesOf(market) };
}

function laterExpiry(market: ExpiryMarket, smile: () => SmileFit | null): PreparedExpiry {
  let fit: SmileFit | null | undefined;
  return {
    market,
    get fit() {
      if (fit === undefined) fit = smile();
      return fit;
    },
    quotes: quotesOf(market),
  };
}

const quotesByExpiry = new WeakMap<ExpiryMarket, ReadonlyMap<string, OptionQuote>>();

/** An expiry that has not moved is the same object in the market after, and its quotes are found the same way. */
function quotesOf(market: ExpiryMarket): ReadonlyMap<string, OptionQuote> {
  let quotes = quotesByExpiry.get(market);
  if (quotes === undefined)
    quotesByExpiry.set(market, (quotes = new Map(market.quotes.map((quote) => [quoteKey(quote), quote]))));
  return quotes;
}

/** The market's quote of an option, if it lists one. */
export function optionQuote(expiry: PreparedExpiry, option: OptionContract): OptionQuote | undefined {
  return expiry.quotes.get(quoteKey({ strike: option.strike, type: option.optionType }));
}

/** @throws RiskError `unknown-instrument` when the market does not have the underlying. */
export function preparedUnderlying(market: PreparedMarket, symbol: string): PreparedUnderlying {
  const found = market.underlyings.get(symbol);
  if (found) return found;
  const known = [...market.underlyings.keys()].join(', ') || 'nothing';
  throw new RiskError('unknown-instrument', `This market has no ${symbol}; it has ${known}`);
}

/** @throws RiskError `unknown-instrument` when the market does not have the underlying, or does not list the expiry. */
export function preparedExpiry(market: PreparedMarket, symbol: string, expiry: Timestamp): PreparedExpiry {
  const found = preparedUnderlying(market, symbol).expiries.get(expiry);
  if (found) return found;
  throw new RiskError('unknown-instrument', `This market does not list ${symbol} ${expiryCode(expiry)}`);
}

function quoteKey(quote: Pick<OptionQuote, 'strike' | 'type'>): string {
  return `${quote.strike}${quote.type}`;
}

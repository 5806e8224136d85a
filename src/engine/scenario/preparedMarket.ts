import { RiskError } from '../domain/failure.ts';
import { expiryCode, type OptionContract } from '../domain/instrument.ts';
import type { SpotVolBeta } from '../domain/marketSummary.ts';
import type { SmileShift } from '../domain/smileEdit.ts';
import type { ExpiryMarket, MarketSnapshot, OptionQuote, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import type { Timestamp } from '../domain/units.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { calibrateSurface } from '../surface/calibrateSurface.ts';
import type { SmileFit, VolSurface } from '../surface/VolSurface.ts';
import type { ValuesByKey } from './laterValues.ts';
import { spotVolBetas } from './spotVolBeta.ts';

/** A snapshot with its fitted surfaces, its quotes by contract and the kernels at hand: what every valuation reads. */
export interface PreparedMarket {
  readonly snapshot: MarketSnapshot;
  /** What values batches of its contracts. */
  readonly kernels: Kernels;
  /** By underlying symbol. */
  readonly surfaces: ValuesByKey<string, VolSurface>;
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
  /** In the snapshot's order. */
  readonly surfaces: readonly VolSurface[];
}

/** Fits every smile of a snapshot. Never throws: what cannot be fitted is said in the surface. */
export function prepareMarket(snapshot: MarketSnapshot, kernels: Kernels = referenceKernels): PreparedMarket {
  const surfaces = snapshot.underlyings.map((market) => calibrateSurface(market, snapshot.asOf));
  return preparedMarket({ snapshot, surfaces }, kernels);
}

/** A market whose smiles have all been fitted. */
export function preparedMarket({ snapshot, surfaces: fitted }: FittedMarket, kernels: Kernels): PreparedMarket {
  const surfaces = new Map(fitted.map((surface) => [surface.underlying, surface]));
  const betas = spotVolBetas(snapshot.underlyings, snapshot.asOf);
  const underlyings = snapshot.underlyings.map((market): [string, PreparedUnderlying] => {
    const fits = new Map(surfaces.get(market.symbol)!.fits.map((fit) => [fit.expiry, fit]));
    const expiries = market.expiries.map((expiry): [number, PreparedExpiry] => [
      expiry.expiry,
      { market: expiry, fit: fits.get(expiry.expiry) ?? null, quotes: quotesOf(expiry) },
    ]);
    return [market.symbol, { market, spotVolBeta: betas.get(market.symbol) ?? null, expiries: new Map(expiries) }];
  });
  return { snapshot, kernels, surfaces, underlyings: new Map(underlyings) };
}

export function quotesOf({ quotes }: ExpiryMarket): PreparedExpiry['quotes'] {
  return new Map(quotes.map((quote) => [quoteKey(quote), quote]));
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

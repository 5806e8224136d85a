import type { ExpiryMarket, MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { calibrateSurface, expirySmile } from '../surface/calibrateSurface.ts';
import type { SmileFit } from '../surface/VolSurface.ts';
import { laterValues } from './laterValues.ts';
import { type PreparedExpiry, type PreparedMarket, type PreparedUnderlying, quotesOf } from './preparedMarket.ts';
import { spotVolBetas } from './spotVolBeta.ts';

/**
 * A snapshot whose smiles are fitted when they are first read, to those that `prepareMarket` gives: in a market that moves, a book's figures
 * wait for the smiles of its own expiries alone.
 */
export function laterMarket(snapshot: MarketSnapshot, kernels: Kernels): PreparedMarket {
  const { asOf, underlyings } = snapshot;
  const surfaces = laterValues(underlyings.map((market) => [market.symbol, () => calibrateSurface(market, asOf)]));
  const betas = spotVolBetas(underlyings, asOf);
  const prepared = underlyings.map((market): [string, PreparedUnderlying] => {
    const { symbol } = market;
    const expiries = market.expiries.map((expiry): [number, PreparedExpiry] => [
      expiry.expiry,
      laterExpiry(expiry, () => (expiry.expiry > asOf ? expirySmile(symbol, expiry, asOf) : null)),
    ]);
    return [symbol, { market, spotVolBeta: betas.get(symbol) ?? null, expiries: new Map(expiries) }];
  });
  return { snapshot, kernels, surfaces, underlyings: new Map(prepared) };
}

function laterExpiry(market: ExpiryMarket, smile: () => SmileFit | null): PreparedExpiry {
  let fit: SmileFit | null | undefined;
  return {
    market,
    get fit() {
      if (fit === undefined) fit = smile();
      return fit;
    },
    quotes: rememberedQuotes(market),
  };
}

const quotesByExpiry = new WeakMap<ExpiryMarket, PreparedExpiry['quotes']>();

/** An expiry that has not moved is the same object in the market after, and its quotes are found the same way. */
function rememberedQuotes(market: ExpiryMarket): PreparedExpiry['quotes'] {
  let quotes = quotesByExpiry.get(market);
  if (quotes === undefined) quotesByExpiry.set(market, (quotes = quotesOf(market)));
  return quotes;
}

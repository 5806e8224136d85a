import type { MarketSnapshot } from './domain/marketSnapshot.ts';
import type { MarketSummary } from './domain/marketSummary.ts';

/**
 * The summary of a market that has moved, from that of the moment before: prices are those of now; vols, listings and notices, which take
 * every smile, stay until the market is summed up as a whole. Coins and expiries that are gone are left out.
 */
export function movedSummary(
  before: MarketSummary,
  { id, asOf, underlyings, stablecoins }: MarketSnapshot,
): MarketSummary {
  const bySymbol = new Map(underlyings.map((underlying) => [underlying.symbol, underlying]));
  return {
    ...before,
    id,
    asOf,
    stablecoins,
    underlyings: before.underlyings.flatMap((known) => {
      const now = bySymbol.get(known.symbol);
      if (now === undefined) return [];
      const forwards = new Map(now.expiries.map(({ expiry, forward }) => [expiry, forward]));
      const listed = known.expiries.flatMap((each) => {
        const forward = forwards.get(each.expiry);
        return forward === undefined || each.expiry <= asOf ? [] : [{ ...each, forward }];
      });
      return [{ ...known, index: now.index, perpetualMark: now.perpetual?.mark ?? null, expiries: listed }];
    }),
  };
}

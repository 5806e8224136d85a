import type { MarketSnapshot } from '../../src/engine/domain/marketSnapshot.ts';

/**
 * The market without its last expiries, as few of them as leave at least so many options: of the coin that lists the most, in turn.
 * What stays is as it was, so the market is as consistent as before.
 */
export function trimmedMarket(market: MarketSnapshot, leastOptions: number): MarketSnapshot {
  let underlyings = market.underlyings;
  for (;;) {
    const counts = underlyings.map(({ expiries }) => expiries.reduce((sum, { quotes }) => sum + quotes.length, 0));
    const widest = counts.indexOf(Math.max(...counts));
    const { expiries } = underlyings[widest]!;
    const left = counts.reduce((sum, count) => sum + count, 0) - expiries.at(-1)!.quotes.length;
    if (left < leastOptions || expiries.length === 1) return { ...market, underlyings };
    underlyings = underlyings.with(widest, { ...underlyings[widest]!, expiries: expiries.slice(0, -1) });
  }
}

import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import { listedOption } from '../engine/domain/instrument.ts';
import type { AppState } from '../state/AppState.ts';
import type { AppStore } from '../state/store.ts';

/** What the feed should bring first: the legs of the book, then the options of the chain that is open. */
export function watchedInstruments({ book, market, underlying, chainExpiry }: AppState): readonly string[] {
  const coin = market?.underlyings.find(({ symbol }) => symbol === underlying);
  const chain = coin?.expiries.find(({ expiry }) => expiry === chainExpiry);
  const options = chain?.strikes.flatMap((strike) =>
    (['C', 'P'] as const).map((type) => listedOption({ underlying, expiry: chain.expiry }, strike, type).name),
  );
  return [...new Set([...book.legs.map(({ instrument }) => instrument), ...(options ?? [])])];
}

/** Tells a feed what is looked at, now and whenever that changes. Answers what ends it. */
export function watchInstruments(store: AppStore, feed: MarketFeed): () => void {
  if (feed.watch === undefined) return () => {};
  let told: readonly string[] = [];
  const tell = () => {
    const names = watchedInstruments(store.getState());
    if (names.length === told.length && names.every((name, i) => name === told[i])) return;
    told = names;
    feed.watch?.(names);
  };
  tell();
  // A market that only moves lists what it listed before.
  const ends = [
    store.subscribe((state) => state.book.legs, tell),
    store.subscribe((state) => state.underlying, tell),
    store.subscribe((state) => state.chainExpiry, tell),
  ];
  return () => {
    for (const end of ends) end();
  };
}

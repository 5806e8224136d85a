import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import type { ReplayFeed } from '../adapters/market/replay/replayFeed.ts';
import { timelineMoments } from '../adapters/market/replay/timelineMoments.ts';
import type { AppStore } from '../state/store.ts';

/** Puts the hands on a replay and the place where it stands into the store, where the feed is one; answers what takes them away. */
export function showReplay(store: AppStore, feed: MarketFeed): () => void {
  if (!isReplay(feed)) return () => {};
  const { name, blob, index } = feed.recording;
  const { from, to, end, marks } = index;
  const fixed = { name, recording: blob, end, from, to, marks, moments: timelineMoments(index), controls: feed };
  const stop = feed.watchPosition(({ state, message, position }) =>
    store.setState({ replay: { ...fixed, state, message, at: position?.at ?? from, speed: position?.speed ?? 1 } }),
  );
  return () => {
    stop();
    store.setState({ replay: null });
  };
}

function isReplay(feed: MarketFeed): feed is ReplayFeed {
  return 'recording' in feed && 'seek' in feed;
}

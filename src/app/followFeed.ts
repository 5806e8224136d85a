import type { QueryClient } from '@tanstack/react-query';
import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import { followMarket as followMoves, type MarketFollower } from '../compute/marketFollower.ts';
import type { RiskClient } from '../compute/riskClient.ts';
import type { FeedStatus } from '../engine/domain/feedStatus.ts';
import type { MarketDelta } from '../engine/domain/marketDelta.ts';
import type { MarketQuality } from '../engine/domain/marketQuality.ts';
import { isSameMarket, type MarketSnapshot, movesOf } from '../engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import { startMarketStream } from '../queries/marketStream.ts';
import type { AppStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import { createStandingDoubts } from './standingDoubts.ts';

/** Statuses and qualities that only bring new ages are shown so seldom at most. */
const SHOW_PAUSE_MS = 1_000;

export interface FollowFeedOptions {
  readonly store: AppStore;
  readonly client: RiskClient;
  readonly queryClient: QueryClient;
  /** May bring in the book that belongs to the first market, before anything is computed. */
  readonly before: (market: MarketSummary) => void | Promise<void>;
  /** Told of everything that is accepted: what is recorded and kept. */
  readonly onMarket?: (market: MarketSnapshot) => void;
  readonly onMove?: (market: MarketSnapshot, delta: MarketDelta) => void;
}

export interface FollowedFeed {
  /** While another market is being opened, the engine is told nothing of this one. */
  hold(isHeld: boolean): void;
  /** The last market stays. */
  end(): void;
}

/** Follows a moving market on the screen: its values are judged, go into the cache, and take the engine and the store along. */
export function followFeed(feed: MarketFeed, options: FollowFeedOptions): FollowedFeed {
  const { store, client, queryClient, before } = options;
  let isEnded = false;
  let isHeld = false;
  let follower: MarketFollower | null = null;
  const now = () => Date.now();
  const report = (message: string) =>
    store
      .getState()
      .showNotice({ id: 'feed', severity: 'problem', message: `The market could not be followed. ${message}` });

  /** Markets are opened one after the other; what moves in the meantime is caught up with as a whole. */
  let opening: Promise<void> = Promise.resolve();
  let wanted: MarketSnapshot | null = null;
  let newest: MarketSnapshot | null = null;
  const open = async (market: MarketSnapshot) => {
    if (isEnded || market !== wanted) return;
    follower?.end();
    follower = null;
    const opened = await client.openMarket(market);
    if (isEnded) return;
    if (!opened.ok) return report(opened.failure.message);
    const known = store.getState().market;
    if (known === null || !isSameMarket(known.id, market.id)) await before(opened.value);
    if (isEnded) return;
    store.getState().setMarket(opened.value);
    store.getState().dismissNotice('feed');
    const started = followMoves({ store, client, now, afterPaint, onFailure: ({ message }) => report(message) });
    started.opened(market, newest ?? market);
    started.hold(isHeld);
    follower = started;
  };

  const showStatus = seldom((status: FeedStatus) => store.setState({ feed: status }), statusKey);
  const showQuality = seldom((quality: MarketQuality) => store.setState({ quality }), qualityKey);
  const doubts = createStandingDoubts();
  const unwatchFigures = store.subscribe(
    ({ newest: painted }) => painted?.id ?? null,
    (id) => {
      const quality =
        id !== null && newest !== null && isSameMarket(id, newest.id) ? doubts.painted(movesOf(id)) : null;
      if (quality !== null) showQuality.show(quality);
    },
  );
  const stop = startMarketStream({
    feed,
    queryClient,
    firstId: crypto.randomUUID(),
    now,
    onMarket(market) {
      wanted = market;
      newest = market;
      doubts.moved(movesOf(market.id));
      options.onMarket?.(market);
      opening = opening.then(() => open(market));
    },
    onMove(market, delta) {
      newest = market;
      doubts.moved(movesOf(market.id));
      options.onMove?.(market, delta);
      follower?.moved(market, delta);
    },
    onStatus: showStatus.show,
    onQuality: (quality) => showQuality.show(doubts.judged(quality)),
  });

  return {
    hold(held) {
      isHeld = held;
      follower?.hold(held);
    },
    end() {
      isEnded = true;
      stop();
      unwatchFigures();
      showStatus.end();
      showQuality.end();
      follower?.end();
      store.setState({ feed: null, quality: null });
    },
  };
}

/** What of a status is news at once. */
function statusKey({ state, message, attempts, position }: FeedStatus): string {
  return [state, message, attempts, position?.speed, position?.from, position?.to].join(' ');
}

/** What of a quality is news at once. */
function qualityKey({ doubts }: MarketQuality): string {
  return doubts
    .map(({ underlying, kind, reason, instrument, expiry }) => [underlying, kind, reason, instrument, expiry].join(' '))
    .join();
}

/** Shows what is news at once, and the newest of the rest after a while. */
function seldom<T>(showNow: (value: T) => void, key: (value: T) => string) {
  let shown: { readonly key: string; readonly at: number } | null = null;
  let waiting: T | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const put = (value: T) => {
    clearTimeout(timer);
    timer = undefined;
    waiting = null;
    shown = { key: key(value), at: Date.now() };
    showNow(value);
  };
  return {
    show(value: T) {
      if (shown === null || shown.key !== key(value) || Date.now() - shown.at >= SHOW_PAUSE_MS) return put(value);
      waiting = value;
      timer ??= setTimeout(() => waiting !== null && put(waiting), SHOW_PAUSE_MS);
    },
    end: () => clearTimeout(timer),
  };
}

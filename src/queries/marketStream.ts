import type { QueryClient } from '@tanstack/react-query';
import type { FeedListener, MarketFeed } from '../adapters/market/MarketFeed.ts';
import type { FeedStatus } from '../engine/domain/feedStatus.ts';
import { type MarketDelta, movedMarket } from '../engine/domain/marketDelta.ts';
import type { MarketQuality } from '../engine/domain/marketQuality.ts';
import { type MarketSnapshot, movedMarketId } from '../engine/domain/marketSnapshot.ts';
import { createMarketGuard, type MarketGuard } from '../engine/integrity/marketGuard.ts';

/** Under this key the cache holds the newest market that was accepted, a MarketSnapshot. */
export const MOVING_MARKET_KEY = ['market', 'moving'] as const;
/** How often time alone is asked what it has made stale. */
const CHECK_PAUSE_MS = 1_000;

export interface MarketStreamOptions {
  readonly feed: MarketFeed;
  readonly queryClient: QueryClient;
  /** Judges every value; null: the values are taken as they come, as those of all but live feeds are unless one is given. */
  readonly guard?: MarketGuard | null;
  /** Of the first market; what follows is numbered from it. */
  readonly firstId: string;
  /** This device's clock. */
  readonly now: () => number;
  readonly onMarket: (market: MarketSnapshot) => void;
  readonly onMove: (market: MarketSnapshot, delta: MarketDelta) => void;
  readonly onStatus: (status: FeedStatus) => void;
  readonly onQuality: (quality: MarketQuality) => void;
}

/**
 * Lets a feed write into the cache: what the guard accepts of it becomes the newest market there, and is told. Answers what ends it.
 */
export function startMarketStream(options: MarketStreamOptions): () => void {
  const { feed, queryClient, firstId, now, onMarket, onMove, onStatus, onQuality } = options;
  const { guard = feed.source.kind === 'live' ? createMarketGuard() : null } = options;
  let market: MarketSnapshot | null = null;
  let number = 0;
  let clockOffsetMs = 0;
  /** By the venue's clock. */
  const venueNow = () => now() + clockOffsetMs;
  const nextId = () => {
    number += 1;
    return number === 1 ? firstId : movedMarketId(firstId, number - 1);
  };
  const keep = (kept: MarketSnapshot) => {
    market = kept;
    queryClient.setQueryData(MOVING_MARKET_KEY, kept);
  };

  function move(delta: MarketDelta): void {
    if (market === null) return;
    let accepted: MarketDelta | null = delta;
    if (guard !== null) {
      const judged = guard.move(delta, venueNow());
      onQuality(judged.quality);
      accepted = judged.delta;
    }
    if (accepted === null) return;
    // Between two messages the market's time has been this device's reading of the venue's clock.
    const moved = { ...accepted, asOf: Math.max(accepted.asOf, market.asOf) };
    const after = movedMarket(market, moved, nextId());
    keep(after);
    onMove(after, moved);
  }

  const listener: FeedListener = {
    onMarket(whole) {
      const accepted = guard === null ? whole : guard.open(whole, venueNow());
      const opened = { ...('market' in accepted ? accepted.market : accepted), id: nextId() };
      keep(opened);
      onMarket(opened);
      if ('quality' in accepted) onQuality(accepted.quality);
    },
    onDelta: move,
    onStatus(status) {
      clockOffsetMs = status.clockOffsetMs ?? clockOffsetMs;
      onStatus(status);
    },
  };

  // A market is replaced, never compared: it shares what did not move with the one before as it is.
  queryClient.setQueryDefaults(MOVING_MARKET_KEY, { structuralSharing: false, gcTime: Number.POSITIVE_INFINITY });
  const stop = feed.start(listener);
  const timer =
    guard === null
      ? undefined
      : setInterval(() => {
          // Values that grow old lose confidence, and what is charged for that follows.
          move({ asOf: venueNow(), underlyings: [] });
        }, CHECK_PAUSE_MS);
  return () => {
    clearInterval(timer);
    stop();
  };
}

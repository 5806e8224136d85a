import type { FeedStatus } from '../../engine/domain/feedStatus.ts';
import type { MarketDelta } from '../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';

/** A market that moves: a venue's stream, a recording, a simulation. */
export interface MarketFeed {
  readonly source: MarketSnapshot['source'];
  /** Starts it; answers what ends it for good, after which nothing more is told. Never throws: what fails is told as a status. */
  start(listener: FeedListener): () => void;
  /**
   * Instruments that are on the screen or in the book, whose prices should come as fast as the source has them: all of them
   * each time, in place of those named before. Before the start too. A feed that gives everything at one pace has no need of it.
   */
  watch?(instruments: readonly string[]): void;
}

export interface FeedListener {
  /** A whole market: the first, and again after every gap that deltas cannot bridge. Replaces all that came before. */
  onMarket(market: Omit<MarketSnapshot, 'id'>): void;
  /** What moved since. Never before the first market. */
  onDelta(delta: MarketDelta): void;
  onStatus(status: FeedStatus): void;
}

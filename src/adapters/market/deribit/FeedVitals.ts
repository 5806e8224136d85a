import type { FeedStatus } from '../../../engine/domain/feedStatus.ts';
import type { Timestamp } from '../../../engine/domain/units.ts';

/** An index ticks every second: nothing for so long, and prices have stopped coming. */
const SILENT_AFTER_MS = 5_000;

/** What is known of how the feed is doing, and the status that it adds up to. Times are this device's. */
export class FeedVitals {
  readonly #venue: string;
  isOpen = false;
  hasMarket = false;
  lastMessageAt: Timestamp | null = null;
  lastPriceAt: Timestamp | null = null;
  latencyMs: number | null = null;
  clockOffsetMs: number | null = null;
  attempts = 0;
  nextAttemptAt: Timestamp | null = null;
  refusedMessages = 0;
  /** Why the connection was lost. */
  lostBecause: string | null = null;
  /** Why a load failed. */
  loadProblem: string | null = null;
  /** What the venue has locked: names of indices, or all. */
  locked: ReadonlySet<string> | 'all' = new Set();
  refusedChannels: readonly string[] = [];
  /** Why it is given up. */
  failure: string | null = null;

  /** @param venue as a message names it */
  constructor(venue: string) {
    this.#venue = venue;
  }

  /** How long no price has come. */
  silenceMs(now: Timestamp): number {
    return this.lastPriceAt === null ? 0 : now - this.lastPriceAt;
  }

  /** Prices come over a connection that stands. */
  recovered(): void {
    if (!this.isOpen) return;
    this.lostBecause = null;
    this.attempts = 0;
  }

  status(now: Timestamp): FeedStatus {
    const { lastMessageAt, latencyMs, clockOffsetMs, attempts, nextAttemptAt, refusedMessages } = this;
    const state = this.#state(now);
    return {
      state,
      message: this.#message(state),
      lastMessageAt,
      latencyMs,
      clockOffsetMs,
      attempts,
      nextAttemptAt,
      refusedMessages,
      position: null,
    };
  }

  #state(now: Timestamp): FeedStatus['state'] {
    if (this.failure !== null) return 'failed';
    if (!this.isOpen) return this.lostBecause === null ? 'connecting' : 'reconnecting';
    if (!this.hasMarket) return this.lostBecause === null ? 'connecting' : 'reconnecting';
    return this.silenceMs(now) > SILENT_AFTER_MS ? 'silent' : 'live';
  }

  #message(state: FeedStatus['state']): string | null {
    const venue = this.#venue;
    if (state === 'failed') return this.failure;
    if (!this.isOpen && this.lostBecause !== null)
      return `The connection to ${venue} is lost (${this.lostBecause}). It is tried again by itself; prices stand still meanwhile`;
    if (this.loadProblem !== null)
      return `${venue} did not give all prices (${this.loadProblem}). They are asked for again`;
    if (this.locked === 'all')
      return `${venue} has locked its markets: prices may stand still until it opens them again`;
    if (this.locked.size > 0)
      return `${venue} has locked ${[...this.locked].join(', ')}: these prices may stand still until it opens them again`;
    if (state === 'silent')
      return `${venue} is connected and sends no prices. They may be old; it is connected anew if this lasts`;
    if (this.refusedChannels.length > 0) {
      const [first] = this.refusedChannels;
      const others = this.refusedChannels.length - 1;
      return `${venue} does not stream ${first}${others > 0 ? ` and ${others} more` : ''}: these prices come every half minute only`;
    }
    return null;
  }
}

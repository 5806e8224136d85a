import type { Timestamp } from './units.ts';

/** How a moving market's source is doing. */
export interface FeedStatus {
  /**
   * `connecting`: no price has come yet. `live`: prices come. `silent`: the connection stands and nothing comes.
   * `reconnecting`: the connection is lost, the next attempt is under way or awaited. `paused` and `ended`: a replay or a
   * simulation stands still. `failed`: given up, a person has to act.
   */
  readonly state: 'connecting' | 'live' | 'silent' | 'reconnecting' | 'paused' | 'ended' | 'failed';
  /** Why it is so, and what to do, in a sentence; null while all is well. */
  readonly message: string | null;
  /** When the last message came, by this device's clock. */
  readonly lastMessageAt: Timestamp | null;
  /** From the venue's clock to this device's at the last message, the offset of the clocks taken out; milliseconds. */
  readonly latencyMs: number | null;
  /** The venue's clock less this device's, milliseconds; null where it was not measured. */
  readonly clockOffsetMs: number | null;
  /** Attempts to connect since prices last came. */
  readonly attempts: number;
  /** When the next attempt is due, by this device's clock. */
  readonly nextAttemptAt: Timestamp | null;
  /** Messages that could not be read and were left out, since the start. */
  readonly refusedMessages: number;
  /** Where a replay stands; null for what has no end. */
  readonly position: {
    readonly from: Timestamp;
    readonly at: Timestamp;
    readonly to: Timestamp;
    readonly speed: number;
  } | null;
}

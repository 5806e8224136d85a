import type { FeedStatus } from '../engine/domain/feedStatus.ts';
import type { ReplayMoment } from '../engine/domain/replayTimeline.ts';
import type { Timestamp } from '../engine/domain/units.ts';

/** A recording that is the market: what it holds, where it stands, and the hands on it. */
export interface ReplayState {
  /** The file's name. */
  readonly name: string;
  readonly recording: Blob;
  /** The end of its last whole line, in bytes. */
  readonly end: number;
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** When a book is looked at over the whole of it. */
  readonly moments: readonly ReplayMoment[];
  readonly marks: readonly { readonly at: Timestamp; readonly kind: 'event' | 'gap'; readonly label: string }[];
  readonly at: Timestamp;
  readonly speed: number;
  readonly state: FeedStatus['state'];
  readonly message: string | null;
  readonly controls: ReplayControls;
}

export interface ReplayControls {
  /** Times the speed at which it was recorded; `max`: as fast as it can be followed. */
  setSpeed(speed: number | 'max'): void;
  pause(): void;
  resume(): void;
  seek(at: Timestamp): void;
  /** To the next whole market, or the one before. */
  step(direction: 1 | -1): void;
}

import type { Failure } from '../../engine/domain/failure.ts';
import type { FeedStatus } from '../../engine/domain/feedStatus.ts';
import { type MarketDelta, movedMarket } from '../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import {
  deltaLineText,
  marketLineText,
  type RecordedState,
  recordingHeaderText,
  statusLineText,
} from '../../formats/recordingFile.ts';
import type { FeedListener } from '../market/MarketFeed.ts';
import type { RecordingSink } from './RecordingSink.ts';

/** A whole market at least so often, so that a replay finds one near; in the market's own time, and in bytes of what moved. */
const KEY_FRAME_EVERY_MS = 180_000;
const KEY_FRAME_EVERY_BYTES = 1_000_000;
/** What waits for the disk holds at most this much; beyond it moves are left out and a gap is recorded. */
export const MOST_WAITING_BYTES = 8_000_000;

export interface RecordingProgress {
  /** `slow`: the disk cannot keep up, moves are being left out until it does. */
  readonly state: 'recording' | 'slow' | 'stopped' | 'failed';
  /** What the disk has taken. */
  readonly bytes: number;
  readonly lines: number;
  /** Times at which moves were left out. */
  readonly gaps: number;
  readonly durationMs: number;
  /** Why it has failed or is slow, and what to do; null while all is well. */
  readonly failure: Failure | null;
}

/** A recording under way: it listens as any follower of a feed does. */
export interface Recording extends FeedListener {
  readonly progress: () => RecordingProgress;
  /** Writes what waits, closes the file, and answers how it went. Never rejects. */
  stop(): Promise<RecordingProgress>;
}

export interface RecordingOptions {
  /** This device's clock. */
  readonly now: () => number;
  /** What writes: `headroom 0.1.0`. */
  readonly tool: string;
  readonly onProgress?: (progress: RecordingProgress) => void;
}

/**
 * Writes what a feed tells as `headroom/recording@1`. It holds the newest market and what waits for the disk, nothing else, however
 * long it runs. A disk that fails ends it with a reason; what was written stays.
 */
export function startRecording(
  sink: RecordingSink,
  source: MarketSnapshot['source'],
  { now, tool, onProgress = () => {} }: RecordingOptions,
): Recording {
  const encoder = new TextEncoder();
  const started = now();
  let state: RecordingProgress['state'] = 'recording';
  let failure: Failure | null = null;
  let market: MarketSnapshot | null = null;
  let lastAt: Timestamp = Number.NEGATIVE_INFINITY;
  let keyFrameAt: Timestamp = Number.NEGATIVE_INFINITY;
  let movedBytes = 0;
  let told: RecordedState = 'live';
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let bytes = 0;
  let lines = 0;
  let gaps = 0;
  let stoppedAt: number | null = null;
  let writing: Promise<void> | null = null;

  const progress = (): RecordingProgress => ({
    state,
    bytes,
    lines,
    gaps,
    durationMs: (stoppedAt ?? now()) - started,
    failure,
  });
  const isOpen = () => state === 'recording' || state === 'slow';

  const fail = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    failure = {
      code: 'missing-data',
      message: `The recording stopped: the disk refused it (${reason}). What was written so far is kept; make room, or record to another place`,
    };
    state = 'failed';
    stoppedAt = now();
    waiting = [];
    waitingBytes = 0;
    onProgress(progress());
  };

  const drain = async () => {
    while (waiting.length > 0) {
      const batch = joined(waiting, waitingBytes);
      waiting = [];
      try {
        await sink.write(batch);
      } catch (error) {
        fail(error);
        return;
      }
      waitingBytes -= batch.length;
      bytes += batch.length;
      if (state === 'slow' && waiting.length === 0) {
        state = 'recording';
        failure = null;
        putMarket();
      }
      onProgress(progress());
    }
  };
  const pump = () => {
    writing ??= drain().finally(() => {
      writing = null;
      // What came in while the last piece was being finished.
      if (waiting.length > 0) pump();
    });
  };

  const put = (text: string): number => {
    const line = encoder.encode(text);
    waiting.push(line);
    waitingBytes += line.length;
    lines += 1;
    pump();
    return line.length;
  };
  const putMarket = () => {
    if (market === null) return;
    put(marketLineText(market));
    lastAt = market.asOf;
    keyFrameAt = market.asOf;
    movedBytes = 0;
  };
  const putStatus = (now: RecordedState, message: string) => put(statusLineText(lastAt, now, message));

  /** True where the disk is too far behind: the moves are left out, and that is recorded once. */
  const isBehind = (): boolean => {
    if (state === 'slow') return true;
    if (waitingBytes <= MOST_WAITING_BYTES) return false;
    const message = 'The disk was too slow: moves were left out until it had caught up.';
    putStatus('slow-disk', message);
    state = 'slow';
    gaps += 1;
    failure = { code: 'too-large', message: `${message} Record to a faster disk if this comes again` };
    onProgress(progress());
    return true;
  };

  put(recordingHeaderText({ source, startedAt: started, tool }));

  return {
    progress,
    onMarket(whole) {
      if (!isOpen()) return;
      market = { ...whole, id: '', asOf: Math.max(whole.asOf, lastAt) };
      if (!isBehind()) putMarket();
    },
    onDelta(delta: MarketDelta) {
      if (!isOpen() || market === null) return;
      // A venue's clock may step back by a little; the lines of a recording do not.
      const moved = delta.asOf < lastAt ? { ...delta, asOf: lastAt } : delta;
      market = movedMarket(market, moved, '');
      if (isBehind()) return;
      if (moved.asOf - keyFrameAt >= KEY_FRAME_EVERY_MS || movedBytes >= KEY_FRAME_EVERY_BYTES) putMarket();
      else {
        movedBytes += put(deltaLineText(moved));
        lastAt = moved.asOf;
      }
    },
    onStatus({ state: feed, message }: FeedStatus) {
      const now = feed === 'silent' || feed === 'reconnecting' || feed === 'failed' ? feed : 'live';
      if (!isOpen() || market === null || now === told) return;
      told = now;
      if (!isBehind()) putStatus(now, message ?? (now === 'live' ? 'Prices come again.' : 'Prices stopped coming.'));
    },
    async stop() {
      if (isOpen()) {
        if (state === 'slow') putMarket();
        state = 'stopped';
        failure = null;
        stoppedAt = now();
      }
      while (writing !== null) await writing;
      try {
        await sink.close();
      } catch (error) {
        if (state !== 'failed') fail(error);
      }
      return progress();
    },
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

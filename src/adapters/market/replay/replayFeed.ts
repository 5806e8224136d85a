import { failureOf } from '../../../engine/domain/failure.ts';
import type { FeedStatus } from '../../../engine/domain/feedStatus.ts';
import type { MarketSnapshot } from '../../../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../../../engine/domain/units.ts';
import type { RecordingLine } from '../../../formats/recordingFile.ts';
import {
  keyFrameBefore,
  type LinePlace,
  type PlayedLine,
  recordedMoment,
  recordingLines,
} from '../../../formats/recordingReader.ts';
import { type FeedClock, pageClock } from '../FeedClock.ts';
import type { FeedListener, MarketFeed } from '../MarketFeed.ts';
import type { RecordingHandle } from './openRecording.ts';

/** Times the speed at which it was recorded; `max`: as fast as it can be followed. */
export type ReplaySpeed = number | 'max';

/** What `max` is told as. */
export const FASTEST = 1_000_000;

/** A recording as a market that moves: at any speed, to and fro. It stands at its first moment until it is resumed. */
export interface ReplayFeed extends MarketFeed {
  readonly recording: RecordingHandle;
  setSpeed(speed: ReplaySpeed): void;
  pause(): void;
  /** Plays on; from the start where the end has been reached. */
  resume(): void;
  /** Jumps: to the last whole market before that time, and on by what moved since. Of several jumps in a row the last counts. */
  seek(at: Timestamp): void;
  /** Jumps to the next whole market, or to the one before. */
  step(direction: 1 | -1): void;
  /** Told of where it stands, at once and at every step; answers what ends it. */
  watchPosition(watcher: (status: FeedStatus) => void): () => void;
}

/** It begins at the least of these at which the whole of it is over in a few minutes. */
const SPEEDS = [1, 10, 60, 600, 3600] as const;
const COMFORTABLE_MS = 600_000;
/** A frame: nobody sees what comes sooner. */
const LEAST_WAIT_MS = 16;
/** Its position is told this often. */
const MOST_WAIT_MS = 250;
/** After a whole market, so that each is seen and the engine keeps up. */
const WAIT_AFTER_MARKET_MS = 100;
const JUST_MS = 1_000;
/** Lines at one go; then whoever waits has a turn. */
const MOST_AT_ONCE = 500;

export function replayFeed(recording: RecordingHandle, clock: FeedClock = pageClock): ReplayFeed {
  const { bytes, index } = recording;
  const { from, to, header } = index;
  const source: MarketSnapshot['source'] = {
    kind: header.source.kind === 'simulated' ? 'simulated' : 'recorded',
    name: header.source.name,
  };
  let listener: FeedListener | null = null;
  let isPlaying = false;
  let hasEnded = false;
  let speed: number = SPEEDS.find((each) => (to - from) / each <= COMFORTABLE_MS) ?? SPEEDS.at(-1)!;
  let position = from;
  /** The recording stood at `at` when this device's clock was `real`. */
  let anchor = { real: 0, at: from };
  let lines: LinesAhead | null = null;
  let gap: string | null = null;
  let callOff: () => void = () => {};
  let lastMessageAt: Timestamp | null = null;
  /** The jump that is wanted and not done yet; one is done at a time. */
  let wanted: Timestamp | null = null;
  let isSeeking = false;
  /** Raised when what is being read is of no more use. */
  let round = 0;

  const watchers = new Set<(status: FeedStatus) => void>();
  let told: FeedStatus | null = null;
  const tell = (state: FeedStatus['state'], message: string | null = null) => {
    if (listener === null) return;
    told = {
      state,
      message,
      lastMessageAt,
      latencyMs: null,
      clockOffsetMs: null,
      attempts: 0,
      nextAttemptAt: null,
      refusedMessages: 0,
      position: { from, at: position, to, speed },
    };
    listener.onStatus(told);
    for (const watcher of watchers) watcher(told);
  };
  const tellWhereItStands = () => {
    if (hasEnded) tell('ended', index.isTorn ? 'The last line of the recording was cut off and is left out.' : null);
    else if (!isPlaying) tell('paused');
    else if (gap !== null) tell('silent', gap);
    else tell('live');
  };
  const dueNow = () => anchor.at + (clock.now() - anchor.real) * speed;
  const anchorAt = (at: Timestamp) => {
    anchor = { real: clock.now(), at };
  };
  const fail = (error: unknown) => {
    isPlaying = false;
    callOff();
    tell('failed', `${failureOf(error).message}. The replay stops here; jump over it, or open another recording.`);
  };

  const show = (line: RecordingLine) => {
    lastMessageAt = clock.now();
    if (line.kind === 'market') {
      gap = null;
      showMarket(line.market);
    } else if (line.kind === 'delta') listener?.onDelta(line.delta);
    else if (line.kind === 'status') gap = line.state === 'live' ? null : `In the recording: ${line.message}`;
  };
  const showMarket = ({ asOf, underlyings, stablecoins }: MarketSnapshot) =>
    listener?.onMarket({ asOf, source, underlyings, stablecoins });

  const readFrom = (place: LinePlace) => {
    lines = linesAhead(recordingLines(bytes, place, index.end));
  };

  /** Shows what is due, and comes back when more is. */
  const play = async (mine: number): Promise<void> => {
    callOff();
    let wait = LEAST_WAIT_MS;
    const due = dueNow();
    const reading = lines!;
    for (let shown = 0; ; shown += 1) {
      const line = await reading.peek();
      if (mine !== round) return;
      if (line === null) {
        finish();
        return;
      }
      if (line.at > due) {
        position = Math.max(position, due);
        wait = Math.min(Math.max((line.at - due) / speed, LEAST_WAIT_MS), MOST_WAIT_MS);
        break;
      }
      reading.take();
      show(line);
      position = line.at;
      const isEnough = shown >= MOST_AT_ONCE;
      if (line.kind !== 'market' && !isEnough) continue;
      if (line.kind === 'market') wait = WAIT_AFTER_MARKET_MS;
      // What else is due by now waits until it can be seen.
      if (isEnough || due - line.at > speed * WAIT_AFTER_MARKET_MS) anchorAt(line.at);
      break;
    }
    tellWhereItStands();
    callOff = clock.after(wait, () => void play(mine).catch((error: unknown) => mine === round && fail(error)));
  };
  const finish = () => {
    position = to;
    isPlaying = false;
    hasEnded = true;
    tellWhereItStands();
  };
  /** Where it is between two lines; never beyond one that has not been shown. */
  const settlePosition = () => {
    position = Math.min(Math.max(position, dueNow()), lines?.nextAt() ?? position);
  };
  const playOn = () => {
    round += 1;
    anchorAt(position);
    const mine = round;
    void play(mine).catch((error: unknown) => mine === round && fail(error));
  };

  const jump = async (): Promise<void> => {
    isSeeking = true;
    try {
      while (wanted !== null) {
        const at: Timestamp = wanted;
        const mine = round;
        const moment = await recordedMoment(bytes, index, at);
        if (listener === null) return;
        if (mine !== round) continue;
        wanted = null;
        gap = null;
        lastMessageAt = clock.now();
        readFrom(moment.next);
        showMarket(moment.market);
      }
      if (isPlaying) playOn();
      else tellWhereItStands();
    } catch (error) {
      wanted = null;
      lines = null;
      fail(error);
    } finally {
      isSeeking = false;
    }
  };
  const seek = (at: Timestamp) => {
    if (listener === null) return;
    callOff();
    round += 1;
    wanted = Math.min(Math.max(at, from), to);
    position = wanted;
    hasEnded = false;
    tellWhereItStands();
    if (!isSeeking) void jump();
  };

  return {
    source,
    recording,
    start(follower) {
      listener = follower;
      tell('connecting');
      seek(from);
      return () => {
        listener = null;
        isPlaying = false;
        round += 1;
        callOff();
      };
    },
    setSpeed(wantedSpeed) {
      if (isPlaying && wanted === null) settlePosition();
      speed = wantedSpeed === 'max' ? FASTEST : Math.min(Math.max(wantedSpeed, 1), FASTEST);
      if (isPlaying && wanted === null) playOn();
      else if (listener !== null) tellWhereItStands();
    },
    pause() {
      if (!isPlaying) return;
      if (wanted === null) settlePosition();
      isPlaying = false;
      round += 1;
      callOff();
      tellWhereItStands();
    },
    resume() {
      if (isPlaying || listener === null) return;
      isPlaying = true;
      if (hasEnded || position >= to) seek(from);
      // A jump has failed: the way on begins with another.
      else if (lines === null) seek(position);
      else if (wanted === null) playOn();
    },
    seek,
    step(direction) {
      const { keyFrames } = index;
      const next =
        direction > 0
          ? keyFrames.find(({ at }) => at > position)?.at
          : // While it plays, the one that has just been passed is not the one before.
            keyFrameBefore(keyFrames, position - 1 - (isPlaying ? speed * JUST_MS : 0)).at;
      seek(next ?? to);
    },
    watchPosition(watcher) {
      watchers.add(watcher);
      if (told !== null) watcher(told);
      return () => watchers.delete(watcher);
    },
  };
}

/** Lines that are looked at before they are taken; asked twice, the same one is read once. */
interface LinesAhead {
  /** Null at the end. */
  peek(): Promise<RecordingLine | null>;
  take(): void;
  /** When the line is that has been looked at; null where none has. */
  nextAt(): Timestamp | null;
}

function linesAhead(lines: AsyncGenerator<PlayedLine>): LinesAhead {
  let asked: Promise<RecordingLine | null> | null = null;
  let known: RecordingLine | null = null;
  const read = async () => {
    const next = await lines.next();
    known = next.done ? null : next.value.line;
    return known;
  };
  return {
    peek: () => (asked ??= read()),
    take() {
      asked = null;
      known = null;
    },
    nextAt: () => known?.at ?? null,
  };
}

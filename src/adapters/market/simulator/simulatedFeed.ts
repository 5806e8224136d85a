import type { FeedStatus } from '../../../engine/domain/feedStatus.ts';
import type { MarketSnapshot } from '../../../engine/domain/marketSnapshot.ts';
import type { Timestamp } from '../../../engine/domain/units.ts';
import { type FeedClock, pageClock } from '../FeedClock.ts';
import type { FeedListener, MarketFeed } from '../MarketFeed.ts';
import { marketSimulator, type SimulatorOptions } from './marketSimulator.ts';

export interface SimulatedFeedOptions extends SimulatorOptions {
  /** Market seconds a second, up to 3600. */
  readonly speed: number;
}

/** A simulation as a market that moves, without end. It goes on by itself from the start. */
export interface SimulatedFeed extends MarketFeed {
  setSpeed(speed: number): void;
  pause(): void;
  resume(): void;
}

const TICK_MS = 250;
/** A page that slept goes on where it was: no more than this is made up for. */
const MOST_AT_ONCE_MS = 1_000;
const FASTEST = 3_600;

/** The market moves about four times a second of this device's time. Starting it anew begins the same simulation again. */
export function simulatedFeed(options: SimulatedFeedOptions, clock: FeedClock = pageClock): SimulatedFeed {
  const source: MarketSnapshot['source'] = {
    kind: 'simulated',
    name: `Headroom simulator, seed ${options.seed}`,
  };
  let speed = boundedSpeed(options.speed);
  let isPaused = false;
  let listener: FeedListener | null = null;
  let lastMessageAt: Timestamp | null = null;
  let callOff: () => void = () => {};
  /** This device's time up to which the market has moved. */
  let movedTo = 0;
  let move: (seconds: number) => void = () => {};

  const tell = (state: FeedStatus['state'], message: string | null = null) =>
    listener?.onStatus({
      state,
      message,
      lastMessageAt,
      latencyMs: null,
      clockOffsetMs: null,
      attempts: 0,
      nextAttemptAt: null,
      refusedMessages: 0,
      position: null,
    });

  const tick = () => {
    callOff = clock.after(TICK_MS, () => {
      const now = clock.now();
      const passed = Math.max(0, Math.min(now - movedTo, MOST_AT_ONCE_MS));
      movedTo = now;
      lastMessageAt = now;
      // Asked for before the listener is told, who may pause or end it: both call it off.
      tick();
      move((passed * speed) / 1_000);
      if (!isPaused) tell('live');
    });
  };
  const run = () => {
    movedTo = clock.now();
    tell('live');
    tick();
  };

  return {
    source,
    start(to) {
      callOff();
      listener = to;
      const simulator = marketSimulator(options);
      const { asOf, underlyings, stablecoins } = simulator.market();
      lastMessageAt = clock.now();
      to.onMarket({ asOf, source, underlyings, stablecoins });
      move = (seconds) => to.onDelta(simulator.step(seconds));
      if (isPaused) tell('paused');
      else run();
      return () => {
        if (listener !== to) return;
        callOff();
        listener = null;
      };
    },
    setSpeed(next) {
      speed = boundedSpeed(next);
    },
    pause() {
      if (isPaused) return;
      isPaused = true;
      callOff();
      tell('paused');
    },
    resume() {
      if (!isPaused) return;
      isPaused = false;
      if (listener !== null) run();
    },
  };
}

function boundedSpeed(speed: number): number {
  return Number.isFinite(speed) ? Math.max(0, Math.min(FASTEST, speed)) : 1;
}

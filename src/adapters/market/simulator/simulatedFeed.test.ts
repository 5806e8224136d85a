import { describe, expect, it } from 'vitest';
import type { FeedStatus } from '../../../engine/domain/feedStatus.ts';
import type { MarketDelta } from '../../../engine/domain/marketDelta.ts';
import { type SmallMarketOptions, smallSnapshot } from '../../../engine/fixtures/smallMarket.ts';
import type { FeedListener } from '../MarketFeed.ts';
import { simulatedFeed } from './simulatedFeed.ts';

/** A clock that moves when told. */
function handClock() {
  let at = 1_000_000;
  let waiting: { due: number; run: () => void }[] = [];
  return {
    now: () => at,
    after(milliseconds: number, run: () => void) {
      const entry = { due: at + milliseconds, run };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    /** Lets time pass, at most to `by`, and runs what has come due. */
    pass(by: number) {
      const end = at + by;
      for (;;) {
        const next = waiting.filter(({ due }) => due <= end).sort((one, other) => one.due - other.due)[0];
        if (next === undefined) break;
        waiting = waiting.filter((other) => other !== next);
        at = Math.max(at, next.due);
        next.run();
      }
      at = end;
    },
    /** The device sleeps: timers come late. */
    sleep(by: number) {
      at += by;
    },
    waiting: () => waiting.length,
  };
}

function heard(options: SmallMarketOptions = {}) {
  const clock = handClock();
  const start = smallSnapshot(options);
  const feed = simulatedFeed({ seed: 1, start, speed: 60 }, clock);
  const deltas: MarketDelta[] = [];
  const statuses: FeedStatus[] = [];
  let markets = 0;
  const listener: FeedListener = {
    onMarket: () => (markets += 1),
    onDelta: (delta) => deltas.push(delta),
    onStatus: (status) => statuses.push(status),
  };
  return { clock, start, feed, deltas, statuses, listener, markets: () => markets };
}

describe('simulatedFeed', () => {
  it('gives the whole market, then moves it four times a second at its speed', () => {
    const { clock, start, feed, deltas, statuses, listener, markets } = heard();
    expect(feed.source).toEqual({ kind: 'simulated', name: 'Headroom simulator, seed 1' });
    feed.start(listener);
    expect(markets()).toBe(1);
    clock.pass(1_000);
    expect(deltas.map(({ asOf }) => asOf - start.asOf)).toEqual([15_000, 30_000, 45_000, 60_000]);
    expect(statuses.at(-1)).toMatchObject({ state: 'live', message: null, position: null, lastMessageAt: 1_001_000 });
    feed.setSpeed(1);
    clock.pass(250);
    expect(deltas.at(-1)!.asOf - start.asOf).toBe(60_250);
  });

  it('stands while it is paused and goes on from there', () => {
    const { clock, start, feed, deltas, statuses, listener } = heard();
    feed.start(listener);
    clock.pass(500);
    feed.pause();
    expect(statuses.at(-1)!.state).toBe('paused');
    expect(clock.waiting()).toBe(0);
    clock.pass(60_000);
    expect(deltas).toHaveLength(2);
    feed.resume();
    expect(statuses.at(-1)!.state).toBe('live');
    clock.pass(250);
    expect(deltas.at(-1)!.asOf - start.asOf).toBe(45_000);
  });

  it('does not make up for a sleep', () => {
    const { clock, start, feed, deltas, listener } = heard();
    feed.start(listener);
    clock.sleep(3_600_000);
    clock.pass(0);
    expect(deltas.at(-1)!.asOf - start.asOf).toBe(60_000);
  });

  it('is silent once it is ended, also from within, and begins anew when started again', () => {
    const { clock, start, feed, deltas, statuses, listener } = heard();
    const end = feed.start({
      ...listener,
      onDelta(delta) {
        deltas.push(delta);
        end();
      },
    });
    clock.pass(10_000);
    expect(deltas).toHaveLength(1);
    expect(clock.waiting()).toBe(0);
    const told = statuses.length;
    clock.pass(1_000);
    expect(statuses).toHaveLength(told);
    feed.start(listener);
    clock.pass(250);
    expect(deltas[1]).toEqual(deltas[0]);
    expect(deltas[1]!.asOf - start.asOf).toBe(15_000);
  });

  it('keeps its speed within bounds', () => {
    const { clock, start, feed, deltas, listener } = heard();
    feed.setSpeed(Number.NaN);
    feed.start(listener);
    clock.pass(250);
    feed.setSpeed(-5);
    clock.pass(250);
    expect(deltas.map(({ asOf }) => asOf - start.asOf)).toEqual([250, 250]);
  });
});

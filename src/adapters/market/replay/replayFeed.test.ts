import { describe, expect, it } from 'vitest';
import type { FeedStatus } from '../../../engine/domain/feedStatus.ts';
import { movedMarket } from '../../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../../engine/domain/marketSnapshot.ts';
import { AS_OF, smallSnapshot } from '../../../engine/fixtures/smallMarket.ts';
import { deltaLineText, marketLineText, recordingHeaderText, statusLineText } from '../../../formats/recordingFile.ts';
import { openRecording } from './openRecording.ts';
import { type ReplayFeed, replayFeed } from './replayFeed.ts';

const HEADER = recordingHeaderText({ source: { kind: 'live', name: 'Deribit' }, startedAt: AS_OF, tool: 'test' });
const market = (seconds: number, index = 90_000): MarketSnapshot => {
  const snapshot = smallSnapshot();
  const [btc, eth] = snapshot.underlyings as [MarketSnapshot['underlyings'][0], MarketSnapshot['underlyings'][0]];
  return { ...snapshot, asOf: AS_OF + seconds * 1000, underlyings: [{ ...btc, index }, eth] };
};
const move = (seconds: number, index: number) =>
  deltaLineText({ asOf: AS_OF + seconds * 1000, underlyings: [{ symbol: 'BTC', index }] });

/** One whole market a minute, a move every second between; the index falls by 10 USD a second. */
function minutes(count: number): string {
  const lines = [HEADER];
  for (let second = 0; second <= 60 * count; second += 1)
    lines.push(second % 60 === 0 ? marketLineText(market(second, priceAt(second))) : move(second, priceAt(second)));
  return lines.join('');
}
const priceAt = (second: number) => 90_000 - 10 * second;

/** A clock that stands still until it is told to go on; reads of the file are awaited in between. */
function handClock() {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
  /** Long enough for the reads that are under way: each takes a few turns of the event loop. */
  const settle = async () => {
    for (let turn = 0; turn < 12; turn += 1) await idle();
  };
  return {
    clock: {
      now: () => now,
      after(milliseconds: number, run: () => void) {
        const timer = { at: now + milliseconds, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
    },
    settle,
    async advance(milliseconds: number) {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const [next] = timers.sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        timers = timers.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.run();
        await settle();
      }
      now = end;
    },
    pending: () => timers.length,
  };
}

async function started(text: string) {
  const recording = await openRecording(new Blob([text]));
  if (!recording.ok) throw new Error(recording.failure.message);
  const hand = handClock();
  const feed: ReplayFeed = replayFeed(recording.value, hand.clock);
  const statuses: FeedStatus[] = [];
  const heard: { kind: 'market' | 'delta'; at: number }[] = [];
  let held: MarketSnapshot | null = null;
  const stop = feed.start({
    onMarket: (whole) => {
      held = { ...whole, id: '' };
      heard.push({ kind: 'market', at: whole.asOf - AS_OF });
    },
    onDelta: (delta) => {
      held = movedMarket(held!, delta, '');
      heard.push({ kind: 'delta', at: delta.asOf - AS_OF });
    },
    onStatus: (status) => void statuses.push(status),
  });
  await hand.settle();
  return {
    feed,
    stop,
    hand,
    statuses,
    heard,
    held: () => held!,
    price: () => held!.underlyings[0]!.index,
    at: () => (statuses.at(-1)!.position!.at - AS_OF) / 1000,
    state: () => statuses.at(-1)!.state,
  };
}

describe('replayFeed', () => {
  it('stands at the first moment, and says that what was live is recorded', async () => {
    const replay = await started(minutes(2));
    expect(replay.feed.source).toEqual({ kind: 'recorded', name: 'Deribit' });
    expect(replay.heard).toEqual([{ kind: 'market', at: 0 }]);
    expect(replay.held().source.kind).toBe('recorded');
    expect(replay.state()).toBe('paused');
    expect(replay.statuses.at(-1)!.position).toEqual({ from: AS_OF, at: AS_OF, to: AS_OF + 120_000, speed: 1 });
    expect(replay.hand.pending()).toBe(0);
  });

  it.each([1, 10, 60])('plays at %i times the speed, every line once and in order', async (speed) => {
    const replay = await started(minutes(3));
    replay.feed.setSpeed(speed);
    replay.feed.resume();
    await replay.hand.advance(90_000 / speed);
    expect(Math.abs(replay.at() - 90)).toBeLessThanOrEqual(1 + 0.25 * speed);
    await replay.hand.advance(100_000);
    expect(replay.heard.map(({ at }) => at / 1000)).toEqual([...Array(181).keys()]);
    expect(replay.price()).toBe(priceAt(180));
    expect(replay.state()).toBe('ended');
    expect(replay.at()).toBe(180);
  });

  it('at its fastest still shows every whole market, one after the other', async () => {
    const replay = await started(
      [HEADER, ...[0, 6, 12, 19].map((hour) => marketLineText(market(hour * 3600)))].join(''),
    );
    replay.feed.setSpeed('max');
    replay.feed.resume();
    await replay.hand.settle();
    const seen: number[] = [];
    for (let tick = 0; tick < 12; tick += 1) {
      seen.push(replay.heard.length);
      await replay.hand.advance(100);
    }
    expect(replay.heard.map(({ at }) => at / 3_600_000)).toEqual([0, 6, 12, 19]);
    expect(replay.state()).toBe('ended');
    for (let tick = 1; tick < seen.length; tick += 1) expect(seen[tick]! - seen[tick - 1]!).toBeLessThanOrEqual(2);
  });

  it('begins at a speed at which its end comes within minutes', async () => {
    const hours = (count: number) => [HEADER, marketLineText(market(0)), marketLineText(market(3600 * count))].join('');
    const speedOf = async (text: string) => (await started(text)).statuses.at(-1)!.position!.speed;
    expect([await speedOf(minutes(5)), await speedOf(hours(1)), await speedOf(hours(19))]).toEqual([1, 10, 600]);
  });

  it('pauses where it is, and plays on from there', async () => {
    const replay = await started(minutes(2));
    replay.feed.resume();
    await replay.hand.advance(30_400);
    replay.feed.pause();
    expect(replay.state()).toBe('paused');
    const { length } = replay.heard;
    await replay.hand.advance(600_000);
    expect(replay.heard).toHaveLength(length);
    expect(replay.price()).toBe(priceAt(30));
    replay.feed.resume();
    await replay.hand.advance(700);
    expect(replay.price()).toBe(priceAt(31));
  });

  it('jumps to any moment, to and fro, with the market of that moment; of many jumps the last counts', async () => {
    const replay = await started(minutes(5));
    for (const second of [200, 61, 119, 0, 300]) {
      replay.feed.seek(AS_OF + second * 1000);
      await replay.hand.settle();
      expect([second, replay.at(), replay.price()]).toEqual([second, second, priceAt(second)]);
    }
    const before = replay.heard.length;
    for (let second = 1; second <= 50; second += 1) replay.feed.seek(AS_OF + second * 1000);
    await replay.hand.settle();
    expect([replay.at(), replay.price()]).toEqual([50, priceAt(50)]);
    expect(replay.heard.length - before).toBeLessThanOrEqual(2);
    replay.feed.resume();
    replay.feed.seek(AS_OF + 100_000);
    await replay.hand.advance(2_100);
    expect(replay.price()).toBe(priceAt(102));
  });

  it('steps between whole markets and stops at the ends', async () => {
    const replay = await started(minutes(2));
    const step = async (direction: 1 | -1) => {
      replay.feed.step(direction);
      await replay.hand.settle();
      return replay.at();
    };
    expect([await step(1), await step(1), await step(1)]).toEqual([60, 120, 120]);
    expect([await step(-1), await step(-1), await step(-1)]).toEqual([60, 0, 0]);
  });

  it('starts again after the end', async () => {
    const replay = await started(minutes(1));
    replay.feed.seek(AS_OF + 60_000);
    replay.feed.resume();
    await replay.hand.advance(1_100);
    expect(replay.at()).toBeLessThan(3);
    expect(replay.price()).toBe(priceAt(1));
  });

  it('says where the recording has a gap', async () => {
    const replay = await started(
      [
        HEADER,
        marketLineText(market(0)),
        statusLineText(AS_OF + 1_000, 'reconnecting', 'The connection was lost.'),
        marketLineText(market(30)),
        move(31, 80_000),
      ].join(''),
    );
    replay.feed.resume();
    await replay.hand.advance(10_000);
    expect(replay.statuses.at(-1)).toMatchObject({
      state: 'silent',
      message: 'In the recording: The connection was lost.',
    });
    await replay.hand.advance(20_500);
    expect(replay.statuses.at(-1)).toMatchObject({ state: 'live', message: null });
  });

  it('fails at a damaged line with its number, and can be jumped over it', async () => {
    // Too large to be checked whole when it is opened.
    const history = {
      intervalDays: 1,
      closes: Array.from({ length: 50_000 }, (_, n) => [n * 60_000, 1.5] as const),
      volatilityIndex: [],
    };
    const heavy = (seconds: number): string => {
      const whole = market(seconds);
      return marketLineText({ ...whole, underlyings: whole.underlyings.map((coin) => ({ ...coin, history })) });
    };
    const bad = `{"at":"2026-11-20T08:00:05Z","delta":{"underlyings":{"BTC":{"index":-5}}}}\n`;
    const heavies = Array.from({ length: 6 }, (_, n) => heavy(10 + n));
    const replay = await started([HEADER, heavy(0), bad, ...heavies].join(''));
    replay.feed.resume();
    await replay.hand.advance(6_000);
    expect(replay.state()).toBe('failed');
    expect(replay.statuses.at(-1)!.message).toContain('Line 3: delta.underlyings.BTC.index is -5');
    replay.feed.seek(AS_OF + 12_000);
    for (let turn = 0; turn < 40 && replay.held().asOf !== AS_OF + 12_000; turn += 1) await replay.hand.settle();
    expect(replay.held().asOf).toBe(AS_OF + 12_000);
  });

  it('tells nothing after it has been stopped', async () => {
    const replay = await started(minutes(1));
    replay.feed.resume();
    await replay.hand.advance(1_500);
    const told = [replay.heard.length, replay.statuses.length];
    replay.stop();
    replay.feed.seek(AS_OF + 30_000);
    replay.feed.resume();
    await replay.hand.advance(60_000);
    expect([replay.heard.length, replay.statuses.length]).toEqual(told);
    expect(replay.hand.pending()).toBe(0);
  });
});

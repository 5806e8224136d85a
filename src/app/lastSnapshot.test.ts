import { describe, expect, it } from 'vitest';
import { smallSnapshot } from '../engine/fixtures/smallMarket.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import { keepLastSnapshot } from './lastSnapshot.ts';

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A page whose time a test turns by hand. */
function page() {
  let time = 0;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  const after = (milliseconds: number, run: () => void) => {
    const entry = { at: time + milliseconds, run };
    waiting.push(entry);
    return () => {
      waiting = waiting.filter((other) => other !== entry);
    };
  };
  return {
    after,
    whenIdle: (run: () => void) => after(0, run),
    async pass(milliseconds: number): Promise<void> {
      const until = time + milliseconds;
      for (;;) {
        const next = waiting.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        time = next.at;
        waiting = waiting.filter((other) => other !== next);
        next.run();
        await settled();
      }
      time = until;
    },
    pending: () => waiting.length,
  };
}

function watched(answer = true) {
  const clock = page();
  const kept: MarketSnapshot[] = [];
  let newest: MarketSnapshot | null = null;
  const last = keepLastSnapshot({
    ...clock,
    newest: () => newest,
    keep: async (market) => {
      kept.push(market);
      return answer;
    },
  });
  const tick = () => {
    newest = { ...smallSnapshot(), id: `m${Math.random()}` };
    return newest;
  };
  return { clock, kept, last, tick };
}

describe('the last snapshot', () => {
  it('is kept soon after the first price and then at most once in thirty seconds', async () => {
    const { clock, kept, tick } = watched();
    await clock.pass(60_000);
    expect(kept).toEqual([]);
    const first = tick();
    await clock.pass(3_000);
    expect(kept).toEqual([first]);
    for (let second = 0; second < 300; second += 1) {
      tick();
      await clock.pass(1_000);
    }
    expect(kept.length).toBeGreaterThanOrEqual(10);
    expect(kept.length).toBeLessThanOrEqual(11);
  });

  it('is not written again while nothing moves', async () => {
    const { clock, kept, tick } = watched();
    tick();
    await clock.pass(300_000);
    expect(kept).toHaveLength(1);
  });

  it('is kept at once when the page goes', async () => {
    const { clock, kept, last, tick } = watched();
    tick();
    await clock.pass(3_000);
    const newest = tick();
    last.flush();
    expect(kept.at(-1)).toBe(newest);
  });

  it('is not tried again once the browser has refused', async () => {
    const { clock, kept, last, tick } = watched(false);
    tick();
    await clock.pass(3_000);
    tick();
    last.flush();
    await clock.pass(120_000);
    expect(kept).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const { clock, last, tick } = watched();
    tick();
    await clock.pass(40_000);
    last.end();
    expect(clock.pending()).toBe(0);
  });
});

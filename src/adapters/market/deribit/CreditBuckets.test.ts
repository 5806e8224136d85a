import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CreditBuckets, PAUSE_AFTER_REFUSAL_MS } from './CreditBuckets.ts';

/** The exchange's own side, as its documentation tells it: by method the cost, the pool and the refill a second. */
const DOCUMENTED: Record<string, { cost: number; pool: number; refill: number }> = {
  'public/get_instruments': { cost: 10_000, pool: 500_000, refill: 10_000 },
  'public/subscribe': { cost: 3_000, pool: 30_000, refill: 10_000 },
  'public/ticker': { cost: 500, pool: 50_000, refill: 10_000 },
};

const calls = fc.array(
  fc.record({ method: fc.constantFrom(...Object.keys(DOCUMENTED)), pauseMs: fc.oneof(fc.constant(0), fc.nat(2_000)) }),
  { minLength: 1, maxLength: 400 },
);

describe('CreditBuckets', () => {
  test.prop([calls])('never draws more than the exchange has', (asked) => {
    const buckets = new CreditBuckets();
    let now = 1_000_000;
    const sent = asked.map(({ method, pauseMs }) => {
      now += pauseMs;
      return { method, at: now + buckets.waitFor(method, now) };
    });
    for (const [method, { cost, pool, refill }] of Object.entries(DOCUMENTED)) {
      let level = pool;
      let last = 0;
      for (const { at } of sent.filter((call) => call.method === method)) {
        expect(at).toBeGreaterThanOrEqual(last);
        level = Math.min(pool, level + ((at - last) / 1_000) * refill) - cost;
        last = at;
        expect(level).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test.prop([fc.array(fc.nat(20_000), { minLength: 6, maxLength: 60 })])(
    'asks for listings as seldom as the later rule allows: five at once, then one in ten seconds',
    (pauses) => {
      const buckets = new CreditBuckets();
      let now = 0;
      const sent = pauses.map((pause) => {
        now += pause;
        return now + buckets.waitFor('public/get_instruments', now);
      });
      for (const [i, at] of sent.entries()) {
        const earlier = sent.slice(0, i + 1).filter((other) => other > at - 100_000);
        expect(earlier.length).toBeLessThanOrEqual(5 + 10);
      }
    },
  );

  it('pauses after a refusal, and only then', () => {
    const buckets = new CreditBuckets();
    expect(buckets.waitFor('public/ticker', 0)).toBe(0);
    buckets.pause(0);
    expect(buckets.waitFor('public/ticker', 1_000)).toBe(PAUSE_AFTER_REFUSAL_MS - 1_000);
    expect(buckets.waitFor('public/ticker', PAUSE_AFTER_REFUSAL_MS)).toBe(0);
  });
});

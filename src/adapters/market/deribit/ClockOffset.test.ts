import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ClockOffset } from './ClockOffset.ts';

describe('ClockOffset', () => {
  test.prop([
    fc.integer({ min: -86_400_000, max: 86_400_000 }),
    fc.array(fc.record({ there: fc.nat(800), back: fc.nat(800) }), { minLength: 1, maxLength: 12 }),
  ])('is off by no more than half of the shortest round trips that it counts', (lead, trips) => {
    const clock = new ClockOffset();
    let now = 1_000_000_000_000;
    for (const { there, back } of trips) {
      clock.add(now, now + there + back, now + there + lead);
      now += 10_000;
    }
    const last = trips.slice(-5).map(({ there, back }) => there + back);
    const counted = last.sort((one, other) => one - other).slice(0, 3);
    expect(Math.abs(clock.ms! - lead)).toBeLessThanOrEqual(Math.max(...counted) / 2 + 1);
  });

  it('is exact where both ways take the same time, and knows nothing before the first round trip', () => {
    const clock = new ClockOffset();
    expect(clock.ms).toBeNull();
    clock.add(1_000, 1_080, 5_040);
    expect(clock.ms).toBe(4_000);
  });

  it('forgets what it knew when a clock was set, and does not learn from what took too long or ran backwards', () => {
    const clock = new ClockOffset();
    for (const at of [0, 100, 200]) clock.add(at, at + 20, at + 10);
    clock.add(300, 320, 3_600_310);
    expect(clock.ms).toBe(3_600_000);
    clock.add(400, 9_000, 123);
    clock.add(500, 400, 123);
    expect(clock.ms).toBe(3_600_000);
  });
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeltaPace } from './DeltaPace.ts';

let now = 0;
const told: number[] = [];
let pace: DeltaPace;

/** Lets the time pass; `areTimersLate`: as in a page that is not shown. */
function pass(ms: number, areTimersLate = false): void {
  now += ms;
  if (!areTimersLate) vi.advanceTimersByTime(ms);
}

beforeEach(() => {
  vi.useFakeTimers();
  now = 1_000_000;
  told.length = 0;
  pace = new DeltaPace(
    () => now,
    () => {
      pace.told();
      told.push(now);
    },
  );
});
afterEach(() => void vi.useRealTimers());

it('tells together what comes together, soon after it came', () => {
  for (let i = 0; i < 8; i += 1) pace.came();
  expect(told).toEqual([]);
  pass(4);
  expect(told).toEqual([1_000_004]);
  pass(100);
  expect(told).toHaveLength(1);
});

it('tells fifty times a second at most', () => {
  for (let i = 0; i < 1_000; i += 1) {
    pace.came();
    pass(1);
  }
  expect(told.length).toBeLessThanOrEqual(51);
  expect(told.length).toBeGreaterThanOrEqual(49);
});

it('is late with no burst of fifty a second', () => {
  for (let burst = 0; burst < 50; burst += 1) {
    const at = now;
    for (let i = 0; i < 8; i += 1) pace.came();
    pass(20);
    expect(told.at(-1)! - at).toBeLessThanOrEqual(20);
  }
  expect(told).toHaveLength(50);
});

it('tells with a message where its timer is late', () => {
  pace.came();
  pass(1_000, true);
  expect(told).toEqual([]);
  pace.came();
  expect(told).toHaveLength(1);
});

it('is not held up by a clock that is set back', () => {
  pace.came();
  pass(4);
  now -= 3_600_000;
  pace.came();
  pass(20);
  expect(told).toHaveLength(2);
});

it('tells nothing once it is cancelled', () => {
  pace.came();
  pace.cancel();
  pass(100);
  expect(told).toEqual([]);
});

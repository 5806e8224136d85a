import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdPainting, leavePaintQueue, releasePainting, waitForPaint } from './paintQueue.ts';

/** A painter that writes its name down. */
function painter(name: string, painted: string[]) {
  return { paint: () => void painted.push(name) };
}

describe('the paint queue', () => {
  const painted: string[] = [];
  /** Lets `ms` pass in frames of 16 ms. */
  const pass = (ms: number) => vi.advanceTimersByTime(ms);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) =>
      setTimeout(() => draw(performance.now()), 16),
    );
    painted.length = 0;
    releasePainting();
    pass(1000);
  });
  afterEach(() => {
    pass(1000);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('gives one painter a turn after each frame, in the order of asking', () => {
    for (const name of ['a', 'b', 'c']) waitForPaint(painter(name, painted));
    pass(16);
    expect(painted).toEqual([]);
    pass(1);
    expect(painted).toEqual(['a']);
    pass(32);
    expect(painted).toEqual(['a', 'b', 'c']);
  });

  it('asks once who asks twice, and not at all who has left', () => {
    const [a, b] = [painter('a', painted), painter('b', painted)];
    for (const each of [a, a, b]) waitForPaint(each);
    leavePaintQueue(b);
    pass(100);
    expect(painted).toEqual(['a']);
    const c = painter('c', painted);
    waitForPaint(c);
    pass(16);
    leavePaintQueue(c);
    pass(100);
    expect(painted).toEqual(['a']);
  });

  it('holds the first pictures of a visit until its first numbers are there, but not for long', async () => {
    vi.resetModules();
    const visit = await import('./paintQueue.ts');
    visit.waitForPaint(painter('early', painted));
    pass(visit.START_HOLD_MS - 20);
    expect(painted).toEqual([]);
    pass(60);
    expect(painted).toEqual(['early']);
    visit.waitForPaint(painter('late', painted));
    pass(32);
    visit.releasePainting();
    pass(32);
    expect(painted).toEqual(['early', 'late']);
  });

  it('holds everybody for an edit, and nobody for ever', () => {
    waitForPaint(painter('before', painted));
    pass(16);
    holdPainting(100);
    for (const name of ['a', 'b']) waitForPaint(painter(name, painted));
    pass(96);
    expect(painted).toEqual(['before']);
    pass(64);
    expect(painted).toEqual(['before', 'a', 'b']);
  });
});

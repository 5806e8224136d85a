import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';

/** The newest snapshot is kept so seldom at most: writing one takes a few milliseconds and half a megabyte. */
const KEEP_PAUSE_MS = 30_000;
/** The first one soon, so that a short visit leaves one too. */
const FIRST_PAUSE_MS = 3_000;

export interface LastSnapshotOptions {
  /** The newest that was accepted; null while there is none. */
  readonly newest: () => MarketSnapshot | null;
  /** Keeps it for the next visit; false when the browser does not. */
  readonly keep: (market: MarketSnapshot) => Promise<boolean>;
  /** Runs something when the page has nothing else to do; answers what calls it off. */
  readonly whenIdle: (run: () => void) => () => void;
  /** Runs something after a while; answers what calls it off. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
}

export interface LastSnapshot {
  /** The page is about to go: keeps the newest at once. */
  flush: () => void;
  end: () => void;
}

/**
 * Keeps the newest snapshot of a market that moves, now and then and never while the page is busy. Where the browser refuses, it is
 * not asked again.
 */
export function keepLastSnapshot({ newest, keep, whenIdle, after }: LastSnapshotOptions): LastSnapshot {
  let kept: MarketSnapshot | null = null;
  let isRefused = false;
  let callOff: () => void = () => {};
  let isEnded = false;

  const write = async () => {
    const market = newest();
    if (isRefused || market === null || market === kept) return;
    kept = market;
    isRefused = !(await keep(market));
  };
  const wait = (pause: number) => {
    callOff = after(pause, () => {
      callOff = whenIdle(() => {
        void write().finally(() => {
          if (!isEnded) wait(kept === null ? FIRST_PAUSE_MS : KEEP_PAUSE_MS);
        });
      });
    });
  };
  wait(FIRST_PAUSE_MS);
  return {
    flush: () => void write(),
    end: () => {
      isEnded = true;
      callOff();
    },
  };
}

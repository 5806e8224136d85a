/** What a feed that makes its own time asks of the device, so that tests need no waiting. */
export interface FeedClock {
  /** This device's time, milliseconds. */
  now(): number;
  /** Answers what calls it off. */
  after(milliseconds: number, run: () => void): () => void;
}

export const pageClock: FeedClock = {
  now: Date.now,
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

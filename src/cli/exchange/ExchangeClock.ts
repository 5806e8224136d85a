/** Time and timers, so that a test can hold both. Milliseconds since the epoch. */
export interface ExchangeClock {
  now(): number;
  /** Answers what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  every(milliseconds: number, run: () => void): () => void;
}

export const deviceClock: ExchangeClock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds);
    return () => clearInterval(timer);
  },
};

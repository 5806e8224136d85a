/** Two deltas are this far apart at least: oftener than that no screen shows one. */
const INTERVAL_MS = 20;
/** The venue sends what moved together in messages of their own, one after the other: the first of them waits for the rest. */
const GATHER_MS = 4;

/** When what came is told: what came together goes together, and what comes too soon after the last waits. */
export class DeltaPace {
  readonly #now: () => number;
  readonly #tell: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, tell: () => void) {
    this.#now = now;
    this.#tell = tell;
  }

  /** Something came. */
  came(): void {
    const now = this.#now();
    if (this.#timer !== undefined) {
      // Timers of a page that is not shown come late; messages do not.
      if (now >= this.#dueAt) this.#tell();
      return;
    }
    // A clock that was set back must not hold prices back.
    const wait = Math.min(Math.max(GATHER_MS, this.#toldAt + INTERVAL_MS - now), INTERVAL_MS);
    this.#dueAt = now + wait;
    this.#timer = setTimeout(this.#tell, wait);
  }

  /** All that came has been told. */
  told(): void {
    this.cancel();
    this.#toldAt = this.#now();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

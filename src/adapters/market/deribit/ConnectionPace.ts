/** Pauses between attempts to connect: each twice the one before. With the jitter on top, 1 s to 30 s. */
export const FIRST_PAUSE_MS = 1_000;
export const PAUSE_GROWTH = 2;
export const LONGEST_PAUSE_MS = 20_000;
/** Up to this share of a pause is added by lot, so that many clients do not return at once. */
const JITTER_SHARE = 0.5;
const LEAST_JITTER_MS = 500;

const MOST_ATTEMPTS = 12;
const ATTEMPT_WINDOW_MS = 300_000;

/** When the next attempt to connect may be made: after its pause and some jitter, and never the thirteenth in five minutes. */
export class ConnectionPace {
  #attempts: number[] = [];

  /**
   * @param failures attempts that have failed in a row; 0 after a connection that had held
   * @param lot from 0 to 1
   */
  nextAttemptAt(now: number, failures: number, lot: number): number {
    const pause =
      failures <= 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * PAUSE_GROWTH ** Math.min(failures - 1, 30));
    const due = now + pause + lot * Math.max(LEAST_JITTER_MS, pause * JITTER_SHARE);
    const oldest = this.#attempts.length < MOST_ATTEMPTS ? undefined : this.#attempts.at(-MOST_ATTEMPTS);
    return oldest === undefined ? due : Math.max(due, oldest + ATTEMPT_WINDOW_MS);
  }

  attempted(now: number): void {
    this.#attempts = [...this.#attempts, now].slice(-MOST_ATTEMPTS);
  }
}

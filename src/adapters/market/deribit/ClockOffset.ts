const MOST_SAMPLES = 5;
/** A round trip this long says too little about the middle of it. */
const LONGEST_ROUND_TRIP_MS = 5_000;
/** A sample this far from the others means that a clock was set, not that the network was slow. */
const CLOCK_WAS_SET_MS = 2_500;

/**
 * How far the venue's clock is ahead of this device's: at each round trip the venue's time less the middle of the trip, of the
 * last few the median.
 */
export class ClockOffset {
  #samples: number[] = [];

  /** All in milliseconds, the first two by this device's clock. */
  add(sentAt: number, receivedAt: number, venueTime: number): void {
    const roundTrip = receivedAt - sentAt;
    if (!(roundTrip >= 0 && roundTrip <= LONGEST_ROUND_TRIP_MS)) return;
    const sample = venueTime - (sentAt + receivedAt) / 2;
    const median = this.ms;
    if (median !== null && Math.abs(sample - median) > CLOCK_WAS_SET_MS) this.#samples = [];
    this.#samples = [...this.#samples, sample].slice(-MOST_SAMPLES);
  }

  /** Null before the first round trip. */
  get ms(): number | null {
    if (this.#samples.length === 0) return null;
    const sorted = [...this.#samples].sort((one, other) => one - other);
    const middle = sorted.length >> 1;
    return Math.round(sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
  }
}

const MOST_SAMPLES = 5;
/** Of the last samples those of the shortest round trips count: on a long one either way may have been the slow one. */
const COUNTED_SAMPLES = 3;
/** A round trip this long says too little about the middle of it. */
const LONGEST_ROUND_TRIP_MS = 5_000;
/** A sample this far from the others means that a clock was set, not that the network was slow. */
const CLOCK_WAS_SET_MS = 2_500;

interface Sample {
  readonly offset: number;
  readonly roundTrip: number;
}

/**
 * How far the venue's clock is ahead of this device's: at each round trip the venue's time less the middle of the trip, of the
 * last few the median.
 */
export class ClockOffset {
  #samples: readonly Sample[] = [];

  /** All in milliseconds, the first two by this device's clock. */
  add(sentAt: number, receivedAt: number, venueTime: number): void {
    const roundTrip = receivedAt - sentAt;
    if (!(roundTrip >= 0 && roundTrip <= LONGEST_ROUND_TRIP_MS)) return;
    const offset = venueTime - (sentAt + receivedAt) / 2;
    const known = this.ms;
    const kept = known !== null && Math.abs(offset - known) > CLOCK_WAS_SET_MS ? [] : this.#samples;
    this.#samples = [...kept, { offset, roundTrip }].slice(-MOST_SAMPLES);
  }

  /** Null before the first round trip. */
  get ms(): number | null {
    const counted = [...this.#samples].sort((one, other) => one.roundTrip - other.roundTrip).slice(0, COUNTED_SAMPLES);
    if (counted.length === 0) return null;
    const sorted = counted.map(({ offset }) => offset).sort((one, other) => one - other);
    const middle = sorted.length >> 1;
    return Math.round(sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
  }
}

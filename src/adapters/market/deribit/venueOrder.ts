import type { Timestamp } from '../../../engine/domain/units.ts';

/** A value's time may be ahead of the venue's clock by so much: what is left of two clocks that are compared over a network. */
const TOLERATED_LEAD_MS = 5_000;

/**
 * Where a value stands in the order of its kind: at its own time, unless that is ahead of the venue's clock. Taken at its word
 * it would keep every honest value after it out; so it stands at its arrival, under the time that it came with.
 */
export function venueOrder(timestamp: Timestamp, venueNow: Timestamp): Timestamp {
  return isAhead(timestamp, venueNow) ? venueNow : timestamp;
}

export function isAhead(timestamp: Timestamp, venueNow: Timestamp): boolean {
  return timestamp > venueNow + TOLERATED_LEAD_MS;
}

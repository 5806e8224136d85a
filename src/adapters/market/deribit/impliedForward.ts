import type { Settlement } from '../../../engine/domain/instrument.ts';

/** Marks of a strike's call and put at one moment, in the venue's money. */
export interface MarkPair {
  readonly strike: number;
  readonly call: number;
  readonly put: number;
}

/** Strikes nearest the money whose parity is read, and how many it takes. */
const MOST_PAIRS = 8;
const FEWEST_PAIRS = 3;
/** Marks are rounded to a tick: a forward nearer to the last one than this share of it says the same. */
const ROUNDING_SHARE = 2e-5;

/**
 * The forward at which calls and puts of the same strikes are worth what they are marked at: c - p = 1 - K/F in coin,
 * c - p = F - K in linear money. The median over the strikes nearest the last forward; the last forward itself where the marks
 * agree with it as nearly as their rounding lets them; null when too few strikes speak.
 */
export function impliedForward(pairs: readonly MarkPair[], last: number, settlement: Settlement): number | null {
  const nearest =
    pairs.length <= MOST_PAIRS
      ? pairs
      : [...pairs]
          .sort((one, other) => Math.abs(Math.log(one.strike / last)) - Math.abs(Math.log(other.strike / last)))
          .slice(0, MOST_PAIRS);
  const forwards = nearest.flatMap(({ strike, call, put }) => {
    const forward = settlement === 'coin' ? strike / (1 - (call - put)) : strike + (call - put);
    return Number.isFinite(forward) && forward > 0 ? [forward] : [];
  });
  if (forwards.length < FEWEST_PAIRS) return null;
  forwards.sort((one, other) => one - other);
  const middle = forwards.length >> 1;
  const median = forwards.length % 2 === 1 ? forwards[middle]! : (forwards[middle - 1]! + forwards[middle]!) / 2;
  return Math.abs(median - last) <= ROUNDING_SHARE * last ? last : median;
}

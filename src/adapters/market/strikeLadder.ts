import type { Usd } from '../../engine/domain/units.ts';
import type { ListingKind } from './listedExpiries.ts';

/** By kind of listing: its furthest strikes in standard deviations, how many strikes it has at most, and its open interest. */
export const LISTINGS: Record<
  ListingKind,
  { readonly reach: number; readonly strikes: number; readonly interest: number }
> = {
  daily: { reach: 2.8, strikes: 20, interest: 0.15 },
  weekly: { reach: 3.2, strikes: 22, interest: 0.4 },
  monthly: { reach: 3.6, strikes: 31, interest: 1 },
  quarterly: { reach: 3.6, strikes: 32, interest: 1.6 },
};
/** No strike is beyond this multiple of the forward, nor below its inverse. */
const FURTHEST_STRIKE = 3.2;
/** Fine strikes up to one, middling up to two and a bit, coarse beyond, in standard deviations. */
const FINE_REACH = 1;
const MIDDLE_REACH = 2.2;

interface StrikeLadder {
  readonly strikes: readonly number[];
  /** The step of the furthest strikes: what the market takes for round. */
  readonly coarse: number;
}

/** Strikes as an exchange spaces them, ascending: the finest of its steps that keeps to the listing's number. */
export function strikeLadder(
  steps: readonly number[],
  forward: Usd,
  deviation: number,
  listing: { readonly reach: number; readonly strikes: number },
): StrikeLadder {
  for (let finest = 0; ; finest++) {
    const ladder = ladderFrom(steps.slice(finest, finest + 3), forward, deviation, listing.reach);
    if (ladder.strikes.length <= listing.strikes || finest === steps.length - 1) return ladder;
  }
}

function ladderFrom(steps: readonly number[], forward: Usd, deviation: number, reach: number): StrikeLadder {
  const fine = steps[0]!;
  const middle = steps[1] ?? fine;
  const coarse = steps[2] ?? middle;
  const furthest = Math.min(reach * deviation, Math.log(FURTHEST_STRIKE));
  const strikes: number[] = [];
  const last = forward * Math.exp(furthest);
  for (let strike = Math.ceil((forward * Math.exp(-furthest)) / fine) * fine; strike <= last; strike += fine) {
    const x = Math.abs(Math.log(strike / forward)) / deviation;
    const step = x <= FINE_REACH ? fine : x <= MIDDLE_REACH ? middle : coarse;
    if (strike % step === 0) strikes.push(strike);
  }
  return { strikes, coarse };
}

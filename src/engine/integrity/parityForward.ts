import type { OptionQuote } from '../domain/marketSnapshot.ts';
import type { Usd, YearFraction } from '../domain/units.ts';
import { black76Price } from '../pricing/black76.ts';

/** Between which a forward can be traded by a call and a put of one strike, in the forward's own unit. */
export interface ParityRange {
  readonly strike: number;
  readonly low: Usd;
  readonly high: Usd;
}

/**
 * Put-call parity's second opinion on a forward: a long call and a short put of one strike are a forward bought at
 * K + C - P (undiscounted), so that K + C_bid - P_ask <= F <= K + C_ask - P_bid. Taken at the strike nearest to the forward
 * whose call and put are both quoted on both sides; where there is none, from both marks, and the range is one point. Vols
 * were read from prices with the very forward that is judged, so prices are first made of them again with it.
 *
 * @param quotes by strike, calls before puts.
 * @returns null where no strike has both. Source: Stoll, "The relationship between put and call option prices", J. Finance 24 (1969).
 */
export function parityForward(
  quotes: readonly OptionQuote[],
  forward: Usd,
  timeToExpiryYears: YearFraction,
): ParityRange | null {
  let quoted = -1;
  let marked = -1;
  const isNearer = (i: number, than: number): boolean =>
    than < 0 || Math.abs(quotes[i]!.strike - forward) < Math.abs(quotes[than]!.strike - forward);
  for (let i = 0; i + 1 < quotes.length; i += 1) {
    const call = quotes[i]!;
    const put = quotes[i + 1]!;
    if (call.strike !== put.strike) continue;
    if (isTwoSided(call) && isTwoSided(put) && isNearer(i, quoted)) quoted = i;
    if (call.markIv !== undefined && put.markIv !== undefined && isNearer(i, marked)) marked = i;
  }
  const chosen = quoted >= 0 ? quoted : marked;
  if (chosen < 0) return null;
  const call = quotes[chosen]!;
  const put = quotes[chosen + 1]!;
  const { strike } = call;
  const price = (type: 'C' | 'P', vol: number): number => black76Price(type, forward, strike, timeToExpiryYears, vol);
  const isQuoted = quoted >= 0;
  const low = price('C', isQuoted ? call.bidIv! : call.markIv!) - price('P', isQuoted ? put.askIv! : put.markIv!);
  const high = price('C', isQuoted ? call.askIv! : call.markIv!) - price('P', isQuoted ? put.bidIv! : put.markIv!);
  return { strike, low: strike + low, high: strike + high };
}

function isTwoSided({ bidIv, askIv }: OptionQuote): boolean {
  return bidIv !== undefined && askIv !== undefined;
}

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
 * Null where no strike has both. Source: Stoll, "The relationship between put and call option prices", J. Finance 24 (1969).
 */
export function parityForward(
  pairs: Iterable<readonly [call: OptionQuote, put: OptionQuote]>,
  forward: Usd,
  timeToExpiryYears: YearFraction,
): ParityRange | null {
  let quoted: readonly [OptionQuote, OptionQuote] | null = null;
  let marked: readonly [OptionQuote, OptionQuote] | null = null;
  const distance = (pair: readonly [OptionQuote, OptionQuote] | null): number =>
    pair === null ? Number.POSITIVE_INFINITY : Math.abs(Math.log(pair[0].strike / forward));
  for (const pair of pairs) {
    const near = distance(pair);
    if (near < distance(quoted) && pair.every(isTwoSided)) quoted = pair;
    if (near < distance(marked) && pair.every(({ markIv }) => markIv !== undefined)) marked = pair;
  }
  const chosen = quoted ?? marked;
  if (chosen === null) return null;
  const [call, put] = chosen;
  const price = (type: 'C' | 'P', vol: number): number =>
    black76Price(type, forward, call.strike, timeToExpiryYears, vol);
  const isQuoted = chosen === quoted;
  const low = price('C', isQuoted ? call.bidIv! : call.markIv!) - price('P', isQuoted ? put.askIv! : put.markIv!);
  const high = price('C', isQuoted ? call.askIv! : call.markIv!) - price('P', isQuoted ? put.bidIv! : put.markIv!);
  return { strike: call.strike, low: call.strike + low, high: call.strike + high };
}

function isTwoSided({ bidIv, askIv }: OptionQuote): boolean {
  return bidIv !== undefined && askIv !== undefined;
}

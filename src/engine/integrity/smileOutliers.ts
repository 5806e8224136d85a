import type { OptionQuote } from '../domain/marketSnapshot.ts';
import type { Usd, Vol } from '../domain/units.ts';
import { outlyingPoints } from '../surface/outlyingPoints.ts';
import type { SmilePoint } from '../surface/smilePoints.ts';

/** Call and put of one strike have one vol, within this share of it. */
const PARITY_SHARE = 0.1;

/**
 * Marks that contradict the smile of the strikes beside them, with what each is off by in vol. The smile is the one through
 * the neighbours, not a fitted one: to fit it takes milliseconds and another thread, while a mark that the
 * fit would throw out stands out of its neighbours as well, and the same judge (`outlyingPoints`) tells it. The option in the
 * money is set against the other of its strike.
 *
 * @param quotes by strike, calls before puts.
 */
export function smileOutliers(quotes: readonly OptionQuote[], forward: Usd): Map<OptionQuote, Vol> {
  const speaking: OptionQuote[] = [];
  const silent = new Map<number, OptionQuote>();
  for (const quote of quotes) {
    if (quote.markIv === undefined) continue;
    const last = speaking.at(-1);
    // The out-of-the-money option speaks for its strike, the other in its absence.
    if (last?.strike !== quote.strike) speaking.push(quote);
    else if (quote.strike >= forward === (quote.type === 'C')) {
      silent.set(speaking.length - 1, last);
      speaking[speaking.length - 1] = quote;
    } else silent.set(speaking.length - 1, quote);
  }
  const points = speaking.map((quote) => {
    const { strike, type, bidIv, askIv } = quote;
    // Sides that do not hold their own mark do not speak for it.
    const isHeld = isWithin(quote.markIv!, quote);
    return {
      strike,
      type,
      logMoneyness: Math.log(strike / forward),
      vol: quote.markIv!,
      bidVol: isHeld ? bidIv! : null,
      askVol: isHeld ? askIv! : null,
      weight: 1,
    };
  });
  const errors = points.map((_, i) => nearestMiss(points, i));
  const outlying = outlyingPoints(points, errors);
  const found = new Map([...outlying].map(([i, off]) => [speaking[i]!, off]));
  for (const [i, quote] of silent) {
    const vol = points[i]!.vol - (outlying.get(i) ?? 0);
    const off = quote.markIv! - vol;
    const isAdmitted = isWithin(vol, quote) && isWithin(quote.markIv!, quote);
    if (Math.abs(off) > PARITY_SHARE * vol && !isAdmitted) found.set(quote, off);
  }
  return found;
}

/**
 * A point's error against the nearest of five lines: between the strikes on either side, and on from two below or above, the
 * next to it taken or not. One wrong vol spoils lines of its neighbours, but never all, at the ends neither, so that only it is
 * far from each of its own.
 */
function nearestMiss(points: readonly Pick<SmilePoint, 'logMoneyness' | 'vol'>[], i: number): Vol {
  const { logMoneyness: k, vol } = points[i]!;
  let miss = Number.POSITIVE_INFINITY;
  for (const [one, other] of [
    [i - 1, i + 1],
    [i - 1, i - 2],
    [i + 1, i + 2],
    [i - 2, i - 3],
    [i + 2, i + 3],
  ] as const) {
    const from = points[one];
    const to = points[other];
    if (from === undefined || to === undefined) continue;
    const slope = (to.vol - from.vol) / (to.logMoneyness - from.logMoneyness);
    const error = from.vol + slope * (k - from.logMoneyness) - vol;
    if (Math.abs(error) < Math.abs(miss)) miss = error;
  }
  return Number.isFinite(miss) ? miss : 0;
}

function isWithin(vol: Vol, { bidIv, askIv }: OptionQuote): boolean {
  return bidIv !== undefined && askIv !== undefined && bidIv <= vol && vol <= askIv;
}

import type { OptionQuote } from '../domain/marketSnapshot.ts';
import type { Usd, Vol } from '../domain/units.ts';
import { outlyingPoints } from '../surface/outlyingPoints.ts';

/**
 * Marks that contradict the smile of the strikes beside them, with what each is off by in vol. The smile is the one through
 * the neighbours on either side, not a fitted one: to fit it takes milliseconds and another thread, while a mark that the
 * fit would throw out stands out of its neighbours as well, and the same judge (`outlyingPoints`) tells it.
 *
 * @param quotes by strike, calls before puts.
 */
export function smileOutliers(quotes: readonly OptionQuote[], forward: Usd): Map<OptionQuote, Vol> {
  const speaking: OptionQuote[] = [];
  for (const quote of quotes) {
    if (quote.markIv === undefined) continue;
    const last = speaking.at(-1);
    // The out-of-the-money option speaks for its strike, the other in its absence.
    if (last?.strike !== quote.strike) speaking.push(quote);
    else if (quote.strike >= forward === (quote.type === 'C')) speaking[speaking.length - 1] = quote;
  }
  const points = speaking.map(({ strike, type, markIv, bidIv, askIv }) => ({
    strike,
    type,
    logMoneyness: Math.log(strike / forward),
    vol: markIv!,
    bidVol: bidIv ?? null,
    askVol: askIv ?? null,
    weight: 1,
  }));
  const errors = points.map(({ logMoneyness: k, vol }, i) => {
    const below = points[i === 0 ? 2 : i - 1];
    const above = points[i === points.length - 1 ? i - 2 : i + 1];
    if (below === undefined || above === undefined) return 0;
    const slope = (above.vol - below.vol) / (above.logMoneyness - below.logMoneyness);
    return below.vol + slope * (k - below.logMoneyness) - vol;
  });
  return new Map([...outlyingPoints(points, errors)].map(([i, off]) => [speaking[i]!, off]));
}

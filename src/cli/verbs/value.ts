import { bookRisk } from '../../engine/bookRisk.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { jsonText } from '../jsonText.ts';
import { logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

export const value: Verb = {
  usage: '--market F --portfolio F',
  help: `
  --market F      headroom/market@1
  --portfolio F   headroom/portfolio@1, or CSV
  --smile-edits F headroom/smile-edits@1: level, skew, wings an expiry

Answer: asOf, positions[] in the file's order (id, instrument, quantity, valueUsd, markPrice in the instrument's quote unit,
impliedVolatility, volatilitySource: mark or fit, and the Greeks; or failure where a leg has no price), byUnderlying{} and
byExpiry[] (valueUsd, legs, Greeks; perpetuals have expiry null), collateral[], collateralUsd, equityUsd, notices[].

Greeks are the position's, signed for the holder:
  delta  coin             vega   USD per 1.00 of vol        vanna  coin per 1.00 of vol
  gamma  coin per USD     theta  USD per year               volga  USD per 1.00 of vol, squared
  rho    USD per 1.00 of rate
Futures are worth their profit since entry, 0 without an entry price.`,
  options: { market: { type: 'string' }, portfolio: { type: 'string' }, 'smile-edits': { type: 'string' } },
  async run(options, io) {
    const { market, portfolio } = await readPricedBook(options, io);
    const { positions, byUnderlying, byExpiry, collateral, collateralUsd, equityUsd, notices } = bookRisk(
      market,
      portfolio,
    );
    logNotices(notices, io);
    io.write(
      jsonText({
        asOf: isoTime(market.snapshot.asOf),
        source: market.snapshot.source,
        positions,
        byUnderlying: Object.fromEntries(byUnderlying.map(({ underlying, ...figures }) => [underlying, figures])),
        byExpiry: byExpiry.map(({ expiry, ...figures }) => ({
          expiry: expiry === null ? null : isoTime(expiry),
          ...figures,
        })),
        collateral,
        collateralUsd,
        equityUsd,
        notices,
      }),
    );
  },
};

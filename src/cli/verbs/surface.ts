import { calibrateSurface } from '../../engine/surface/calibrateSurface.ts';
import type { SmileFit } from '../../engine/surface/VolSurface.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { readMarket } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import type { Verb } from '../Verb.ts';

export const surface: Verb = {
  name: 'surface',
  summary: 'the smiles fitted to a market, how well, and whether they allow arbitrage',
  usage: '--market F',
  help: `
  --market F   headroom/market@1

Answer: asOf and underlyings{}, each with
  expiries[]             expiry, forward, discount, timeToExpiryYears, svi {a, b, rho, m, sigma} of total variance in
                         ln(K/F), or failure; origin (quotes or market), atmVol (decimal), rmseVolPoints and
                         maxErrorVolPoints (0.5 = half a vol point), strikeRange, quotesUsed, leftOut[] (strike, type,
                         reason), butterflyArbitrage
  calendarArbitrage[]    earlier and later of neighbouring expiries whose total variance falls with time
Expired expiries are not listed.`,
  options: { market: { type: 'string' } },
  async run(options, io) {
    const market = await readMarket(options, io);
    const underlyings = market.underlyings.map((underlying) => {
      const { fits, calendarArbitrage } = calibrateSurface(underlying, market.asOf);
      const pairs = calendarArbitrage.map(({ earlier, later }) => ({
        earlier: isoTime(earlier),
        later: isoTime(later),
      }));
      return [underlying.symbol, { expiries: fits.map(smile), calendarArbitrage: pairs }] as const;
    });
    io.write(jsonText({ asOf: isoTime(market.asOf), underlyings: Object.fromEntries(underlyings) }));
  },
};

function smile({ expiry, failure, rmse, maxError, ...fit }: SmileFit): object {
  return {
    expiry: isoTime(expiry),
    ...fit,
    rmseVolPoints: rmse === null ? null : 100 * rmse,
    maxErrorVolPoints: maxError === null ? null : 100 * maxError,
    ...(failure ? { failure } : {}),
  };
}

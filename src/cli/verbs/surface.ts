import { calibrateSurface } from '../../engine/surface/calibrateSurface.ts';
import { repairedSurface } from '../../engine/surface/repairedSurface.ts';
import type { CalendarCrossing, SmileFit, SmileRepair, VolSurface } from '../../engine/surface/VolSurface.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { readMarket } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import type { Verb } from '../Verb.ts';

export const surface: Verb = {
  usage: '--market F [--repair]',
  help: `
  --market F   headroom/market@1
  --repair     take butterfly and calendar arbitrage out of the fitted smiles, all expiries of a coin together, and say
               what that cost; options with a mark vol are valued at their own mark all the same

Answer: asOf and underlyings{}, each with
  expiries[]             expiry, forward, discount, timeToExpiryYears, svi {a, b, rho, m, sigma} of total variance in
                         ln(K/F), or failure; origin (quotes or market), atmVol (decimal), rmseVolPoints and
                         maxErrorVolPoints (0.5 = half a vol point), strikeRange, quotesUsed, points[] (strike, type,
                         logMoneyness, vol, bidVol, askVol, weight, errorVolPoints: fitted less quoted), leftOut[]
                         (strike, type, reason), butterflyArbitrage, butterfly (least g of the density and where),
                         repair: null, or rmseVolPointsBefore, maxErrorVolPointsBefore, largestChangeVolPoints and
                         sviBefore
  calendarArbitrage[]    earlier and later of neighbouring expiries whose total variance falls with time, logMoneyness
                         and gap where it falls most, where: quotes (both quote there) or wings (extrapolated)
  isRepaired, medianErrorVolPoints (over all points; null without any)
Checked range: the strikes used; repaired, all prices from 5 % to 20 times the forward. Expired expiries are not listed.`,
  options: { market: { type: 'string' }, repair: { type: 'boolean' } },
  async run(options, io) {
    const market = await readMarket(options, io);
    const underlyings = market.underlyings.map((underlying) => {
      const fitted = calibrateSurface(underlying, market.asOf);
      return [underlying.symbol, printed(options.flag('repair') ? repairedSurface(fitted) : fitted)] as const;
    });
    io.write(jsonText({ asOf: isoTime(market.asOf), underlyings: Object.fromEntries(underlyings) }));
  },
};

function printed({ fits, calendarArbitrage, isRepaired }: VolSurface): object {
  const errors = fits.flatMap(({ points }) => points.map(({ error }) => Math.abs(error))).sort((a, b) => a - b);
  return {
    expiries: fits.map(smile),
    calendarArbitrage: calendarArbitrage.map(crossing),
    isRepaired,
    medianErrorVolPoints: errors.length === 0 ? null : 100 * errors[errors.length >> 1]!,
  };
}

function smile({ expiry, failure, rmse, maxError, points, repair, ...fit }: SmileFit): object {
  return {
    expiry: isoTime(expiry),
    ...fit,
    rmseVolPoints: volPoints(rmse),
    maxErrorVolPoints: volPoints(maxError),
    points: points.map(({ error, ...point }) => ({ ...point, errorVolPoints: volPoints(error) })),
    repair: repair && repairCost(repair),
    ...(failure ? { failure } : {}),
  };
}

function repairCost({ sviBefore, rmseBefore, maxErrorBefore, largestChange }: SmileRepair): object {
  return {
    rmseVolPointsBefore: volPoints(rmseBefore),
    maxErrorVolPointsBefore: volPoints(maxErrorBefore),
    largestChangeVolPoints: volPoints(largestChange),
    sviBefore,
  };
}

function crossing({ earlier, later, ...where }: CalendarCrossing): object {
  return { earlier: isoTime(earlier), later: isoTime(later), ...where };
}

function volPoints(vol: number | null): number | null {
  return vol === null ? null : 100 * vol;
}

import { expiryCode, usualSettlement } from './domain/instrument.ts';
import type { ExpirySummary, MarketSummary, Notice, UnderlyingSummary } from './domain/marketSummary.ts';
import type { PriceHistory, UnderlyingMarket } from './domain/marketSnapshot.ts';
import { DAYS_PER_YEAR, MILLISECONDS_PER_DAY } from './domain/units.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import { surfaceVol } from './surface/smileVol.ts';
import { SPOKEN_FOR } from './surface/smilePoints.ts';
import type { VolSurface } from './surface/VolSurface.ts';

/** Constant maturity at which an underlying's vol is quoted in one number. */
const HEADLINE_TENOR_YEARS = 30 / DAYS_PER_YEAR;

/** What a page needs to know of an open market, with everything in it that a person should be told. */
export function marketSummary(market: PreparedMarket): MarketSummary {
  const { snapshot, surfaces } = market;
  const { id, asOf, source, stablecoins } = snapshot;
  return {
    id,
    asOf,
    source,
    stablecoins,
    underlyings: snapshot.underlyings.map((underlying) =>
      underlyingSummary(underlying, surfaces.get(underlying.symbol)!, market),
    ),
    notices: snapshot.underlyings.flatMap((underlying) => [
      ...surfaceNotices(surfaces.get(underlying.symbol)!),
      ...historyNotices(underlying.symbol, underlying.history, asOf),
    ]),
  };
}

function underlyingSummary(
  underlying: UnderlyingMarket,
  surface: VolSurface,
  market: PreparedMarket,
): UnderlyingSummary {
  const fits = new Map(surface.fits.map((fit) => [fit.expiry, fit]));
  return {
    symbol: underlying.symbol,
    index: underlying.index,
    perpetualMark: underlying.perpetual?.mark ?? null,
    settlement: usualSettlement(underlying.symbol),
    atmVol30d: surfaceVol(surface, HEADLINE_TENOR_YEARS, 0),
    spotVolBeta: market.underlyings.get(underlying.symbol)?.spotVolBeta ?? null,
    historyCloses: underlying.history?.closes.length ?? 0,
    // An expiry in the past cannot be traded; it is left out here, and a leg in it is told that it has expired.
    expiries: underlying.expiries
      .filter(({ expiry }) => fits.has(expiry))
      .map(
        ({ expiry, forward, quotes }): ExpirySummary => ({
          expiry,
          forward,
          atmVol: fits.get(expiry)!.atmVol,
          strikes: [...new Set(quotes.map(({ strike }) => strike))].sort((a, b) => a - b),
        }),
      ),
  };
}

function surfaceNotices({ underlying, fits, calendarArbitrage }: VolSurface): Notice[] {
  const notices: Notice[] = [];
  const leftOut = fits.flatMap((fit) => fit.leftOut.filter(({ reason }) => reason !== SPOKEN_FOR));
  if (leftOut.length > 0) {
    const quotes = leftOut.length === 1 ? '1 quote is' : `${leftOut.length} quotes are`;
    notices.push({
      severity: 'info',
      underlying,
      message: `${underlying}: ${quotes} left out of the fitted smiles, first ${leftOut[0]!.strike} ${leftOut[0]!.type}: ${leftOut[0]!.reason}`,
    });
  }
  for (const fit of fits) {
    const name = `${underlying} ${expiryCode(fit.expiry)}`;
    if (fit.failure)
      notices.push({ severity: 'warning', underlying, message: `${name} has no fitted smile: ${fit.failure.message}` });
    if (fit.butterflyArbitrage)
      notices.push({
        severity: 'warning',
        underlying,
        message: `${name}: the fitted smile allows butterfly arbitrage`,
      });
  }
  for (const { earlier, later, where } of calendarArbitrage) {
    // Where wings beyond all quotes cross, no quote is at fault.
    if (where === 'wings') continue;
    notices.push({
      severity: 'warning',
      underlying,
      message: `${underlying}: total variance falls from ${expiryCode(earlier)} to ${expiryCode(later)} (calendar arbitrage in the quotes)`,
    });
  }
  return notices;
}

function historyNotices(underlying: string, history: PriceHistory | undefined, asOf: number): Notice[] {
  if (!history || history.closes.length === 0) {
    return [
      { severity: 'info', underlying, message: `${underlying} has no price history in this market; VaR needs one` },
    ];
  }
  const notices: Notice[] = [];
  const step = history.intervalDays * MILLISECONDS_PER_DAY;
  let gaps = 0;
  let firstGap: number | null = null;
  for (let i = 1; i < history.closes.length; i += 1) {
    const previous = history.closes[i - 1]![0];
    if (history.closes[i]![0] - previous > 1.5 * step) {
      gaps += 1;
      firstGap ??= previous;
    }
  }
  if (firstGap !== null) {
    notices.push({
      severity: 'warning',
      underlying,
      message: `${underlying} history has ${gaps} ${gaps === 1 ? 'gap' : 'gaps'}, first after ${isoDay(firstGap)}; returns across a gap are left out`,
    });
  }
  const last = history.closes.at(-1)![0];
  const daysOld = Math.floor((asOf - last) / MILLISECONDS_PER_DAY);
  if (daysOld > 7)
    notices.push({
      severity: 'warning',
      underlying,
      message: `${underlying} history ends on ${isoDay(last)}, ${daysOld} days before this market`,
    });
  return notices;
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

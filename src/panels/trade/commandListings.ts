import type { ExpirySummary, UnderlyingSummary } from '../../engine/domain/marketSummary.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { dateCode } from '../../ui/format.ts';
import { type CommandContext, type Refusal, refused } from './command.ts';

export const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A day as it is written: the month at least. */
export interface Day {
  readonly day: number | null;
  readonly month: number;
  readonly year: number | null;
  readonly text: string;
}

export function coinNamed(context: CommandContext, symbol: string): UnderlyingSummary | undefined {
  return context.market.underlyings.find((coin) => coin.symbol.toLowerCase() === symbol.toLowerCase());
}

export function symbols(context: CommandContext): string {
  return context.market.underlyings.map(({ symbol }) => symbol).join(', ');
}

export function listedDays(coin: UnderlyingSummary, context: CommandContext): string {
  return coin.expiries.map(({ expiry }) => dateCode(expiry, context.market.asOf)).join(', ');
}

export function refusedExpiry(coin: UnderlyingSummary, text: string, context: CommandContext): Refusal {
  const what = text === '' ? 'Which expiry?' : `${coin.symbol} has no expiry in ${text}.`;
  return refused(
    `${what} Listed: ${listedDays(coin, context)}`,
    coin.expiries.slice(0, 4).map(({ expiry }) => `expiry ${typedDay(expiry)}`),
  );
}

/** The listed expiry that a written day means; a month alone means its last one, which is the most traded. */
export function resolvedExpiry(coin: UnderlyingSummary, day: Day, context: CommandContext): ExpirySummary | Refusal {
  const matching = coin.expiries.filter(({ expiry }) => {
    const date = new Date(expiry);
    return (
      date.getUTCMonth() === day.month &&
      (day.day === null || date.getUTCDate() === day.day) &&
      (day.year === null || date.getUTCFullYear() % 100 === day.year)
    );
  });
  const firstYear = matching[0] && new Date(matching[0].expiry).getUTCFullYear();
  const found = matching.filter(({ expiry }) => new Date(expiry).getUTCFullYear() === firstYear).at(-1);
  return found ?? refusedExpiry(coin, day.text, context);
}

/** The expiry that the chain shows, when the coin lists it; else its nearest one. */
export function usualExpiry(coin: UnderlyingSummary, context: CommandContext): ExpirySummary | Refusal {
  const wanted = context.chainExpiry ?? context.market.asOf;
  const nearest = [...coin.expiries].sort(
    (one, other) => Math.abs(one.expiry - wanted) - Math.abs(other.expiry - wanted) || one.expiry - other.expiry,
  )[0];
  return nearest ?? refused(`${coin.symbol} has no expiry in this market`);
}

/** The listed strikes around a number: the one below and the one above, nearest first where only one side exists. */
export function nearestStrikes(strikes: readonly number[], near: number): readonly number[] {
  const below = strikes.filter((strike) => strike <= near);
  const above = strikes.filter((strike) => strike > near);
  if (below.length === 0) return above.slice(0, 2);
  if (above.length === 0) return below.slice(-2);
  return [below.at(-1)!, above[0]!];
}

export function typedDay(expiry: Timestamp): string {
  const date = new Date(expiry);
  return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}`;
}

export function typedStrike(strike: number): string {
  return strike >= 10_000 && strike % 100 === 0 ? `${strike / 1000}k` : String(strike);
}

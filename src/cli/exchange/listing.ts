import { listedExpiries, type ListingKind } from '../../adapters/market/listedExpiries.ts';
import { expiryCode, instrumentName, type OptionType, usualSettlement } from '../../engine/domain/instrument.ts';
import type { ExpiryMarket, OptionQuote } from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';
import type { Currency, ListedCoin, ListedExpiry, ListedOption } from './ListedCoin.ts';

/** Where the exchange lists a coin: BTC and ETH by themselves, every other among the contracts in USDC. */
export function currencyOf(symbol: string): Currency {
  return usualSettlement(symbol) === 'coin' ? (symbol as 'BTC' | 'ETH') : 'USDC';
}

export function indexNameOf(symbol: string): string {
  return `${symbol.toLowerCase()}_${usualSettlement(symbol) === 'coin' ? 'usd' : 'usdc'}`;
}

export function perpetualName({ symbol, settlement }: ListedCoin): string {
  return instrumentName({ product: 'perpetual', underlying: symbol, settlement });
}

export function optionKey({ strike, type }: { readonly strike: number; readonly type: OptionType }): string {
  return `${strike}${type}`;
}

/** An expiry of a market as the exchange lists it. Futures are listed in coin, for Fridays. */
export function listedExpiry(
  underlying: string,
  index: number,
  { expiry, forward, quotes }: ExpiryMarket,
  asOf: Timestamp,
  nextId: () => number,
): ListedExpiry {
  const settlement = usualSettlement(underlying);
  const name = instrumentName({ product: 'future', underlying, settlement, expiry });
  const period = periodOf(expiry);
  const hasFuture = settlement === 'coin' && period !== 'day';
  return {
    expiry,
    code: expiryCode(expiry),
    period,
    created: Math.min(asOf, expiry - LISTED_DAYS[period] * MILLISECONDS_PER_DAY),
    future: hasFuture ? name : null,
    underlyingIndex: hasFuture ? name : `SYN.${name}`,
    options: quotes.flatMap((quote) => {
      const markIv = quote.markIv ?? nearestVol(quotes, quote.strike);
      if (markIv === undefined) return [];
      return optionOf(underlying, expiry, { ...quote, markIv }, nextId) ?? [];
    }),
    forwardRatio: forward / index,
    volLevel: 1,
    state: 'open',
  };
}

/** How long before it expires a contract is listed. */
const LISTED_DAYS = { day: 3, week: 21, month: 364 } as const;

/** An option as the exchange lists it; null without a mark vol. */
export function optionOf(
  underlying: string,
  expiry: Timestamp,
  { strike, type, markIv, bidIv, askIv, openInterest = 0 }: OptionQuote,
  nextId: () => number,
): ListedOption | null {
  if (markIv === undefined) return null;
  const settlement = usualSettlement(underlying);
  const name = instrumentName({ product: 'option', underlying, settlement, expiry, strike, optionType: type });
  const id = nextId();
  // Sizes say nothing here; they differ, and stay.
  return {
    name,
    id,
    strike,
    type,
    markIv,
    bidIv: bidIv ?? null,
    askIv: askIv ?? null,
    openInterest,
    bidAmount: size(id),
    askAmount: size(id + 7),
  };
}

function size(id: number): number {
  return ((((id * 2_654_435_761) % 997) % 240) + 1) / 10;
}

function nearestVol(quotes: readonly OptionQuote[], strike: number): number | undefined {
  let nearest: OptionQuote | undefined;
  for (const quote of quotes) {
    if (quote.markIv === undefined) continue;
    if (nearest === undefined || Math.abs(quote.strike - strike) < Math.abs(nearest.strike - strike)) nearest = quote;
  }
  return nearest?.markIv;
}

function periodOf(expiry: Timestamp): ListedExpiry['period'] {
  const date = new Date(expiry);
  if (date.getUTCDay() !== 5) return 'day';
  return new Date(expiry + 7 * MILLISECONDS_PER_DAY).getUTCMonth() === date.getUTCMonth() ? 'week' : 'month';
}

/** The kind of listing that a period's successor must have. */
const KINDS: Record<ListedExpiry['period'], readonly ListingKind[]> = {
  day: ['daily', 'weekly', 'monthly', 'quarterly'],
  week: ['weekly', 'monthly', 'quarterly'],
  month: ['monthly', 'quarterly'],
};

/**
 * Lists the expiry that the calendar of listings wants after one has been delivered, with the strikes around the index
 * and the smile, in log-moneyness per square root of time, of its neighbour in time. Null where none is missing.
 */
export function relisted(
  coin: ListedCoin,
  delivered: ListedExpiry,
  time: Timestamp,
  nextId: () => number,
): ListedExpiry | null {
  const missing = listedExpiries(time).find(
    ({ expiry, kind }) =>
      KINDS[delivered.period].includes(kind) && !coin.expiries.some((listed) => listed.expiry === expiry),
  );
  const neighbours = coin.expiries.filter((listed) => listed.state === 'open' && listed.options.length > 0);
  if (missing === undefined || neighbours.length === 0) return null;
  const distance = (listed: ListedExpiry) => Math.abs(listed.expiry - missing.expiry);
  const model = neighbours.reduce((best, listed) => (distance(listed) < distance(best) ? listed : best));
  const quotes = model.options.map(({ strike, type, markIv, bidIv, askIv }): OptionQuote => {
    const level = model.volLevel;
    return {
      strike,
      type,
      markIv: markIv * level,
      ...(bidIv === null ? {} : { bidIv: bidIv * level }),
      ...(askIv === null ? {} : { askIv: askIv * level }),
    };
  });
  const years = (missing.expiry - time) / (model.expiry - time);
  const forward = coin.indexUsd * model.forwardRatio ** years;
  const listed = listedExpiry(
    coin.symbol,
    coin.indexUsd,
    { expiry: missing.expiry, forward, discount: 1, quotes },
    time,
    nextId,
  );
  coin.expiries.push(listed);
  coin.expiries.sort((one, other) => one.expiry - other.expiry);
  return listed;
}

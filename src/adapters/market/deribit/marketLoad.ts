import type { PriceHistory } from '../../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../../engine/domain/units.ts';
import { type ContractReading, parseBookSummary } from './contractReading.ts';
import { fieldsOf, priceIn } from './foreignValue.ts';
import { parseDailyCloses, parseVolatilityIndexPage } from './parseHistory.ts';
import { type ListedContract, marketInstrument, parseListedContract } from './parseListing.ts';
import { RpcError } from './parseRpcMessage.ts';

/** A public method of the exchange by whatever way it is reached; rejects with an RpcError. */
export type Call = (method: string, params: Readonly<Record<string, string | number>>) => Promise<unknown>;

/** How the exchange groups its contracts: inverse ones by coin, all linear ones under USDC. */
export const CURRENCIES = ['BTC', 'ETH', 'USDC'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** More rows than the exchange lists in a currency. */
const MOST_ROWS = 20_000;
const LONGEST_NAME = 40;
const MOST_LOCKS = 100;

/** The options of a currency that this market holds. */
export async function listedOptions(call: Call, currency: Currency): Promise<readonly ListedContract[]> {
  const rows = rowsOf(await call('public/get_instruments', { currency, kind: 'option' }));
  return rows.flatMap((row) => {
    const contract = parseListedContract(row);
    return contract?.instrument.product === 'option' ? [contract] : [];
  });
}

/** The prices of all contracts of a kind and currency that this market holds. */
export async function bookSummaries(
  call: Call,
  currency: Currency,
  kind: 'option' | 'future',
): Promise<readonly ContractReading[]> {
  const rows = rowsOf(await call('public/get_book_summary_by_currency', { currency, kind }));
  return rows.flatMap((row) => {
    const reading = parseBookSummary(row);
    return reading !== null && marketInstrument(reading.name) !== null ? [reading] : [];
  });
}

export async function indexPrice(call: Call, indexName: string): Promise<number> {
  const price = priceIn(fieldsOf(await call('public/get_index_price', { index_name: indexName }))?.index_price);
  if (price === undefined) throw new RpcError(null, `no price of ${indexName}`);
  return price;
}

/** The index of USD per USDC, where the exchange has one. */
export const USDC_INDEX = 'usdc_usd';

export async function hasUsdcIndex(call: Call): Promise<boolean> {
  const names = await call('public/get_index_price_names', {});
  return Array.isArray(names) && names.includes(USDC_INDEX);
}

/** What the locks of the platform are: names of indices, or all. */
export async function platformLocks(call: Call): Promise<ReadonlySet<string> | 'all'> {
  const status = fieldsOf(await call('public/status', {}));
  if (status?.locked === true || status?.locked === 'true') return 'all';
  const names = status?.locked_indices ?? status?.locked_currencies;
  if (status?.locked !== 'partial' || !Array.isArray(names)) return new Set();
  return new Set(
    names
      .filter((name: unknown): name is string => typeof name === 'string' && name.length <= LONGEST_NAME)
      .slice(0, MOST_LOCKS),
  );
}

/** The locks after a message of the platform's state: one index is locked or opened, or all for maintenance. */
export function lockOf(data: unknown, before: ReadonlySet<string> | 'all'): ReadonlySet<string> | 'all' {
  const fields = fieldsOf(data);
  if (typeof fields?.maintenance === 'boolean') return fields.maintenance ? 'all' : new Set();
  const name = fields?.price_index;
  if (typeof fields?.locked !== 'boolean' || typeof name !== 'string' || name.length > LONGEST_NAME) return before;
  if (name === 'all') return fields.locked ? 'all' : new Set();
  const locked = new Set(before === 'all' ? [] : before);
  if (fields.locked && locked.size < MOST_LOCKS) locked.add(name);
  else locked.delete(name);
  return locked;
}

const HISTORY_DAYS = 731;
const MOST_PAGES = 5;

/**
 * Two years of daily closes, and of the 30-day volatility index where the coin has one, whole days only. Closes are the
 * perpetual's, which follow the index within basis points: its chart has bars of a documented length, the index chart's
 * spacing is documented nowhere.
 */
export async function dailyHistory(
  call: Call,
  perpetual: string,
  indexCurrency: string | null,
  asOf: Timestamp,
): Promise<PriceHistory> {
  const start = asOf - HISTORY_DAYS * MILLISECONDS_PER_DAY;
  const chart = await call('public/get_tradingview_chart_data', {
    instrument_name: perpetual,
    start_timestamp: start,
    end_timestamp: asOf,
    resolution: '1D',
  });
  const closes = parseDailyCloses(chart, asOf);
  if (closes === null || closes.length === 0) throw new RpcError(null, `no daily closes of ${perpetual}`);

  const vols = new Map<Timestamp, number>();
  let end: Timestamp | null = indexCurrency === null ? null : asOf;
  for (let page = 0; page < MOST_PAGES && end !== null && indexCurrency !== null; page++) {
    const answer = await call('public/get_volatility_index_data', {
      currency: indexCurrency,
      start_timestamp: start,
      end_timestamp: end,
      resolution: '1D',
    });
    const read = parseVolatilityIndexPage(answer, asOf);
    if (read === null) throw new RpcError(null, `no volatility index of ${indexCurrency}`);
    for (const [at, vol] of read.points) vols.set(at, vol);
    // A page that does not lead back would be asked for for ever.
    end = read.continuation !== null && read.continuation < end ? read.continuation : null;
  }
  const volatilityIndex = [...vols].sort(([one], [other]) => one - other);
  return { intervalDays: 1, closes, volatilityIndex };
}

function rowsOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length > MOST_ROWS) throw new RpcError(null, 'an answer of another shape');
  return value;
}

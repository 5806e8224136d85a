import type { PriceHistory } from '../../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../../../engine/domain/units.ts';
import { heldVol } from '../venueVol.ts';
import { fieldsOf, instantIn, numberIn, priceIn } from './foreignValue.ts';

const MOST_DAYS = 5_000;
/** No volatility index has ever been below so many percent; figures below are fractions. */
const LOWEST_PERCENT = 3;

/**
 * Daily closes of get_tradingview_chart_data, oldest first, each under the start of its day; days that have not ended by `asOf`
 * and unreadable bars are left out. Null when the answer is none.
 */
export function parseDailyCloses(value: unknown, asOf: Timestamp): PriceHistory['closes'] | null {
  const fields = fieldsOf(value);
  if (fields === null || !Array.isArray(fields.ticks) || !Array.isArray(fields.close)) return null;
  if (fields.ticks.length > MOST_DAYS) return null;
  const closes: readonly unknown[] = fields.close;
  return ended(
    fields.ticks.map((at: unknown, i) => [instantIn(at), priceIn(closes[i])] as const),
    asOf,
  );
}

export interface VolatilityIndexPage {
  readonly points: PriceHistory['volatilityIndex'];
  /** Where the page before this one ends; null at the first. */
  readonly continuation: Timestamp | null;
}

/**
 * A page of get_volatility_index_data, the closes as vols, oldest first. Live values are percent points; an example in the
 * documentation is a fraction, which the size of the figures tells apart.
 */
export function parseVolatilityIndexPage(value: unknown, asOf: Timestamp): VolatilityIndexPage | null {
  const fields = fieldsOf(value);
  if (fields === null || !Array.isArray(fields.data) || fields.data.length > MOST_DAYS) return null;
  const rows = fields.data.map((row: unknown) => {
    return Array.isArray(row) ? ([instantIn(row[0]), numberIn(row[4])] as const) : ([undefined, undefined] as const);
  });
  const values = rows.flatMap(([, close]) => (close !== undefined && close > 0 ? [close] : []));
  const median = values.sort((one, other) => one - other)[values.length >> 1] ?? 0;
  const unit = median < LOWEST_PERCENT ? 1 : 100;
  const points = rows.map(([at, close]) => [at, close === undefined ? undefined : heldVol(close / unit)] as const);
  return { points: ended(points, asOf), continuation: instantIn(fields.continuation) ?? null };
}

/** What is readable of the days that had ended, oldest first, each once. */
function ended(
  points: readonly (readonly [Timestamp | undefined, number | undefined])[],
  asOf: Timestamp,
): (readonly [Timestamp, number])[] {
  const byDay = new Map<Timestamp, number>();
  for (const [at, value] of points) {
    if (at !== undefined && value !== undefined && at + MILLISECONDS_PER_DAY <= asOf) byDay.set(at, value);
  }
  return [...byDay].sort(([one], [other]) => one - other);
}

import type { Timestamp, Vol } from '../../../engine/domain/units.ts';
import { percentVol } from '../venueVol.ts';
import { fieldsOf, instantIn, numberIn, priceIn } from './foreignValue.ts';

/** What a book summary or a ticker says of one contract, in the venue's own money. What it does not say is undefined. */
export interface ContractReading {
  readonly name: string;
  readonly at: Timestamp;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly mark: number | undefined;
  /** Of an option. */
  readonly markVol: Vol | undefined;
  /** The forward that an option is priced on. */
  readonly forward: number | undefined;
  readonly openInterest: number | undefined;
  /** Of a perpetual: the funding of eight hours, as a decimal. */
  readonly funding8h: number | undefined;
}

const MAX_OPEN_INTEREST = 1e12;

/** A row of get_book_summary_by_currency, or null. */
export function parseBookSummary(value: unknown): ContractReading | null {
  return reading(value, 'creation_timestamp', 'bid_price', 'ask_price');
}

/** What `ticker` answers and its channel sends, or null. */
export function parseTicker(value: unknown): ContractReading | null {
  return reading(value, 'timestamp', 'best_bid_price', 'best_ask_price');
}

function reading(value: unknown, time: string, bid: string, ask: string): ContractReading | null {
  const fields = fieldsOf(value);
  const at = instantIn(fields?.[time]);
  if (fields === null || at === undefined || typeof fields.instrument_name !== 'string') return null;
  const markIv = numberIn(fields.mark_iv);
  const openInterest = numberIn(fields.open_interest);
  const funding8h = numberIn(fields.funding_8h);
  return {
    name: fields.instrument_name,
    at,
    bid: priceIn(fields[bid]),
    ask: priceIn(fields[ask]),
    mark: priceIn(fields.mark_price),
    // In percent here, and a fraction on the channel of marks.
    markVol: markIv === undefined ? undefined : percentVol(markIv),
    forward: priceIn(fields.underlying_price),
    openInterest:
      openInterest !== undefined && openInterest >= 0 && openInterest <= MAX_OPEN_INTEREST ? openInterest : undefined,
    funding8h: funding8h !== undefined && Math.abs(funding8h) <= 1 ? funding8h : undefined,
  };
}

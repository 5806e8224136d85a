import { failed, type Result, RiskError, riskError, success } from '../../engine/domain/failure.ts';
import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { ExpiryMarket, OptionQuote, UnderlyingMarket } from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp, type Vol } from '../../engine/domain/units.ts';
import { parseIsoTime, TIME_DEMAND } from '../../formats/isoTime.ts';
import { excerpt, jsonPointer, parseJsonDocument } from '../../formats/jsonDocument.ts';
import { percentVol, pricedVol, type VenueOption } from './venueVol.ts';

/** One coin's option chain as an exchange showed it at one moment. */
export interface RecordedChain {
  readonly capturedAt: Timestamp;
  /** Index, expiries and quotes; no perpetual and no history. */
  readonly underlying: UnderlyingMarket;
}

/** More expiries or rows than any exchange lists: a file beyond is refused before it is read. */
const MAX_EXPIRIES = 128;
const MAX_ROWS = 20_000;
/** Options expire at 08:00 UTC. */
const EXPIRY_TIME_OF_DAY = 8 * 3_600_000;

const REQUIRED_COLUMNS = ['expiry', 'strike', 'type', 'bid', 'ask', 'markIv', 'underlying'] as const;
const OPTIONAL_COLUMNS = ['instrument', 'openInterest', 'ts'] as const;
type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];

/**
 * A recorded chain of inverse options in columnar JSON: `currency`, `capturedAt`, `indexPrice`, `expiries[]` (`time`,
 * `underlying`), `fields` naming the columns of each of `rows`. Prices are in coin per contract, `markIv` in percent,
 * `ts` in milliseconds; unknown columns are ignored. Read whole or refused with a JSON pointer.
 *
 * A bid or ask becomes a vol by Black-76 on the row's own underlying price at the capture time; a price without one
 * (below intrinsic value, say) is left out, and so is a mark vol that is null or zero: the option stays listed. Of
 * rows for the same option the one with the latest `ts` stays, else the last.
 */
export function parseDeribitChain(text: string): Result<RecordedChain> {
  const document = parseJsonDocument(text);
  if (!document.ok) return document;
  try {
    return success(chain(record(document.value.value, [])));
  } catch (error) {
    if (error instanceof RiskError) return { ok: false, failure: error.failure };
    throw error;
  }
}

type Path = readonly PropertyKey[];

function chain(file: Record<string, unknown>): RecordedChain {
  const symbol = file.currency;
  if (typeof symbol !== 'string' || !/^[A-Z][A-Z0-9]{0,15}$/.test(symbol)) {
    wrong(['currency'], 'must be a coin symbol like BTC');
  }
  const capturedAt = time(file.capturedAt, ['capturedAt']);
  const index = positive(file.indexPrice, ['indexPrice']);
  const columns = columnsOf(file.fields);
  const expiries = list(file.expiries, ['expiries'], MAX_EXPIRIES).map((value, i) => expiryOf(value, i));
  const seen = new Set<Timestamp>();
  for (const [i, { expiry }] of expiries.entries()) {
    if (seen.has(expiry)) wrong(['expiries', i, 'time'], 'is given twice; keep one');
    seen.add(expiry);
  }

  const listed = expiries.map((expiry) => ({ ...expiry, byOption: new Map<string, OptionQuote>() }));
  for (const [i, value] of list(file.rows, ['rows'], MAX_ROWS).entries()) {
    const path = ['rows', i];
    if (!Array.isArray(value)) wrong(path, 'must be a list of one value a column');
    const cells: readonly unknown[] = value;
    const cell = (column: Column): unknown => {
      const position = columns.get(column);
      return position === undefined ? null : (cells[position] ?? null);
    };
    const at = (column: Column): Path => [...path, columns.get(column)!];

    const slot = cell('expiry');
    const expiry = typeof slot === 'number' ? listed[slot] : undefined;
    if (expiry === undefined) wrong(at('expiry'), `must be a position in \`expiries\`, 0 to ${listed.length - 1}`);
    const strike = positive(cell('strike'), at('strike'));
    const type = cell('type');
    if (type !== 'C' && type !== 'P') wrong(at('type'), 'must be C or P');
    const option: Option = { symbol, expiry: expiry.expiry, strike, type };
    if (cell('instrument') !== null) sameInstrument(cell('instrument'), option, at('instrument'));

    const underlying = positive(cell('underlying'), at('underlying'));
    const markIv = notNegative(cell('markIv'), at('markIv'));
    const openInterest = notNegative(cell('openInterest'), at('openInterest'));
    const timestamp = instant(cell('ts'), at('ts'));
    const side = (column: 'bid' | 'ask'): Vol | undefined => {
      const price = notNegative(cell(column), at(column));
      // An inverse option's price is in coin: its worth in the strike's money is the price times its own forward.
      return price === undefined ? undefined : pricedVol(option, capturedAt, underlying, price * underlying);
    };
    const quote: OptionQuote = defined({
      strike,
      type: option.type,
      markIv: markIv === undefined ? undefined : percentVol(markIv),
      bidIv: side('bid'),
      askIv: side('ask'),
      openInterest,
      timestamp,
    });
    const key = `${strike} ${option.type}`;
    const other = expiry.byOption.get(key);
    if (other === undefined || (quote.timestamp ?? 0) >= (other.timestamp ?? 0)) expiry.byOption.set(key, quote);
  }

  return {
    capturedAt,
    underlying: {
      symbol,
      index,
      expiries: listed
        .map(({ byOption, ...expiry }) => ({ ...expiry, quotes: [...byOption.values()].sort(byStrike) }))
        .sort((one, two) => one.expiry - two.expiry),
    },
  };
}

function expiryOf(value: unknown, i: number): ExpiryMarket {
  const path = ['expiries', i];
  const file = record(value, path);
  const expiry = time(file.time, [...path, 'time']);
  if (expiry % MILLISECONDS_PER_DAY !== EXPIRY_TIME_OF_DAY) wrong([...path, 'time'], 'must be at 08:00 UTC');
  // Deribit quotes undiscounted forwards: its model has no rate of its own.
  return { expiry, forward: positive(file.underlying, [...path, 'underlying']), discount: 1, quotes: [] };
}

function columnsOf(value: unknown): ReadonlyMap<Column, number> {
  const names = list(value, ['fields'], 1_000);
  const columns = new Map<Column, number>();
  for (const column of [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS]) {
    const position = names.indexOf(column);
    if (position >= 0) columns.set(column, position);
  }
  const missing = REQUIRED_COLUMNS.filter((column) => !columns.has(column));
  if (missing.length > 0) wrong(['fields'], `must name the columns ${missing.join(', ')}`);
  return columns;
}

interface Option extends VenueOption {
  readonly symbol: string;
}

/** The row's name and its columns must mean the same option. */
function sameInstrument(name: unknown, option: Option, path: Path): void {
  if (typeof name !== 'string') wrong(path, 'must be an instrument name');
  const parsed = parseInstrument(name);
  if (!parsed.ok) wrong(path, `is no instrument: ${parsed.failure.message}`);
  const instrument = parsed.value;
  const same =
    instrument.product === 'option' &&
    instrument.settlement === 'coin' &&
    instrument.underlying === option.symbol &&
    instrument.expiry === option.expiry &&
    instrument.strike === option.strike &&
    instrument.optionType === option.type;
  if (!same) wrong(path, `(${excerpt(name)}) does not match the row's coin, expiry, strike and type`);
}

function byStrike(one: OptionQuote, two: OptionQuote): number {
  return one.strike - two.strike || (one.type < two.type ? -1 : 1);
}

function defined(quote: { [K in keyof OptionQuote]: OptionQuote[K] | undefined }): OptionQuote {
  return Object.fromEntries(Object.entries(quote).filter(([, value]) => value !== undefined)) as never;
}

function record(value: unknown, path: Path): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path, 'must be an object');
  return value as Record<string, unknown>;
}

function list(value: unknown, path: Path, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) wrong(path, 'must be a list');
  if (value.length > limit) wrong(path, `has ${value.length} entries; at most ${limit} are read`);
  return value;
}

function time(value: unknown, path: Path): Timestamp {
  const parsed = typeof value === 'string' ? parseIsoTime(value) : null;
  if (parsed === null) wrong(path, `must be ${TIME_DEMAND}`);
  return parsed;
}

function positive(value: unknown, path: Path): number {
  if (typeof value !== 'number' || !(value > 0 && value <= 1e12)) wrong(path, 'must be a number above 0, at most 1e12');
  return value;
}

/** A number from 0 on, or undefined for null. */
function notNegative(value: unknown, path: Path): number | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1e12))
    wrong(path, 'must be a number from 0 to 1e12, or null');
  return value;
}

/** Whole milliseconds of an instant this side of the year 2100, or undefined for null. */
function instant(value: unknown, path: Path): Timestamp | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || !(value >= 0 && value < Date.UTC(2100, 0))) {
    wrong(path, 'must be milliseconds since 1970, or null');
  }
  return value;
}

function wrong(path: Path, demand: string): never {
  const name = path.length === 0 ? 'The chain' : `\`${path.join('.')}\``;
  const { failure } = failed('bad-value', `${name} ${demand}`, jsonPointer(path));
  throw riskError(failure);
}

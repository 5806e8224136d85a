import * as z from 'zod/mini';
import { type Failure, type Result, success } from '../engine/domain/failure.ts';
import type {
  ExpiryMarket,
  MarketSnapshot,
  OptionQuote,
  PriceHistory,
  SviParameters,
  UnderlyingMarket,
} from '../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../engine/domain/units.ts';
import { contentHash } from './contentHash.ts';
import { isoTime, parseIsoTime, TIME_DEMAND } from './isoTime.ts';
import { excerpt, jsonPointer, parseJsonDocument } from './jsonDocument.ts';
import { fieldName, firstOf, MAX_PROBLEMS, numberThat, schemaProblems, textThat } from './schemaFailure.ts';
import { schemaNameFailure } from './schemaName.ts';

const MARKET_SCHEMA = 'headroom/market@1';

/** Largest volatility, 2000 % a year. */
export const MAX_VOL = 20;
const MAX_UNDERLYINGS = 64;
const MAX_EXPIRIES = 128;
const MAX_QUOTES = 4_000;
const MAX_CLOSES = 50_000;
const MAX_NAME_LENGTH = 200;
const MAX_PRICE = 1e12;
/** Contracts expire at 08:00 UTC. */
const EXPIRY_TIME_OF_DAY = 8 * 3_600_000;

const SYMBOL = /^[A-Z][A-Z0-9]{0,15}$/;

const isPrice = (value: number) => value > 0 && value <= MAX_PRICE;
const isVol = (value: number) => value > 0 && value <= MAX_VOL;
const isOpenInterest = (value: number) => value >= 0 && value <= 1e12;
const isTime = (text: string) => parseIsoTime(text) !== null;

const price = numberThat('above 0 and at most 1e12', isPrice);
const vol = numberThat(
  `a volatility above 0 and at most ${MAX_VOL} (2000 %); leave it out when there is no quote`,
  isVol,
);
const time = textThat(TIME_DEMAND, isTime);

/** How far a price is to be trusted. */
const share = numberThat('between 0 and 1', (value) => value >= 0 && value <= 1);

const SviSchema = z
  .strictObject({
    a: z.number(),
    b: numberThat('0 or above', (value) => value >= 0),
    rho: numberThat('between -1 and 1', (value) => Math.abs(value) < 1),
    m: z.number(),
    sigma: numberThat('above 0', (value) => value > 0),
  })
  .check(
    z.refine((svi) => svi.a + svi.b * svi.sigma * Math.sqrt(1 - svi.rho * svi.rho) >= 0, {
      error: 'a smile whose least variance a + b sigma sqrt(1 - rho^2) is 0 or above',
    }),
  );

const QuoteSchema = z.strictObject({
  strike: price,
  type: z.enum(['C', 'P']),
  markIv: z.optional(vol),
  bidIv: z.optional(vol),
  askIv: z.optional(vol),
  openInterest: z.optional(numberThat('from 0 to 1e12', isOpenInterest)),
  timestamp: z.optional(time),
});

const ExpirySchema = z.strictObject({
  expiry: textThat(
    'an expiry at 08:00 UTC like "2024-12-27T08:00:00Z"',
    (text) => (parseIsoTime(text) ?? 0) % MILLISECONDS_PER_DAY === EXPIRY_TIME_OF_DAY,
  ),
  forward: price,
  timestamp: z.optional(time),
  confidence: z.optional(z.strictObject({ forward: share, vol: share })),
  discount: z.optional(numberThat('above 0 and at most 10', (value) => value > 0 && value <= 10)),
  quotes: z.optional(z.array(QuoteSchema)),
  svi: z.optional(SviSchema),
});

const HistorySchema = z.strictObject({
  intervalDays: numberThat('above 0 and at most 366', (value) => value > 0 && value <= 366),
  closes: z.array(z.tuple([time, price])),
  volatilityIndex: z.optional(z.array(z.tuple([time, vol]))),
});

/** Expiries are judged one at a time, so that a file with nothing but mistakes stays cheap. */
const UnderlyingSchema = z.strictObject({
  index: price,
  indexTimestamp: z.optional(time),
  perpetual: z.optional(
    z.strictObject({
      mark: price,
      fundingRate8h: z.optional(numberThat('between -1 and 1', (value) => Math.abs(value) <= 1)),
      timestamp: z.optional(time),
    }),
  ),
  confidence: z.optional(z.strictObject({ index: share, perpetual: share })),
  expiries: z.optional(z.array(z.unknown())),
  history: z.optional(HistorySchema),
});

/**
 * The same for lists that `isPlainList` has found in order. A market holds thousands of quotes and closes, the first verdict
 * waits for them, and a general schema takes ten times as long; it is asked where something is amiss, and says what.
 */
const PlainExpirySchema = z.extend(ExpirySchema, { quotes: z.optional(z.custom<FileQuote[]>()) });
const PlainUnderlyingSchema = z.extend(UnderlyingSchema, {
  history: z.optional(
    z.extend(HistorySchema, {
      closes: z.custom<FilePoint[]>(),
      volatilityIndex: z.optional(z.custom<FilePoint[]>()),
    }),
  ),
});

type FileQuote = z.infer<typeof QuoteSchema>;
type FilePoint = [string, number];

function isPlainList(value: unknown, isPlain: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isPlain);
}

function isPlainQuote(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const quote = value as Record<string, unknown>;
  for (const name of Object.keys(quote)) if (!isPlainField(name, quote[name])) return false;
  return quote.strike !== undefined && quote.type !== undefined;
}

function isPlainField(name: string, field: unknown): boolean {
  switch (name) {
    case 'strike':
      return typeof field === 'number' && isPrice(field);
    case 'type':
      return field === 'C' || field === 'P';
    case 'markIv':
    case 'bidIv':
    case 'askIv':
      return typeof field === 'number' && isVol(field);
    case 'openInterest':
      return typeof field === 'number' && isOpenInterest(field);
    case 'timestamp':
      return typeof field === 'string' && isTime(field);
    default:
      return false;
  }
}

/** A point of a series of prices or vols. */
const isPlainPoint = (isValue: (value: number) => boolean) => (point: unknown) =>
  Array.isArray(point) &&
  point.length === 2 &&
  typeof point[0] === 'string' &&
  typeof point[1] === 'number' &&
  isValue(point[1]) &&
  isTime(point[0]);
const isPlainClose = isPlainPoint(isPrice);
const isPlainVol = isPlainPoint(isVol);

const MarketSchema = z.strictObject({
  schema: z.literal(MARKET_SCHEMA),
  asOf: time,
  source: z.strictObject({
    kind: z.enum(['live', 'recorded', 'simulated']),
    name: textThat(`a text of at most ${MAX_NAME_LENGTH} characters`, (text) => text.length <= MAX_NAME_LENGTH),
  }),
  underlyings: z.record(z.string(), z.unknown()),
  stablecoins: z.optional(z.record(z.string(), price)),
});

/**
 * The market in a `headroom/market@1` text: all of it, or the first problem with its JSON pointer. A missing `discount` reads
 * as 1 (Deribit's convention: zero rate); missing `expiries`, `quotes` and `stablecoins` as none. Expired expiries and gaps in
 * the history are accepted; expiries and quotes are sorted, closes must come sorted.
 */
export function parseMarketFile(text: string): Result<MarketSnapshot> {
  const document = parseJsonDocument(text);
  if (!document.ok) return document;
  const { value } = document.value;
  const refused = schemaNameFailure(value, MARKET_SCHEMA);
  if (refused) return { ok: false, failure: refused };

  const problems: Failure[] = [];
  const underlyingValues = Object.entries(recordOf(value, 'underlyings'));
  const file = checked(MarketSchema, value, [], problems);
  tooMany(problems, ['underlyings'], underlyingValues.length, MAX_UNDERLYINGS, 'underlyings');
  for (const asset of Object.keys(recordOf(value, 'stablecoins')))
    symbolProblem(problems, ['stablecoins', asset], asset);
  const underlyings: UnderlyingMarket[] = [];
  for (const [symbol, underlyingValue] of underlyingValues) {
    if (problems.length > MAX_PROBLEMS) break;
    const path = ['underlyings', symbol];
    symbolProblem(problems, path, symbol);
    const underlying = parseUnderlying(symbol, underlyingValue, path, problems);
    if (underlying) underlyings.push(underlying);
  }
  if (problems.length > 0 || file === null) return firstOf(problems);
  return success(
    identified({
      asOf: parseIsoTime(file.asOf)!,
      source: { kind: file.source.kind, name: file.source.name },
      underlyings,
      stablecoins: Object.entries(file.stablecoins ?? {}).map(([asset, priceUsd]) => ({ asset, priceUsd })),
    }),
  );
}

/** A hash of a market's content: equal ids mean equal markets. */
export function marketId(market: Omit<MarketSnapshot, 'id'>): string {
  return contentHash(marketFileText(market));
}

/** The market under its id. */
export function identified(market: Omit<MarketSnapshot, 'id'>): MarketSnapshot {
  return { id: marketId(market), ...market };
}

/** The canonical `headroom/market@1` text of a market, one line a quote or close. It parses back to the same market. */
export function marketFileText(market: Omit<MarketSnapshot, 'id'>): string {
  const underlyings = market.underlyings.map(
    (underlying) => `    ${JSON.stringify(underlying.symbol)}: ${underlyingText(underlying)}`,
  );
  const stablecoins = market.stablecoins.map(({ asset, priceUsd }) => `${JSON.stringify(asset)}: ${priceUsd}`);
  return `{
  "schema": "${MARKET_SCHEMA}",
  "asOf": "${isoTime(market.asOf)}",
  "source": ${JSON.stringify({ kind: market.source.kind, name: market.source.name })},
  "underlyings": {${underlyings.length === 0 ? '' : `\n${underlyings.join(',\n')}\n  `}},
  "stablecoins": {${stablecoins.join(', ')}}
}
`;
}

function underlyingText(market: UnderlyingMarket): string {
  const { index, indexTimestamp, perpetual, confidence, expiries, history } = market;
  const parts = [
    `"index": ${index}`,
    indexTimestamp === undefined ? '' : `"indexTimestamp": "${isoTime(indexTimestamp)}"`,
    perpetual ? `"perpetual": ${perpetualText(perpetual)}` : '',
    confidence ? `"confidence": ${JSON.stringify({ index: confidence.index, perpetual: confidence.perpetual })}` : '',
    `"expiries": [${lines(expiries.map(expiryText), '        ')}]`,
    history
      ? `"history": {
        "intervalDays": ${history.intervalDays},
        "closes": [${lines(history.closes.map(pointText), '          ')}],
        "volatilityIndex": [${lines(history.volatilityIndex.map(pointText), '          ')}]
      }`
      : '',
  ];
  return `{\n${parts
    .filter((part) => part !== '')
    .map((part) => `      ${part}`)
    .join(',\n')}\n    }`;
}

function perpetualText({ mark, fundingRate8h, timestamp }: NonNullable<UnderlyingMarket['perpetual']>): string {
  return JSON.stringify({ mark, fundingRate8h, timestamp: optionalTime(timestamp) });
}

function expiryText({ expiry, forward, timestamp, confidence, discount, quotes, svi }: ExpiryMarket): string {
  const head = JSON.stringify({
    expiry: isoTime(expiry),
    forward,
    timestamp: optionalTime(timestamp),
    confidence: confidence && { forward: confidence.forward, vol: confidence.vol },
    discount,
    svi: svi && sviValue(svi),
  });
  return `${head.slice(0, -1)},"quotes":[${lines(quotes.map(quoteText), '          ')}]}`;
}

function quoteText(quote: OptionQuote): string {
  const { strike, type, markIv, bidIv, askIv, openInterest, timestamp } = quote;
  return JSON.stringify({ strike, type, markIv, bidIv, askIv, openInterest, timestamp: optionalTime(timestamp) });
}

function optionalTime(time: Timestamp | undefined): string | undefined {
  return time === undefined ? undefined : isoTime(time);
}

function pointText([at, value]: readonly [Timestamp, number]): string {
  return `["${isoTime(at)}",${value}]`;
}

function lines(items: readonly string[], indent: string): string {
  return items.length === 0 ? '' : `\n${items.map((item) => indent + item).join(',\n')}\n${indent.slice(2)}`;
}

function parseUnderlying(
  symbol: string,
  value: unknown,
  path: readonly PropertyKey[],
  problems: Failure[],
): UnderlyingMarket | null {
  const before = problems.length;
  if (tooLong(problems, value, 'expiries', path, MAX_EXPIRIES, 'expiries')) return null;
  const historyValue = recordOf(value, 'history');
  if (tooLong(problems, historyValue, 'closes', [...path, 'history'], MAX_CLOSES, 'closes')) return null;
  if (tooLong(problems, historyValue, 'volatilityIndex', [...path, 'history'], MAX_CLOSES, 'points')) return null;
  const { closes, volatilityIndex } = historyValue;
  const isPlain =
    isPlainList(closes, isPlainClose) && (volatilityIndex === undefined || isPlainList(volatilityIndex, isPlainVol));
  const underlying = checked(isPlain ? PlainUnderlyingSchema : UnderlyingSchema, value, path, problems);
  if (!underlying) return null;

  const expiries: ExpiryMarket[] = [];
  const seen = new Set<Timestamp>();
  for (const [index, expiryValue] of (underlying.expiries ?? []).entries()) {
    if (problems.length > MAX_PROBLEMS) return null;
    const expiryPath = [...path, 'expiries', index];
    const expiry = parseExpiry(expiryValue, expiryPath, problems);
    if (!expiry) continue;
    if (seen.has(expiry.expiry)) {
      report(problems, [...expiryPath, 'expiry'], `is given twice (${isoTime(expiry.expiry)}); keep one`);
    }
    seen.add(expiry.expiry);
    expiries.push(expiry);
  }
  const history = underlying.history && parseHistory(underlying.history, [...path, 'history'], problems);
  if (problems.length > before) return null;
  return {
    symbol,
    index: underlying.index,
    ...timeOf('indexTimestamp', underlying.indexTimestamp),
    ...(underlying.perpetual ? { perpetual: perpetualOf(underlying.perpetual) } : {}),
    ...(underlying.confidence ? { confidence: present(underlying.confidence) } : {}),
    expiries: expiries.sort((one, other) => one.expiry - other.expiry),
    ...(history ? { history } : {}),
  };
}

function parseExpiry(value: unknown, path: readonly PropertyKey[], problems: Failure[]): ExpiryMarket | null {
  if (tooLong(problems, value, 'quotes', path, MAX_QUOTES, 'quotes')) return null;
  const isPlain = isPlainList((value as { quotes?: unknown } | null)?.quotes, isPlainQuote);
  const file = checked(isPlain ? PlainExpirySchema : ExpirySchema, value, path, problems);
  if (!file) return null;
  const seen = new Set<string>();
  const quotes = (file.quotes ?? []).map((quote, index): OptionQuote => {
    const key = `${quote.strike} ${quote.type}`;
    if (seen.has(key)) report(problems, [...path, 'quotes', index], `repeats the quote of ${key}; keep one`);
    seen.add(key);
    return snapshotQuote(quote);
  });
  quotes.sort((one, other) => one.strike - other.strike || (one.type < other.type ? -1 : 1));
  return {
    expiry: parseIsoTime(file.expiry)!,
    forward: file.forward,
    ...timeOf('timestamp', file.timestamp),
    ...(file.confidence ? { confidence: present(file.confidence) } : {}),
    discount: file.discount ?? 1,
    quotes,
    ...(file.svi ? { svi: sviValue(file.svi) } : {}),
  };
}

/** Without what the file leaves out, and with 0 for -0. */
function snapshotQuote({ strike, type, markIv, bidIv, askIv, openInterest, timestamp }: FileQuote): OptionQuote {
  const quote: { -readonly [K in keyof OptionQuote]: OptionQuote[K] } = { strike, type };
  if (markIv !== undefined) quote.markIv = markIv;
  if (bidIv !== undefined) quote.bidIv = bidIv;
  if (askIv !== undefined) quote.askIv = askIv;
  if (openInterest !== undefined) quote.openInterest = openInterest + 0;
  if (timestamp !== undefined) quote.timestamp = parseIsoTime(timestamp)!;
  return quote;
}

function parseHistory(
  file: z.infer<typeof HistorySchema>,
  path: readonly PropertyKey[],
  problems: Failure[],
): PriceHistory {
  const series = (name: 'closes' | 'volatilityIndex'): [Timestamp, number][] => {
    let previous = Number.NEGATIVE_INFINITY;
    return (file[name] ?? []).map(([text, value], index) => {
      const at = parseIsoTime(text)!;
      if (at <= previous) {
        const fault = at === previous ? 'repeats' : 'is earlier than';
        report(
          problems,
          [...path, name, index, 0],
          `(${text}) ${fault} the time before it; list times oldest first, each once`,
        );
      }
      previous = at;
      return [at, value];
    });
  };
  return { intervalDays: file.intervalDays, closes: series('closes'), volatilityIndex: series('volatilityIndex') };
}

/** `a,b,rho,m,sigma` in this order and nothing else; adding 0 turns -0 into 0, as a file would. */
function sviValue({ a, b, rho, m, sigma }: SviParameters): SviParameters {
  return { a: a + 0, b: b + 0, rho: rho + 0, m: m + 0, sigma };
}

function perpetualOf({
  timestamp,
  ...values
}: NonNullable<z.infer<typeof UnderlyingSchema>['perpetual']>): NonNullable<UnderlyingMarket['perpetual']> {
  return { ...present(values), ...timeOf('timestamp', timestamp) };
}

/** A time under its name, where the file has one. */
function timeOf<K extends string>(name: K, text: string | undefined): { readonly [P in K]?: Timestamp } {
  return (text === undefined ? {} : { [name]: parseIsoTime(text)! }) as { readonly [P in K]?: Timestamp };
}

/** An object without its undefined fields, and with 0 for -0. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, field === 0 ? 0 : field])) as never;
}

function checked<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  path: readonly PropertyKey[],
  problems: Failure[],
): z.infer<T> | null {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  problems.push(...schemaProblems(parsed.error.issues, value, path));
  return null;
}

function report(problems: Failure[], path: readonly PropertyKey[], message: string): void {
  problems.push({ code: 'bad-value', message: `${fieldName(path)} ${message}`, path: jsonPointer(path) });
}

function symbolProblem(problems: Failure[], path: readonly PropertyKey[], symbol: string): void {
  if (SYMBOL.test(symbol)) return;
  const message = `"${excerpt(symbol)}" is not a symbol; write 1 to 16 capital letters and digits, like BTC`;
  problems.push({ code: 'bad-value', message, path: jsonPointer(path) });
}

/** A field that should be an object; what is not one is left to the schema to refuse. */
function recordOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return {};
  const record = (value as Record<string, unknown>)[field];
  return typeof record === 'object' && record !== null && !Array.isArray(record)
    ? (record as Record<string, unknown>)
    : {};
}

function tooLong(
  problems: Failure[],
  value: unknown,
  field: string,
  path: readonly PropertyKey[],
  limit: number,
  noun: string,
): boolean {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return false;
  const list = (value as Record<string, unknown>)[field];
  return Array.isArray(list) && tooMany(problems, [...path, field], list.length, limit, noun);
}

function tooMany(
  problems: Failure[],
  path: readonly PropertyKey[],
  count: number,
  limit: number,
  noun: string,
): boolean {
  if (count <= limit) return false;
  const message = `${fieldName(path)} has ${count} ${noun}; at most ${limit} are read. Leave some out`;
  problems.push({ code: 'too-large', message, path: jsonPointer(path) });
  return true;
}

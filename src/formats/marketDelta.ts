import { RiskError } from '../engine/domain/failure.ts';
import type { ExpiryDelta, MarketDelta, UnderlyingDelta } from '../engine/domain/marketDelta.ts';
import type { MarketSnapshot, OptionQuote, PriceHistory } from '../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../engine/domain/units.ts';
import { CheckedFields, checkedTime, refused } from './checkedFields.ts';
import { isoTime } from './isoTime.ts';
import { excerpt, jsonPointer } from './jsonDocument.ts';
import { MAX_VOL } from './marketFile.ts';

/** The same bounds as those of a whole market. */
const MAX_UNDERLYINGS = 64;
const MAX_EXPIRIES = 128;
const MAX_QUOTES = 4_000;
const MAX_CLOSES = 50_000;
const MAX_PRICE = 1e12;
const EXPIRY_TIME_OF_DAY = 8 * 3_600_000;
const SYMBOL = /^[A-Z][A-Z0-9]{0,15}$/;

const isPrice = (value: number) => value > 0 && value <= MAX_PRICE;
const PRICE = 'above 0 and at most 1e12';
const isVol = (value: number) => value > 0 && value <= MAX_VOL;
const VOL = `a volatility above 0 and at most ${MAX_VOL} (2000 %); leave it out when there is no quote`;
const isShare = (value: number) => value >= 0 && value <= 1;
const SHARE = 'from 0 to 1';

type Path = readonly PropertyKey[];

/**
 * What moved, from the JSON value of a recording's line; its time stands beside it in the line.
 * @throws RiskError with the JSON pointer of the first thing that is wrong
 */
export function parseMarketDelta(value: unknown, asOf: Timestamp, path: Path): MarketDelta {
  const fields = new CheckedFields(value, path);
  const underlyings = entries(fields, 'underlyings', underlyingDelta);
  const stablecoins = fields.has('stablecoins')
    ? entries(fields, 'stablecoins', (asset, price, at) => {
        if (typeof price !== 'number' || !isPrice(price)) throw refused(at, price, PRICE);
        return { asset, priceUsd: price };
      })
    : null;
  fields.end();
  return { asOf, underlyings, ...(stablecoins === null ? {} : { stablecoins }) };
}

/** The JSON value of a delta, its time left out; it parses back to the same delta. */
export function marketDeltaValue({ underlyings, stablecoins }: MarketDelta): unknown {
  return {
    underlyings: Object.fromEntries(underlyings.map((move) => [move.symbol, underlyingValue(move)])),
    ...(stablecoins === undefined ? {} : { stablecoins: stablecoinsValue(stablecoins) }),
  };
}

function stablecoinsValue(stablecoins: MarketSnapshot['stablecoins']) {
  return Object.fromEntries(stablecoins.map(({ asset, priceUsd }) => [asset, priceUsd]));
}

/** In a fixed order, whatever the order of the fields is in memory: equal deltas make equal texts. */
function underlyingValue(move: UnderlyingDelta) {
  const { index, indexTimestamp, perpetual: future, confidence, history: past, expiries, delisted } = move;
  return {
    index,
    indexTimestamp: timeText(indexTimestamp),
    perpetual: future && {
      mark: future.mark,
      fundingRate8h: future.fundingRate8h,
      timestamp: timeText(future.timestamp),
    },
    confidence: confidence && { index: confidence.index, perpetual: confidence.perpetual },
    history: past && {
      intervalDays: past.intervalDays,
      closes: past.closes.map(pointValue),
      volatilityIndex: past.volatilityIndex.map(pointValue),
    },
    expiries: expiries?.map(expiryValue),
    delisted: delisted?.map(isoTime),
  };
}

function expiryValue({ expiry, forward, timestamp, discount, confidence, quotes, delisted }: ExpiryDelta) {
  return {
    expiry: isoTime(expiry),
    forward,
    timestamp: timeText(timestamp),
    discount,
    confidence: confidence && { forward: confidence.forward, vol: confidence.vol },
    quotes: quotes?.map(quoteValue),
    delisted: delisted?.map(({ strike, type }) => ({ strike, type })),
  };
}

function quoteValue({ strike, type, markIv, bidIv, askIv, openInterest, timestamp }: OptionQuote) {
  return { strike, type, markIv, bidIv, askIv, openInterest, timestamp: timeText(timestamp) };
}

function timeText(time: Timestamp | undefined): string | undefined {
  return time === undefined ? undefined : isoTime(time);
}

function pointValue([at, value]: readonly [Timestamp, number]) {
  return [isoTime(at), value];
}

function underlyingDelta(symbol: string, value: unknown, path: Path): UnderlyingDelta {
  const fields = new CheckedFields(value, path);
  const move: UnderlyingDelta = {
    symbol,
    ...fields.optional('index', (name) => fields.number(name, PRICE, isPrice)),
    ...fields.optional('indexTimestamp', (name) => fields.time(name)),
    ...fields.optional('perpetual', (name) => perpetual(fields.raw(name), fields.path(name))),
    ...fields.optional('confidence', (name) => shares(fields.raw(name), fields.path(name), 'index', 'perpetual')),
    ...fields.optional('history', (name) => history(fields.raw(name), fields.path(name))),
    ...fields.optional('expiries', (name) => fields.list(name, MAX_EXPIRIES, expiryDelta)),
    ...fields.optional('delisted', (name) => fields.list(name, MAX_EXPIRIES, checkedExpiry)),
  };
  fields.end();
  onceEach(move.expiries ?? [], ({ expiry }) => isoTime(expiry), fields.path('expiries'));
  return move;
}

function perpetual(value: unknown, path: Path): NonNullable<UnderlyingDelta['perpetual']> {
  const fields = new CheckedFields(value, path);
  const found = {
    mark: fields.number('mark', PRICE, isPrice),
    ...fields.optional('fundingRate8h', (name) =>
      fields.number(name, 'between -1 and 1', (rate) => Math.abs(rate) <= 1),
    ),
    ...fields.optional('timestamp', (name) => fields.time(name)),
  };
  fields.end();
  return found;
}

function shares<A extends string, B extends string>(value: unknown, path: Path, one: A, other: B) {
  const fields = new CheckedFields(value, path);
  const found = {
    [one]: fields.number(one, SHARE, isShare),
    [other]: fields.number(other, SHARE, isShare),
  } as Record<A | B, number>;
  fields.end();
  return found;
}

function expiryDelta(value: unknown, path: Path): ExpiryDelta {
  const fields = new CheckedFields(value, path);
  const move: ExpiryDelta = {
    expiry: checkedExpiry(fields.raw('expiry'), fields.path('expiry')),
    ...fields.optional('forward', (name) => fields.number(name, PRICE, isPrice)),
    ...fields.optional('timestamp', (name) => fields.time(name)),
    ...fields.optional('discount', (name) =>
      fields.number(name, 'above 0 and at most 10', (discount) => discount > 0 && discount <= 10),
    ),
    ...fields.optional('confidence', (name) => shares(fields.raw(name), fields.path(name), 'forward', 'vol')),
    ...fields.optional('quotes', (name) => fields.list(name, MAX_QUOTES, optionQuote)),
    ...fields.optional('delisted', (name) => fields.list(name, MAX_QUOTES, delistedOption)),
  };
  fields.end();
  onceEach(move.quotes ?? [], ({ strike, type }) => `${strike} ${type}`, fields.path('quotes'));
  return move;
}

function optionQuote(value: unknown, path: Path): OptionQuote {
  const fields = new CheckedFields(value, path);
  const vol = (name: string) => fields.number(name, VOL, isVol);
  const quote: OptionQuote = {
    strike: fields.number('strike', PRICE, isPrice),
    type: fields.oneOf('type', ['C', 'P']),
    ...fields.optional('markIv', vol),
    ...fields.optional('bidIv', vol),
    ...fields.optional('askIv', vol),
    ...fields.optional('openInterest', (name) =>
      fields.number(name, 'from 0 to 1e12', (interest) => interest >= 0 && interest <= 1e12),
    ),
    ...fields.optional('timestamp', (name) => fields.time(name)),
  };
  fields.end();
  return quote;
}

function delistedOption(value: unknown, path: Path): Pick<OptionQuote, 'strike' | 'type'> {
  const fields = new CheckedFields(value, path);
  const option = { strike: fields.number('strike', PRICE, isPrice), type: fields.oneOf('type', ['C', 'P']) };
  fields.end();
  return option;
}

function history(value: unknown, path: Path): PriceHistory {
  const fields = new CheckedFields(value, path);
  const series = (name: string, demand: string, isAllowed: (value: number) => boolean) => {
    let before = Number.NEGATIVE_INFINITY;
    return fields.list(name, MAX_CLOSES, (point, at): [Timestamp, number] => {
      if (!Array.isArray(point) || point.length !== 2) throw refused(at, point, 'a pair: a time and a number');
      const [text, number] = point as [unknown, unknown];
      const time = checkedTime(text, [...at, 0]);
      if (typeof number !== 'number' || !isAllowed(number)) throw refused([...at, 1], number, demand);
      if (time <= before) throw refused([...at, 0], text, 'later than the time before it');
      before = time;
      return [time, number];
    });
  };
  const found = {
    intervalDays: fields.number('intervalDays', 'above 0 and at most 366', (days) => days > 0 && days <= 366),
    closes: series('closes', PRICE, isPrice),
    volatilityIndex: series('volatilityIndex', VOL, isVol),
  };
  fields.end();
  return found;
}

function checkedExpiry(value: unknown, path: Path): Timestamp {
  const time = checkedTime(value, path);
  if (((time % MILLISECONDS_PER_DAY) + MILLISECONDS_PER_DAY) % MILLISECONDS_PER_DAY !== EXPIRY_TIME_OF_DAY)
    throw refused(path, value, 'an expiry at 08:00 UTC like "2024-12-27T08:00:00Z"');
  return time;
}

/** The entries of an object whose fields are symbols. */
function entries<T>(
  parent: CheckedFields,
  name: string,
  entry: (symbol: string, value: unknown, path: Path) => T,
): readonly T[] {
  const path = parent.path(name);
  const record = new CheckedFields(parent.raw(name), path);
  const symbols = record.names();
  if (symbols.length > MAX_UNDERLYINGS)
    throw new RiskError(
      'too-large',
      `${name} has ${symbols.length} entries; at most ${MAX_UNDERLYINGS} are read`,
      jsonPointer(path),
    );
  return symbols.map((symbol) => {
    if (SYMBOL.test(symbol)) return entry(symbol, record.raw(symbol), [...path, symbol]);
    const message = `"${excerpt(symbol)}" is not a symbol; write 1 to 16 capital letters and digits, like BTC`;
    throw new RiskError('bad-value', message, jsonPointer([...path, symbol]));
  });
}

function onceEach<T>(items: readonly T[], key: (item: T) => string, path: Path): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const name = key(item);
    if (seen.has(name))
      throw new RiskError('bad-value', `${name} is given twice; keep one`, jsonPointer([...path, index]));
    seen.add(name);
  }
}

import type { ExpiryMarket, MarketSnapshot, OptionQuote, UnderlyingMarket } from './marketSnapshot.ts';
import type { Timestamp, Usd } from './units.ts';

/**
 * What moved in a market since the moment before. What a venue's stream, a recording and a simulator give alike; survives
 * structured clone.
 */
export interface MarketDelta {
  /** The market's as-of time afterwards. */
  readonly asOf: Timestamp;
  /** One entry a coin at most. A coin that the market does not have yet needs an index. */
  readonly underlyings: readonly UnderlyingDelta[];
  readonly stablecoins?: MarketSnapshot['stablecoins'];
}

/** Of one coin: what is given replaces, what is left out stays. */
export interface UnderlyingDelta {
  readonly symbol: string;
  readonly index?: Usd;
  readonly indexTimestamp?: Timestamp;
  readonly perpetual?: NonNullable<UnderlyingMarket['perpetual']>;
  readonly confidence?: NonNullable<UnderlyingMarket['confidence']>;
  readonly history?: NonNullable<UnderlyingMarket['history']>;
  readonly expiries?: readonly ExpiryDelta[];
  /** Expiries that are no longer listed. */
  readonly delisted?: readonly Timestamp[];
}

/** Of one expiry. An expiry that the coin does not have yet needs a forward. */
export interface ExpiryDelta {
  readonly expiry: Timestamp;
  readonly forward?: Usd;
  readonly timestamp?: Timestamp;
  readonly discount?: number;
  readonly confidence?: NonNullable<ExpiryMarket['confidence']>;
  /** Each replaces the whole quote of its strike and type, or joins the expiry. */
  readonly quotes?: readonly OptionQuote[];
  /** Options that are no longer listed. */
  readonly delisted?: readonly Pick<OptionQuote, 'strike' | 'type'>[];
  /** What the venue's own marks of calls and puts imply, where its forward comes from elsewhere: for whoever judges that one, no part of a market. */
  readonly impliedForward?: Usd;
}

/**
 * The market after a delta, under the id that the caller gives it. Coins and expiries that did not move are the same objects
 * as before, so that whoever remembers something of them may go on using it. What a delta leaves incomplete (a new coin
 * without an index, a new expiry without a forward) does not join.
 */
export function movedMarket(market: MarketSnapshot, delta: MarketDelta, id: string): MarketSnapshot {
  const moves = new Map(delta.underlyings.map((move) => [move.symbol, move]));
  const known = market.underlyings.map((underlying) => {
    const move = moves.get(underlying.symbol);
    moves.delete(underlying.symbol);
    return move === undefined ? underlying : movedUnderlying(underlying, move);
  });
  const joining = [...moves.values()].flatMap((move) =>
    move.index === undefined ? [] : [movedUnderlying({ symbol: move.symbol, index: move.index, expiries: [] }, move)],
  );
  return {
    id,
    asOf: delta.asOf,
    source: market.source,
    underlyings: joining.length === 0 ? known : [...known, ...joining],
    stablecoins: delta.stablecoins ?? market.stablecoins,
  };
}

function movedUnderlying(underlying: UnderlyingMarket, move: UnderlyingDelta): UnderlyingMarket {
  const { expiries: expiryMoves, delisted, ...values } = move;
  return { ...underlying, ...given(values), expiries: movedExpiries(underlying.expiries, expiryMoves, delisted) };
}

function movedExpiries(
  expiries: readonly ExpiryMarket[],
  moves: readonly ExpiryDelta[] = [],
  delisted: readonly Timestamp[] = [],
): readonly ExpiryMarket[] {
  if (moves.length === 0 && delisted.length === 0) return expiries;
  const byExpiry = new Map(expiries.map((expiry) => [expiry.expiry, expiry]));
  for (const expiry of delisted) byExpiry.delete(expiry);
  for (const move of moves) {
    const before = byExpiry.get(move.expiry);
    if (before !== undefined) byExpiry.set(move.expiry, movedExpiry(before, move));
    else if (move.forward !== undefined)
      byExpiry.set(
        move.expiry,
        movedExpiry({ expiry: move.expiry, forward: move.forward, discount: 1, quotes: [] }, move),
      );
  }
  return [...byExpiry.values()].sort((one, other) => one.expiry - other.expiry);
}

function movedExpiry(expiry: ExpiryMarket, move: ExpiryDelta): ExpiryMarket {
  const { quotes = [], delisted = [], impliedForward: _, ...values } = move;
  // A smile that the market gave with its old quotes does not speak for the new ones.
  const { svi, ...rest } = expiry;
  const areQuotesMoved = quotes.length > 0 || delisted.length > 0;
  return {
    ...rest,
    ...(svi === undefined || areQuotesMoved ? {} : { svi }),
    ...given(values),
    quotes: areQuotesMoved ? movedQuotes(expiry.quotes, quotes, delisted) : expiry.quotes,
  };
}

function movedQuotes(
  quotes: readonly OptionQuote[],
  moves: readonly OptionQuote[],
  delisted: readonly Pick<OptionQuote, 'strike' | 'type'>[],
): readonly OptionQuote[] {
  const byOption = new Map(quotes.map((quote) => [optionKey(quote), quote]));
  for (const option of delisted) byOption.delete(optionKey(option));
  for (const quote of moves) byOption.set(optionKey(quote), quote);
  return [...byOption.values()].sort(
    (one, other) => one.strike - other.strike || (one.type === other.type ? 0 : one.type < other.type ? -1 : 1),
  );
}

function optionKey({ strike, type }: Pick<OptionQuote, 'strike' | 'type'>): string {
  return `${strike}${type}`;
}

/** Without the fields that are undefined: they say nothing, and must not blank what is known. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

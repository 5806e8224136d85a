import { describe, expect, it } from 'vitest';
import type { UnderlyingDelta } from '../domain/marketDelta.ts';
import { movedMarket } from '../domain/marketDelta.ts';
import type { MarketQuality } from '../domain/marketQuality.ts';
import type { MarketSnapshot, OptionQuote } from '../domain/marketSnapshot.ts';
import { parseInstrument } from '../domain/instrument.ts';
import { AS_OF, EXPIRIES, smallSnapshot } from '../fixtures/smallMarket.ts';
import { contractState } from '../scenario/contractState.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { createMarketGuard } from './marketGuard.ts';

const LIVE = { kind: 'live', name: 'Deribit' } as const;

function liveMarket(): MarketSnapshot {
  return { ...smallSnapshot(), source: LIVE };
}

/** A guard that has seen the market, and a way to send it moves of BTC a number of seconds later. */
function opened(market: Omit<MarketSnapshot, 'id'> = liveMarket()) {
  const guard = createMarketGuard();
  const first = guard.open(market, AS_OF);
  let accepted: MarketSnapshot = { id: 'accepted', ...first.market };
  const take = (seconds: number, underlyings: readonly UnderlyingDelta[]) => {
    const now = AS_OF + seconds * 1000;
    const answer = guard.move({ asOf: now, underlyings }, now);
    if (answer.delta !== null) accepted = movedMarket(accepted, answer.delta, 'accepted');
    return answer;
  };
  const send = (seconds: number, move: Omit<UnderlyingDelta, 'symbol'>, symbol = 'BTC') =>
    take(seconds, [{ symbol, ...move }]);
  /** Time alone passes, as the stream tells it. */
  const wait = (seconds: number) => take(seconds, []).quality;
  const btc = () => accepted.underlyings[0]!;
  return { guard, first, send, wait, btc, accepted: () => accepted };
}

const reasons = (quality: MarketQuality): string[] =>
  quality.doubts.map(({ kind, reason, treatment }) => `${kind} ${reason} ${treatment}`);

const weekQuote = (strike: number, values: Partial<OptionQuote>) => ({
  expiries: [{ expiry: EXPIRIES.week, quotes: [{ strike, type: 'C' as const, ...values }] }],
});

describe('a market guard', () => {
  it('passes a good market on as it came, with full confidence', () => {
    const { first } = opened();
    expect(first.quality.doubts).toEqual([]);
    const market = liveMarket();
    expect(first.market.underlyings.map(({ index }) => index)).toEqual([90_000, 3_000]);
    expect(first.market.underlyings[0]!.expiries.map(({ quotes }) => quotes)).toEqual(
      market.underlyings[0]!.expiries.map(({ quotes }) => quotes),
    );
    expect(first.market.underlyings[0]!.confidence).toEqual({ index: 1, perpetual: 1 });
    expect(first.market.underlyings[0]!.expiries[0]!.confidence).toEqual({ forward: 1, vol: 1 });
  });

  it('answers nothing where nothing that matters moved', () => {
    const { send } = opened();
    expect(send(1, { index: 90_000 }).delta).toBeNull();
    expect(send(2, { index: 90_001 }).delta?.underlyings).toEqual([
      { symbol: 'BTC', index: 90_001, indexTimestamp: AS_OF + 2000 },
    ]);
  });

  it('tells what is stale by time alone, each kind by its own limit, and forgets it when it moves again', () => {
    const { send, wait, btc } = opened();
    expect(reasons(wait(5))).toEqual([]);
    expect(new Set(reasons(wait(6)))).toEqual(new Set(['index stale kept']));
    const late = wait(121);
    expect(new Set(reasons(late))).toEqual(
      new Set(['index stale kept', 'perpetual stale kept', 'forward stale kept', 'quote stale kept']),
    );
    expect(late.doubts.find(({ kind }) => kind === 'index')!.message).toBe(
      'The BTC index is 2 min old, its limit is 5 s; the last value, 90,000 USD, is used',
    );
    const again = send(122, { index: 90_010, perpetual: { mark: 90_040 } });
    expect(again.quality.doubts.filter(({ underlying, kind }) => underlying === 'BTC' && kind !== 'forward')).toSatisfy(
      (doubts: { kind: string }[]) => doubts.every(({ kind }) => kind === 'quote'),
    );
    expect(btc().confidence!.index).toBe(1);
    expect(btc().expiries[0]!.confidence!.forward).toBe(0);
  });

  it('lets the confidence of a market fall by an empty delta', () => {
    const { guard } = opened();
    const now = AS_OF + 8_000;
    const { delta } = guard.move({ asOf: now, underlyings: [] }, now);
    expect(delta!.underlyings.map(({ symbol, confidence }) => [symbol, confidence])).toEqual([
      ['BTC', { index: 0.35, perpetual: 1 }],
      ['ETH', { index: 0.35, perpetual: 1 }],
    ]);
  });

  it('never ages what is recorded or simulated', () => {
    for (const kind of ['recorded', 'simulated'] as const) {
      const { wait } = opened({ ...liveMarket(), source: { kind, name: 'x' } });
      expect(wait(1e6).doubts).toEqual([]);
    }
  });

  it('refuses what is ahead of the clock and passes over what is older than known', () => {
    const { send, btc } = opened();
    const ahead = send(1, { index: 90_100, indexTimestamp: AS_OF + 3_601_000 });
    expect(ahead.delta?.underlyings[0]?.index).toBeUndefined();
    expect(ahead.quality.doubts[0]!.message).toBe(
      "The BTC index came with a time 60 min ahead of the venue's clock; the last trusted value, 90,000 USD of 1 s ago, is used",
    );
    send(3, { index: 90_300 });
    expect(send(4, { index: 90_200, indexTimestamp: AS_OF + 2_000 }).delta).toBeNull();
    expect(btc().index).toBe(90_300);
    expect(send(5, { index: 90_400, indexTimestamp: AS_OF + 9_000 }).quality.doubts).toEqual([]);
    expect(btc().index).toBe(90_400);
  });

  it('takes what comes after a clock was set back, though it is older than what is known', () => {
    const { guard, btc } = opened();
    const { index, perpetual } = btc();
    const { strike, type } = btc().expiries[0]!.quotes[0]!;
    const at = AS_OF - 60_000;
    const { delta, quality } = guard.move(
      {
        asOf: at,
        underlyings: [
          {
            symbol: 'BTC',
            index: index * 1.01,
            indexTimestamp: at,
            perpetual: { mark: perpetual!.mark * 1.01, timestamp: at },
            expiries: [{ expiry: EXPIRIES.week, quotes: [{ strike, type, markIv: 0.61, timestamp: at }] }],
          },
        ],
      },
      at,
    );
    const [moved] = delta!.underlyings;
    expect(moved).toMatchObject({ index: index * 1.01, perpetual: { mark: perpetual!.mark * 1.01 } });
    expect(moved!.expiries![0]!.quotes).toMatchObject([{ strike, type, markIv: 0.61 }]);
    expect(quality.doubts.filter(({ reason }) => reason === 'future' || reason === 'stale')).toEqual([]);
    // A moment's step back is none: what is older is passed over.
    const again = guard.move({ asOf: at, underlyings: [{ symbol: 'BTC', index, indexTimestamp: at - 1_000 }] }, at);
    expect(again.delta).toBeNull();
  });

  it('holds an index that falls by 30 % alone, for as long as nothing else says so', () => {
    const { send, btc } = opened();
    for (let second = 1; second <= 60; second += 1) {
      const { quality } = send(second, {
        index: 63_000,
        perpetual: { mark: 90_036 },
        expiries: Object.values(EXPIRIES).map((expiry, i) => ({ expiry, forward: 90_100 + 100 * i })),
      });
      expect(btc().index).toBe(90_000);
      expect(quality.doubts.some(({ kind, reason }) => kind === 'index' && reason === 'jump')).toBe(true);
      expect(quality.confidence[0]!.index).toBeLessThanOrEqual(0.5);
    }
    const { quality } = send(61, { index: 90_010, perpetual: { mark: 90_036 } });
    expect(quality.doubts.filter(({ kind, underlying }) => kind === 'index' && underlying === 'BTC')).toEqual([]);
    expect(btc().index).toBe(90_010);
  });

  it('accepts a crash that index and perpetual tell alike, after further values, and says so for a while', () => {
    const { send, btc } = opened();
    const fallen = { index: 63_000, perpetual: { mark: 63_025 } };
    for (const second of [1, 2, 3]) {
      send(second, fallen);
      expect(btc().index).toBe(90_000);
    }
    const confirmed = send(4, fallen);
    expect(btc().index).toBe(63_000);
    expect(btc().perpetual!.mark).toBe(63_025);
    expect(confirmed.quality.doubts.find(({ kind }) => kind === 'index')!.message).toBe(
      'The BTC index has moved by \u221230 % to 63,000 USD; the move was confirmed and is used',
    );
    const forwards = Object.values(EXPIRIES).map((expiry) => ({ expiry, forward: 63_100 }));
    expect(
      send(5, { ...fallen, expiries: forwards }).delta!.underlyings[0]!.expiries!.map(({ forward }) => forward),
    ).toEqual([63_100, 63_100, undefined]);
    const later = send(40, fallen).quality.doubts.filter(({ kind }) => kind === 'index' || kind === 'perpetual');
    expect(later.filter(({ underlying }) => underlying === 'BTC')).toEqual([]);
  });

  it('never takes nothing, or ten times as much, from one source alone', () => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 900_001, 8_999, 9e7]) {
      const market = liveMarket();
      const bare = market.underlyings.map(({ symbol, index }) => ({ symbol, index, expiries: [] }));
      const { send, btc } = opened({ ...market, underlyings: bare });
      for (let second = 1; second <= 100; second += 1) {
        const { quality } = send(second, { index: value });
        expect(quality.doubts[0]!.treatment).toBe('held');
      }
      expect(btc().index).toBe(90_000);
    }
  });

  it('names the outlier of three sources, at the first market and later', () => {
    const market = liveMarket();
    const wrong = market.underlyings.map((coin) => (coin.symbol === 'BTC' ? { ...coin, index: 9e6 } : coin));
    const { first, send, btc } = opened({ ...market, underlyings: wrong });
    expect(first.market.underlyings[0]!.index).toBeCloseTo(90_000, -3);
    expect(first.quality.doubts.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['index disputed']);
    send(1, { index: 90_050 });
    expect(btc().index).toBe(90_050);
    const { quality } = send(2, { perpetual: { mark: 95_000 } });
    expect(quality.doubts.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['perpetual disputed']);
    expect(quality.doubts[0]!.message).toContain('the median of index, perpetual, BTC 27NOV26 forward');
  });

  it('takes the vol of an option that no market has away, and the fitted smile stands in', () => {
    for (const markIv of [0, -0.5, Number.NaN, 5.01, undefined, 55]) {
      const { send, accepted } = opened();
      const { quality } = send(1, weekQuote(90_000, { markIv: markIv! }));
      expect(quality.doubts[0]).toMatchObject({ instrument: 'BTC-27NOV26-90000-C', treatment: 'left-out' });
      expect(quality.doubts[0]!.message).toContain('the fitted smile stands in');
      const instrument = parseInstrument('BTC-27NOV26-90000-C');
      const state = contractState(prepareMarket(accepted()), instrument.ok ? instrument.value : expect.fail());
      expect(state.ok && state.value.option!.volatilitySource).toBe('fit');
      expect(state.ok && state.value.option!.volatility).toBeCloseTo(0.55, 2);
      expect(send(2, weekQuote(90_000, { markIv: 0.551 })).quality.doubts).toEqual([]);
    }
  });

  it('leaves crossed, locked and wide sides out and keeps the mark', () => {
    for (const [bidIv, askIv, reason] of [
      [0.6, 0.5, 'crossed'],
      [0.55, 0.55, 'crossed'],
      [0.2, 0.9, 'wide'],
    ] as const) {
      const { send, btc } = opened();
      const { quality } = send(1, weekQuote(90_000, { markIv: 0.55, bidIv, askIv }));
      expect(reasons(quality)).toEqual([`quote ${reason} left-out`]);
      const quote = btc().expiries[0]!.quotes.find(({ strike, type }) => strike === 90_000 && type === 'C');
      expect(quote).toEqual({ strike: 90_000, type: 'C', markIv: 0.55 });
    }
  });

  it('sees a mark that contradicts the strikes beside it', () => {
    const { send } = opened();
    const { quality } = send(1, weekQuote(95_000, { markIv: 0.8 }));
    expect(quality.doubts.map(({ instrument, reason }) => [instrument, reason])).toEqual([
      ['BTC-27NOV26-95000-C', 'disputed'],
    ]);
  });

  it('sees a forward that put-call parity contradicts', () => {
    const { send } = opened();
    const sides = (vol: number) => ({ markIv: vol, bidIv: vol - 0.005, askIv: vol + 0.005 });
    const { quality } = send(1, {
      expiries: [
        {
          expiry: EXPIRIES.month,
          quotes: [
            { strike: 90_000, type: 'C', ...sides(0.65) },
            { strike: 90_000, type: 'P', ...sides(0.45) },
          ],
        },
      ],
    });
    const found = quality.doubts.find(({ kind }) => kind === 'forward');
    expect(found).toMatchObject({ reason: 'disputed', treatment: 'kept', expiry: EXPIRIES.month });
    expect(found!.message).toContain('the call and put at 90000');
  });

  it('sees a forward that is not where its calls and puts are marked, while that is of the same time', () => {
    const { send, btc } = opened();
    const { forward } = btc().expiries[1]!;
    const quotes = [{ strike: 90_000, type: 'C' as const, markIv: 0.6 }];
    const expiry = EXPIRIES.month;
    expect(
      reasons(send(1, { expiries: [{ expiry, forward, quotes, impliedForward: forward * 1.004 }] }).quality),
    ).toEqual([]);
    const moved = send(2, { expiries: [{ expiry, forward: forward * 1.03, quotes, impliedForward: forward }] });
    expect(reasons(moved.quality)).toEqual(['forward disputed kept']);
    expect(moved.quality.doubts[0]!.message).toContain('is 3 % off');
    // It is no part of the market.
    expect(JSON.stringify(moved.delta)).not.toContain('implied');
    // Marks of a while ago say nothing of the price of now.
    const later = send(8, { expiries: [{ expiry, forward: forward * 1.031 }] });
    expect(later.quality.doubts.filter(({ kind }) => kind === 'forward')).toEqual([]);
  });

  it('leaves an expiry out whose forward comes in coin, until it comes in dollars', () => {
    const market = liveMarket();
    const wrong = market.underlyings.map((coin) => ({
      ...coin,
      expiries: coin.expiries.map((expiry, i) => (i === 2 ? { ...expiry, forward: 1.02 } : expiry)),
    }));
    const { first, send, btc } = opened({ ...market, underlyings: wrong });
    expect(first.market.underlyings[0]!.expiries).toHaveLength(2);
    expect(reasons(first.quality)).toEqual(['forward disputed left-out', 'forward disputed left-out']);
    send(1, { expiries: [{ expiry: EXPIRIES.year, forward: 93_000 }] });
    expect(btc().expiries).toHaveLength(3);
    expect(btc().expiries[2]!.quotes).toHaveLength(26);
  });

  it('misses an expiry whose quotes stop while the others come', () => {
    const { send } = opened();
    const [week, ...others] = liveMarket().underlyings[0]!.expiries;
    const beat = (seconds: number) =>
      send(seconds, { expiries: others.map(({ expiry, forward, quotes }) => ({ expiry, forward, quotes })) });
    expect(reasons(beat(60).quality)).not.toContain('quote missing kept');
    const { quality } = beat(61);
    expect(quality.doubts.find(({ reason }) => reason === 'missing')).toMatchObject({
      underlying: 'BTC',
      expiry: week!.expiry,
    });
    expect(quality.doubts.filter(({ reason }) => reason === 'missing')).toHaveLength(1);
    const back = send(62, { expiries: [{ expiry: week!.expiry, quotes: week!.quotes }] });
    expect(back.quality.doubts.filter(({ reason }) => reason === 'missing')).toEqual([]);
  });

  it('keeps an expiry that a later market leaves out, and says so; one taken off the list is gone', () => {
    const { guard, send, btc } = opened();
    const market = liveMarket();
    const without = market.underlyings.map((coin) => ({ ...coin, expiries: coin.expiries.slice(1) }));
    const { market: second, quality } = guard.open(
      { ...market, asOf: AS_OF + 1000, underlyings: without },
      AS_OF + 1000,
    );
    expect(second.underlyings[0]!.expiries).toHaveLength(3);
    expect(reasons(quality)).toEqual(['quote missing held', 'quote missing held']);
    const gone = send(2, { delisted: [EXPIRIES.week] });
    expect(btc().expiries).toHaveLength(2);
    expect(gone.quality.doubts[0]).toMatchObject({ reason: 'missing', treatment: 'left-out', expiry: EXPIRIES.week });
  });

  it('holds a jump across a gap in the stream of one source, and starts anew with another', () => {
    const { guard } = opened();
    const market = liveMarket();
    const later = (index: number, source: MarketSnapshot['source']) => ({
      ...market,
      asOf: AS_OF + 60_000,
      source,
      underlyings: market.underlyings.map((coin) => (coin.symbol === 'BTC' ? { ...coin, index } : coin)),
    });
    expect(guard.open(later(60_000, LIVE), AS_OF + 60_000).market.underlyings[0]!.index).toBe(90_000);
    const recorded = later(60_000, { kind: 'recorded', name: 'crash' });
    const bare = recorded.underlyings.map(({ symbol, index }) => ({ symbol, index, expiries: [] }));
    const { market: opened2 } = guard.open({ ...recorded, underlyings: bare }, AS_OF);
    expect(opened2.underlyings[0]!.index).toBe(60_000);
  });

  it('lets a stablecoin lose its peg once that has lasted', () => {
    const { guard } = opened();
    const send = (second: number, priceUsd: number) =>
      guard.move(
        { asOf: AS_OF + second * 1000, underlyings: [], stablecoins: [{ asset: 'USDC', priceUsd }] },
        AS_OF + second * 1000,
      );
    expect(send(1, 0.88).quality.doubts.map(({ kind }) => kind)).toContain('stablecoin');
    let last = send(2, 0.88);
    for (let second = 3; second <= 11; second += 1) last = send(second, 0.88);
    expect(last.delta!.stablecoins).toEqual([{ asset: 'USDC', priceUsd: 0.88 }]);
    expect(send(12, 0).delta?.stablecoins).toBeUndefined();
  });

  it('takes a stablecoin that is not told for unchanged while other prices come', () => {
    const { send, wait } = opened();
    const stale = (seconds: number) => wait(seconds).doubts.filter(({ kind }) => kind === 'stablecoin');
    send(3_500, { index: 90_001 });
    expect(stale(3_700)).toEqual([]);
    expect(stale(7_200)).toHaveLength(1);
  });
});

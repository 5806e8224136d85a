import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningExchange, startExchange } from '../../../cli/exchange/startExchange.ts';
import { type MarketSnapshot, underlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY } from '../../../engine/domain/units.ts';
import { AS_OF, CODES, EXPIRIES, smallSnapshot } from '../../../engine/fixtures/smallMarket.ts';
import { marketFileText, parseMarketFile } from '../../../formats/marketFile.ts';
import { startedFeed } from './fixtures/startedFeed.ts';
import type { WebSocketClass } from './RpcSession.ts';

/** Over real sockets, in real time: waits for what happens, never for a time. */
const DAY = AS_OF - 8 * 3_600_000 - MILLISECONDS_PER_DAY;

let exchange: RunningExchange;
let end: () => void = () => {};

beforeEach(async () => {
  exchange = await startExchange({ market: withHistory(), updatesPerSecond: 20 });
});
afterEach(async () => {
  end();
  await exchange.close();
});

/** Four hundred days of closes of one coin, which the exchange's charts are made of. */
function withHistory(): MarketSnapshot {
  const market = smallSnapshot();
  const closes = Array.from({ length: 400 }, (_, i) => [DAY - (399 - i) * MILLISECONDS_PER_DAY, 80_000 + i] as const);
  const history = {
    intervalDays: 1,
    closes,
    volatilityIndex: closes.map(([at], i) => [at, 0.5 + i / 10_000] as const),
  };
  return {
    ...market,
    underlyings: market.underlyings.map((coin) => (coin.symbol === 'BTC' ? { ...coin, history } : coin)),
  };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 20 });

async function standing(options: { fetch?: typeof fetch | null } = {}) {
  const run = startedFeed({ WebSocket } as never, {
    endpoint: exchange.url,
    WebSocket: WebSocket as WebSocketClass,
    ...options,
  });
  end = run.end;
  await until(() => expect(run.status.state).toBe('live'));
  await moving(run);
  return run;
}

type Run = Awaited<ReturnType<typeof standing>>;

/** Until an index and a vol have moved once more. */
async function moving(run: Run): Promise<void> {
  const before = timesOf(run);
  await until(() => {
    for (const [i, at] of timesOf(run).entries()) expect(at).toBeGreaterThan(before[i]!);
  });
}

/** When the index, the perpetual and an option were last marked. */
function timesOf(run: Run): readonly number[] {
  const { indexTimestamp, perpetual, expiries } = underlyingMarket(run.market, 'BTC')!;
  return [indexTimestamp!, perpetual!.timestamp!, expiries[1]!.quotes[4]!.timestamp!];
}

function assertSound(run: Run): void {
  const parsed = parseMarketFile(marketFileText(run.market));
  if (!parsed.ok) throw new Error(parsed.failure.message);
}

describe('a feed on the local exchange', () => {
  it.each([
    ['over the socket alone', null],
    ['over HTTP first', fetch],
  ])('holds the market that the exchange has, %s', async (_, fetchText) => {
    const run = await standing({ fetch: fetchText });
    const first = run.told[0]!;
    if (!('market' in first)) throw new Error('the first is a market');
    const given = smallSnapshot();
    expect(first.market.underlyings.map(({ symbol }) => symbol)).toEqual(['BTC', 'ETH']);
    for (const coin of given.underlyings) {
      const read = first.market.underlyings.find(({ symbol }) => symbol === coin.symbol)!;
      // A walk of a few steps has passed since.
      expect(read.index / coin.index).toBeCloseTo(1, 1);
      expect(read.expiries.map(({ expiry }) => expiry)).toEqual(Object.values(EXPIRIES));
      for (const [i, expiry] of coin.expiries.entries()) {
        const other = read.expiries[i]!;
        expect(other.forward / read.index).toBeCloseTo(expiry.forward / coin.index, 3);
        expect(other.quotes.map(({ strike, type }) => [strike, type])).toEqual(
          expiry.quotes.map(({ strike, type }) => [strike, type]),
        );
      }
    }
    await until(() => expect(underlyingMarket(run.market, 'BTC')?.history).toBeDefined());
    const { closes, volatilityIndex } = underlyingMarket(run.market, 'BTC')!.history!;
    expect([closes.length, volatilityIndex.length]).toEqual([400, 400]);
    expect(closes.at(-1)).toEqual([DAY, 80_399]);
    expect(volatilityIndex.at(-1)![1]).toBeCloseTo(0.5399, 4);
    expect(run.status.refusedMessages).toBe(0);
    // The exchange's clock began at its market's time.
    await until(() => expect(Math.abs(run.status.clockOffsetMs! - (run.market.asOf - Date.now()))).toBeLessThan(1_000));
    expect(run.status.latencyMs).toBeLessThan(2_000);
    assertSound(run);
  });

  it('streams the options that are watched', async () => {
    const run = await standing();
    const name = `BTC-${CODES.month}-95000-C`;
    run.feed.watch([name]);
    const quote = () =>
      underlyingMarket(run.market, 'BTC')!.expiries[1]!.quotes.find(
        ({ strike, type }) => strike === 95_000 && type === 'C',
      )!;
    exchange.control.fault({ kind: 'crossed-quotes', instruments: [name] });
    await until(() => expect(quote().bidIv).toBeGreaterThan(quote().askIv!));
  });

  it.each([
    { kind: 'drop-connections', code: 1006 },
    { kind: 'drop-connections', code: 1013 },
    { kind: 'connection-too-slow' },
    { kind: 'rate-limit' },
  ] as const)('comes back with a whole market after $kind $code', async (fault) => {
    const run = await standing();
    exchange.control.fault(fault);
    if (fault.kind === 'rate-limit') run.feed.watch([`BTC-${CODES.month}-95000-C`]);
    await until(() => expect(run.status.state).not.toBe('live'));
    await until(() => expect(run.status.state).toBe('live'));
    expect(run.wholes).toBe(2);
    await moving(run);
    expect(run.status).toMatchObject({ attempts: 0, message: null });
  });

  it('notices a half-open exchange, and comes back when it hears again', async () => {
    const run = await standing();
    exchange.control.fault({ kind: 'half-open' });
    await until(() => expect(run.status.state).toBe('silent'));
    await until(() => expect(run.status.state).toBe('reconnecting'));
    exchange.control.clear();
    await until(() => expect(run.status.state).toBe('live'));
    await moving(run);
  });

  it('comes back after refused connections', async () => {
    const run = await standing();
    exchange.control.fault({ kind: 'refuse-connections' });
    exchange.control.fault({ kind: 'drop-connections' });
    await until(() => expect(run.status.attempts).toBeGreaterThan(2));
    exchange.control.clear();
    await until(() => expect(run.status.state).toBe('live'));
    await moving(run);
  });

  it.each(['malformed-json', 'truncated-json', 'html-page', 'binary-frame', 'wrong-id', 'huge-message'] as const)(
    'counts and leaves out: %s',
    async (kind) => {
      const run = await standing();
      exchange.control.fault({ kind, ...(kind === 'huge-message' ? {} : { messages: 20 }) });
      // Questions give answers to be spoilt.
      run.feed.watch([`BTC-${CODES.month}-95000-C`]);
      await until(() => expect(run.status.refusedMessages).toBeGreaterThan(0));
      exchange.control.clear();
      await moving(run);
      expect(run.wholes).toBe(1);
      expect(run.status.state).toBe('live');
      assertSound(run);
    },
  );

  it.each(['out-of-order', 'duplicates', 'lost-messages', 'stale-timestamps', 'future-timestamps'] as const)(
    'keeps the order of time under %s, and follows on afterwards',
    async (kind) => {
      const run = await standing();
      exchange.control.fault({ kind });
      exchange.control.fault({ kind: 'burst', messages: 200 });
      const coins = run.told.length;
      await until(() => expect(exchange.control.state().messagesSent).toBeGreaterThan(500));
      let last = 0;
      for (const item of run.told.slice(coins)) {
        const market = 'market' in item ? item.market : item.delta;
        const at = market.underlyings.find(({ symbol }) => symbol === 'BTC')?.indexTimestamp;
        if (at === undefined) continue;
        expect(at).toBeGreaterThanOrEqual(last);
        last = at;
      }
      exchange.control.clear();
      const from = run.market.asOf;
      await until(() => {
        expect(run.market.asOf).toBeGreaterThan(from);
        for (const at of timesOf(run)) expect(at).toBeLessThan(run.market.asOf + 30_000);
      });
      await moving(run);
      expect(run.wholes).toBe(1);
    },
  );

  it.each(['nan', 'null', 'zero', 'negative', 'huge'])('holds no vol that is none: %s', async (value) => {
    const run = await standing();
    exchange.control.fault({ kind: 'bad-volatility', value });
    await until(() => {
      if (value === 'nan') expect(run.status.refusedMessages).toBeGreaterThan(0);
      else {
        const quotes = underlyingMarket(run.market, 'BTC')!.expiries.flatMap((expiry) => expiry.quotes);
        expect(quotes.every(({ markIv }) => markIv === undefined)).toBe(true);
      }
    });
    assertSound(run);
    exchange.control.clear();
    await until(() => {
      const quotes = underlyingMarket(run.market, 'BTC')!.expiries.flatMap((expiry) => expiry.quotes);
      expect(quotes.every(({ markIv }) => markIv !== undefined && markIv < 2)).toBe(true);
    });
    expect(run.wholes).toBe(1);
  });

  it('passes a jump of the index and a perpetual that disagrees on as they come', async () => {
    const run = await standing();
    const before = underlyingMarket(run.market, 'BTC')!.index;
    exchange.control.fault({ kind: 'index-jump', factor: 1.3, coin: 'BTC' });
    await until(() => expect(underlyingMarket(run.market, 'BTC')!.index / before).toBeGreaterThan(1.25));
    exchange.control.clear();
    exchange.control.fault({ kind: 'index-jump', factor: 0, coin: 'BTC' });
    await until(() => expect(run.status.refusedMessages).toBeGreaterThan(0));
    expect(underlyingMarket(run.market, 'BTC')!.index).toBeGreaterThan(1_000);
  });

  it('goes on without an expiry that has gone missing, its values keeping their times', async () => {
    const run = await standing();
    exchange.control.fault({ kind: 'missing-expiry', coin: 'BTC', expiry: CODES.month });
    const line = () => underlyingMarket(run.market, 'BTC')!.expiries.find(({ expiry }) => expiry === EXPIRIES.month)!;
    let at = line().timestamp!;
    await until(() => expect(run.market.asOf - line().timestamp!).toBeGreaterThan(2_000));
    at = line().timestamp!;
    exchange.control.clear();
    await until(() => expect(line().timestamp).toBeGreaterThan(at));
  });

  it('tells a platform lock, and measures a clock that is set', async () => {
    const run = await standing();
    exchange.control.fault({ kind: 'platform-lock' });
    await until(() => expect(run.status.message).toContain('locked'));
    exchange.control.clear();
    await until(() => expect(run.status.message).toBeNull());
    const offset = run.status.clockOffsetMs!;
    exchange.control.fault({ kind: 'clock-skew', ms: 3_600_000 });
    await until(() => expect(run.status.clockOffsetMs! - offset).toBeGreaterThan(3_599_000));
  });

  it('follows on where a clock is set back, though all that comes is older than what it knows', async () => {
    const run = await standing();
    const [before] = timesOf(run);
    exchange.control.fault({ kind: 'clock-skew', ms: -3_600_000 });
    await until(() => expect(timesOf(run)[0]).toBeLessThan(before! - 3_000_000));
    await moving(run);
    expect(run.status).toMatchObject({ state: 'live', attempts: 0 });
  });
});

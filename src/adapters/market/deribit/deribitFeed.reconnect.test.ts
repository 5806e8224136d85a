import { describe, expect, it, vi } from 'vitest';
import { underlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import { COINS, FakeExchange, NOW } from './fixtures/FakeExchange.ts';
import { holdClock, pass, standingFeed } from './fixtures/standingFeed.ts';
import { startedFeed } from './fixtures/startedFeed.ts';

const { btc } = COINS;
const HEARTBEAT = { jsonrpc: '2.0', method: 'heartbeat', params: { type: 'heartbeat' } };
const TEST_REQUEST = { jsonrpc: '2.0', method: 'heartbeat', params: { type: 'test_request' } };

holdClock();

describe('heartbeats', () => {
  it('are asked for, and every test is answered at once', async () => {
    const { exchange } = await standingFeed();
    expect(exchange.calls('public/set_heartbeat')).toEqual([{ interval: 10 }]);
    for (let i = 1; i <= 20; i++) {
      exchange.socket.receive(TEST_REQUEST);
      expect(exchange.socket.sent.filter((text) => text.includes('"public/test"')).length).toBe(i);
    }
  });

  it('keep a connection without prices, which is told as silent and given up after a minute', async () => {
    const { exchange, run } = await standingFeed();
    for (let second = 0; second < 50; second += 10) {
      exchange.socket.receive(HEARTBEAT);
      await pass(10_000);
    }
    expect(exchange.sockets.length).toBe(1);
    expect(run.status.state).toBe('silent');
    expect(run.status.message).toContain('sends no prices');
    exchange.publishIndex(btc, 92_000);
    await pass(1_000);
    expect(run.status).toMatchObject({ state: 'live', message: null });
    for (let second = 0; second < 80; second += 10) {
      exchange.socket.receive(HEARTBEAT);
      await pass(10_000);
    }
    expect(exchange.sockets.length).toBe(2);
  });
});

describe('a lost connection', () => {
  it.each([1000, 1006, 1008, 1013])(
    'closed with %i comes back with a whole market and the same subscriptions',
    async (code) => {
      const { exchange, run } = await standingFeed();
      const before = new Set(exchange.subscribed);
      exchange.publishIndex(btc, 92_001);
      exchange.socket.drop(code, 'connection_too_slow');
      const told = run.told.length;
      expect(run.status).toMatchObject({ state: 'reconnecting', attempts: 1 });
      expect(run.status.message).toContain('connection_too_slow');
      expect(run.status.nextAttemptAt).toBeGreaterThan(Date.now());
      await pass(10_000);
      expect(exchange.sockets.length).toBe(2);
      expect(run.wholes).toBe(2);
      expect('market' in run.told[told]!).toBe(true);
      expect(exchange.subscribed).toEqual(before);
      expect(run.status).toMatchObject({ attempts: 0, nextAttemptAt: null });
      // The listing and the history of today are known.
      expect(exchange.calls('public/get_instruments').length).toBe(3);
      expect(exchange.calls('public/get_tradingview_chart_data').length).toBe(2);
      expect(underlyingMarket(run.market, 'BTC')!.history!.closes.length).toBe(730);
    },
  );

  it('that only the other end thinks to stand is noticed by silence and made anew', async () => {
    const { exchange, run } = await standingFeed();
    exchange.socket.isMute = true;
    await pass(6_000);
    expect(run.status.state).toBe('silent');
    await pass(14_000);
    expect(exchange.sockets.length).toBe(2);
    expect(run.wholes).toBe(2);
    expect(run.status.state).toBe('live');
  });

  it('is tried again with growing pauses, twelve times in five minutes at most, and comes back', async () => {
    const { exchange, run } = await standingFeed();
    exchange.isReachable = false;
    exchange.socket.drop(1006);
    const from = Date.now();
    const dials: number[] = [];
    for (let known = exchange.sockets.length; Date.now() - from < 900_000; known = exchange.sockets.length) {
      await pass(100);
      for (let i = known; i < exchange.sockets.length; i++) dials.push(Date.now());
    }
    const pauses = dials.slice(1).map((at, i) => at - dials[i]!);
    expect(pauses[0]!).toBeGreaterThanOrEqual(900);
    expect(Math.max(...pauses)).toBeLessThan(150_000);
    for (const at of dials)
      expect(dials.filter((dial) => dial >= at && dial < at + 300_000).length).toBeLessThanOrEqual(12);
    expect(dials.length).toBeGreaterThan(20);
    expect(run.status.state).toBe('reconnecting');
    expect(run.status.attempts).toBe(dials.length + 1);
    exchange.isReachable = true;
    await pass(150_000);
    expect(run.wholes).toBeGreaterThanOrEqual(2);
  });

  it('that flaps does not bring a storm', async () => {
    const { exchange } = await standingFeed();
    const from = exchange.sockets.length;
    for (let passed = 0; passed < 300_000; passed += 2_000) {
      await pass(2_000);
      if (exchange.socket.readyState === 1) exchange.socket.drop(1006);
    }
    expect(exchange.sockets.length - from).toBeLessThanOrEqual(12);
  });

  it('is seen at once after sleep: what was in the pipe is not taken for live', async () => {
    const { exchange, run } = await standingFeed();
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    exchange.publishIndex(btc, 50_000, NOW + 2_000);
    expect(underlyingMarket(run.market, 'BTC')!.index).toBe(btc.index);
    expect(run.status.state).toBe('reconnecting');
    await pass(5_000);
    expect(run.wholes).toBe(2);
    // The night's options have expired and others are listed: asked anew.
    expect(exchange.calls('public/get_instruments').length).toBe(6);
  });

  it('keeps to what is watched', async () => {
    const { exchange, run } = await standingFeed();
    run.feed.watch(['BTC-27NOV26-94000-C']);
    exchange.socket.drop(1006);
    await pass(5_000);
    expect(exchange.subscribed).toContain('ticker.BTC-27NOV26-94000-C.100ms');
  });

  it('before the first market is tried again too', async () => {
    const exchange = new FakeExchange();
    exchange.isReachable = false;
    const run = startedFeed(exchange);
    await pass(3_000);
    expect(run.status.state).toBe('reconnecting');
    exchange.isReachable = true;
    await pass(20_000);
    expect(run.wholes).toBe(1);
  });
});

describe('the end', () => {
  it('ends everything: no timer is left, and nothing is told any more', async () => {
    const { exchange, run } = await standingFeed();
    exchange.publishIndex(btc, 92_001);
    run.end();
    const [told, statuses] = [run.told.length, run.statuses.length];
    await pass(100_000);
    expect([run.told.length, run.statuses.length]).toEqual([told, statuses]);
    expect(exchange.sockets.length).toBe(1);
    expect(exchange.socket.readyState).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('comes at once where there is no WebSocket or no address', () => {
    const exchange = new FakeExchange();
    const run = startedFeed(exchange, { endpoint: 'not an address' });
    expect(run.status.state).toBe('failed');
    expect(run.status.message).toContain('not an address');
  });
});

describe("the venue's allowance", () => {
  it('is waited for when it is used up, and respected for a while after a refusal', async () => {
    const { exchange, run } = await standingFeed();
    exchange.answers.set('public/get_book_summary_by_currency', () => {
      throw { code: 10028, message: 'too_many_requests' };
    });
    for (let second = 0; second < 12; second++) {
      exchange.publishIndex(btc, 92_000 + second);
      await pass(1_000);
    }
    const refused = exchange.asked.at(-1)!;
    expect(refused.method).toBe('public/get_book_summary_by_currency');
    expect(run.status.message).toContain('too_many_requests');
    exchange.answers.clear();
    for (let second = 0; second < 60; second++) {
      exchange.publishIndex(btc, 92_000 + second);
      await pass(1_000);
    }
    const next = exchange.asked.find(({ at }) => at > refused.at)!;
    expect(next.at - refused.at).toBeGreaterThanOrEqual(5_000);
    expect(run.status).toMatchObject({ state: 'live', message: null });
  });

  it('tells when markets are locked, and opened again', async () => {
    const exchange = new FakeExchange();
    exchange.answers.set('public/status', () => ({ locked: 'partial', locked_currencies: ['btc_usd'] }));
    const run = startedFeed(exchange);
    await pass(1_000);
    expect(run.status.message).toContain('locked btc_usd');
    exchange.publish('platform_state', { price_index: 'btc_usd', locked: false });
    expect(run.status.message).toBeNull();
    exchange.publish('platform_state', { maintenance: true });
    expect(run.status.message).toContain('locked its markets');
  });
});

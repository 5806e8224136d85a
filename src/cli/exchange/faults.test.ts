import { afterEach, describe, expect, it } from 'vitest';
import { AS_OF, CODES } from '../../engine/fixtures/smallMarket.ts';
import { faultKinds } from './Fault.ts';
import { ExchangeClient } from './fixtures/ExchangeClient.ts';
import { type StartedExchange, startedExchange } from './fixtures/startedExchange.ts';

const OPTION = `BTC-${CODES.month}-90000-C`;
const OTHER = `BTC-${CODES.month}-95000-C`;
const INDEX = 'deribit_price_index.btc_usd';

interface Mark {
  readonly timestamp: number;
  readonly instrument_name: string;
  readonly mark_price: number;
  readonly iv: number | null;
}
interface Ticker {
  readonly timestamp: number;
  readonly mark_price: number;
  readonly mark_iv: number | null;
  readonly index_price: number;
  readonly underlying_price: number;
  readonly best_bid_price: number;
  readonly best_ask_price: number;
}

let started: StartedExchange;
afterEach(() => started.end());

/** A started exchange and a client of it, subscribed to an index, with nothing unread. */
async function subscribed() {
  started = await startedExchange();
  const { exchange, clock, client } = started;
  const socket = await client();
  await socket.result('public/subscribe', { channels: [INDEX] });
  await socket.data(INDEX);
  const { control } = exchange;
  const step = () => {
    clock.advance(1_000);
    control.step();
  };
  /** The frames that come until an answer comes after them. */
  const framesUntilNow = async () => {
    await socket.result('public/get_time');
    return socket.taken();
  };
  const ticker = (name: string) => socket.result<Ticker>('public/ticker', { instrument_name: name });
  return { exchange, control, clock, socket, step, framesUntilNow, ticker };
}

describe('faults of the connection', () => {
  it.each([1_000, 1_008, 1_013])('drops it with code %i', async (code) => {
    const { control, socket, exchange } = await subscribed();
    control.fault({ kind: 'drop-connections', code });
    expect((await socket.closed).code).toBe(code);
    // Over as soon as it happened: the next connection stands, and hears nothing that it did not ask for.
    const next = await started.client();
    expect(await next.result('public/get_time')).toBe(AS_OF);
    expect(exchange.control.state().faults).toStrictEqual([]);
  });

  it('cuts the line without a word', async () => {
    const { control, socket } = await subscribed();
    control.fault({ kind: 'drop-connections' });
    expect((await socket.closed).code).toBe(1_006);
  });

  it('closes on a slow reader', async () => {
    const { control, socket } = await subscribed();
    control.fault({ kind: 'connection-too-slow' });
    expect((await socket.closed).reason).toBe('connection_too_slow');
  });

  it('refuses connections until it is cleared', async () => {
    const { control, exchange } = await subscribed();
    control.fault({ kind: 'refuse-connections' });
    await expect(ExchangeClient.connected(exchange.url)).rejects.toThrow('socket hang up');
    await expect(fetch(`${exchange.httpUrl}/public/get_time`)).rejects.toThrow('fetch failed');
    control.clear('refuse-connections');
    await started.client();
  });

  it('accepts and stays silent, both ways', async () => {
    const { control, socket, step } = await subscribed();
    control.fault({ kind: 'half-open' });
    const silent = await started.client();
    silent.write('{"jsonrpc":"2.0","id":"lost","method":"public/test"}');
    step();
    await expect.poll(() => control.state().requestsIgnored).toBe(1);
    control.clear();
    await silent.result('public/test');
    await socket.result('public/test');
    expect([...silent.taken(), ...socket.taken()]).toStrictEqual([]);
  });

  it('stalls, then sends all of it at once', async () => {
    const { control, clock, socket, step } = await subscribed();
    control.fault({ kind: 'stall', ms: 10_000 });
    for (let i = 0; i < 5; i++) step();
    const answer = socket.call('public/get_time');
    const late = socket.message(({ method }) => method === 'subscription');
    let hasCome = false;
    void late.then(() => (hasCome = true));
    // Another connection is not stalled, and answered after what the stalled one would have been sent.
    await (await started.client()).result('public/get_time');
    expect(hasCome).toBe(false);
    clock.advance(5_000);
    await Promise.all([late, answer]);
    expect(socket.taken()).toHaveLength(4);
  });

  it.each([429, 500, 503])('answers HTTP %i', async (status) => {
    const { control, exchange } = await subscribed();
    control.fault({ kind: 'http-status', status });
    expect((await fetch(`${exchange.httpUrl}/public/get_time`)).status).toBe(status);
    await expect(ExchangeClient.connected(exchange.url)).rejects.toThrow(String(status));
    control.clear();
    expect((await fetch(`${exchange.httpUrl}/public/get_time`)).status).toBe(200);
  });
});

describe('faults of answers', () => {
  it('answers late', async () => {
    const { control, clock, socket } = await subscribed();
    control.fault({ kind: 'slow-answers', ms: 2_000 });
    const order: string[] = [];
    const slow = socket.call('public/test').then(() => order.push('slow'));
    await expect.poll(() => control.state().requestsAnswered).toBe(2);
    control.clear('slow-answers');
    await socket.call('public/get_time').then(() => order.push('quick'));
    clock.advance(2_000);
    await slow;
    expect(order).toStrictEqual(['quick', 'slow']);
  });

  it('answers to another id', async () => {
    const { control, socket } = await subscribed();
    control.fault({ kind: 'wrong-id', messages: 1 });
    socket.write('{"jsonrpc":"2.0","id":5,"method":"public/test"}');
    expect((await socket.message(({ result }) => result !== undefined)).id).toBe(1_000_005);
    await socket.result('public/test');
  });

  it('runs out of credits', async () => {
    const { control, socket } = await subscribed();
    control.fault({ kind: 'rate-limit' });
    expect((await socket.call('public/test')).error?.code).toBe(10_028);
    await socket.closed;
    await (await started.client()).result('public/test');
  });

  it('locks the platform, and says so', async () => {
    const { control, socket } = await subscribed();
    await socket.result('public/subscribe', { channels: ['platform_state'] });
    control.fault({ kind: 'platform-lock', value: 'partial' });
    expect(await socket.data('platform_state')).toStrictEqual({ price_index: 'btc_usd', locked: true });
    expect(await socket.result('public/status')).toStrictEqual({ locked: 'partial', locked_indices: ['btc_usd'] });
    await socket.data('platform_state');
    control.clear();
    expect(await socket.data('platform_state')).toStrictEqual({ price_index: 'btc_usd', locked: false });
    expect(await socket.result('public/status')).toStrictEqual({ locked: false, locked_indices: [] });
  });

  it('skews the server’s clock, answers and data alike', async () => {
    const { control, socket, step, ticker } = await subscribed();
    control.fault({ kind: 'clock-skew', ms: 90_000 });
    const { result, usIn } = await socket.call('public/get_time');
    expect([result, usIn]).toStrictEqual([AS_OF + 90_000, (AS_OF + 90_000) * 1_000]);
    step();
    expect((await socket.data<{ timestamp: number }>(INDEX)).timestamp).toBe(AS_OF + 91_000);
    expect((await ticker('BTC-PERPETUAL')).timestamp).toBe(AS_OF + 91_000);
  });
});

describe('faults of messages', () => {
  it('bursts', async () => {
    const { control, framesUntilNow } = await subscribed();
    control.fault({ kind: 'burst', messages: 300 });
    expect(await framesUntilNow()).toHaveLength(300);
  });

  it('lets messages overtake each other', async () => {
    const { control, step, framesUntilNow } = await subscribed();
    control.fault({ kind: 'out-of-order', messages: 2 });
    for (let i = 0; i < 5; i++) step();
    const times = (await framesUntilNow()).map(({ text }) => (JSON.parse(text).params.data.timestamp - AS_OF) / 1_000);
    expect(times).toStrictEqual([2, 1, 4, 3, 5]);
  });

  it('sends messages twice, and loses each other one', async () => {
    const { control, step, framesUntilNow } = await subscribed();
    control.fault({ kind: 'duplicates', messages: 2 });
    for (let i = 0; i < 3; i++) step();
    const twice = (await framesUntilNow()).map(({ text }) => text);
    expect([twice.length, new Set(twice).size]).toStrictEqual([5, 3]);
    control.fault({ kind: 'lost-messages', every: 2 });
    for (let i = 0; i < 6; i++) step();
    expect(await framesUntilNow()).toHaveLength(3);
  });

  it.each([
    ['malformed-json', /^\{"jsonrpc";/],
    ['truncated-json', /^\{"jsonrpc":[^}]*$/],
    ['html-page', /^<!DOCTYPE html>/],
  ] as const)('sends %s instead, over the socket and over HTTP', async (kind, form) => {
    const { control, exchange, socket, step } = await subscribed();
    control.fault({ kind, messages: 2 });
    step();
    const { text } = await socket.frame(() => true);
    const body = await (await fetch(`${exchange.httpUrl}/public/get_time`)).text();
    for (const spoilt of [text, body]) {
      expect(spoilt).toMatch(form);
      expect(() => JSON.parse(spoilt)).toThrow('JSON');
    }
    step();
    await socket.data(INDEX);
  });

  it('sends binary frames, and five megabytes', async () => {
    const { control, socket, step } = await subscribed();
    control.fault({ kind: 'binary-frame', messages: 1 });
    step();
    expect((await socket.frame(() => true)).isBinary).toBe(true);
    control.fault({ kind: 'huge-message' });
    step();
    const huge = await socket.frame(({ text }) => text.length > 4_000_000);
    expect(JSON.parse(huge.text).params.data).toHaveLength(5_000_000);
    await socket.data(INDEX);
  });
});

describe('faults of values', () => {
  it.each([
    ['stale-timestamps', -60_000],
    ['future-timestamps', 60_000],
  ] as const)('dates data by %s while the server’s clock is right', async (kind, shift) => {
    const { control, socket, ticker } = await subscribed();
    control.fault({ kind });
    expect((await ticker(OPTION)).timestamp).toBe(AS_OF + shift);
    expect(await socket.result('public/get_time')).toBe(AS_OF);
    control.clear(kind);
    expect((await ticker(OPTION)).timestamp).toBe(AS_OF);
  });

  it('crosses the quotes it is told to', async () => {
    const { control, ticker } = await subscribed();
    control.fault({ kind: 'crossed-quotes', instruments: [OPTION, 'BTC-PERPETUAL'] });
    for (const name of [OPTION, 'BTC-PERPETUAL']) {
      const { best_bid_price: bid, best_ask_price: ask } = await ticker(name);
      expect(bid).toBeGreaterThan(ask);
    }
    const { best_bid_price: bid, best_ask_price: ask } = await ticker(OTHER);
    expect(bid).toBeLessThan(ask);
  });

  it.each([
    ['null', null],
    ['zero', 0],
    ['negative', -55.07],
    ['huge', 2_753.5],
  ])('shows a %s vol and leaves the price alone', async (value, shown) => {
    const { control, socket, ticker } = await subscribed();
    const before = await ticker(OPTION);
    control.fault({ kind: 'bad-volatility', value, instruments: [OPTION] });
    const { mark_iv: iv, mark_price: mark } = await ticker(OPTION);
    expect([iv, mark]).toStrictEqual([shown, before.mark_price]);
    await socket.result('public/subscribe', { channels: ['markprice.options.btc_usd'] });
    const marks = await socket.data<Mark[]>('markprice.options.btc_usd');
    const bad = marks.find(({ instrument_name }) => instrument_name === OPTION)!;
    expect(bad.iv).toBe(shown === null ? null : Math.round(shown * 100) / 10_000);
    expect(marks.find(({ instrument_name }) => instrument_name === OTHER)!.iv).toBeGreaterThan(0.1);
  });

  it('writes NaN, which is no JSON', async () => {
    const { control, socket } = await subscribed();
    control.fault({ kind: 'bad-volatility', value: 'nan', instruments: [OPTION] });
    socket.write(
      JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'public/ticker', params: { instrument_name: OPTION } }),
    );
    const { text } = await socket.frame(() => true);
    expect(text).toContain('"mark_iv":NaN');
    expect(() => JSON.parse(text)).toThrow('JSON');
    socket.write(
      '{"jsonrpc":"2.0","id":10,"method":"public/subscribe","params":{"channels":["markprice.options.btc_usd"]}}',
    );
    expect((await socket.frame(({ text }) => text.includes('markprice.options.btc_usd","data'))).text).toContain(
      '"iv":NaN',
    );
  });

  it('confuses units: dollars for coin, percent for fractions', async () => {
    const { control, socket, ticker } = await subscribed();
    const before = await ticker(OPTION);
    control.fault({ kind: 'wrong-unit', instruments: [OPTION] });
    const after = await ticker(OPTION);
    expect(after.mark_price).toBeCloseTo(before.mark_price * before.underlying_price, 2);
    expect(after.best_bid_price).toBeCloseTo(before.best_bid_price * before.underlying_price, 2);
    control.fault({ kind: 'wrong-unit', value: 'volatility' });
    await socket.result('public/subscribe', { channels: ['markprice.options.btc_usd'] });
    const [mark] = await socket.data<Mark[]>('markprice.options.btc_usd');
    expect(mark!.iv).toBeGreaterThan(20);
  });

  it('loses an expiry and finds it again', async () => {
    const { control, socket } = await subscribed();
    const rows = async (currency: string) =>
      (await socket.result<object[]>('public/get_book_summary_by_currency', { currency, kind: 'option' })).length;
    control.fault({ kind: 'missing-expiry', expiry: CODES.month, coin: 'BTC' });
    expect([await rows('BTC'), await rows('ETH')]).toStrictEqual([52, 78]);
    expect((await socket.call('public/ticker', { instrument_name: OPTION })).error?.code).toBe(10_020);
    control.clear();
    expect(await rows('BTC')).toBe(78);
  });

  it.each([1.3, 0.7, 10, 0])('has the index jump to %f of itself, and nothing else', async (factor) => {
    const { control, socket, ticker } = await subscribed();
    const [perpetual, option] = [await ticker('BTC-PERPETUAL'), await ticker(OPTION)];
    const jumped = Math.round(90_000 * factor);
    control.fault({ kind: 'index-jump', factor, coin: 'BTC' });
    const price = async (name: string) =>
      (await socket.result<{ index_price: number }>('public/get_index_price', { index_name: name })).index_price;
    expect([await price('btc_usd'), await price('eth_usd')]).toStrictEqual([jumped, 3_000]);
    expect((await ticker('BTC-PERPETUAL')).mark_price).toBe(perpetual.mark_price);
    expect(await ticker(OPTION)).toMatchObject({
      mark_price: option.mark_price,
      underlying_price: option.underlying_price,
      index_price: jumped,
    });
  });

  it('has the whole market jump', async () => {
    const { control, ticker } = await subscribed();
    const before = await ticker(OPTION);
    control.fault({ kind: 'index-jump', factor: 0.7, value: 'market' });
    const after = await ticker(OPTION);
    expect(after.underlying_price).toBeCloseTo(before.underlying_price * 0.7, 2);
    expect(after.mark_price).toBeLessThan(before.mark_price / 10);
    expect((await ticker('BTC-PERPETUAL')).mark_price).toBeCloseTo(90_036 * 0.7, 2);
  });

  it('sets the perpetual against the index, and stated forwards against parity', async () => {
    const { control, ticker } = await subscribed();
    const before = await ticker(OPTION);
    control.fault({ kind: 'perpetual-disagreement', factor: 1.1 });
    expect(await ticker('BTC-PERPETUAL')).toMatchObject({ mark_price: 99_039.6, index_price: 90_000 });
    control.fault({ kind: 'forward-disagreement', factor: 1.1, coin: 'BTC', expiry: CODES.month });
    const after = await ticker(OPTION);
    expect(after.mark_price).toBe(before.mark_price);
    expect(after.underlying_price).toBeCloseTo(before.underlying_price * 1.1, 2);
    expect((await ticker(`BTC-${CODES.week}-90000-C`)).underlying_price).toBeLessThan(91_000);
  });
});

describe('orders', () => {
  it('end by themselves after their time', async () => {
    const { control, clock, ticker } = await subscribed();
    control.fault({ kind: 'stale-timestamps', forMs: 5_000 });
    clock.advance(4_999);
    expect(control.state().faults).toStrictEqual([{ kind: 'stale-timestamps', ms: 60_000, forMs: 5_000 }]);
    clock.advance(1);
    expect(control.state().faults).toStrictEqual([]);
    expect((await ticker(OPTION)).timestamp).toBe(AS_OF);
  });

  it('come over HTTP, where a mistake is told with its place', async () => {
    const { exchange } = await subscribed();
    const url = exchange.httpUrl.replace('/api/v2', '/control');
    const posted = async (order: unknown) => {
      const response = await fetch(url, {
        method: 'POST',
        body: typeof order === 'string' ? order : JSON.stringify(order),
      });
      return [response.status, (await response.json()) as { faults?: object[]; error?: { path: string } }] as const;
    };
    expect((await posted({ kind: 'clock-skew', ms: 500 }))[1].faults).toStrictEqual([{ kind: 'clock-skew', ms: 500 }]);
    expect((await posted({ clear: 'clock-skew' }))[1].faults).toStrictEqual([]);
    for (const [order, path] of [
      ['{', ''],
      [[], ''],
      [{ kind: 'nothing' }, '/kind'],
      [{ clear: 'nothing' }, '/clear'],
      [{ kind: 'stall', ms: -1 }, '/ms'],
      [{ kind: 'stall', forMs: 5 }, '/forMs'],
      [{ kind: 'bad-volatility', value: 'odd' }, '/value'],
      [{ kind: 'crossed-quotes', instruments: 'all' }, '/instruments'],
      [{ kind: 'index-jump', factor: 0, value: 'market' }, '/factor'],
    ] as const) {
      const [status, body] = await posted(order);
      expect([status, body.error?.path]).toStrictEqual([400, path]);
    }
    const state = (await (await fetch(url)).json()) as { options: number; cpuShare: number };
    expect(state.options).toBe(156);
    expect(state.cpuShare).toBeGreaterThan(0);
  });

  it('have each a row in the document', async () => {
    const { readFile } = await import('node:fs/promises');
    started = await startedExchange();
    const page = await readFile(new URL('../../../docs/exchange-double.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, kind]) => kind);
    expect(rows.toSorted()).toStrictEqual([...faultKinds].toSorted());
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { underlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import { marketFileText, parseMarketFile } from '../../../formats/marketFile.ts';
import { COINS, FakeExchange, NOW } from './fixtures/FakeExchange.ts';
import { holdClock, pass } from './fixtures/standingFeed.ts';
import { startedFeed } from './fixtures/startedFeed.ts';

const { btc } = COINS;
const FRAMES = 6_000;
const SEED = 20_261_120;

holdClock();

/** What must not be taken for a value: as JSON text, so that it can be what JSON.stringify would not write. */
// biome-ignore format: a list to be read at a glance
const HOSTILE_VALUES = [
  'null', 'true', '""', '"NaN"', '"1e5"', '-1', '0', '-0.0', '1e999', '-1e999', '1e308', '5e-324', '9007199254740993',
  '[]', '{}', '[[[[[[]]]]]]', '{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '"<script>alert(1)</script>"',
  `"${'x'.repeat(10_000)}"`, '99999999999999', '-99999999999999', '1.5',
];

/** One of the frames that the exchange sends, whole. */
const goodFrame = fc.constantFrom<(at: number) => object>(
  (at) => subscription('deribit_price_index.btc_usd', { timestamp: at, price: 92_500.5, index_name: 'btc_usd' }),
  (at) =>
    subscription('markprice.options.btc_usd', [
      { timestamp: at, instrument_name: 'BTC-27NOV26-92000-C', mark_price: 0.03, iv: 0.52 },
      { timestamp: at, instrument_name: 'BTC-27NOV26-92000-P', mark_price: 0.03, iv: 0.52 },
    ]),
  (at) =>
    subscription('ticker.BTC-PERPETUAL.100ms', {
      timestamp: at,
      instrument_name: 'BTC-PERPETUAL',
      mark_price: 92_400,
      funding_8h: 0.0001,
    }),
  (at) =>
    subscription('ticker.BTC-27NOV26-94000-C.100ms', {
      timestamp: at,
      instrument_name: 'BTC-27NOV26-94000-C',
      mark_iv: 51,
      best_bid_price: 0.02,
      best_ask_price: 0.021,
      underlying_price: 92_300,
      open_interest: 3,
    }),
  (at) =>
    subscription('instrument.creation.option.BTC', {
      kind: 'option',
      instrument_name: 'BTC-27NOV26-98000-C',
      price_index: 'btc_usd',
      state: 'open',
      creation_timestamp: at,
    }),
  (at) =>
    subscription('instrument.state.option.BTC', {
      timestamp: at,
      state: 'locked',
      instrument_name: 'BTC-27NOV26-86000-P',
    }),
  () => subscription('platform_state', { price_index: 'eth_usd', locked: false }),
  () => ({ jsonrpc: '2.0', method: 'heartbeat', params: { type: 'test_request' } }),
  () => ({ jsonrpc: '2.0', id: 123_456, result: [], usIn: 1, usOut: 2, usDiff: 1, testnet: false }),
  () => ({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } }),
);

function subscription(channel: string, data: unknown): object {
  return { jsonrpc: '2.0', method: 'subscription', params: { channel, data } };
}

/** A frame as a broken, lying or malicious other end would send it. */
const hostileFrame = fc
  .record({
    frame: goodFrame,
    how: fc.nat(99),
    where: fc.nat(),
    value: fc.constantFrom(...HOSTILE_VALUES),
    jitter: fc.nat(4_000),
  })
  .map(({ frame, how, where, value, jitter }) => (now: number): string | ArrayBuffer => {
    const text = JSON.stringify(frame(now - jitter));
    if (how < 20) return text.slice(0, where % text.length);
    if (how < 24) return new TextEncoder().encode(text).buffer as ArrayBuffer;
    if (how < 28) return `<!doctype html><html><body>${text}</body></html>`;
    if (how < 32) return value;
    // A letter anywhere becomes another one.
    if (how < 50) return text.slice(0, where % text.length) + value.slice(0, 1) + text.slice((where % text.length) + 1);
    // A value, of whatever depth, becomes another one.
    const values = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|-?[\d.e+]+|null|true|false)/g)];
    const chosen = values[where % values.length]!;
    const from = chosen.index + 1;
    return text.slice(0, from) + value + text.slice(from + chosen[1]!.length);
  });

it(`survives ${FRAMES} hostile frames: none throws, none reconnects, and what stands is a market`, async () => {
  const exchange = new FakeExchange();
  const run = startedFeed(exchange);
  run.feed.watch(['BTC-27NOV26-94000-C']);
  await pass(1_000);
  const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).length;
  const frames = fc.sample(hostileFrame, { numRuns: FRAMES, seed: SEED });
  for (const [i, frame] of frames.entries()) {
    exchange.socket.receive(frame(exchange.now));
    if (i % 20 !== 0) continue;
    await pass(60);
    // Its own format refuses what is no price, no vol and no instant.
    const parsed = parseMarketFile(marketFileText(run.market));
    if (!parsed.ok) throw new Error(`after frame ${i}: ${parsed.failure.message}`);
  }
  expect(exchange.sockets.length).toBe(1);
  expect(run.wholes).toBe(1);
  expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(prototypeKeys);
  // The cut, the binary and the web pages alone are more than a quarter.
  expect(run.status.refusedMessages).toBeGreaterThan(FRAMES / 4);
  expect(run.status.refusedMessages).toBeLessThan(FRAMES);
  expect(JSON.stringify(run.statuses)).not.toMatch(/NaN|Infinity|undefined|<script/);

  exchange.publishIndex(btc, 92_777);
  await pass(60);
  expect(underlyingMarket(run.market, 'BTC')!.index).toBe(92_777);
});

it('drops a frame of five megabytes without reading it, and counts it', async () => {
  const exchange = new FakeExchange();
  const run = startedFeed(exchange);
  await pass(1_000);
  const before = run.status.refusedMessages;
  const padding = 'x'.repeat(5_000_000);
  exchange.socket.receive(
    JSON.stringify(
      subscription('deribit_price_index.btc_usd', { timestamp: NOW + 900, price: 1, index_name: 'btc_usd', padding }),
    ),
  );
  await pass(1_000);
  expect(run.status.refusedMessages).toBe(before + 1);
  expect(underlyingMarket(run.market, 'BTC')!.index).toBe(btc.index);
  expect(exchange.sockets.length).toBe(1);
});

it('does not take the answer to another question for its own, nor hostile answers for a market', async () => {
  for (const answer of [
    null,
    'ok',
    [],
    {},
    [null, 1, 'x'],
    [{ instrument_name: 5 }],
    [{ instrument_name: '__proto__' }],
  ]) {
    const exchange = new FakeExchange();
    for (const method of ['public/get_instruments', 'public/get_book_summary_by_currency', 'public/get_index_price'])
      exchange.answers.set(method, () => answer);
    const run = startedFeed(exchange);
    await pass(3_000);
    expect(run.wholes).toBe(0);
    expect(run.status.message).not.toBeNull();
    exchange.answers.clear();
    await pass(120_000);
    expect(run.wholes).toBeGreaterThanOrEqual(1);
    run.end();
  }
});

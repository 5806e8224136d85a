import cephes from 'cephes';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MarketSnapshot, OptionQuote } from '../../engine/domain/marketSnapshot.ts';
import { simulatedMarket } from '../../adapters/market/simulatedMarket.ts';
import { AS_OF, CODES, EXPIRIES, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import type { ExchangeClient } from './fixtures/ExchangeClient.ts';
import { type StartedExchange, startedExchange } from './fixtures/startedExchange.ts';

const YEAR_MS = 365 * 86_400_000;

interface Summary {
  readonly instrument_name: string;
  readonly mark_price: number;
  readonly mark_iv: number;
  readonly underlying_price: number;
  readonly underlying_index: string;
  readonly bid_price: number | null;
  readonly ask_price: number | null;
  readonly mid_price: number | null;
  readonly creation_timestamp: number;
}
interface Mark {
  readonly instrument_name: string;
  readonly mark_price: number;
  readonly iv: number;
}

let started: StartedExchange | null = null;
const start = async (...parameters: Parameters<typeof startedExchange>) => {
  started = await startedExchange(...parameters);
  return started;
};
beforeAll(() => cephes.compiled);
afterEach(async () => {
  await started?.end();
  started = null;
});

/** Black-76 written out anew, with the normal distribution of another library. */
function black(type: string, forward: number, strike: number, years: number, vol: number): number {
  const d1 = (Math.log(forward / strike) + 0.5 * vol * vol * years) / (vol * Math.sqrt(years));
  const d2 = d1 - vol * Math.sqrt(years);
  const [n1, n2] = type === 'C' ? [cephes.ndtr(d1), cephes.ndtr(d2)] : [-cephes.ndtr(-d1), -cephes.ndtr(-d2)];
  return forward * n1 - strike * n2;
}

/** Strike, type and expiry of an option of the small market, and of SOL beside it. */
function option(name: string) {
  const [, code, strike, type] = name.split('-') as [string, string, string, string];
  const expiry = Object.entries(CODES).find(([, known]) => known === code)![0] as keyof typeof EXPIRIES;
  return { expiry: EXPIRIES[expiry], code, strike: Number(strike), type };
}

function withSol(): MarketSnapshot {
  const market = smallSnapshot({ usdcPrice: 0.98 });
  const [btc] = market.underlyings;
  const expiries = btc!.expiries.map((expiry) => ({
    ...expiry,
    forward: expiry.forward / 600,
    quotes: expiry.quotes.map((quote) => ({ ...quote, strike: Math.round(quote.strike / 600) })),
  }));
  return { ...market, underlyings: [...market.underlyings, { symbol: 'SOL', index: 150, expiries }] };
}

const summaries = (socket: ExchangeClient, currency: string) =>
  socket.result<Summary[]>('public/get_book_summary_by_currency', { currency, kind: 'option' });

describe('marks', () => {
  it('shows an option as the exchange’s documented example does', async () => {
    const asOf = 1_783_000_002_123;
    const expiry = Date.UTC(2027, 2, 26, 8);
    const quotes: OptionQuote[] = [{ strike: 70_000, type: 'C', markIv: 0.5137, bidIv: 0.5115, askIv: 0.5159 }];
    const market: MarketSnapshot = {
      id: 'example',
      asOf,
      source: { kind: 'recorded', name: 'example' },
      underlyings: [
        { symbol: 'BTC', index: 64_210.55, expiries: [{ expiry, forward: 65_120.87, discount: 1, quotes }] },
      ],
      stablecoins: [],
    };
    const socket = await (await start(market)).client();
    const ticker = await socket.result<Record<string, unknown>>('public/ticker', {
      instrument_name: 'BTC-26MAR27-70000-C',
    });
    expect(ticker).toMatchObject({
      timestamp: asOf,
      instrument_name: 'BTC-26MAR27-70000-C',
      state: 'open',
      index_price: 64_210.55,
      mark_iv: 51.37,
      underlying_index: 'BTC-26MAR27',
      underlying_price: 65_120.87,
      best_bid_price: 0.1445,
      best_ask_price: 0.146,
    });
    expect(ticker.mark_price).toBeCloseTo(0.14524518, 6);
    const greeks = ticker.greeks as Record<string, number>;
    expect(greeks.delta).toBeCloseTo(0.52196, 4);
    expect(greeks.gamma).toBe(0.00001);
    expect(greeks.vega).toBeCloseTo(221.76103, 1);
    expect(greeks.theta).toBeCloseTo(-21.35233, 2);
    expect(greeks.rho).toBeCloseTo(179.28908, 1);
    const instrument = await socket.result('public/get_instrument', { instrument_name: 'BTC-26MAR27-70000-C' });
    expect(instrument).toMatchObject({
      kind: 'option',
      base_currency: 'BTC',
      quote_currency: 'BTC',
      counter_currency: 'USD',
      settlement_currency: 'BTC',
      settlement_period: 'month',
      price_index: 'btc_usd',
      instrument_type: 'reversed',
      option_type: 'call',
      strike: 70_000,
      contract_size: 1,
      min_trade_amount: 0.1,
      tick_size: 0.0001,
      tick_size_steps: [{ above_price: 0.005, tick_size: 0.0005 }],
      expiration_timestamp: expiry,
      is_active: true,
      state: 'open',
    });
  });

  it('are Black-76 at the vol beside them, in coin or USDC, while the market walks', async () => {
    const { client, exchange, clock } = await start(withSol());
    const socket = await client();
    let checked = 0;
    for (let step = 0; step < 5; step++) {
      clock.advance(3_600_000);
      exchange.control.step();
      for (const currency of ['BTC', 'ETH', 'USDC']) {
        for (const row of await summaries(socket, currency)) {
          const { expiry, strike, type } = option(row.instrument_name);
          const years = (expiry - row.creation_timestamp) / YEAR_MS;
          const price = black(type, row.underlying_price, strike, years, row.mark_iv / 100);
          // Marks are written with eight decimals.
          expect(Math.abs(row.mark_price - (currency === 'USDC' ? price : price / row.underlying_price))).toBeLessThan(
            6e-9,
          );
          checked += 1;
        }
      }
    }
    expect(checked).toBe(5 * 3 * 3 * 26);
  });

  it('keep put-call parity on the wire, from which the forward follows', async () => {
    const { client, exchange, clock } = await start();
    const socket = await client();
    const forwards = new Map(
      (await summaries(socket, 'BTC')).map((row) => [row.instrument_name, row.underlying_price] as const),
    );
    clock.advance(1_000);
    await socket.result('public/subscribe', { channels: ['markprice.options.btc_usd'] });
    const marks = await socket.data<Mark[]>('markprice.options.btc_usd');
    expect(marks).toHaveLength(78);
    const byName = new Map(marks.map((mark) => [mark.instrument_name, mark]));
    for (const call of marks.filter(({ instrument_name }) => instrument_name.endsWith('-C'))) {
      const put = byName.get(call.instrument_name.replace(/C$/, 'P'))!;
      const { strike } = option(call.instrument_name);
      const forward = strike / (1 - (call.mark_price - put.mark_price));
      expect(forward).toBeCloseTo(forwards.get(call.instrument_name)!, 1);
      expect(call.iv).toBe(put.iv);
    }
    expect(exchange.control.state().options).toBe(156);
  });

  it('are percent everywhere but in markprice.options, where vols are fractions', async () => {
    const socket = await (await start()).client();
    const name = `BTC-${CODES.month}-90000-C`;
    const ticker = await socket.result<{ mark_iv: number }>('public/ticker', { instrument_name: name });
    await socket.result('public/subscribe', { channels: ['markprice.options.btc_usd'] });
    const marks = await socket.data<Mark[]>('markprice.options.btc_usd');
    const { iv } = marks.find(({ instrument_name }) => instrument_name === name)!;
    expect(ticker.mark_iv).toBeCloseTo(55.07, 1);
    expect(ticker.mark_iv).toBeCloseTo(100 * iv, 10);
  });
});

describe('quotes', () => {
  it('stand around the mark, on the tick, and are null or zero where nobody quotes', async () => {
    const market = smallSnapshot();
    const thin = {
      ...market,
      underlyings: market.underlyings.map((underlying) => ({
        ...underlying,
        expiries: underlying.expiries.map((expiry) => ({
          ...expiry,
          quotes: expiry.quotes.map(({ strike, type, markIv, askIv }, i) =>
            i % 2 === 0
              ? { strike, type, markIv: markIv! }
              : { strike, type, markIv: markIv!, bidIv: 0.01, askIv: askIv! },
          ),
        })),
      })),
    };
    const socket = await (await start(thin)).client();
    for (const row of await summaries(socket, 'BTC')) {
      if (row.instrument_name.endsWith('C'))
        expect([row.bid_price, row.ask_price, row.mid_price]).toStrictEqual([null, null, null]);
      else expect(row.ask_price! - row.mark_price).toBeGreaterThan(0);
    }
    // Out of the money, a bid at one vol point is worth less than a tick: the wing has no bid.
    const wing = await socket.result<Record<string, number>>('public/ticker', {
      instrument_name: `BTC-${CODES.week}-60000-P`,
    });
    expect([wing.best_bid_price, wing.best_bid_amount, wing.bid_iv]).toStrictEqual([0, 0, 0]);
    const full = await summaries(await (await restarted()).client(), 'BTC');
    for (const { bid_price: bid, ask_price: ask, mark_price: mark, mid_price: mid } of full) {
      if (bid !== null) expect(bid).toBeLessThan(mark + 2e-8);
      if (ask !== null) expect(ask).toBeGreaterThan(mark - 2e-8);
      for (const price of [bid, ask]) {
        if (price === null) continue;
        const ticks = price / (price > 0.005 ? 0.0005 : 0.0001);
        expect(Math.abs(ticks - Math.round(ticks))).toBeLessThan(1e-6);
      }
      if (bid !== null && ask !== null) expect(mid).toBeCloseTo((bid + ask) / 2, 8);
    }
  });

  const restarted = async () => {
    await started?.end();
    return start();
  };
});

describe('an expiry', () => {
  it('is settled at 08:00 UTC, delivered, and followed by another', async () => {
    const { client, exchange, clock } = await start();
    const socket = await client();
    await socket.result('public/subscribe', {
      channels: [
        'instrument.state.option.BTC',
        'instrument.creation.any.BTC',
        'markprice.options.btc_usd',
        'platform_state',
      ],
    });
    expect(await socket.data<Mark[]>('markprice.options.btc_usd')).toHaveLength(78);
    clock.advance(EXPIRIES.week - AS_OF);
    exchange.control.step();
    const settling = await socket.data<{ state: string; instrument_name: string; timestamp: number }>(
      'instrument.state.option.BTC',
    );
    expect(settling).toStrictEqual({
      state: 'settlement',
      instrument_name: `BTC-${CODES.week}-60000-C`,
      timestamp: EXPIRIES.week,
    });
    const codes = async () => [
      ...new Set((await summaries(socket, 'BTC')).map(({ instrument_name: name }) => option(name).code)),
    ];
    expect(await codes()).toStrictEqual([CODES.month, CODES.year]);
    clock.advance(10_000);
    exchange.control.step();
    await socket.message(({ params }) => (params?.data as { state?: string } | undefined)?.state === 'delivered');
    const created = await socket.data<{ instrument_name: string; expiration_timestamp: number; state: string }>(
      'instrument.creation.any.BTC',
    );
    // 27 November was the end of a month; the next that is not listed yet is January's.
    expect(created).toMatchObject({ expiration_timestamp: Date.UTC(2027, 0, 29, 8), state: 'open' });
    const delivery = await socket.result<{ data: { date: string; delivery_price: number }[] }>(
      'public/get_delivery_prices',
      {
        index_name: 'btc_usd',
      },
    );
    const index = await socket.result<{ index_price: number }>('public/get_index_price', { index_name: 'btc_usd' });
    expect(delivery.data[0]).toStrictEqual({ date: '2026-11-27', delivery_price: index.index_price });
    const listed = async (expired: boolean) =>
      (
        await socket.result<{ instrument_name: string }[]>('public/get_instruments', {
          currency: 'BTC',
          kind: 'option',
          expired,
        })
      ).length;
    expect([await listed(true), await listed(false)]).toStrictEqual([26, 78]);
    const expirations = await socket.result<{ btc: { option: string[] } }>('public/get_expirations', {
      currency: 'BTC',
      kind: 'option',
    });
    expect(expirations.btc.option).toStrictEqual([CODES.month, '29JAN27', CODES.year]);
    expect((await socket.call('public/ticker', { instrument_name: `BTC-${CODES.week}-60000-C` })).error?.code).toBe(
      10_020,
    );
  });
});

describe('a step', () => {
  it('sends what is subscribed to, and no more often than the channel allows', async () => {
    const { client, exchange, clock } = await start();
    const socket = await client();
    const channels = [
      'deribit_price_index.btc_usd',
      'ticker.BTC-PERPETUAL.100ms',
      'ticker.BTC-PERPETUAL.agg2',
      'incremental_ticker.BTC-PERPETUAL',
      `quote.BTC-${CODES.week}-90000-C`,
      'perpetual.BTC-PERPETUAL.100ms',
      'estimated_expiration_price.btc_usd',
      'nothing.of_the_kind',
    ];
    expect(await socket.result('public/subscribe', { channels })).toStrictEqual(channels.slice(0, -1));
    await socket.result('public/get_time');
    expect(socket.taken()).toHaveLength(7);
    for (let step = 0; step < 20; step++) {
      clock.advance(50);
      exchange.control.step();
    }
    await socket.result('public/get_time');
    const texts = socket.taken().map(({ text }) => text);
    const count = (channel: string) => texts.filter((text) => text.includes(`"${channel}"`)).length;
    expect(count('deribit_price_index.btc_usd')).toBe(20);
    expect(count('ticker.BTC-PERPETUAL.100ms')).toBe(10);
    expect(count('ticker.BTC-PERPETUAL.agg2')).toBe(1);
    expect(count(`quote.BTC-${CODES.week}-90000-C`)).toBe(20);
    const change = JSON.parse(texts.find((text) => text.includes('incremental_ticker'))!);
    expect(change.params.data).toMatchObject({ type: 'change', instrument_name: 'BTC-PERPETUAL' });
    expect(change.params.data).not.toHaveProperty('funding_8h');
    await socket.result('public/unsubscribe_all', {});
    exchange.control.step();
    await socket.result('public/get_time');
    expect(socket.taken()).toHaveLength(0);
  });
});

describe('the simulator as mover', () => {
  it('moves prices that keep parity, and lists what it lists', async () => {
    const asOf = Date.UTC(2026, 10, 20, 7);
    const { client, clock, exchange } = await start(simulatedMarket(3, asOf), { moves: 'simulator' });
    const socket = await client();
    await socket.result('public/subscribe', { channels: ['instrument.creation.option.any'] });
    const before = await socket.result<{ index_price: number }>('public/get_index_price', { index_name: 'btc_usd' });
    for (let step = 0; step < 3; step++) {
      clock.advance(1_800_000);
      exchange.control.step();
    }
    const after = await socket.result<{ index_price: number }>('public/get_index_price', { index_name: 'btc_usd' });
    expect(Math.abs(after.index_price / before.index_price - 1)).toBeGreaterThan(1e-5);
    const created = await socket.data<{ instrument_name: string; expiration_timestamp: number }>(
      'instrument.creation.option.any',
    );
    expect(created.expiration_timestamp).toBeGreaterThan(asOf);
    const rows = await summaries(socket, 'BTC');
    expect(rows.some(({ instrument_name: name }) => name.includes('-20NOV26-'))).toBe(false);
    const marks = new Map(rows.map((row) => [row.instrument_name, row]));
    let pairs = 0;
    for (const { instrument_name: name, mark_price: call, underlying_price: forward } of rows) {
      const put = marks.get(name.replace(/C$/, 'P'));
      if (!name.endsWith('-C') || put === undefined) continue;
      const strike = Number(name.split('-')[2]);
      expect(call - put.mark_price).toBeCloseTo(1 - strike / forward, 7);
      pairs += 1;
    }
    expect(pairs).toBeGreaterThan(200);
  });

  it('gives way to prices from elsewhere', async () => {
    const { client, clock, exchange } = await start(smallSnapshot(), {
      moves: { listsExpiries: false, move: () => {} },
    });
    const socket = await client();
    const quotes: OptionQuote[] = [
      { strike: 90_000, type: 'C', markIv: 0.7, bidIv: 0.69 },
      { strike: 91_000, type: 'P', markIv: 0.71 },
    ];
    exchange.control.apply({
      asOf: AS_OF,
      underlyings: [{ symbol: 'BTC', index: 80_000, expiries: [{ expiry: EXPIRIES.month, forward: 81_000, quotes }] }],
      stablecoins: [{ asset: 'USDC', priceUsd: 0.9 }],
    });
    clock.advance(1_000);
    exchange.control.step();
    const ticker = await socket.result<Record<string, number>>('public/ticker', {
      instrument_name: `BTC-${CODES.month}-90000-C`,
    });
    expect(ticker).toMatchObject({ index_price: 80_000, underlying_price: 81_000, mark_iv: 70, best_ask_price: 0 });
    const joined = await socket.result<Record<string, number>>('public/ticker', {
      instrument_name: `BTC-${CODES.month}-91000-P`,
    });
    expect(joined.mark_iv).toBe(71);
    expect(await socket.result('public/get_index_price', { index_name: 'btc_usdc' })).toMatchObject({
      index_price: Math.round((80_000 / 0.9) * 100) / 100,
    });
  });
});

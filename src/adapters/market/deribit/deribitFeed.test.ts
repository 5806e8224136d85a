import { describe, expect, it } from 'vitest';
import { underlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import { COINS, FakeExchange, FAR, HALF_SPREAD, NEAR, NOW, optionPrice } from './fixtures/FakeExchange.ts';
import { holdClock, pass, standingFeed } from './fixtures/standingFeed.ts';
import { startedFeed } from './fixtures/startedFeed.ts';

const { btc, sol } = COINS;

holdClock();

type Run = Awaited<ReturnType<typeof standingFeed>>['run'];

function quoteOf(run: Run, symbol: string, expiry: number, strike: number, type: 'C' | 'P') {
  return expiryOf(run, symbol, expiry).quotes.find((quote) => quote.strike === strike && quote.type === type)!;
}
function expiryOf(run: Run, symbol: string, expiry: number) {
  return underlyingMarket(run.market, symbol)!.expiries.find((line) => line.expiry === expiry)!;
}

describe('the first market', () => {
  it('holds inverse and linear books in USD, vols as decimals, bids and asks as vols', async () => {
    const { run } = await standingFeed();
    expect(run.wholes).toBe(1);
    expect(run.status.state).toBe('live');
    expect(run.market.source).toEqual({ kind: 'live', name: 'Deribit protocol at 127.0.0.1:8790' });
    expect(run.market.underlyings.map(({ symbol }) => symbol)).toEqual(['BTC', 'SOL']);
    expect(run.market.stablecoins).toEqual([{ asset: 'USDC', priceUsd: 0.999 }]);

    const bitcoin = underlyingMarket(run.market, 'BTC')!;
    expect(bitcoin.index).toBe(btc.index);
    expect(bitcoin.perpetual).toMatchObject({ mark: btc.index + 10, fundingRate8h: 0.00001742 });
    expect(bitcoin.expiries.map(({ expiry, forward }) => [expiry, forward])).toEqual([
      [NEAR, 92_300],
      [FAR, 93_000],
    ]);
    const solana = underlyingMarket(run.market, 'SOL')!;
    expect(solana.index).toBeCloseTo(141.62 * 0.999, 9);
    expect(solana.expiries[0]!.forward).toBeCloseTo(142 * 0.999, 9);

    for (const [symbol, strike, vol] of [
      ['BTC', 92_000, 0.5],
      ['SOL', 140, 0.8],
    ] as const) {
      const quote = quoteOf(run, symbol, NEAR, strike, 'P');
      expect(quote.markIv).toBe(vol);
      expect(quote.bidIv).toBeCloseTo(vol - HALF_SPREAD, 6);
      expect(quote.askIv).toBeCloseTo(vol + HALF_SPREAD, 6);
      expect(quote.openInterest).toBe(12.5);
    }
  });

  it('brings two years of whole days of closes and the vol index, after the prices', async () => {
    const { run } = await standingFeed();
    const first = run.told[0]!;
    expect('market' in first && first.market.underlyings.every(({ history }) => history === undefined)).toBe(true);
    const { history } = underlyingMarket(run.market, 'BTC')!;
    // 20 NOV 09:00 is under way; the last day that has ended began on the 19th.
    expect(history!.closes.at(-1)).toEqual([Date.UTC(2026, 10, 19), 10_000 + Date.UTC(2026, 10, 19) / 86_400_000]);
    expect(history!.closes.length).toBe(730);
    expect(history!.volatilityIndex).toEqual([[Date.UTC(2026, 10, 18), 0.505]]);
    expect(underlyingMarket(run.market, 'SOL')!.history!.volatilityIndex).toEqual([]);
  });

  it('takes what HTTP gives without waiting for the socket, and does without HTTP when that gives a web page', async () => {
    const exchange = new FakeExchange();
    exchange.delayMs = 2_000;
    const urls: string[] = [];
    const answered = startedFeed(exchange, {
      fetch: async (input) => {
        const url = new URL(String(input));
        urls.push(url.href);
        const result = exchange.answer(url.pathname.replace('/api/v2/', ''), Object.fromEntries(url.searchParams));
        return new Response(JSON.stringify({ jsonrpc: '2.0', result, usIn: NOW * 1_000, usOut: NOW * 1_000 }));
      },
    });
    await pass(100);
    expect(answered.wholes).toBe(1);
    expect(urls[0]).toMatch(/^http:\/\/127\.0\.0\.1:8790\/api\/v2\/public\//);
    answered.end();

    const portal = new FakeExchange();
    const run = startedFeed(portal, { fetch: async () => new Response('<html>Sign in</html>') });
    await pass(1_000);
    expect(run.wholes).toBe(1);
    expect(run.status).toMatchObject({ state: 'live', message: null });
  });

  it('comes without a currency that the venue does not give, says so, and has it as soon as it is given', async () => {
    const exchange = new FakeExchange();
    exchange.answers.set('public/get_instruments', (params) => {
      if (params.currency !== 'USDC') return new FakeExchange().answer('public/get_instruments', params);
      throw { code: 10001, message: 'error' };
    });
    const run = startedFeed(exchange);
    await pass(1_000);
    expect(run.market.underlyings.map(({ symbol }) => symbol)).toEqual(['BTC']);
    expect(run.status.message).toContain('USDC: error');
    exchange.answers.clear();
    await keepAlive(exchange, 40_000);
    expect(run.market.underlyings.map(({ symbol }) => symbol)).toEqual(['BTC', 'SOL']);
    expect(exchange.subscribed).toContain('markprice.options.sol_usdc');
    expect(run.status.message).toBeNull();
  });
});

/** The venue ticks every second. */
async function keepAlive(exchange: FakeExchange, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    exchange.publishIndex(btc, btc.index);
    await pass(1_000);
  }
}

describe('the stream', () => {
  it('is subscribed to once, by index and future, not by option', async () => {
    const { exchange } = await standingFeed();
    const asked = exchange.calls('public/subscribe').flatMap(({ channels }) => channels as string[]);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toEqual(
      expect.arrayContaining([
        'deribit_price_index.btc_usd',
        'markprice.options.btc_usd',
        'deribit_price_index.sol_usdc',
        'deribit_price_index.usdc_usd',
        'ticker.BTC-PERPETUAL.100ms',
        'ticker.BTC-25DEC26.100ms',
        'instrument.creation.option.BTC',
      ]),
    );
    expect(asked.filter((channel) => /-[CP]\./.test(channel))).toEqual([]);
    expect(asked.filter((channel) => channel.includes('BTC_USDC'))).toEqual([]);
  });

  it('moves index, perpetual and vols; a fraction there is the same vol as a percent elsewhere', async () => {
    const { exchange, run } = await standingFeed();
    exchange.publishIndex(btc, 93_000);
    exchange.publish('ticker.BTC-PERPETUAL.100ms', {
      timestamp: exchange.now,
      instrument_name: 'BTC-PERPETUAL',
      mark_price: 93_011,
      funding_8h: -0.0002,
    });
    exchange.publishMarks(btc, 0.61);
    await pass(60);
    const bitcoin = underlyingMarket(run.market, 'BTC')!;
    expect(bitcoin.index).toBe(93_000);
    expect(bitcoin.perpetual).toMatchObject({ mark: 93_011, fundingRate8h: -0.0002 });
    expect(quoteOf(run, 'BTC', FAR, 100_000, 'C').markIv).toBe(0.61);
    expect(run.market.asOf).toBe(exchange.now - 60);
  });

  it('moves the forward of a date with its future, and by the parity of marks where there is none', async () => {
    const { exchange, run } = await standingFeed();
    await pass(200);
    const name = 'BTC-25DEC26';
    exchange.publish(`ticker.${name}.100ms`, { timestamp: exchange.now, instrument_name: name, mark_price: 95_000 });
    exchange.publishMarks(btc, 0.5, exchange.now, 700);
    exchange.publishMarks(sol, 0.8, exchange.now, 3);
    await pass(60);
    expect(expiryOf(run, 'BTC', FAR).forward).toBe(95_000);
    expect(expiryOf(run, 'BTC', NEAR).forward).toBeCloseTo(93_000, 6);
    expect(expiryOf(run, 'SOL', NEAR).forward).toBeCloseTo(145 * 0.999, 9);
  });

  it('gives bids and asks of watched options at once, from their own tickers', async () => {
    const { exchange, run } = await standingFeed();
    const name = 'BTC-27NOV26-94000-C';
    run.feed.watch([name, 'BTC-27NOV26-1-C', 'nonsense', 'BTC-PERPETUAL']);
    await pass(100);
    expect(exchange.subscribed).toContain(`ticker.${name}.100ms`);
    expect(exchange.subscribed).not.toContain('ticker.BTC-27NOV26-1-C.100ms');
    const at = { expiry: NEAR, forward: 92_500, hasFuture: false, strikes: [] };
    exchange.publish(`ticker.${name}.100ms`, {
      timestamp: exchange.now,
      instrument_name: name,
      mark_iv: 55,
      best_bid_price: optionPrice(btc, at, 94_000, 'C', 0.54, exchange.now),
      best_ask_price: 0,
      underlying_price: 92_500,
      open_interest: 14,
    });
    await pass(60);
    const quote = quoteOf(run, 'BTC', NEAR, 94_000, 'C');
    expect(quote).toMatchObject({ markIv: 0.55, openInterest: 14 });
    expect(quote.bidIv).toBeCloseTo(0.54, 5);
    expect(quote.askIv).toBeUndefined();
    expect(expiryOf(run, 'BTC', NEAR).forward).toBe(92_500);

    run.feed.watch([]);
    await pass(100);
    expect(exchange.subscribed).not.toContain(`ticker.${name}.100ms`);
  });

  it('is told fifty times a second at most, the latest value winning', async () => {
    const { exchange, run } = await standingFeed();
    await pass(500);
    const before = run.told.length;
    for (let i = 1; i <= 1_000; i++) {
      exchange.publishIndex(btc, 92_000 + i);
      await pass(1);
    }
    await pass(60);
    expect(run.told.length - before).toBeLessThanOrEqual(54);
    expect(underlyingMarket(run.market, 'BTC')!.index).toBe(93_000);
  });

  it('asks each currency for its summaries every half minute', async () => {
    const { exchange } = await standingFeed();
    const before = exchange.calls('public/get_book_summary_by_currency').length;
    await keepAlive(exchange, 60_000);
    const asked = exchange.calls('public/get_book_summary_by_currency').slice(before);
    expect(asked.filter(({ currency, kind }) => currency === 'BTC' && kind === 'option').length).toBe(2);
    expect(exchange.calls('public/get_instruments').length).toBe(3);
  });

  it('takes a price of USDC to all linear books', async () => {
    const { exchange, run } = await standingFeed();
    exchange.publish('deribit_price_index.usdc_usd', { timestamp: exchange.now, price: 0.9, index_name: 'usdc_usd' });
    await pass(60);
    expect(run.market.stablecoins).toEqual([{ asset: 'USDC', priceUsd: 0.9 }]);
    expect(underlyingMarket(run.market, 'SOL')!.index).toBeCloseTo(141.62 * 0.9, 9);
    expect(expiryOf(run, 'SOL', NEAR).forward).toBeCloseTo(142 * 0.9, 9);
    expect(underlyingMarket(run.market, 'BTC')!.index).toBe(btc.index);
  });

  it('says which prices the venue does not stream', async () => {
    const exchange = new FakeExchange();
    exchange.answers.set('public/subscribe', ({ channels }) =>
      (channels as string[]).filter((channel) => channel !== 'markprice.options.btc_usd'),
    );
    const run = startedFeed(exchange);
    await pass(2_000);
    expect(run.status.message).toContain('markprice.options.btc_usd');
    expect(exchange.calls('public/subscribe').length).toBe(1);
  });
});

describe('the listing', () => {
  it('takes in a contract that is created, once it has a price, and lets go one that is settled', async () => {
    const { exchange, run } = await standingFeed();
    const name = 'BTC-27NOV26-98000-C';
    exchange.publish('instrument.creation.option.BTC', {
      kind: 'option',
      instrument_name: name,
      price_index: 'btc_usd',
      state: 'open',
    });
    await pass(60);
    expect(quoteOf(run, 'BTC', NEAR, 98_000, 'C')).toEqual({ strike: 98_000, type: 'C' });
    exchange.publish('markprice.options.btc_usd', [
      { timestamp: exchange.now, instrument_name: name, mark_price: 0.01, iv: 0.52 },
    ]);
    await pass(60);
    expect(quoteOf(run, 'BTC', NEAR, 98_000, 'C').markIv).toBe(0.52);
    // A summary with the listing of the first load does not take it out again.
    await keepAlive(exchange, 31_000);
    expect(quoteOf(run, 'BTC', NEAR, 98_000, 'C').markIv).toBe(0.52);

    exchange.publish('instrument.state.option.BTC', {
      timestamp: exchange.now,
      state: 'settlement',
      instrument_name: name,
    });
    await pass(60);
    expect(quoteOf(run, 'BTC', NEAR, 98_000, 'C')).toBeUndefined();
  });

  it('lets an expiry go when the venue has passed 08:00 UTC of its day', async () => {
    const { exchange, run } = await standingFeed();
    exchange.clockLead = NEAR - Date.now() - 500;
    exchange.socket.drop(1006);
    await pass(5_000);
    // The venue has passed the hour while the connection was made anew.
    exchange.publishIndex(btc, 92_000);
    await pass(60);
    expect(run.market.asOf).toBeGreaterThan(NEAR);
    expect(underlyingMarket(run.market, 'BTC')!.expiries.map(({ expiry }) => expiry)).toEqual([FAR]);
  });
});

describe('time', () => {
  it("measures the venue's clock and the way from there, the offset taken out", async () => {
    const exchange = new FakeExchange();
    exchange.clockLead = 3_600_000;
    const run = startedFeed(exchange);
    await pass(1_000);
    expect(run.status.clockOffsetMs).toBe(3_600_000);
    exchange.publishIndex(btc, 92_000, exchange.now - 35);
    await pass(1_000);
    expect(run.status.latencyMs).toBe(35);
  });

  it('is measured again when messages come from the future', async () => {
    const { exchange, run } = await standingFeed();
    await pass(15_000 - 1_000);
    exchange.clockLead = 3_600_000;
    exchange.publishIndex(btc, 92_000);
    await pass(2_000);
    expect(run.status.clockOffsetMs).toBe(3_600_000);
  });

  it('does not let one message from the future keep out the honest ones after it', async () => {
    const { exchange, run } = await standingFeed();
    exchange.publishIndex(btc, 500_000, exchange.now + 31_536_000_000);
    await pass(100);
    expect(underlyingMarket(run.market, 'BTC')!).toMatchObject({ index: 500_000 });
    expect(run.market.asOf).toBeLessThanOrEqual(exchange.now);
    exchange.publishIndex(btc, 92_001);
    await pass(100);
    expect(underlyingMarket(run.market, 'BTC')!.index).toBe(92_001);
  });
});

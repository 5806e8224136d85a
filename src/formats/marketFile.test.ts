import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import { marketArbitrary } from './formatArbitraries.ts';
import { marketFileText, marketId, parseMarketFile } from './marketFile.ts';

/** The file that the format's description shows, with a fitted smile and an expiry more. */
const EXAMPLE = `{ "schema": "headroom/market@1", "asOf": "2024-11-22T08:00:00Z", "source": { "kind": "recorded", "name": "deribit" },
  "underlyings": { "BTC": {
    "index": 98000,
    "perpetual": { "mark": 98120, "fundingRate8h": 0.0001 },
    "expiries": [
      { "expiry": "2025-03-28T08:00:00Z", "forward": 101500, "discount": 1,
        "svi": { "a": 0.02, "b": 0.1, "rho": -0.3, "m": 0.05, "sigma": 0.2 } },
      { "expiry": "2024-12-27T08:00:00Z", "forward": 99200, "discount": 1,
        "quotes": [
          { "strike": 100000, "type": "P", "markIv": 0.55 },
          { "strike": 100000, "type": "C", "markIv": 0.55, "bidIv": 0.54, "askIv": 0.56, "openInterest": 12.5, "timestamp": "2024-11-22T07:59:58Z" },
          { "strike": 90000, "type": "P", "markIv": 0.6 } ] } ],
    "history": { "intervalDays": 1, "closes": [ ["2024-11-20T00:00:00Z", 94310.2], ["2024-11-21T00:00:00Z", 98470.0] ],
                 "volatilityIndex": [ ["2024-11-20T00:00:00Z", 0.58], ["2024-11-21T00:00:00Z", 0.61] ] } } },
  "stablecoins": { "USDC": 1 } }`;

type Loose = { [key: string]: Loose } & { push: (...items: unknown[]) => void };

function edited(edit: (file: Loose, btc: Loose, expiry: Loose, quote: Loose) => void): string {
  const file = JSON.parse(EXAMPLE) as Loose;
  const btc = file.underlyings!.BTC!;
  edit(file, btc, btc.expiries![1]!, btc.expiries![1]!.quotes![0]!);
  return JSON.stringify(file);
}

function accepted(text: string): MarketSnapshot {
  const result = parseMarketFile(text);
  if (!result.ok) throw new Error(`${result.failure.path}: ${result.failure.message}`);
  return result.value;
}

function refused(text: string) {
  const result = parseMarketFile(text);
  if (result.ok) throw new Error('was accepted');
  return result.failure;
}

const put = (target: Loose, field: string, value: unknown): void => {
  (target as Record<string, unknown>)[field] = value;
};

describe('reading', () => {
  test('the example, with expiries and quotes sorted', () => {
    const market = accepted(EXAMPLE);
    const [btc] = market.underlyings;
    expect(market).toMatchObject({
      asOf: Date.UTC(2024, 10, 22, 8),
      source: { kind: 'recorded', name: 'deribit' },
      stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
    });
    expect(btc).toMatchObject({ symbol: 'BTC', index: 98000, perpetual: { mark: 98120, fundingRate8h: 0.0001 } });
    expect(btc!.expiries.map(({ expiry }) => expiry)).toEqual([Date.UTC(2024, 11, 27, 8), Date.UTC(2025, 2, 28, 8)]);
    expect(btc!.expiries[0]!.quotes.map(({ strike, type }) => `${strike}${type}`)).toEqual([
      '90000P',
      '100000C',
      '100000P',
    ]);
    expect(btc!.expiries[0]!.quotes[1]).toEqual({
      strike: 100000,
      type: 'C',
      markIv: 0.55,
      bidIv: 0.54,
      askIv: 0.56,
      openInterest: 12.5,
      timestamp: Date.UTC(2024, 10, 22, 7, 59, 58),
    });
    expect(btc!.expiries[1]).toMatchObject({ quotes: [], svi: { a: 0.02, b: 0.1, rho: -0.3, m: 0.05, sigma: 0.2 } });
    expect(btc!.history).toEqual({
      intervalDays: 1,
      closes: [
        [Date.UTC(2024, 10, 20), 94310.2],
        [Date.UTC(2024, 10, 21), 98470],
      ],
      volatilityIndex: [
        [Date.UTC(2024, 10, 20), 0.58],
        [Date.UTC(2024, 10, 21), 0.61],
      ],
    });
  });

  test('what may be missing is missing', () => {
    const market = accepted(
      edited((file, btc, expiry) => {
        delete file.stablecoins;
        delete btc.perpetual;
        delete btc.history;
        delete expiry.discount;
        delete expiry.quotes;
      }),
    );
    expect(market.stablecoins).toEqual([]);
    expect('perpetual' in market.underlyings[0]!).toBe(false);
    expect('history' in market.underlyings[0]!).toBe(false);
    expect(market.underlyings[0]!.expiries[0]).toMatchObject({ discount: 1, quotes: [] });
  });

  test('expired expiries and a gap in the history are accepted', () => {
    const market = accepted(
      edited((file, btc) => {
        put(file, 'asOf', '2025-01-01T00:00:00Z');
        btc.history!.closes!.push(['2024-12-30T00:00:00Z', 94_000]);
      }),
    );
    expect(market.underlyings[0]!.history!.closes).toHaveLength(3);
  });

  test('unknown fields under x- and a byte order mark change nothing, not even the id', () => {
    const text = `\uFEFF${edited((file, _btc, expiry) => {
      put(file, 'x-made-by', { tool: 1 });
      put(expiry, 'x-note', null);
    })}`;
    expect(accepted(text)).toEqual(accepted(EXAMPLE));
  });
});

describe('refusing', () => {
  const quotePath = '/underlyings/BTC/expiries/1/quotes/0';
  test.each<[string, Parameters<typeof edited>[0], string, string]>([
    ['a negative vol', (_f, _b, _e, quote) => put(quote, 'markIv', -0.5), `${quotePath}/markIv`, '-0.5'],
    ['a vol of 0', (_f, _b, _e, quote) => put(quote, 'bidIv', 0), `${quotePath}/bidIv`, 'leave it out'],
    ['a vol in percent', (_f, _b, _e, quote) => put(quote, 'markIv', 55), `${quotePath}/markIv`, '2000 %'],
    ['a vol of null', (_f, _b, _e, quote) => put(quote, 'markIv', null), `${quotePath}/markIv`, 'is empty'],
    ['a vol as text', (_f, _b, _e, quote) => put(quote, 'markIv', 'NaN'), `${quotePath}/markIv`, '"NaN"'],
    ['a negative strike', (_f, _b, _e, quote) => put(quote, 'strike', -1), `${quotePath}/strike`, '-1'],
    ['another option type', (_f, _b, _e, quote) => put(quote, 'type', 'call'), `${quotePath}/type`, '"C", "P"'],
    [
      'negative open interest',
      (_f, _b, _e, quote) => put(quote, 'openInterest', -1),
      `${quotePath}/openInterest`,
      '-1',
    ],
    [
      'a local time',
      (_f, _b, _e, quote) => put(quote, 'timestamp', '2024-11-22T07:59:58'),
      `${quotePath}/timestamp`,
      'UTC',
    ],
    ['an unknown field', (_f, _b, _e, quote) => put(quote, 'iv', 1), `${quotePath}/iv`, 'quotes[0].iv is not a field'],
    [
      'a repeated quote',
      (_f, _b, _e, quote) => put(quote, 'type', 'C'),
      '/underlyings/BTC/expiries/1/quotes/1',
      '100000 C',
    ],
    ['a forward of 0', (_f, _b, expiry) => put(expiry, 'forward', 0), '/underlyings/BTC/expiries/1/forward', 'above 0'],
    ['a missing forward', (_f, _b, expiry) => delete expiry.forward, '/underlyings/BTC/expiries/1/forward', 'missing'],
    [
      'a discount of 0',
      (_f, _b, expiry) => put(expiry, 'discount', 0),
      '/underlyings/BTC/expiries/1/discount',
      'above 0',
    ],
    [
      'an expiry at midnight',
      (_f, _b, expiry) => put(expiry, 'expiry', '2024-12-27T00:00:00Z'),
      '/underlyings/BTC/expiries/1/expiry',
      '08:00',
    ],
    [
      'a repeated expiry',
      (_f, _b, expiry) => put(expiry, 'expiry', '2025-03-28T08:00:00Z'),
      '/underlyings/BTC/expiries/1/expiry',
      'twice',
    ],
    [
      'a wing beyond one',
      (_f, btc) => put(btc.expiries![0]!.svi!, 'rho', -1.5),
      '/underlyings/BTC/expiries/0/svi/rho',
      '-1.5',
    ],
    [
      'a negative variance',
      (_f, btc) => put(btc.expiries![0]!.svi!, 'a', -1),
      '/underlyings/BTC/expiries/0/svi',
      'least variance',
    ],
    ['a negative index', (_f, btc) => put(btc, 'index', -98000), '/underlyings/BTC/index', '-98000'],
    [
      'a close of 0',
      (_f, btc) => put(btc.history!.closes![0]!, '1', 0),
      '/underlyings/BTC/history/closes/0/1',
      'above 0',
    ],
    [
      'a date twice',
      (_f, btc) => put(btc.history!.closes![1]!, '0', '2024-11-20T00:00:00Z'),
      '/underlyings/BTC/history/closes/1/0',
      'repeats',
    ],
    [
      'dates backwards',
      (_f, btc) => put(btc.history!.volatilityIndex![1]!, '0', '2024-11-19T00:00:00Z'),
      '/underlyings/BTC/history/volatilityIndex/1/0',
      'oldest first',
    ],
    ['a triple', (_f, btc) => btc.history!.closes![0]!.push(1), '/underlyings/BTC/history/closes/0', 'a pair'],
    ['a day that is not', (file) => put(file, 'asOf', '2024-02-30T08:00:00Z'), '/asOf', '2024-02-30'],
    ['no source', (file) => delete file.source, '/source', 'missing'],
    ['an unknown kind of source', (file) => put(file.source!, 'kind', 'guess'), '/source/kind', '"guess"'],
    ['a symbol in lower case', (file) => put(file.underlyings!, 'btc', {}), '/underlyings/btc', 'capital letters'],
    ['a stablecoin without price', (file) => put(file.stablecoins!, 'USDT', '1'), '/stablecoins/USDT', '"1"'],
    ['a portfolio', (file) => put(file, 'schema', 'headroom/portfolio@1'), '/schema', 'headroom/market@1'],
    ['a newer version', (file) => put(file, 'schema', 'headroom/market@7'), '/schema', 'newer Headroom'],
  ])('%s', (_what, edit, path, words) => {
    const failure = refused(edited(edit));
    expect(failure.path).toBe(path);
    expect(failure.message).toContain(words);
  });

  test.each(['"underlyings": { "BTC"', '"stablecoins": { "USDC"'])('__proto__ in %s is named', (place) => {
    const symbol = place.slice(-5);
    const failure = refused(EXAMPLE.replace(place, place.replace(/"[A-Z]+"$/, '"__proto__"')));
    expect(failure.path).toMatch(/__proto__$/);
    expect(symbol.length).toBe(5);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('a file of nothing but mistakes is refused quickly, with a bounded count', () => {
    const expiries = Array.from({ length: 128 }, () => ({ quotes: Array.from({ length: 4_000 }, () => ({})) }));
    const text = edited((_file, btc) => put(btc, 'expiries', expiries));
    // Processor time: what else the machine does must not decide.
    const started = process.cpuUsage();
    const failure = refused(text);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2_000);
    expect(failure.message).toContain('(and more than 99 further problems)');
  });

  test('too many expiries are not looked at', () => {
    const text = edited((_file, btc) => put(btc, 'expiries', new Array(129).fill(0)));
    expect(refused(text)).toMatchObject({ code: 'too-large', path: '/underlyings/BTC/expiries' });
  });
});

describe('writing', () => {
  test('what is written is read back bit for bit, id included, and written the same again', () => {
    fc.assert(
      fc.property(marketArbitrary, (market) => {
        const text = marketFileText(market);
        const read = accepted(text);
        expect(read).toEqual(market);
        expect(marketFileText(read)).toBe(text);
      }),
      { seed: 31, numRuns: 300 },
    );
  });

  test('the id follows every part of the content, and nothing else', () => {
    const market = accepted(EXAMPLE);
    const ids = new Set(
      [
        EXAMPLE,
        EXAMPLE.replace('0.56', '0.5600000000000002'),
        EXAMPLE.replace('98120', '98121'),
        EXAMPLE.replace('94310.2', '94310.3'),
        EXAMPLE.replace('"USDC": 1', '"USDC": 0.99'),
        EXAMPLE.replace('07:59:58', '07:59:59'),
        EXAMPLE.replace('recorded', 'live'),
      ].map((text) => accepted(text).id),
    );
    expect(ids.size).toBe(7);
    expect(marketId(market)).toBe(market.id);
    expect(accepted(JSON.stringify(JSON.parse(EXAMPLE), null, 3)).id).toBe(market.id);
  });
});

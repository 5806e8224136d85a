import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketDelta } from '../engine/domain/marketDelta.ts';
import { AS_OF, EXPIRIES, smallSnapshot } from '../engine/fixtures/smallMarket.ts';
import { marketArbitrary } from './formatArbitraries.ts';
import {
  deltaLineText,
  eventLineText,
  marketLineText,
  parseRecordingHeader,
  parseRecordingLine,
  recordingHeaderText,
  recordingLineHead,
  statusLineText,
} from './recordingFile.ts';

const DELTA: MarketDelta = {
  asOf: AS_OF + 1_500,
  underlyings: [
    {
      symbol: 'BTC',
      index: 88_000.5,
      indexTimestamp: AS_OF + 1_400,
      perpetual: { mark: 88_010, fundingRate8h: -0.0001, timestamp: AS_OF + 1_450 },
      confidence: { index: 1, perpetual: 0.5 },
      history: { intervalDays: 1, closes: [[AS_OF - 86_400_000, 87_000]], volatilityIndex: [] },
      expiries: [
        {
          expiry: EXPIRIES.month,
          forward: 88_400,
          timestamp: AS_OF + 1_300,
          discount: 1,
          confidence: { forward: 0.25, vol: 1 },
          quotes: [{ strike: 90_000, type: 'P', markIv: 0.6, bidIv: 0.59, openInterest: 0, timestamp: AS_OF + 1_200 }],
          delisted: [{ strike: 60_000, type: 'C' }],
        },
        { expiry: EXPIRIES.year },
      ],
      delisted: [EXPIRIES.week],
    },
    { symbol: 'SOL', index: 150 },
  ],
  stablecoins: [{ asset: 'USDC', priceUsd: 0.97 }],
};

function line(text: string) {
  const parsed = parseRecordingLine(text.trimEnd(), 7);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

describe('headroom/recording@1', () => {
  it('gives back every field of a delta', () => {
    expect(line(deltaLineText(DELTA))).toEqual({ kind: 'delta', at: DELTA.asOf, delta: DELTA });
  });

  it('gives back any market on one line', () => {
    fc.assert(
      fc.property(marketArbitrary, (market) => {
        const text = marketLineText(market);
        expect(text.indexOf('\n')).toBe(text.length - 1);
        expect(line(text)).toEqual({ kind: 'market', at: market.asOf, market });
        expect(recordingLineHead(text, 2)).toEqual({ ok: true, value: { kind: 'market', at: market.asOf } });
      }),
      { numRuns: 60 },
    );
  });

  it('gives back header, status and event, whatever their words hold', () => {
    const header = {
      source: { kind: 'live', name: 'Deribit "test"\n' },
      startedAt: AS_OF + 0.0,
      tool: 'headroom 0.1.0',
    } as const;
    const text = recordingHeaderText(header);
    expect(parseRecordingHeader(text)).toEqual({ ok: true, value: header });
    expect(line(statusLineText(AS_OF, 'slow-disk', 'a\n"b"'))).toEqual({
      kind: 'status',
      at: AS_OF,
      state: 'slow-disk',
      message: 'a\n"b"',
    });
    expect(line(eventLineText(AS_OF, 'Margin call'))).toEqual({ kind: 'event', at: AS_OF, label: 'Margin call' });
  });

  it.each([
    ['bad-json', '/at', '{"at":'],
    ['bad-format', '', '{"at":"2026-11-20T08:00:00Z"}'],
    ['bad-value', '/at', '{"at":"yesterday","event":"x"}'],
    ['bad-format', '/extra', '{"at":"2026-11-20T08:00:00Z","event":"x","extra":1}'],
    ['bad-format', '/event', '{"at":"2026-11-20T08:00:00Z","event":"x","delta":{"underlyings":{}}}'],
    ['bad-value', '/status/state', '{"at":"2026-11-20T08:00:00Z","status":{"state":"fine","message":""}}'],
    [
      'bad-value',
      '/market/asOf',
      marketLineText(smallSnapshot()).replace('{"at":"2026-11-20T08:00:00Z', '{"at":"2026-11-20T08:00:01Z'),
    ],
    [
      'bad-value',
      '/delta/underlyings/BTC/index',
      '{"at":"2026-11-20T08:00:00Z","delta":{"underlyings":{"BTC":{"index":-1}}}}',
    ],
    [
      'bad-value',
      '/delta/underlyings/btc',
      '{"at":"2026-11-20T08:00:00Z","delta":{"underlyings":{"btc":{"index":1}}}}',
    ],
    [
      'bad-format',
      '/delta/underlyings/BTC/price',
      '{"at":"2026-11-20T08:00:00Z","delta":{"underlyings":{"BTC":{"price":1}}}}',
    ],
    [
      'bad-value',
      '/delta/underlyings/BTC/expiries/0/expiry',
      '{"at":"2026-11-20T08:00:00Z","delta":{"underlyings":{"BTC":{"expiries":[{"expiry":"2026-11-27T09:00:00Z"}]}}}}',
    ],
    [
      'bad-value',
      '/delta/underlyings/BTC/expiries/0/quotes/1',
      '{"at":"2026-11-20T08:00:00Z","delta":{"underlyings":{"BTC":{"expiries":[{"expiry":"2026-11-27T08:00:00Z","quotes":[{"strike":1,"type":"C"},{"strike":1,"type":"C"}]}]}}}}',
    ],
  ])('refuses with %s at "%s"', (code, path, text) => {
    const parsed = parseRecordingLine(text.trimEnd(), 41);
    if (parsed.ok) throw new Error('accepted');
    expect(parsed.failure).toMatchObject({ code, path });
    expect(parsed.failure.message).toMatch(/^Line 41: /);
  });

  it('never throws and never lets a damaged value through', () => {
    const good = deltaLineText(DELTA).trimEnd();
    const pieces = [
      'null',
      '1e999',
      '-1',
      '"x"',
      '[]',
      '{}',
      '1e308',
      '__proto__',
      '"__proto__":1,',
      '\\u0000',
      '}',
      ']',
      ',',
    ];
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.nat(20),
        fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
        (at, length, piece) => {
          const parsed = parseRecordingLine(good.slice(0, at) + piece + good.slice(at + length), 3);
          if (!parsed.ok) {
            expect(parsed.failure.code).not.toBe('internal');
            expect(parsed.failure.message).toMatch(/^Line 3: \S/);
            return;
          }
          const { value } = parsed;
          if (value.kind !== 'delta') return;
          expect(parseRecordingLine(deltaLineText(value.delta).trimEnd(), 3)).toEqual(parsed);
          for (const { index } of value.delta.underlyings)
            if (index !== undefined) expect(index > 0 && index <= 1e12).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedMarket, type UnderlyingDelta } from '../domain/marketDelta.ts';
import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import { AS_OF, EXPIRIES, smallSnapshot } from '../fixtures/smallMarket.ts';
import { createMarketGuard } from './marketGuard.ts';

const market: MarketSnapshot = { ...smallSnapshot(), source: { kind: 'live', name: 'Deribit' } };

/** Numbers that a broken venue may send. */
const anyNumber = fc.oneof(
  fc.double({ min: 85_000, max: 95_000, noNaN: true }),
  fc.double(),
  fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, 5e-324),
);
const anyTime = fc.oneof(
  fc.integer({ min: AS_OF - 10_000, max: AS_OF + 70_000 }),
  fc.constantFrom(Number.NaN, 0, AS_OF + 1e12),
);
const anyVol = fc.option(fc.oneof(fc.double({ min: 0.02, max: 5 }), fc.double(), fc.constant(Number.NaN)), {
  nil: undefined,
});

const anyMove: fc.Arbitrary<UnderlyingDelta> = fc
  .record({
    index: fc.option(anyNumber, { nil: undefined }),
    indexTimestamp: fc.option(anyTime, { nil: undefined }),
    perpetual: fc.option(fc.record({ mark: anyNumber, timestamp: anyTime }), { nil: undefined }),
    expiries: fc.array(
      fc.record({
        expiry: fc.constantFrom(...Object.values(EXPIRIES), Number.NaN, AS_OF + 1e9),
        forward: fc.option(anyNumber, { nil: undefined }),
        timestamp: anyTime,
        discount: fc.option(anyNumber, { nil: undefined }),
        quotes: fc.array(
          fc.record({
            strike: fc.constantFrom(90_000, 95_000, 0, -5, Number.NaN),
            type: fc.constantFrom('C' as const, 'P' as const),
            markIv: anyVol,
            bidIv: anyVol,
            askIv: anyVol,
            timestamp: anyTime,
          }),
          { maxLength: 4 },
        ),
      }),
      { maxLength: 3 },
    ),
    delisted: fc.option(fc.constant([EXPIRIES.week]), { nil: undefined, freq: 10 }),
  })
  .map((move) => ({ symbol: 'BTC', ...move }) as UnderlyingDelta);

describe('a guard, whatever comes', () => {
  it('states only numbers that came or were known, within their bounds, and confidence within 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 20 }), (moves) => {
        const guard = createMarketGuard();
        let accepted: MarketSnapshot = { id: '', ...guard.open(market, AS_OF).market };
        const came = new Set<unknown>();
        const remember = (value: unknown): void => {
          if (typeof value === 'object' && value !== null) Object.values(value).forEach(remember);
          else came.add(value);
        };
        remember(market);
        for (const [n, move] of moves.entries()) {
          remember(move);
          const now = AS_OF + n * 3_000;
          const { delta, quality } = guard.move({ asOf: now, underlyings: [move] }, now);
          if (delta !== null) accepted = movedMarket(accepted, delta, '');
          for (const doubt of quality.doubts) {
            expect(doubt.confidence).toBeGreaterThanOrEqual(0);
            expect(doubt.confidence).toBeLessThanOrEqual(1);
            expect(doubt.message).not.toMatch(/NaN|Infinity|undefined|null|object/);
          }
          const said = quality.doubts.map(({ kind, reason, underlying, expiry, instrument }) =>
            [kind, reason, underlying, expiry, instrument].join(),
          );
          expect(new Set(said).size).toBe(said.length);
          for (const { underlying: _coin, ...confidence } of quality.confidence)
            for (const value of Object.values(confidence)) expect(value >= 0 && value <= 1).toBe(true);
        }
        const coin = accepted.underlyings[0]!;
        const prices = [coin.index, coin.perpetual!.mark, ...coin.expiries.map(({ forward }) => forward)];
        for (const price of prices) expect(came.has(price) && price > 0 && Number.isFinite(price)).toBe(true);
        for (const { quotes, discount } of coin.expiries) {
          expect(discount > 0 && discount <= 10).toBe(true);
          for (const { strike, markIv, bidIv, askIv } of quotes) {
            expect(strike).toBeGreaterThan(0);
            for (const vol of [markIv, bidIv, askIv])
              if (vol !== undefined) expect(came.has(vol) && vol >= 0.01 && vol <= 5).toBe(true);
            if (bidIv !== undefined && askIv !== undefined) expect(bidIv).toBeLessThan(askIv);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('ends with the newest values in whatever order messages of different times come', () => {
    const messages = Array.from({ length: 6 }, (_, n): UnderlyingDelta => {
      const at = AS_OF + (n + 1) * 500;
      return {
        symbol: 'BTC',
        index: 90_000 + n,
        indexTimestamp: at,
        perpetual: { mark: 90_036 + n, timestamp: at },
        expiries: [
          {
            expiry: EXPIRIES.week,
            forward: 90_086 + n,
            timestamp: at,
            quotes: [{ strike: 90_000, type: 'C', markIv: 0.55 + n / 1e4, timestamp: at }],
          },
        ],
      };
    });
    fc.assert(
      fc.property(fc.shuffledSubarray(messages, { minLength: 6, maxLength: 6 }), (shuffled) => {
        const guard = createMarketGuard();
        let accepted: MarketSnapshot = { id: '', ...guard.open(market, AS_OF).market };
        const now = AS_OF + 4_000;
        for (const message of shuffled) {
          const { delta } = guard.move({ asOf: now, underlyings: [message] }, now);
          if (delta !== null) accepted = movedMarket(accepted, delta, '');
        }
        const coin = accepted.underlyings[0]!;
        expect([coin.index, coin.perpetual!.mark, coin.expiries[0]!.forward]).toEqual([90_005, 90_041, 90_091]);
        const quote = coin.expiries[0]!.quotes.find(({ strike, type }) => strike === 90_000 && type === 'C')!;
        expect(quote.markIv).toBe(0.5505);
        expect(guard.move({ asOf: now, underlyings: [] }, now).quality.doubts).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

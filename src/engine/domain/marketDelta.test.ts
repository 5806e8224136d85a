import { describe, expect, it } from 'vitest';
import { AS_OF, EXPIRIES, smallSnapshot } from '../fixtures/smallMarket.ts';
import { movedMarket } from './marketDelta.ts';
import { isSameMarket, movedMarketId } from './marketSnapshot.ts';

const market = smallSnapshot();
const [btc, eth] = market.underlyings;

describe('a market after a delta', () => {
  it('replaces what is given and shares what is not', () => {
    const quote = { ...btc!.expiries[1]!.quotes[3]!, markIv: 0.77 };
    const moved = movedMarket(
      market,
      {
        asOf: AS_OF + 1,
        underlyings: [{ symbol: 'BTC', index: 91_000, expiries: [{ expiry: EXPIRIES.month, quotes: [quote] }] }],
      },
      'next',
    );
    expect(moved.id).toBe('next');
    expect(moved.asOf).toBe(AS_OF + 1);
    expect(moved.underlyings[1]).toBe(eth);
    const [week, month, year] = moved.underlyings[0]!.expiries;
    expect(week).toBe(btc!.expiries[0]);
    expect(year).toBe(btc!.expiries[2]);
    expect(month!.forward).toBe(btc!.expiries[1]!.forward);
    expect(month!.quotes).toEqual(btc!.expiries[1]!.quotes.with(3, quote));
    expect(moved.underlyings[0]!.index).toBe(91_000);
    expect(moved.underlyings[0]!.perpetual).toEqual(btc!.perpetual);
  });

  it('lists and delists options, expiries and coins in their order', () => {
    const day = EXPIRIES.week + 86_400_000;
    const moved = movedMarket(
      market,
      {
        asOf: AS_OF,
        underlyings: [
          {
            symbol: 'BTC',
            delisted: [EXPIRIES.year],
            expiries: [
              { expiry: day, forward: 90_100, quotes: [{ strike: 90_000, type: 'C' }] },
              {
                expiry: EXPIRIES.week,
                delisted: [{ strike: 60_000, type: 'C' }],
                quotes: [{ strike: 61_000, type: 'P' }],
              },
            ],
          },
          { symbol: 'SOL', index: 140 },
        ],
      },
      'next',
    );
    const [first, second, third] = moved.underlyings;
    expect(first!.expiries.map(({ expiry }) => expiry)).toEqual([EXPIRIES.week, day, EXPIRIES.month]);
    expect(first!.expiries[0]!.quotes.slice(0, 3).map(({ strike, type }) => `${strike}${type}`)).toEqual([
      '60000P',
      '61000P',
      '65000C',
    ]);
    expect(second).toBe(eth);
    expect(third).toEqual({ symbol: 'SOL', index: 140, expiries: [] });
  });

  it('leaves out what it cannot complete, and is not blanked by what says nothing', () => {
    const silent = { symbol: 'BTC', index: undefined } as unknown as { symbol: string };
    const moved = movedMarket(
      market,
      {
        asOf: AS_OF,
        underlyings: [{ symbol: 'XRP' }, { ...silent, expiries: [{ expiry: AS_OF + 1, quotes: [] }] }],
      },
      'next',
    );
    expect(moved.underlyings.map(({ symbol }) => symbol)).toEqual(['BTC', 'ETH']);
    expect(moved.underlyings[0]!.index).toBe(btc!.index);
    expect(moved.underlyings[0]!.expiries).toHaveLength(3);
  });

  it('lets go of a smile that the market gave with quotes that have moved', () => {
    const svi = { a: 0.01, b: 0.1, rho: 0, m: 0, sigma: 0.2 };
    const given = { ...market, underlyings: [{ ...btc!, expiries: [{ ...btc!.expiries[0]!, svi }] }] };
    const after = (expiry: object) =>
      movedMarket(
        given,
        { asOf: AS_OF, underlyings: [{ symbol: 'BTC', expiries: [{ expiry: EXPIRIES.week, ...expiry }] }] },
        'next',
      ).underlyings[0]!.expiries[0]!.svi;
    expect(after({ forward: 1 })).toEqual(svi);
    expect(after({ quotes: [{ strike: 90_000, type: 'C', markIv: 0.5 }] })).toBeUndefined();
  });

  it('is the same market at another moment, by its id', () => {
    expect(isSameMarket('abc', movedMarketId('abc', 12))).toBe(true);
    expect(isSameMarket('abc', movedMarketId('abd', 12))).toBe(false);
  });
});

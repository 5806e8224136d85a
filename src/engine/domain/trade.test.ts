import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from './portfolio.ts';
import { afterTrades } from './trade.ts';

const EMPTY: Portfolio = { name: 'empty', legs: [], collateral: [{ asset: 'USDC', quantity: 1_000 }] };
const CALL = 'BTC-27DEC24-100000-C';

const holding = (portfolio: Portfolio, asset: string) =>
  portfolio.collateral.find((held) => held.asset === asset)?.quantity ?? 0;

describe('afterTrades', () => {
  it('pays an inverse option in its coin and a linear one in USDC', () => {
    const book = afterTrades(EMPTY, [
      { instrument: CALL, quantity: -2, price: 0.05 },
      { instrument: 'SOL_USDC-27DEC24-200-P', quantity: 10, price: 12 },
    ]);
    expect(holding(book, 'BTC')).toBeCloseTo(0.1, 12);
    expect(holding(book, 'USDC')).toBeCloseTo(1_000 - 120, 12);
    expect(book.legs).toEqual([
      { id: 'l1', instrument: CALL, quantity: -2, entryPrice: 0.05 },
      { id: 'l2', instrument: 'SOL_USDC-27DEC24-200-P', quantity: 10, entryPrice: 12 },
    ]);
  });

  it('enters futures for nothing and realises what a reduction earns', () => {
    const long = afterTrades(EMPTY, [{ instrument: 'BTC-PERPETUAL', quantity: 50_000, price: 50_000 }]);
    expect(long.collateral).toEqual(EMPTY.collateral);
    const reduced = afterTrades(long, [{ instrument: 'BTC-PERPETUAL', quantity: -20_000, price: 80_000 }]);
    expect(holding(reduced, 'BTC')).toBeCloseTo(20_000 * (1 / 50_000 - 1 / 80_000), 12);
    expect(reduced.legs[0]).toMatchObject({ quantity: 30_000, entryPrice: 50_000 });
  });

  it('averages the entry price when adding: in price for linear, in 1 / price for inverse futures', () => {
    const linear = afterTrades(EMPTY, [
      { instrument: 'SOL_USDC-PERPETUAL', quantity: 10, price: 100 },
      { instrument: 'SOL_USDC-PERPETUAL', quantity: 30, price: 200 },
    ]);
    expect(linear.legs[0]!.entryPrice).toBeCloseTo(175, 12);
    const inverse = afterTrades(EMPTY, [
      { instrument: 'BTC-PERPETUAL', quantity: 100, price: 50 },
      { instrument: 'BTC-PERPETUAL', quantity: 100, price: 100 },
    ]);
    expect(inverse.legs[0]!.entryPrice).toBeCloseTo(200 / 3, 10);
  });

  it('removes a leg that reaches zero and turns a leg through zero at the new price', () => {
    const short = afterTrades(EMPTY, [{ instrument: CALL, quantity: -2, price: 0.05 }]);
    expect(afterTrades(short, [{ instrument: CALL, quantity: 2, price: 0.04 }]).legs).toEqual([]);
    expect(afterTrades(short, [{ instrument: CALL, quantity: 5, price: 0.04 }]).legs[0]).toMatchObject({
      id: 'l1',
      quantity: 3,
      entryPrice: 0.04,
    });
  });

  it('moves no cash without a price', () => {
    const book = afterTrades(EMPTY, [{ instrument: CALL, quantity: -2, price: null }]);
    expect(book.collateral).toEqual(EMPTY.collateral);
    expect(book.legs[0]).toEqual({ id: 'l1', instrument: CALL, quantity: -2 });
  });

  it('never repeats an id', () => {
    const book: Portfolio = { ...EMPTY, legs: [{ id: 'l2', instrument: 'ETH-PERPETUAL', quantity: 1 }] };
    expect(afterTrades(book, [{ instrument: CALL, quantity: 1, price: 0.1 }]).legs.map(({ id }) => id)).toEqual([
      'l2',
      'l3',
    ]);
  });

  it('leaves coins plus marked premium as they were when trading at mark', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 6 }), (trades) => {
        const mark = 0.07;
        const book = afterTrades(
          EMPTY,
          trades.map((quantity) => ({ instrument: CALL, quantity, price: mark })),
        );
        const marked = (book.legs[0]?.quantity ?? 0) * mark + holding(book, 'BTC');
        expect(marked).toBeCloseTo(0, 9);
      }),
    );
  });
});

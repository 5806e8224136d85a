import { describe, expect, it } from 'vitest';
import type { ChainSide } from '../engine/domain/riskReport.ts';
import { tradePrice, withTrade } from './quotedTrades.ts';

const side: ChainSide = {
  instrument: 'BTC-27JUN25-96000-P',
  type: 'P',
  bid: 0.0152,
  ask: 0.0158,
  mark: 0.0155,
  markUsd: 1600,
  markIv: 0.49,
  delta: -0.21,
  openInterest: 12,
};

describe('tradePrice', () => {
  it('sells at the bid and buys at the ask', () => {
    expect(tradePrice(side, -1)).toEqual({ price: 0.0152, kind: 'bid' });
    expect(tradePrice(side, 2)).toEqual({ price: 0.0158, kind: 'ask' });
  });

  it('says when only the mark is known, and when nothing is', () => {
    expect(tradePrice({ ...side, bid: null }, -1)).toEqual({ price: 0.0155, kind: 'mark' });
    expect(tradePrice({ ...side, ask: null, mark: null }, 1)).toBeNull();
  });
});

describe('withTrade', () => {
  const sold = { instrument: side.instrument, quantity: -1, price: 0.0152 };

  it('adds a new instrument at the end', () => {
    const other = { instrument: 'BTC-27JUN25-92000-P', quantity: 1, price: 0.01 };
    expect(withTrade([sold], other)).toEqual([sold, other]);
  });

  it('joins the same instrument', () => {
    expect(withTrade([sold], sold)).toEqual([{ ...sold, quantity: -2 }]);
    expect(withTrade([sold], { ...sold, quantity: -3, price: 0.016 })).toEqual([
      { ...sold, quantity: -4, price: (0.0152 + 3 * 0.016) / 4 },
    ]);
  });

  it('nets the other side and drops what is nothing', () => {
    expect(withTrade([sold], { ...sold, quantity: 1, price: 0.0158 })).toEqual([]);
    expect(withTrade([sold], { ...sold, quantity: 3, price: 0.0158 })).toEqual([
      { ...sold, quantity: 2, price: 0.0158 },
    ]);
  });

  it('leaves no dust of binary fractions', () => {
    const tenth = { ...sold, quantity: 0.1 };
    const trades = [1, 2, 3].reduce<readonly (typeof sold)[]>((all) => withTrade(all, tenth) as never, []);
    expect(trades[0]?.quantity).toBe(0.3);
  });
});

import { describe, expect, it } from 'vitest';
import { CODES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { bookPositions } from './bookPositions.ts';
import { legsValueUsd, shiftedBook } from './shiftedBook.ts';

const MARKET = smallMarket();
const STANDING = { volShock: 0.5, volUnit: 'relative', days: 0, smile: 'sticky-strike' } as const;

describe('shiftedBook', () => {
  const legs = [
    [`BTC-${CODES.month}-80000-P`, 2],
    [`ETH-${CODES.month}-2800-P`, 30],
    ['BTC-PERPETUAL', 1],
  ] as const;
  const book = bookPositions(MARKET, smallBook(legs, [{ asset: 'ETH', quantity: 10 }]));
  const scenario = { ...STANDING, spotMove: -0.1, spotMoves: { BTC: -0.2, ETH: -0.3 } };

  it('moves each coin by its own share, its collateral too', () => {
    const moved = shiftedBook(book, scenario, 'all');
    expect(moved.legs.map(({ state }) => Math.round(state.index))).toEqual([72_000, 2_100, 72_000]);
    expect(moved.collateralUsd).toBeCloseTo(10 * 3_000 * 0.7, 8);
  });

  it('is the sum of each coin moved alone: the legs of one do not hear of the other', () => {
    const base = legsValueUsd(book);
    const alone = (symbol: string, spotMove: number) =>
      legsValueUsd(shiftedBook(book, { ...STANDING, spotMove }, symbol)) - base;
    const joint = legsValueUsd(shiftedBook(book, scenario, 'all')) - base;
    expect(joint).toBeCloseTo(alone('BTC', -0.2) + alone('ETH', -0.3), 6);
    expect(legsValueUsd(shiftedBook(book, scenario, 'ETH')) - base).toBeCloseTo(alone('ETH', -0.3), 8);
  });

  it('moves a coin that is not named by the common share', () => {
    const moved = shiftedBook(book, { ...STANDING, spotMove: -0.1, spotMoves: { BTC: -0.2 } }, 'all');
    expect(moved.coins.find(({ symbol }) => symbol === 'ETH')!.index).toBeCloseTo(2_700, 8);
  });
});

import { describe, expect, it } from 'vitest';
import type { AppState } from './AppState.ts';
import { currentBook, displayUnit, proposedBook } from './selectors.ts';
import { createAppStore } from './store.ts';
import { TEST_BOOK, TEST_MARKET } from './testState.ts';

/** A proposal while the book, the coin and the index change under it. */
function moments(): readonly AppState[] {
  const store = createAppStore();
  store.getState().setMarket(TEST_MARKET);
  store.getState().loadBook(TEST_BOOK, 'restored');
  store.getState().setUnit('coin');
  store.getState().propose('Sell a put', [{ instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.0123 }]);
  const first = store.getState();
  store.getState().setLegQuantity(TEST_BOOK.legs[0]!.id, -11);
  const edited = store.getState();
  const risen = TEST_MARKET.underlyings.map((coin) => ({ ...coin, index: 1.01 * coin.index }));
  const moved = { ...edited, market: { ...TEST_MARKET, underlyings: risen } };
  return [first, edited, moved];
}

describe('what is read of a state', () => {
  it.each([
    ['the proposed book', proposedBook],
    ['the current book', currentBook],
    ['the unit', displayUnit],
  ])('is one object at every reading, whichever other states are read in between: %s', (_, read) => {
    const states = moments();
    const first = states.map((state) => read(state));
    for (let round = 0; round < 2; round += 1) states.forEach((state, i) => expect(read(state)).toBe(first[i]));
  });

  it('tells the states apart', () => {
    const [first, edited, moved] = moments();
    expect(proposedBook(edited!)).not.toEqual(proposedBook(first!));
    expect(displayUnit(moved!).perUsd).toBeCloseTo(displayUnit(first!).perUsd / 1.01, 12);
  });

  it('is the same unit while the index stands, in whatever market', () => {
    const [first] = moments();
    const [one, other] = ['one', 'other'].map((id) => {
      const underlyings = TEST_MARKET.underlyings.map((coin) => ({ ...coin }));
      return displayUnit({ ...first!, market: { ...TEST_MARKET, id, underlyings } });
    });
    expect(other).toBe(one);
  });
});

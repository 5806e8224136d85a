import { describe, expect, it } from 'vitest';
import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import { createAppStore } from '../state/store.ts';
import { TEST_BOOK, TEST_MARKET } from '../state/testState.ts';
import { watchInstruments } from './watchInstruments.ts';

const [JUN, JUL] = TEST_MARKET.underlyings[0]!.expiries.map(({ expiry }) => expiry) as [number, number];

function feedOf(told: (readonly string[])[]): MarketFeed {
  return {
    source: { kind: 'live', name: 'test' },
    start: () => () => {},
    watch: (names) => void told.push(names),
  };
}

describe('watchInstruments', () => {
  it('names the legs first, then the chain that is open, and again only when these change', () => {
    const store = createAppStore();
    store.setState({ book: TEST_BOOK });
    store.getState().setMarket(TEST_MARKET);
    store.getState().setChainExpiry(JUN);
    const told: (readonly string[])[] = [];
    const end = watchInstruments(store, feedOf(told));
    expect(told.length).toBe(1);
    expect(told[0]!.slice(0, 2)).toEqual(TEST_BOOK.legs.map(({ instrument }) => instrument));
    // The put of the book is in the chain too: named once.
    expect(told[0]!.length).toBe(1 + 2 * TEST_MARKET.underlyings[0]!.expiries[0]!.strikes.length);

    store.setState({ book: { ...TEST_BOOK, legs: TEST_BOOK.legs.map((leg) => ({ ...leg, quantity: 1 })) } });
    expect(told.length).toBe(1);
    store.getState().setChainExpiry(JUL);
    expect(told.at(-1)).toContain('BTC-31JUL26-100000-C');
    expect(told.length).toBe(2);
    end();
    store.setState({ book: { ...TEST_BOOK, legs: [] } });
    expect(told.length).toBe(2);
  });

  it('leaves a feed alone that gives everything at one pace', () => {
    const { watch: _, ...feed } = feedOf([]);
    expect(() => watchInstruments(createAppStore(), feed)()).not.toThrow();
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { afterTrades } from '../../engine/domain/trade.ts';
import { proposedBook } from '../../state/selectors.ts';
import { createAppStore } from '../../state/store.ts';
import { bookRisk, riskReport, TEST_BOOK, TEST_MARKET } from '../../state/testState.ts';
import { tradeSizes } from './tradeSizes.ts';

const PUT = { instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.01 };
const CALL = { instrument: 'BTC-26JUN26-120000-C', quantity: -5, price: 0.02 };
let store: ReturnType<typeof createAppStore>;

beforeEach(() => {
  store = createAppStore();
  store.getState().setMarket(TEST_MARKET);
  store.getState().loadBook(TEST_BOOK, 'restored');
  store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 1);
});

/** The book that the engine makes of a size. */
const bookAt = ({ question }: ReturnType<typeof tradeSizes>[number], size: number) =>
  afterTrades(
    question.book,
    question.unit.map((trade) => ({ ...trade, quantity: trade.quantity * (size - question.heldSize) })),
  );

describe('the sizes that can be asked about', () => {
  it('are those of the legs while nothing is proposed, and the present size is the book', () => {
    const sizes = tradeSizes(store.getState());
    expect(sizes.map(({ label }) => label)).toEqual(['Short BTC 26 JUN 90k P', 'Short BTC perpetual']);
    expect(sizes.map(({ unitName, question }) => [unitName, question.presentSize, question.step])).toEqual([
      ['BTC', 10, 0.1],
      ['USD', 80_000, 10],
    ]);
    expect(bookAt(sizes[0]!, 10)).toBe(TEST_BOOK);
    const larger = bookAt(sizes[0]!, 12);
    expect(larger.legs[0]).toMatchObject({ id: 'a', quantity: -12 });
    sizes[0]!.propose(12);
    expect(proposedBook(store.getState())!.legs[0]).toMatchObject({ id: 'a', quantity: -12 });
  });

  it('are those of a proposal: all its legs together, then each with the others as they are', () => {
    store.getState().propose('Strangle', [PUT, CALL]);
    const sizes = tradeSizes(store.getState());
    expect(sizes.map(({ label }) => label)).toEqual([
      'Strangle, all 2 legs',
      'Sell BTC 26 JUN 80k P',
      'Sell BTC 26 JUN 120k C',
    ]);
    for (const size of sizes) {
      const made = bookAt(size, size.question.presentSize);
      const shown = proposedBook(store.getState())!;
      const byName = (book: typeof made) => Object.fromEntries(book.legs.map((leg) => [leg.instrument, leg.quantity]));
      expect(byName(made), size.label).toEqual(byName(shown));
    }
    expect(sizes[0]!.unitName).toBe('BTC each');
    sizes[0]!.propose(7.3);
    expect(store.getState().proposal!.trades.map(({ quantity }) => quantity)).toEqual([-7.3, -7.3]);
    sizes[2]!.propose(2);
    expect(store.getState().proposal!.trades[1]).toEqual({ ...CALL, quantity: -2 });
  });

  it('keep the proportions of a proposal, counting the smallest', () => {
    store.getState().propose('Ratio', [PUT, { ...CALL, quantity: 10 }]);
    const [together] = tradeSizes(store.getState());
    expect(together!.question).toMatchObject({ presentSize: 5, heldSize: 0 });
    together!.propose(3);
    expect(store.getState().proposal!.trades.map(({ quantity }) => quantity)).toEqual([-3, 6]);
  });

  it('go in steps that the present size is a multiple of', () => {
    store.getState().propose('Odd lot', [{ ...PUT, quantity: -0.25 }]);
    expect(tradeSizes(store.getState())[0]!.question.step).toBe(0.01);
  });

  it('leave out a leg without a price', () => {
    store.setState({ report: null });
    expect(tradeSizes(store.getState())).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { afterTrades, type Trade } from '../engine/domain/trade.ts';
import { currentBook, isExploreStale, isModelLoaded, isStale, proposedBook } from './selectors.ts';
import { createAppStore } from './store.ts';
import { bookRisk, exploreReport, riskReport, TEST_BOOK, TEST_MARKET, TEST_MODELS } from './testState.ts';

const SHORT_PUT: Trade = { instrument: 'BTC-26JUN26-80000-P', quantity: -5, price: 0.0123456789 };

function openStore() {
  const store = createAppStore();
  store.getState().setMarket(TEST_MARKET);
  store.getState().loadBook(TEST_BOOK, 'restored');
  return store;
}

describe('the proposed trade', () => {
  it('is kept as the very book that was previewed', () => {
    const store = openStore();
    store
      .getState()
      .propose('Sell a put', [SHORT_PUT, { ...SHORT_PUT, instrument: 'BTC-PERPETUAL', quantity: 30_000 }]);
    const preview = proposedBook(store.getState());
    store.getState().keepProposal();
    expect(store.getState().book).toEqual(preview);
    expect(store.getState().proposal).toBeNull();
  });

  it('pays its premium into collateral, so that trading at mark leaves equity', () => {
    const store = openStore();
    store.getState().propose('Sell a put', [SHORT_PUT]);
    store.getState().keepProposal();
    expect(store.getState().book.collateral).toContainEqual({ asset: 'BTC', quantity: 5 * 0.0123456789 });
  });

  it('leaves the book alone when dropped', () => {
    const store = openStore();
    store.getState().propose('Sell a put', [SHORT_PUT]);
    store.getState().dropProposal();
    expect(store.getState().book).toBe(TEST_BOOK);
    expect(proposedBook(store.getState())).toBeNull();
    expect(store.getState().canUndo).toBe(false);
  });

  it('loses a trade whose quantity becomes zero, and itself with the last one', () => {
    const store = openStore();
    store.getState().propose('Two puts', [SHORT_PUT, { ...SHORT_PUT, instrument: 'BTC-26JUN26-70000-P' }]);
    store.getState().setProposalQuantity(0, 0);
    expect(store.getState().proposal?.trades.map((trade) => trade.instrument)).toEqual(['BTC-26JUN26-70000-P']);
    store.getState().setProposalQuantity(0, 0);
    expect(store.getState().proposal).toBeNull();
  });

  it('shows what was the preview as the book until the engine confirms it', () => {
    const store = openStore();
    store.getState().propose('Sell a put', [SHORT_PUT]);
    const [before, after] = [bookRisk(1000), bookRisk(2000)];
    store.getState().setReport(riskReport(store.getState().inputVersion, before, after), 0);
    store.getState().keepProposal();
    expect(store.getState().report?.before).toBe(after);
    expect(store.getState().report?.after).toBeNull();
    expect(isStale(store.getState())).toBe(true);
  });
});

describe('a leg’s quantity', () => {
  it('trades the difference at the leg’s mark', () => {
    const store = openStore();
    store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 0);
    store.getState().setLegQuantity('a', -13);
    expect(store.getState().book.legs[0]?.quantity).toBe(-13);
    expect(store.getState().book.collateral).toContainEqual({ asset: 'BTC', quantity: 3 * 0.02 });
  });

  it('moves no cash without a mark', () => {
    const store = openStore();
    store.getState().setLegQuantity('a', -13);
    expect(store.getState().book.collateral).toBe(TEST_BOOK.collateral);
  });

  it('changes the leg that was meant when two legs hold the same instrument', () => {
    const store = openStore();
    const twins = { ...TEST_BOOK, legs: [TEST_BOOK.legs[0]!, { ...TEST_BOOK.legs[0]!, id: 'twin', quantity: -4 }] };
    store.getState().loadBook(twins, 'file');
    store.getState().setLegQuantity('twin', -1);
    expect(store.getState().book.legs.map((leg) => leg.quantity)).toEqual([-10, -1]);
  });

  it('closes the leg at zero, and equals the same trade made by hand', () => {
    const store = openStore();
    store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 0);
    store.getState().setLegQuantity('b', 0);
    expect(store.getState().book).toEqual(
      afterTrades(TEST_BOOK, [{ instrument: 'BTC-PERPETUAL', quantity: 80_000, price: 101_000 }]),
    );
  });

  it('takes exactly the asked number, whatever the difference rounds to', () => {
    const store = openStore();
    store.getState().setLegQuantity('a', 0.1);
    store.getState().setLegQuantity('a', 0.7);
    expect(store.getState().book.legs[0]?.quantity).toBe(0.7);
  });

  it('ignores what is not a number', () => {
    const store = openStore();
    store.getState().setLegQuantity('a', Number.NaN);
    store.getState().setLegQuantity('a', Number.POSITIVE_INFINITY);
    expect(store.getState().book).toBe(TEST_BOOK);
  });

  it('asks nothing anew when a quantity is set to what it is', () => {
    const store = openStore();
    store.getState().beginGesture();
    store.getState().setLegQuantity('a', -11);
    const { book, inputVersion } = store.getState();
    store.getState().setLegQuantity('a', -11);
    store.getState().endGesture();
    expect(store.getState()).toMatchObject({ inputVersion });
    expect(store.getState().book).toBe(book);
  });

  it('is one undo step for a whole drag, each step reckoned from where the drag began', () => {
    const store = openStore();
    store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 0);
    store.getState().beginGesture();
    for (const quantity of [-11, -14, -9, -12]) store.getState().setLegQuantity('a', quantity);
    store.getState().endGesture();
    expect(store.getState().book).toEqual(
      afterTrades(TEST_BOOK, [{ instrument: 'BTC-26JUN26-90000-P', quantity: -2, price: 0.02 }]),
    );
    store.getState().undo();
    expect(store.getState().book).toBe(TEST_BOOK);
    expect(store.getState().canUndo).toBe(false);
  });
});

describe('undo', () => {
  const edits: Readonly<Record<string, (store: ReturnType<typeof openStore>) => void>> = {
    setLegQuantity: (store) => store.getState().setLegQuantity('a', -3),
    removeLeg: (store) => store.getState().removeLeg('a'),
    setCollateral: (store) => store.getState().setCollateral('USDC', 5),
    'setCollateral to zero': (store) => store.getState().setCollateral('USDC', 0),
    renameBook: (store) => store.getState().renameBook('Other'),
    'loadBook from a file': (store) => store.getState().loadBook({ name: 'F', legs: [], collateral: [] }, 'file'),
    'loadBook from a link': (store) => store.getState().loadBook({ name: 'L', legs: [], collateral: [] }, 'link'),
    'loadBook of the sample': (store) => store.getState().loadBook({ name: 'S', legs: [], collateral: [] }, 'sample'),
    clearBook: (store) => store.getState().clearBook(),
    setParameter: (store) => store.getState().setParameter('portfolio', 'range', 0.2),
    resetParameters: (store) => store.getState().resetParameters('cross'),
    keepProposal: (store) => {
      store.getState().propose('Sell', [SHORT_PUT]);
      store.getState().keepProposal();
    },
  };
  it.each(Object.keys(edits))('brings back what %s changed, and redo brings the change again', (name) => {
    const store = openStore();
    store.getState().loadBook(TEST_BOOK, 'restored', { cross: { factor: 2 } });
    const { book, parameters } = store.getState();
    edits[name]!(store);
    const changed = { book: store.getState().book, parameters: store.getState().parameters };
    expect(changed).not.toEqual({ book, parameters });
    expect(store.getState().canUndo).toBe(true);

    const version = store.getState().inputVersion;
    store.getState().undo();
    expect({ book: store.getState().book, parameters: store.getState().parameters }).toEqual({ book, parameters });
    expect(store.getState().inputVersion).toBeGreaterThan(version);
    expect(store.getState().canUndo).toBe(false);

    store.getState().redo();
    expect({ book: store.getState().book, parameters: store.getState().parameters }).toEqual(changed);
  });

  it('does not reach behind a restored book', () => {
    const store = openStore();
    store.getState().undo();
    expect(store.getState().book).toBe(TEST_BOOK);
  });

  it('drops a proposal, which was made on another book', () => {
    const store = openStore();
    store.getState().renameBook('Other');
    store.getState().propose('Sell', [SHORT_PUT]);
    store.getState().undo();
    expect(store.getState().proposal).toBeNull();
    expect(currentBook(store.getState())).toBe(TEST_BOOK);
  });

  it('leaves settings of the screen alone', () => {
    const store = openStore();
    store.getState().renameBook('Other');
    store.getState().setUnit('coin');
    store.getState().setModel('cross');
    store.getState().undo();
    expect(store.getState().unit).toBe('coin');
    expect(store.getState().model).toBe('cross');
  });
});

describe('versions', () => {
  it('rise with every input of the figures', () => {
    const store = openStore();
    const steps: (() => void)[] = [
      () => store.getState().setMarket({ ...TEST_MARKET, id: 'market-2' }),
      () => store.getState().renameBook('Other'),
      () => store.getState().propose('Sell', [SHORT_PUT]),
      () => store.getState().setProposalQuantity(0, -6),
      () => store.getState().keepProposal(),
      () => store.getState().setParameter('cross', 'factor', 2),
      () => store.getState().undo(),
      () => store.getState().redo(),
    ];
    for (const step of steps) {
      const { inputVersion, exploreVersion, varVersion } = store.getState();
      step();
      expect(store.getState().inputVersion).toBeGreaterThan(inputVersion);
      expect(store.getState().exploreVersion).toBeGreaterThan(exploreVersion);
      expect(store.getState().varVersion).toBeGreaterThan(varVersion);
    }
  });

  it('leave the figures fresh when only the curves depend on a change', () => {
    const store = openStore();
    store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 0);
    store.getState().setExplore(exploreReport(store.getState().exploreVersion, { below: null, above: null }), 0);
    expect(isExploreStale(store.getState())).toBe(false);
    store.getState().setVolShock(0.25);
    expect(isStale(store.getState())).toBe(false);
    expect(isExploreStale(store.getState())).toBe(true);
  });

  it('stand still for what no figure depends on', () => {
    const store = openStore();
    const { inputVersion, exploreVersion, varVersion } = store.getState();
    store.getState().setUnit('coin');
    store.getState().setTheme('light');
    store.getState().setHoverSpotMove(0.1);
    store.getState().setStressMetric('free');
    expect(store.getState()).toMatchObject({ inputVersion, exploreVersion, varVersion });
  });
});

describe('the chosen rulebook', () => {
  const VENUE = { ...TEST_MODELS[0]!, id: 'deribit-pm', title: 'Deribit PM', venue: 'Deribit' };

  it('asks only the curves where the figures are here, and everything where they are not', () => {
    const store = openStore();
    store.getState().setModels([...TEST_MODELS, VENUE]);
    store.getState().setReport(riskReport(store.getState().inputVersion, bookRisk(1000)), 1);
    store.getState().setModel('cross');
    expect(isStale(store.getState())).toBe(false);
    store.getState().setModel('deribit-pm');
    expect(isStale(store.getState())).toBe(true);
  });

  it('of a venue, kept from an earlier visit, is asked once the venues have been loaded', () => {
    const store = openStore();
    store.setState({ model: 'deribit-pm' });
    store.getState().setModels(TEST_MODELS);
    const before = store.getState().inputVersion;
    expect(isModelLoaded(store.getState())).toBe(false);
    store.getState().setModels([...TEST_MODELS, VENUE]);
    expect(isModelLoaded(store.getState())).toBe(true);
    expect(store.getState().inputVersion).toBe(before + 1);
    store.getState().setModels([...TEST_MODELS, VENUE]);
    expect(store.getState().inputVersion).toBe(before + 1);
  });
});

describe('an opened market', () => {
  it('keeps the coin and the expiry that it lists', () => {
    const store = openStore();
    store.getState().setUnderlying('ETH');
    const expiry = TEST_MARKET.underlyings[1]!.expiries[0]!.expiry;
    store.getState().setChainExpiry(expiry);
    store.getState().setMarket({ ...TEST_MARKET, id: 'market-2' });
    expect(store.getState().underlying).toBe('ETH');
    expect(store.getState().chainExpiry).toBe(expiry);
    store.getState().setMarket({ ...TEST_MARKET, id: 'market-3', underlyings: [TEST_MARKET.underlyings[0]!] });
    expect(store.getState().underlying).toBe('BTC');
  });

  it('drops a proposal priced in another market', () => {
    const store = openStore();
    store.getState().propose('Sell', [SHORT_PUT]);
    store.getState().setMarket({ ...TEST_MARKET, id: 'market-2' });
    expect(store.getState().proposal).toBeNull();
  });
});

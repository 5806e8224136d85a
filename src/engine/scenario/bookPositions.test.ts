import { describe, expect, it } from 'vitest';
import { CODES, EXPIRIES, smallBook, smallMarket, smallSnapshot } from '../fixtures/smallMarket.ts';
import { bookPositions, namedState } from './bookPositions.ts';
import { prepareMarket } from './preparedMarket.ts';

const CALL = `BTC-${CODES.month}-90000-C`;

describe('bookPositions', () => {
  it('counts coin collateral at the index, stablecoins at their price, and an unknown asset as nothing', () => {
    const book = bookPositions(
      smallMarket({ usdcPrice: 0.99 }),
      smallBook(
        [],
        [
          { asset: 'BTC', quantity: 2 },
          { asset: 'USDC', quantity: 1_000 },
          { asset: 'DOGE', quantity: 5 },
        ],
      ),
    );
    expect(book.collateral.map(({ valueUsd }) => valueUsd)).toEqual([180_000, 990, null]);
    expect(book.equityUsd).toBe(180_990);
    expect(book.notices.map(({ message }) => message)).toEqual([expect.stringMatching(/no price of DOGE/)]);
    expect(book.coins).toEqual([{ id: 'collateral:BTC', symbol: 'BTC', quantity: 2, index: 90_000 }]);
  });

  it('values futures at their unrealised profit: coin times index for inverse, dollars for linear', () => {
    const book = bookPositions(
      smallMarket(),
      smallBook([
        ['BTC-PERPETUAL', 45_000, 45_000],
        ['ETH_USDC-PERPETUAL', 10, 2_900],
      ]),
    );
    const mark = 90_000 * 1.0004;
    expect(book.legs[0]!.unrealisedCoins).toBeCloseTo(45_000 / 45_000 - 45_000 / mark, 12);
    expect(book.legs[0]!.valueUsd).toBeCloseTo((1 - 45_000 / mark) * 90_000, 8);
    expect(book.legs[1]!.valueUsd).toBeCloseTo(10 * (3_000 * 1.0004 - 2_900), 8);
  });

  it('says what it assumes: no entry price, a vol from the fit, a strike beyond the quotes, no smile to slide on', () => {
    const messages = (name: string, market = smallMarket()) =>
      bookPositions(market, smallBook([[name, 1]])).notices.map(({ message }) => message);
    expect(messages('BTC-PERPETUAL')).toEqual([expect.stringMatching(/no entry price/)]);
    expect(messages(`BTC-${CODES.month}-91500-C`)).toEqual([expect.stringMatching(/read from the fitted smile/)]);
    expect(messages(`BTC-${CODES.month}-200000-C`)).toEqual([
      expect.stringMatching(/beyond the quoted strikes 60000 to 120000/),
    ]);
    expect(messages(CALL)).toEqual([]);
    const snapshot = smallSnapshot();
    const thin = {
      ...snapshot,
      underlyings: snapshot.underlyings.map((underlying) => ({
        ...underlying,
        expiries: underlying.expiries.map((expiry) =>
          expiry.expiry === EXPIRIES.month ? { ...expiry, quotes: expiry.quotes.slice(12, 14) } : expiry,
        ),
      })),
    };
    expect(messages(CALL, prepareMarket(thin))).toEqual([
      expect.stringMatching(/no fitted smile, so under sticky delta/),
    ]);
    expect(messages(`BTC-${CODES.month}-91500-C`, prepareMarket(thin))).toEqual([
      expect.stringMatching(/no implied volatility.*left out of every figure/),
    ]);
  });
});

describe('the contract of a name', () => {
  it('is looked up once a market, however many names were asked for before', () => {
    const market = smallMarket();
    const name = `BTC-${CODES.month}-90000-C`;
    const found = namedState(market, name);
    expect(found.ok).toBe(true);
    expect(namedState(market, name)).toBe(found);
    expect(namedState(smallMarket(), name)).not.toBe(found);
    for (let strike = 0; strike < 5_000; strike += 1) namedState(market, `BTC-${CODES.month}-${strike}X`);
    expect(namedState(market, name)).toEqual(found);
  });
});

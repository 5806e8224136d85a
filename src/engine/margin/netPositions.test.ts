import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../domain/portfolio.ts';
import { CODES, EXPIRIES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { shiftedBook } from '../scenario/shiftedBook.ts';
import { marginBook } from './marginBook.ts';
import { chargedRows, netPositions } from './netPositions.ts';

const market = smallMarket({ usdcPrice: 0.99 });
const marginBookOf = (book: Portfolio) => marginBook(bookPositions(market, book), market.snapshot);
const CALL = `BTC-${CODES.month}-90000-C`;
const LINEAR_PUT = `ETH_USDC-${CODES.month}-2600-P`;
const FUTURE = `BTC-${CODES.month}`;

describe('The book as a venue sees it', () => {
  it('has one position a contract, in the order in which contracts first appear, with the legs that it nets', () => {
    const book = marginBookOf(
      smallBook([
        [CALL, 3],
        [LINEAR_PUT, -10],
        [CALL, -5],
      ]),
    );
    const { options } = netPositions(book);
    expect(options.map(({ contract, quantity }) => [contract.name, quantity])).toEqual([
      [CALL, -2],
      [LINEAR_PUT, -10],
    ]);
    const [call, put] = options;
    expect(call!.members.map(({ id, quantity }) => [id, quantity])).toEqual([
      ['a', 3],
      ['c', -5],
    ]);
    expect(call!.valueUsd).toBeCloseTo(book.positions[0]!.valueUsd + book.positions[2]!.valueUsd, 9);
    expect(call!.markUsd).toBeCloseTo(book.positions[0]!.valueUsd / 3, 9);
    expect(call!.deltaCoins).toBeCloseTo((-2 / 3) * book.positions[0]!.deltaCoins, 9);
    expect(call!.daysToExpiry).toBeCloseTo(35, 9);
    // A linear strike is in USDC.
    expect([call!.strikeUsd, put!.strikeUsd]).toEqual([90_000, 2_574]);
  });

  it('counts futures in coins, inverse ones by notional over mark', () => {
    const { futures } = netPositions(
      marginBookOf(
        smallBook([
          [FUTURE, -90_000],
          ['BTC-PERPETUAL', 180_072],
          ['ETH_USDC-PERPETUAL', 4],
        ]),
      ),
    );
    const [dated, perpetual, linear] = futures;
    expect(dated).toMatchObject({ expiry: EXPIRIES.month, quantity: -90_000 });
    expect(dated!.sizeCoins).toBeCloseTo(-90_000 / dated!.mark, 12);
    expect(dated!.notionalUsd).toBeCloseTo(-90_000, 6);
    expect(perpetual).toMatchObject({ expiry: null, timeToExpiryYears: Number.POSITIVE_INFINITY });
    // The mark is 90,036.
    expect(perpetual!.sizeCoins).toBeCloseTo(2, 12);
    expect(linear).toMatchObject({ sizeCoins: 4, notionalUsd: 4 * linear!.mark });
  });

  it('leaves out what nets to nothing, up to rounding, and what has expired', () => {
    const flat = smallBook([
      [CALL, 0.1],
      [CALL, 0.2],
      [CALL, -0.3],
      [FUTURE, 10],
      [FUTURE, -10],
    ]);
    expect(netPositions(marginBookOf(flat))).toEqual({ options: [], futures: [], coins: [] });

    const dated = bookPositions(
      market,
      smallBook([
        [`BTC-${CODES.week}-90000-C`, -1],
        [CALL, -1],
        [`BTC-${CODES.week}`, 50_000],
      ]),
    );
    const shift = { spotMove: 0.1, volShock: 0, volUnit: 'relative', days: 8, smile: 'sticky-strike' } as const;
    const moved = marginBook(shiftedBook(dated, shift, 'all'), market.snapshot);
    const { options, futures } = netPositions(moved);
    expect(options.map(({ contract }) => contract.name)).toEqual([CALL]);
    expect(futures).toEqual([]);
  });

  it('keeps coins held and owed, and no stablecoins', () => {
    const { coins } = netPositions(
      marginBookOf(
        smallBook(
          [],
          [
            { asset: 'USDC', quantity: 5 },
            { asset: 'BTC', quantity: 2 },
            { asset: 'ETH', quantity: -3 },
          ],
        ),
      ),
    );
    expect(coins.map(({ underlying, quantity, valueUsd }) => [underlying, quantity, valueUsd])).toEqual([
      ['BTC', 2, 180_000],
      ['ETH', -3, -9_000],
    ]);
  });
});

describe('Rows of what is charged', () => {
  it('share a charge by quantity, so that a leg against its contract takes its share off, and miss no position', () => {
    const book = marginBookOf(
      smallBook(
        [
          [CALL, 3],
          [LINEAR_PUT, -10],
          [CALL, -5],
        ],
        [{ asset: 'BTC', quantity: 1 }],
      ),
    );
    const [call] = netPositions(book).options;
    expect(chargedRows(book, [[call!, 100]])).toEqual([
      { id: 'a', initialMarginUsd: -150 },
      { id: 'b', initialMarginUsd: 0 },
      { id: 'c', initialMarginUsd: 250 },
      { id: 'collateral:BTC', initialMarginUsd: 0 },
    ]);
  });

  it('add up to the charges, whatever the book', () => {
    const leg = fc.tuple(
      fc.constantFrom(CALL, LINEAR_PUT, FUTURE, 'BTC-PERPETUAL'),
      fc.integer({ min: -9, max: 9 }).filter((quantity) => quantity !== 0),
    );
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 8 }), (legs) => {
        const book = marginBookOf(smallBook(legs));
        const { options, futures } = netPositions(book);
        const charges = [...options, ...futures].map((net, i) => [net, 100 * (i + 1)] as const);
        const rows = chargedRows(book, charges);
        expect(rows.map(({ id }) => id)).toEqual(book.positions.map(({ id }) => id));
        expect(rows.reduce((sum, row) => sum + row.initialMarginUsd, 0)).toBeCloseTo(
          charges.reduce((sum, [, usd]) => sum + usd, 0),
          6,
        );
      }),
    );
  });
});

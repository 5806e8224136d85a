import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookRisk } from '../../bookRisk.ts';
import type { OptionContract } from '../../domain/instrument.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import type { MarginResult } from '../../domain/riskReport.ts';
import { AS_OF, CODES, smallBook, smallMarket, smallSnapshot } from '../../fixtures/smallMarket.ts';
import type { MarginBook, MarginPosition } from '../MarginModel.ts';
import { marginOutcome } from '../marginOutcome.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { regT } from './regT.ts';

const market = smallMarket();

function outcome(book: Portfolio) {
  return bookRisk(market, book, { models: ['reg-t'], library: [regT] }).margins[0]!;
}

function margin(book: Portfolio): MarginResult {
  const result = outcome(book);
  if ('unsupported' in result) throw new Error(result.unsupported.message);
  return result;
}

type Series = readonly [type: 'C' | 'P', strike: number, premium: number, quantity: number, months?: number];

/** A book of the manual: an underlying at a price, contracts of 100 of it at given premiums, shares, and no cash. */
function manual(price: number, series: readonly Series[], shares = 0, shortOptionRate = 0.2): MarginResult {
  const options = series.map(([optionType, strike, premium, contracts, months = 3], i): MarginPosition => {
    const timeToExpiryYears = months / 12;
    const name = `BTC-${months}M-${strike}-${optionType}`;
    const instrument: OptionContract = {
      name,
      underlying: 'BTC',
      settlement: 'usdc',
      product: 'option',
      expiry: AS_OF + months,
      strike,
      optionType,
    };
    const quantity = 100 * contracts;
    return {
      id: `l${i}`,
      underlying: 'BTC',
      contract: {
        instrument,
        index: price,
        forward: price,
        usdcPrice: 1,
        discount: 1,
        timeToExpiryYears,
        option: { contract: instrument, volatility: 0.3, volatilitySource: 'mark', fit: null, spotVolBeta: null },
        moved: '',
      },
      quantity,
      valueUsd: quantity * premium,
      deltaCoins: 0,
      index: price,
    };
  });
  const coin: MarginPosition = {
    id: 'collateral:BTC',
    underlying: 'BTC',
    contract: null,
    quantity: shares,
    valueUsd: shares * price,
    deltaCoins: shares,
    index: price,
  };
  const positions = shares === 0 ? options : [...options, coin];
  const book: MarginBook = {
    positions,
    collateral: [],
    // What was paid for the book has left the account, so that what is available is what is still to be paid in.
    equityUsd: 0,
    market: smallSnapshot(),
    underlyings: ['BTC'],
    scanned: () => [],
  };
  const result = marginOutcome(regT, resolvedParameters(regT, { shortOptionRate }), book);
  if ('unsupported' in result) throw new Error(result.unsupported.message);
  return result;
}

describe("Reg T and the manual's figures, contracts of 100", () => {
  it('of one option', () => {
    expect(manual(95, [['P', 80, 2, -1]]).initialMarginUsd).toBeCloseTo(1_000, 9);
    expect(Math.abs(manual(445.35, [['P', 410, 0.1, -1]], 0, 0.15).initialMarginUsd - 4_110)).toBeLessThanOrEqual(1);
    expect(manual(128.5, [['C', 120, 8.4, -1]]).initialMarginUsd).toBeCloseTo(3_410, 9);
    expect(Math.abs(manual(43.34, [['C', 45, 1.35, -1]], 0, 0.15).initialMarginUsd - 619)).toBeLessThanOrEqual(1);
    expect(manual(209, [['P', 200, 1.2, -1]]).initialMarginUsd).toBeCloseTo(3_400, 9);
    expect(manual(100, [['C', 100, 5, 1]]).initialMarginUsd).toBeCloseTo(500, 9);
    expect(manual(100, [['C', 100, 16.8, 1, 20]]).initialMarginUsd).toBeCloseTo(1_260, 9);
  });

  it('of a straddle, spreads, a butterfly and a condor, with the margin call', () => {
    const straddle = manual(92.63, [
      ['C', 90, 7, -1],
      ['P', 90, 3.7, -1],
    ]);
    expect(Math.abs(straddle.initialMarginUsd - 2_923)).toBeLessThanOrEqual(1);
    const callSpread = manual(128.5, [
      ['C', 125, 3.8, 1],
      ['C', 120, 8.4, -1],
    ]);
    expect(callSpread.initialMarginUsd).toBeCloseTo(880, 9);
    expect(callSpread.availableUsd).toBeCloseTo(-40, 9);
    const butterfly = manual(550, [
      ['P', 540, 5.6, 1],
      ['P', 550, 7.2, -2],
      ['P', 555, 9.8, 1],
    ]);
    expect(butterfly.initialMarginUsd).toBeCloseTo(2_040, 9);
    expect(butterfly.availableUsd).toBeCloseTo(-600, 9);
    const putSpread = manual(433.35, [
      ['P', 425, 6.4, 1],
      ['P', 430, 7.8, -1],
    ]);
    expect(putSpread.availableUsd).toBeCloseTo(-360, 9);
    const calendar = manual(75, [
      ['C', 70, 6, 1, 4],
      ['C', 70, 5, -1, 3],
    ]);
    expect(calendar.availableUsd).toBeCloseTo(-100, 9);
  });

  it('of stock held with options', () => {
    expect(manual(92.38, [['C', 90, 7.5, -1]], 100).initialMarginUsd).toBeCloseTo(4_619, 9);
    const conversion = manual(
      108,
      [
        ['P', 110, 3, 1],
        ['C', 110, 1, -1],
      ],
      100,
    );
    expect(conversion.maintenanceMarginUsd).toBeCloseTo(1_100 + 300, 9);
    const reverse = manual(
      71.9,
      [
        ['P', 75, 4, -1],
        ['C', 75, 1, 1],
      ],
      -100,
    );
    expect(reverse.maintenanceMarginUsd).toBeCloseTo(8_560 + 100, 9);
    expect(manual(103.5, [['P', 95, 2, 1]], 100).maintenanceMarginUsd).toBeCloseTo(1_800 + 200, 9);
    expect(manual(255, [['P', 250, 4, -1]], -100).initialMarginUsd).toBeCloseTo(38_250, 9);
  });
});

describe('Reg T of a book', () => {
  const C = (strike: number, code = CODES.month) => `BTC-${code}-${strike}-C`;
  const P = (strike: number, code = CODES.month) => `BTC-${code}-${strike}-P`;

  it('leaves the cash that an option bought and paid in full has left', () => {
    const bought = margin(smallBook([[C(95_000), 2]], [{ asset: 'USDC', quantity: 12_345 }]));
    expect(bought.availableUsd).toBeCloseTo(12_345, 6);
    expect(bought.equityBasis).toBe('Equity before what is sold short');
  });

  it('charges an iron condor one side, a box bought half of its gap, a calendar its debit', () => {
    const condor = margin(
      smallBook([
        [P(70_000), 1],
        [P(75_000), -1],
        [C(105_000), -1],
        [C(110_000), 1],
      ]),
    );
    expect(condor.strategies!.map(({ name }) => name)).toEqual(['Iron condor']);
    expect(condor.availableUsd).toBeCloseTo(100_000 - 5_000, 6);
    const legs = [
      [C(85_000), 1],
      [C(95_000), -1],
      [P(95_000), 1],
      [P(85_000), -1],
    ] as const;
    const box = smallBook(legs);
    expect(margin(box).availableUsd).toBeCloseTo(bookRisk(market, box).equityUsd - 5_000, 6);
    const calendar = smallBook([
      [C(95_000, CODES.week), -1],
      [C(95_000), 1],
    ]);
    expect(margin(calendar).strategies!.map(({ name }) => name)).toEqual(['Call calendar']);
    expect(margin(calendar).availableUsd).toBeCloseTo(100_000, 6);
  });

  it('takes coins for the stock of a covered call, and counts them at most at its strike', () => {
    const covered = margin(smallBook([[C(80_000), -1]], [{ asset: 'BTC', quantity: 1 }]));
    expect(covered.strategies).toMatchObject([
      { name: 'Covered call', initialMarginUsd: 45_000, maintenanceMarginUsd: 20_000 },
    ]);
    expect(covered.strategies![0]!.legs).toEqual([
      { id: 'collateral:BTC', instrument: 'BTC', quantity: 1 },
      { id: 'a', instrument: C(80_000), quantity: -1 },
    ]);
    expect(covered.availableUsd).toBeCloseTo(80_000 - 45_000, 6);
    expect(covered.equityBasis).toMatch(/at the strike/);
    expect(covered.positions).toEqual([
      { id: 'a', initialMarginUsd: 0 },
      { id: 'collateral:BTC', initialMarginUsd: 45_000 },
    ]);
  });

  it('asks one and a half times their value of coins owed, out of their proceeds', () => {
    const owed = margin(
      smallBook(
        [],
        [
          { asset: 'USDC', quantity: 100_000 },
          { asset: 'BTC', quantity: -1 },
        ],
      ),
    );
    expect(owed.initialMarginUsd).toBe(135_000);
    expect(owed.maintenanceMarginUsd).toBe(117_000);
    expect(owed.availableUsd).toBe(100_000 - 135_000);
  });

  it('refuses a future and says what would do', () => {
    const refused = outcome(
      smallBook([
        [P(80_000), -1],
        [`BTC-${CODES.month}`, -20_000],
      ]),
    );
    expect('unsupported' in refused && refused.unsupported).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^BTC-25DEC26 is a future.*Hold or owe BTC itself/) as unknown,
    });
    expect(outcome(smallBook([['BTC-PERPETUAL', 10_000]]))).toHaveProperty('unsupported');
  });

  it('lists legs that net to nothing as closed out, and shares a net among its legs', () => {
    const { strategies, positions, initialMarginUsd } = margin(
      smallBook([
        [P(80_000), -3],
        [C(95_000), 1],
        [P(80_000), 1],
        [C(95_000), -1],
      ]),
    );
    expect(strategies!.map(({ name }) => name)).toEqual(['Short put', 'Closed out']);
    expect(strategies![0]!.legs.map(({ quantity }) => quantity)).toEqual([-3, 1]);
    expect(positions.map((row) => row.initialMarginUsd / initialMarginUsd)).toEqual([1.5, 0, -0.5, 0]);
  });

  const name = fc.constantFrom(
    ...[CODES.week, CODES.month, CODES.year].flatMap((code) =>
      [75_000, 85_000, 90_000, 95_000, 110_000].flatMap((strike) => [C(strike, code), P(strike, code)]),
    ),
    `ETH-${CODES.month}-2600-P`,
    `ETH_USDC-${CODES.month}-3400-C`,
  );
  const legs = fc.array(fc.tuple(name, fc.constantFrom(-3, -1.5, -1, 1, 2, 2.5)), { minLength: 1, maxLength: 8 });
  const coins = fc.constantFrom(-1.5, 0, 0, 1, 3);
  const bookOf = (drawn: readonly (readonly [string, number])[], held: number) =>
    smallBook(drawn, [
      { asset: 'USDC', quantity: 500_000 },
      { asset: 'BTC', quantity: held },
    ]);

  it('adds up by component, by leg and by strategy, and uses every leg', () => {
    fc.assert(
      fc.property(legs, coins, (drawn, held) => {
        const book = bookOf(drawn, held);
        const { initialMarginUsd, maintenanceMarginUsd, components, positions, strategies } = margin(book);
        const slack = 1e-9 * (1 + initialMarginUsd);
        const added = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
        for (const figures of [
          components.map(({ usd }) => usd),
          positions.map((row) => row.initialMarginUsd),
          strategies!.map((group) => group.initialMarginUsd),
        ])
          expect(Math.abs(added(figures) - initialMarginUsd)).toBeLessThanOrEqual(slack);
        expect(added(strategies!.map((group) => group.maintenanceMarginUsd))).toBeCloseTo(maintenanceMarginUsd, 4);
        for (const leg of book.legs) {
          const used = strategies!.flatMap((group) => group.legs).filter(({ id }) => id === leg.id);
          expect(added(used.map(({ quantity }) => quantity))).toBeCloseTo(leg.quantity, 9);
        }
      }),
    );
  });

  it('never leaves less than its legs margined one by one', () => {
    fc.assert(
      fc.property(legs, coins, (drawn, held) => {
        const whole = margin(bookOf(drawn, held));
        const cash = { ...smallBook([], [{ asset: 'USDC', quantity: 0 }]) };
        const apart = drawn
          .map((leg) => margin({ ...cash, legs: smallBook([leg]).legs }))
          .concat(margin({ ...cash, collateral: [{ asset: 'BTC', quantity: held }] }));
        const available = apart.reduce((total, one) => total + one.availableUsd, 0);
        expect(whole.availableUsd - 500_000).toBeGreaterThanOrEqual(available - 1e-6);
      }),
    );
  });

  it('asks no more than its value for an option bought beside a book, and does not depend on the order of legs', () => {
    fc.assert(
      fc.property(legs, coins, name, (drawn, held, bought) => {
        const before = margin(bookOf(drawn, held));
        const after = margin(bookOf([...drawn, [bought, 1]], held));
        const value = bookRisk(market, smallBook([[bought, 1]], [])).equityUsd;
        const slack = 1e-6;
        expect(after.equityUsd - after.initialMarginUsd).toBeGreaterThanOrEqual(before.availableUsd - slack);
        if (!drawn.some(([other, quantity]) => other === bought && quantity < 0) && held <= 0)
          expect(after.initialMarginUsd).toBeLessThanOrEqual(before.initialMarginUsd + value + slack);
        const backwards = margin(bookOf([...drawn].reverse(), held));
        expect(backwards.initialMarginUsd + backwards.maintenanceMarginUsd).toBeCloseTo(
          before.initialMarginUsd + before.maintenanceMarginUsd,
          4,
        );
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketSnapshot } from '../../domain/marketSnapshot.ts';
import type { Portfolio } from '../../domain/portfolio.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallMarket, smallSnapshot } from '../../fixtures/smallMarket.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { prepareMarket } from '../../scenario/preparedMarket.ts';
import { marginBook } from '../marginBook.ts';
import type { MarginBook } from '../MarginModel.ts';
import { resolvedParameters } from '../resolvedParameters.ts';
import { deribitStandardMargin } from './deribitStandardMargin.ts';

const market = smallMarket();
const DEFAULTS = resolvedParameters(deribitStandardMargin);
const required = (book: Portfolio, prepared = market) =>
  deribitStandardMargin.requirement(marginBook(bookPositions(prepared, book), prepared.snapshot), DEFAULTS);

/** A market of perpetuals alone, at round prices. */
function perpetualMarket(prices: Readonly<Record<string, number>>) {
  const snapshot: MarketSnapshot = {
    ...smallSnapshot(),
    id: 'perpetuals',
    underlyings: Object.entries(prices).map(([symbol, price]) => ({
      symbol,
      index: price,
      perpetual: { mark: price },
      expiries: [],
    })),
  };
  return prepareMarket(snapshot);
}

/** One linear option with a mark of one's choice, which no vol has to be found for. */
function optionBook(quantity: number, markUsd: number): MarginBook {
  const contract = {
    name: `ETH_USDC-${CODES.month}-1850-P`,
    product: 'option',
    underlying: 'ETH',
    settlement: 'usdc',
    expiry: EXPIRIES.month,
    strike: 1850,
    optionType: 'P',
  } as const;
  return {
    positions: [
      {
        id: 'a',
        underlying: 'ETH',
        contract: {
          instrument: contract,
          index: 2098,
          forward: 2098,
          usdcPrice: 1,
          discount: 1,
          timeToExpiryYears: (EXPIRIES.month - AS_OF) / (365 * 86_400_000),
          option: { contract, volatility: 0.5, volatilitySource: 'mark', fit: null, spotVolBeta: null },
          moved: '',
        },
        quantity,
        valueUsd: quantity * markUsd,
        deltaCoins: 0,
        index: 2098,
      },
    ],
    collateral: [],
    equityUsd: 1000 + quantity * markUsd,
    market: market.snapshot,
    underlyings: ['BTC', 'ETH'],
    scanned: () => [],
  };
}

const NAMES = [
  `BTC-${CODES.week}-75000-P`,
  `BTC-${CODES.month}-90000-C`,
  `BTC-${CODES.month}-110000-C`,
  `ETH-${CODES.year}-2600-P`,
  `ETH_USDC-${CODES.month}-3400-C`,
  'BTC-PERPETUAL',
  `BTC-${CODES.month}`,
  'ETH_USDC-PERPETUAL',
];
const isOption = (name: string) => /-[CP]$/.test(name);
const legs = fc.array(
  fc
    .tuple(fc.constantFrom(...NAMES), fc.double({ min: -20, max: 20, noNaN: true }))
    .filter(([, quantity]) => Math.abs(quantity) > 1e-6)
    .map(([name, quantity]): [string, number] => [
      name,
      isOption(name) || name.includes('_USDC') ? quantity : 1e4 * quantity,
    ]),
  { minLength: 1, maxLength: 7 },
);

describe('Deribit SM', () => {
  it('meets the examples of the venue for perpetuals', () => {
    const at = perpetualMarket({ BTC: 100_000, SOL: 200 });
    for (const side of [1, -1]) {
      const linear = required(smallBook([['BTC_USDC-PERPETUAL', 25 * side]]), at);
      expect(linear.initialMarginUsd).toBeCloseTo(53_125, 6);
      expect(linear.maintenanceMarginUsd).toBeCloseTo(28_125, 6);
      // The coin-settled one has the same rates on the same coins: 2.5 m USD at 100,000.
      expect(required(smallBook([['BTC-PERPETUAL', 2_500_000 * side]]), at).initialMarginUsd).toBeCloseTo(53_125, 6);
    }
    expect(required(smallBook([['SOL_USDC-PERPETUAL', 6000]]), at).initialMarginUsd).toBeCloseTo(84_000, 6);
  });

  it("meets Bit.com's printed example of the option rule", () => {
    const sold = deribitStandardMargin.requirement(optionBook(-1, 2.4), DEFAULTS);
    expect(sold.initialMarginUsd).toBeCloseTo(212.2, 9);
    expect(sold.maintenanceMarginUsd).toBeCloseTo(159.75, 9);
    expect(sold.positions).toEqual([{ id: 'a', initialMarginUsd: sold.initialMarginUsd }]);
    expect(deribitStandardMargin.requirement(optionBook(1, 2.4), DEFAULTS).initialMarginUsd).toBe(0);
  });

  it('asks of a sold coin-settled option a share of the coin, less what it is out of the money by, and its mark', () => {
    const name = `BTC-${CODES.month}-90000-P`;
    const book = bookPositions(market, smallBook([[name, -2]]));
    const markUsd = -book.legs[0]!.valueUsd / 2;
    const { forward } = book.legs[0]!.state;
    const { initialMarginUsd, maintenanceMarginUsd } = required(smallBook([[name, -2]]));
    expect(initialMarginUsd).toBeCloseTo(2 * (90_000 * (0.15 - (forward - 90_000) / forward) + markUsd), 6);
    expect(maintenanceMarginUsd).toBeCloseTo(2 * (90_000 * 0.075 + markUsd), 6);
  });

  it('holds the margin against equity without option value', () => {
    const book = smallBook([
      [NAMES[1]!, 5],
      [NAMES[0]!, -1],
      ['BTC-PERPETUAL', -20_000, 91_000],
    ]);
    const { backing } = required(book);
    const { legs: held } = bookPositions(market, book);
    expect(backing!.equityUsd).toBeCloseTo(100_000 + held[2]!.valueUsd, 6);
    expect(held[2]!.valueUsd).toBeGreaterThan(0);
  });

  it('is the sum of its contracts, whatever their order, and is not raised by an option bought', () => {
    fc.assert(
      fc.property(legs, fc.constantFrom(...NAMES.filter(isOption)), (some, bought) => {
        const whole = required(smallBook(some));
        const slack = 1e-9 * (1 + whole.initialMarginUsd);
        const names = [...new Set(some.map(([name]) => name))];
        const apart = names.map((name) => required(smallBook(some.filter((leg) => leg[0] === name))));
        const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
        const near = (actual: number, wanted: number) => expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(slack);
        near(whole.initialMarginUsd, total(apart.map(({ initialMarginUsd }) => initialMarginUsd)));
        near(whole.maintenanceMarginUsd, total(apart.map(({ maintenanceMarginUsd }) => maintenanceMarginUsd)));
        near(whole.initialMarginUsd, total(whole.components.map(({ usd }) => usd)));
        near(whole.initialMarginUsd, total(whole.positions.map(({ initialMarginUsd }) => initialMarginUsd)));
        near(whole.initialMarginUsd, required(smallBook([...some].reverse())).initialMarginUsd);
        expect(whole.maintenanceMarginUsd).toBeLessThanOrEqual(whole.initialMarginUsd + slack);
        const more = required(smallBook([...some, [bought, 3]])).initialMarginUsd;
        expect(more).toBeLessThanOrEqual(whole.initialMarginUsd + slack);
      }),
    );
  });

  it('charges options in proportion, and futures faster than their size', () => {
    const of = (factor: number, name: string, quantity: number) =>
      required(smallBook([[name, factor * quantity]])).initialMarginUsd;
    expect(of(2, NAMES[0]!, -3)).toBeCloseTo(2 * of(1, NAMES[0]!, -3), 6);
    expect(of(2, 'ETH_USDC-PERPETUAL', 100)).toBeGreaterThan(2 * of(1, 'ETH_USDC-PERPETUAL', 100));
  });

  it('refuses futures of a coin whose rates it does not have, and says what stands in for what', () => {
    const at = perpetualMarket({ BTC: 100_000, SOL: 200, XRP: 2 });
    expect(() => required(smallBook([['XRP_USDC-PERPETUAL', 100]]), at)).toThrow(
      /^XRP_USDC-PERPETUAL: .*futures of XRP/,
    );
    expect(required(smallBook([['SOL-PERPETUAL', 1000]]), at).approximations.join()).toContain('settled in USD');
    expect(required(smallBook([['ETH_USDC-PERPETUAL', 1]])).approximations.join()).toContain('ETH settled in USDC');
    expect(required(smallBook([]))).toMatchObject({ initialMarginUsd: 0, maintenanceMarginUsd: 0, components: [] });
  });
});

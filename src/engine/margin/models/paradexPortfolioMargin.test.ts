import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketSnapshot, OptionQuote } from '../../domain/marketSnapshot.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { AS_OF, CODES, EXPIRIES, smallBook } from '../../fixtures/smallMarket.ts';
import { type PreparedMarket, prepareMarket } from '../../scenario/preparedMarket.ts';
import { paradexRequirement } from '../venues/paradex.ts';
import { paradexPortfolioMargin } from './paradexPortfolioMargin.ts';

/** Forwards at the spot, as the venue's page prices. */
function flatMarket(index: number, quotes: readonly OptionQuote[], fundingRate8h = 0, symbol = 'BTC'): PreparedMarket {
  const snapshot: MarketSnapshot = {
    id: `flat-${index}-${fundingRate8h}-${symbol}-${quotes.length}`,
    asOf: AS_OF,
    source: { kind: 'simulated', name: 'forwards at spot' },
    underlyings: [
      {
        symbol,
        index,
        perpetual: { mark: index, fundingRate8h },
        expiries: [EXPIRIES.month, EXPIRIES.year].map((expiry) => ({ expiry, forward: index, discount: 1, quotes })),
      },
    ],
    stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
  };
  return prepareMarket(snapshot);
}

const QUOTES = [50_000, 60_000, 70_000].flatMap((strike): OptionQuote[] =>
  (['C', 'P'] as const).map((type) => ({ strike, type, markIv: 0.9 - strike / 200_000 })),
);
/** The earlier page: tails weigh a third more and vol up has no floor; provisions as given. */
const EARLIER = { tailWeight: 4 / 3, volatilityUpFloor: 0, takerFee: 0 };

describe('Paradex portfolio margin', () => {
  it('meets the example of the minimum for delta: long a perpetual, five calls of delta 0.3 sold', () => {
    // The vol at which a 100,000 call of `years` has delta 0.3 at 70,000.
    const years = 308 / 365;
    const quantile = 0.524400512708041;
    const totalVol = -quantile + Math.sqrt(quantile ** 2 + 2 * Math.log(100 / 70));
    const market = flatMarket(70_000, [{ strike: 100_000, type: 'C', markIv: totalVol / Math.sqrt(years) }]);
    const book = smallBook([
      ['BTC_USDC-PERPETUAL', 1],
      [`BTC_USDC-${CODES.year}-100000-C`, -5],
    ]);
    const still = {
      spotStep: 0.005,
      volatilityUp: 0,
      volatilityDown: 0,
      volatilityUpFloor: 0,
      tailWeight: 0,
      takerFee: 0,
    };
    const { initialMarginUsd, maintenanceMarginUsd } = modelRequirement(paradexPortfolioMargin, market, book, still);
    expect(initialMarginUsd).toBeCloseTo(1400, 6);
    expect(maintenanceMarginUsd).toBeCloseTo(700, 6);
  });

  it('scans like the rule on its own, on forwards at spot', () => {
    const market = flatMarket(60_000, QUOTES);
    const legs = fc.record({
      perpetual: fc.double({ min: -5, max: 5, noNaN: true }),
      sizes: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 6 }),
    });
    fc.assert(
      fc.property(legs, ({ perpetual, sizes }) => {
        const book = smallBook([
          ['BTC_USDC-PERPETUAL', perpetual],
          ...QUOTES.map(({ strike, type }, at): [string, number] => [
            `BTC_USDC-${CODES.month}-${strike}-${type}`,
            sizes[at]!,
          ]),
        ]);
        const rule = paradexRequirement({
          spot: 60_000,
          perpetuals: [perpetual],
          options: QUOTES.map(({ strike, type, markIv }, at) => ({
            type,
            strike,
            timeToExpiryYears: 35 / 365,
            volatility: markIv!,
            quantity: sizes[at]!,
          })),
          feeProvision: 0,
          fundingProvision: 0,
        });
        const answer = modelRequirement(paradexPortfolioMargin, market, book, EARLIER);
        // The rule rounds one weight, 5.33 %, as it was printed.
        expect(Math.abs(answer.initialMarginUsd - rule.initial)).toBeLessThan(1e-6 + 1e-3 * rule.initial);
        expect(answer.components[0]!.scan!.amountUsd).toHaveLength(24);
        if (rule.scanRisk > 0 && rule.worstIndex < 16) {
          expect(answer.components[0]!.usd).toBeCloseTo(rule.scanRisk, 5);
        }
      }),
    );
  });

  it('asks 16 % of a perpetual, half of it later, and provides for its funding and its fee', () => {
    const book = smallBook([['BTC_USDC-PERPETUAL', 2]]);
    const paying = modelRequirement(paradexPortfolioMargin, flatMarket(60_000, QUOTES, 0.0001), book);
    expect(paying.initialMarginUsd).toBeCloseTo(19_200 + 12 + 36, 6);
    expect(paying.maintenanceMarginUsd).toBeCloseTo(9600 + 12 + 36, 6);
    const receiving = modelRequirement(paradexPortfolioMargin, flatMarket(60_000, QUOTES, -0.0001), book);
    expect(receiving.initialMarginUsd).toBeCloseTo(19_200 + 36, 6);
  });

  it('raises far vols by the floor at least', () => {
    const book = smallBook([[`BTC_USDC-${CODES.year}-60000-C`, -1]]);
    const market = flatMarket(60_000, QUOTES);
    const [floored, bare] = [0.4, 0].map(
      (volatilityUpFloor) =>
        modelRequirement(paradexPortfolioMargin, market, book, { volatilityUpFloor }).initialMarginUsd,
    );
    expect(floored).toBeGreaterThan(bare!);
  });

  it('stops at a coin that it has no scenarios for, by the name of the leg', () => {
    const market = flatMarket(150, [], 0, 'SOL');
    expect(() => modelRequirement(paradexPortfolioMargin, market, smallBook([['SOL_USDC-PERPETUAL', 5]]))).toThrow(
      /^SOL_USDC-PERPETUAL: Paradex states/,
    );
  });
});

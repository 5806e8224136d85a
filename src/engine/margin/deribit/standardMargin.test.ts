import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountTotals, netTransactionDelta } from './accountIdentities.ts';
import { legacyFuturesContingency, legacyIvChange, legacyOptionContingency } from './legacyPortfolioMargin.ts';
import {
  futureStandardMargin,
  inverseOptionStandardMargin,
  linearOptionStandardMargin,
  STANDARD_FUTURE_RATES,
  type StandardOption,
} from './standardMargin.ts';

const [BTC, ETH, SOL] = STANDARD_FUTURE_RATES.map(({ values }) => values);

const soldOption = fc.record({
  type: fc.constantFrom('C' as const, 'P' as const),
  quantity: fc.double({ min: -100, max: -0.01, noNaN: true }),
  underlying: fc.double({ min: 100, max: 200_000, noNaN: true }),
  strike: fc.double({ min: 10, max: 400_000, noNaN: true }),
  mark: fc.double({ min: 0, max: 5, noNaN: true }),
});

describe("Deribit's standard margin", () => {
  it('meets the examples of the venue for perpetuals, long and short', () => {
    for (const size of [25, -25]) {
      const margin = futureStandardMargin(size, 100_000, BTC!);
      expect(margin.initialRate).toBeCloseTo(0.02125, 12);
      expect(margin.initialQuote).toBeCloseTo(53_125, 6);
      expect(margin.maintenanceQuote).toBeCloseTo(28_125, 6);
    }
    expect(futureStandardMargin(6000, 200, SOL!).initialQuote).toBeCloseTo(84_000, 6);
    // Article 25944826427293: 0.0004 % per ETH.
    expect(futureStandardMargin(5000, 1, ETH!).initialRate).toBeCloseTo(0.04, 12);
  });

  it("meets Bit.com's printed example, and grows with the mark of a put worth more than its underlying", () => {
    const put: StandardOption = { type: 'P', quantity: -1, underlying: 2098, strike: 1850, mark: 2.4 };
    const { initial, maintenance } = linearOptionStandardMargin(put);
    expect([initial, maintenance]).toEqual([expect.closeTo(212.2, 9), expect.closeTo(159.75, 9)]);
    const deep = inverseOptionStandardMargin({ ...put, underlying: 600, strike: 1850, mark: 2.1 });
    expect(deep.maintenance).toBeCloseTo(2.1 * 1.075, 12);
    expect(deep.initial).toBe(deep.maintenance);
  });

  it('never asks less at first than later, less than the mark, or anything of an option bought', () => {
    fc.assert(
      fc.property(soldOption, (option) => {
        for (const rule of [inverseOptionStandardMargin, linearOptionStandardMargin]) {
          const { initial, maintenance } = rule(option);
          expect(initial).toBeGreaterThanOrEqual(maintenance);
          expect(maintenance).toBeGreaterThan(-option.quantity * option.mark);
          expect(rule({ ...option, quantity: -option.quantity })).toEqual({ initial: 0, maintenance: 0 });
        }
      }),
    );
  });

  it('is the same rule in coin and in quote currency', () => {
    fc.assert(
      fc.property(soldOption, (option) => {
        const coin = inverseOptionStandardMargin(option);
        const quote = linearOptionStandardMargin({ ...option, mark: option.mark * option.underlying });
        expect(quote.initial / option.underlying).toBeCloseTo(coin.initial, 8);
        expect(quote.maintenance / option.underlying).toBeCloseTo(coin.maintenance, 8);
      }),
    );
  });

  it('refuses a price that is none', () => {
    expect(() => futureStandardMargin(1, 0, BTC!)).toThrow('The price must be a number above 0');
    expect(() => futureStandardMargin(Number.NaN, 1, BTC!)).toThrow('The size of the position');
  });
});

describe("Deribit's account and its earlier margin", () => {
  it('adds up as the API documentation does', () => {
    const totals = accountTotals({
      balance: 302.60065765,
      futuresSessionUpl: 0.05921555,
      futuresSessionRpl: -0.03258105,
      optionsValue: -0.0086,
      initialMargin: 1.24669592,
    });
    expect(totals.equity).toBeCloseTo(302.61869214, 7);
    expect(totals.availableFunds).toBeCloseTo(301.38059622, 7);
    expect(netTransactionDelta(1, 1)).toBe(0);
  });

  it('shocks vol by its whole range at 30 days, and charges what is hedged', () => {
    expect(legacyIvChange(0.38, 0.3, 30)).toBe(0.38);
    expect(legacyIvChange(0.4, 0.5, 7.5)).toBeCloseTo(0.8, 12);
    expect(legacyFuturesContingency(0.01, 100, -40)).toBeCloseTo(0.4, 12);
    expect(legacyOptionContingency(0.01, -200)).toBeCloseTo(2, 12);
    expect(() => legacyIvChange(0.38, 0.3, 0)).toThrow('days to expiry');
  });
});

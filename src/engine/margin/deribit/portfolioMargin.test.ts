import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseOptionStress } from '../../pricing/inverseOption.ts';
import {
  deltaForShock,
  deltaShock,
  deltaShockShares,
  type PositionDelta,
  rollShock,
  rollShockShares,
} from './contingencies.ts';
import {
  type PortfolioFuture,
  type PortfolioOption,
  type PortfolioPosition,
  portfolioMargin,
} from './portfolioMargin.ts';
import { PORTFOLIO_MARGIN_PARAMETERS } from './portfolioMarginParameters.ts';
import { EXTENDED_MOVES, standardMoves } from './riskMatrix.ts';
import { shockedVol } from './shockedVol.ts';

const [BTC, ETH] = PORTFOLIO_MARGIN_PARAMETERS.map(({ values }) => values);
const INDEX = 60_000;

const perpetual = (sizeCoin: number): PortfolioFuture => ({
  kind: 'future',
  sizeCoin,
  expiry: 'PERPETUAL',
  timeToExpiryYears: null,
});
const option = (type: 'C' | 'P', strike: number, quantity: number, days = 30, volatility = 0.6): PortfolioOption => ({
  kind: 'option',
  type,
  strike,
  quantity,
  timeToExpiryYears: days / 365,
  volatility,
  underlying: INDEX,
  expiry: `${days} days`,
});

const anyPosition: fc.Arbitrary<PortfolioPosition> = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }).map(perpetual),
  fc
    .tuple(
      fc.constantFrom('C' as const, 'P' as const),
      fc.constantFrom(30_000, 50_000, 60_000, 72_000, 110_000),
      fc.double({ min: -20, max: 20, noNaN: true }),
      fc.constantFrom(0.2, 7, 30, 180),
    )
    .map(([type, strike, quantity, days]) => option(type, strike, quantity, days)),
);
const anyBook = fc.array(anyPosition, { minLength: 1, maxLength: 6 });

describe("Deribit's portfolio margin", () => {
  it("meets the totals of the venue's example", () => {
    const margin = portfolioMargin(
      [
        perpetual(0.314538364),
        {
          kind: 'future',
          sizeCoin: -0.001187534,
          expiry: '28JUN24',
          timeToExpiryYears: 0.029866,
        },
      ],
      65_666.19,
      BTC!,
      { mmpMargin: 0.06, openOrdersMargin: 0.000018212 },
    );
    expect(margin.worstCase).toBeCloseTo(0.059685872, 8);
    expect(margin.worstIndex).toBe(0);
    expect(margin.rollShock).toBeCloseTo(0.00315725898, 10);
    expect(margin.initialMargin).toBeCloseTo(0.122861343, 8);
    expect(margin.maintenanceMargin).toBeCloseTo(0.050274504784, 8);
  });

  it('gives an inverse future in every extended scenario what it makes at the edge of the table', () => {
    const { standard, extended } = portfolioMargin([perpetual(3)], INDEX, BTC!).positions[0]!;
    for (const [i, move] of EXTENDED_MOVES.entries()) {
      expect(extended[i]).toBeCloseTo(move < 0 ? standard[0]! : standard.at(-1)!, 12);
    }
    expect(standard[0]).toBeCloseTo((-3 * 0.16) / 0.84, 12);
  });

  it('reprices options as a coin-settled option is stressed', () => {
    const sold = option('P', 50_000, -2, 9, 0.7);
    const { standard } = portfolioMargin([sold], INDEX, ETH!).positions[0]!;
    const vol = shockedVol(0.7, 9, ETH!);
    for (const [bucket, move] of standardMoves(ETH!).entries()) {
      for (const [state, shocked] of [vol.up, vol.same, vol.down].entries()) {
        const stress = inverseOptionStress('P', INDEX, 50_000, 9 / 365, 0.7, move, shocked / 0.7 - 1);
        expect(standard[3 * bucket + state]).toBeCloseTo(-2 * stress.pnlCoin, 12);
      }
    }
  });

  it('asks of a box the change of its coin value alone, whatever the vols', () => {
    const box = (vol: number) => [
      option('C', 55_000, 1, 30, vol),
      option('P', 55_000, -1, 30, vol),
      option('C', 65_000, -1, 30, vol),
      option('P', 65_000, 1, 30, vol),
    ];
    const value = 10_000 / INDEX;
    const margin = portfolioMargin(box(0.3), INDEX, BTC!);
    expect(margin.worstCase).toBeCloseTo(value * (1 - 1 / 1.16), 12);
    expect(portfolioMargin(box(1.5), INDEX, BTC!).worstCase).toBeCloseTo(margin.worstCase, 12);
    expect(margin.rollShock).toBeCloseTo(0, 12);
    // The highest price with vol up, the first of three equal scenarios.
    expect(margin.worstIndex).toBe(24);
  });

  it('never charges two books together more than apart, where nothing is forgiven', () => {
    const strict = { ...ETH!, extendedDampenerUsd: 0, maxOffsetablePnlUsd: 1e15 };
    fc.assert(
      fc.property(anyBook, anyBook, (one, other) => {
        const [a, b, both] = [one, other, [...one, ...other]].map((book) => portfolioMargin(book, INDEX, strict));
        expect(both!.worstCase).toBeLessThanOrEqual(a!.worstCase + b!.worstCase + 1e-9);
        expect(both!.rollShock).toBeLessThanOrEqual(a!.rollShock + b!.rollShock + 1e-9);
      }),
    );
  });

  it('dampens extended losses towards zero and never turns them into gains', () => {
    fc.assert(
      fc.property(anyBook, (book) => {
        const { preAggregated, aggregated } = portfolioMargin(book, INDEX, BTC!);
        for (const [i, loss] of aggregated.extended.entries()) {
          expect(loss).toBeLessThanOrEqual(0);
          expect(loss).toBeGreaterThanOrEqual(Math.min(preAggregated.extended[i]!, 0));
        }
      }),
    );
  });

  it('lets options bought reduce the delta that is charged for liquidity, never raise or turn it', () => {
    const delta = (deltaCoins: number, isOptionBought: boolean): PositionDelta => ({
      expiry: '',
      timeToExpiryYears: 0,
      deltaCoins,
      isOptionBought,
    });
    const charged = (bought: number, others: number) => deltaForShock([delta(bought, true), delta(others, false)]);
    expect([charged(30, -100), charged(-30, -100), charged(130, -100)]).toEqual([-70, -100, 0]);
    expect([charged(-30, 100), charged(30, 100), charged(-130, 100)]).toEqual([70, 100, 0]);
    // 20 m USD at an index of 50,000 are 400 coins; the next 200 cost 0.005 % each on all 600, the rate ends at 10 %.
    expect(deltaShock(-400, 50_000, BTC!)).toBe(0);
    expect(deltaShock(-600, 50_000, BTC!)).toBeCloseTo(600 * 200 * 0.00005, 9);
    expect(deltaShock(4000, 50_000, BTC!)).toBeCloseTo(400, 9);
  });

  it('shares roll and delta shock so that the shares add up, with a relief for what reduces them', () => {
    const delta = (expiry: string, deltaCoins: number, isOptionBought = false): PositionDelta => ({
      expiry,
      timeToExpiryYears: 1,
      deltaCoins,
      isOptionBought,
    });
    const hedged = [delta('a', -100), delta('a', 30, true), delta('b', 20)];
    expect(deltaShockShares(hedged).map((share) => share * -50)).toEqual([-100, 30, 20]);
    expect(deltaShockShares([delta('a', -100), delta('a', -30, true)])).toEqual([1, 0]);
    expect(deltaShockShares([delta('a', -100), delta('a', 130, true)])).toEqual([0, 0]);
    const rate = Math.expm1(0.075);
    const [sold, bought, other] = rollShockShares(hedged, BTC!);
    expect([sold, bought, other]).toEqual([
      expect.closeTo(100 * rate, 12),
      expect.closeTo(-30 * rate, 12),
      expect.closeTo(20 * rate, 12),
    ]);
    expect(sold! + bought! + other!).toBeCloseTo(rollShock(hedged, BTC!), 12);
  });

  it('shocks vol more near expiry, not beyond one day, and holds it above its floor and zero', () => {
    expect(shockedVol(1, 0.1, BTC!)).toEqual(shockedVol(1, 1, BTC!));
    expect(shockedVol(1, 7, BTC!).up).toBeGreaterThan(shockedVol(1, 8, BTC!).up);
    expect(shockedVol(0.2, 60, BTC!).up).toBe(0.5);
    expect(shockedVol(0.5, 1, { ...BTC!, volatilityRangeDown: 0.9 }).down).toBe(0);
  });

  it('names what it cannot take', () => {
    expect(() => portfolioMargin([], 0, BTC!)).toThrow('The index price must be a number above 0');
    expect(() => portfolioMargin([], INDEX, { ...BTC!, priceRange: 1 })).toThrow('The price range');
    expect(() => portfolioMargin([option('C', 60_000, Number.NaN)], INDEX, BTC!)).toThrow(
      'The quantity of the option 30 days 60000 C',
    );
    expect(portfolioMargin([], INDEX, BTC!)).toMatchObject({ initialMargin: 0, maintenanceMargin: 0 });
  });
});

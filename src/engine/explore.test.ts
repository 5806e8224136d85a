import { describe, expect, it } from 'vitest';
import { bookRisk } from './bookRisk.ts';
import type { MarginResult, StressAxes } from './domain/riskReport.ts';
import { explore, liquidationMoves } from './explore.ts';
import { rememberedRows } from './scenario/unitPnlCache.ts';
import { CODES, EXPIRIES, smallBook, smallMarket } from './fixtures/smallMarket.ts';

const market = smallMarket();
const book = smallBook(
  [
    [`BTC-${CODES.month}-75000-P`, -5],
    [`BTC-${CODES.week}-100000-C`, -3],
    ['BTC-PERPETUAL', -60_000, 88_000],
    [`ETH_USDC-${CODES.week}`, 10, 2_900],
    [`ETH-${CODES.month}-3400-C`, -8],
  ],
  [
    { asset: 'USDC', quantity: 120_000 },
    { asset: 'BTC', quantity: 0.5 },
  ],
);
const STRESS: StressAxes = {
  spot: [-0.16, 0, 0.16],
  vol: [-0.25, 0, 0.5],
  volUnit: 'relative',
  days: 0,
  smile: 'sticky-strike',
  movers: 'all',
};
const CURVE = {
  underlying: 'BTC',
  spot: [-0.5, -0.25, 0, 0.25, 0.5],
  movers: 'all',
  volShock: 0,
  volUnit: 'relative',
  smile: 'sticky-strike',
  days: [0, 3],
} as const;

function report(overrides: Partial<Parameters<typeof explore>[1]> = {}) {
  return explore(
    market,
    {
      inputVersion: 1,
      marketId: market.snapshot.id,
      book,
      proposed: null,
      model: 'portfolio',
      parameters: {},
      stress: STRESS,
      curve: CURVE,
      pin: null,
      ...overrides,
    },
    rememberedRows(),
    () => 0,
  );
}

describe('explore', () => {
  it('shows in the centre of the grid exactly what the verdict shows', () => {
    const { stress } = report();
    const risk = bookRisk(market, book, { models: ['portfolio'] });
    const margin = risk.margins[0] as MarginResult;
    expect(stress.before.pnlUsd[1]![1]).toBe(0);
    expect(stress.before.initialMarginUsd[1]![1]).toBe(margin.initialMarginUsd);
    expect(stress.before.maintenanceMarginUsd[1]![1]).toBe(margin.maintenanceMarginUsd);
    expect(stress.before.equityUsd[1]![1]).toBeCloseTo(margin.equityUsd, 8);
  });

  it('moves equity by the P&L of the legs and of coin collateral', () => {
    const { stress } = report();
    const centre = stress.before.equityUsd[1]![1]!;
    expect(stress.before.equityUsd[1]![0]! - centre).toBeCloseTo(stress.before.pnlUsd[1]![0]! - 0.16 * 0.5 * 90_000, 6);
  });

  it('values the pinned scenario as the cell it is', () => {
    const pinned = report({
      pin: { spotMove: 0.16, volShock: 0.5, volUnit: 'relative', days: 0, smile: 'sticky-strike', movers: 'all' },
    }).pinned!;
    const { before } = report().stress;
    expect(pinned.before.pnlUsd).toBe(before.pnlUsd[2]![2]);
    expect(pinned.before.initialMarginUsd).toBe(before.initialMarginUsd[2]![2]);
  });

  it('draws one curve a date and one an expiry, and ends each option at its intrinsic value', () => {
    const single = smallBook([[`BTC-${CODES.week}-100000-C`, -1]]);
    const { before } = report({ book: single }).curves;
    expect(before.pnl.map(({ expiry }) => expiry)).toEqual([null, null, EXPIRIES.week]);
    const atExpiry = before.pnl[2]!.pnlUsd;
    expect(atExpiry[0]).toBeCloseTo(-before.legsValueUsd, 6);
    expect(atExpiry[4]).toBeCloseTo(-(90_000 * 1.5 - 100_000) - before.legsValueUsd, 6);
  });

  it('moves one coin alone when asked', () => {
    const alone = report({ stress: { ...STRESS, movers: 'ETH' } }).stress.before;
    const btcOnly = smallBook([[`BTC-${CODES.month}-75000-P`, -5]]);
    expect(
      report({ book: btcOnly, stress: { ...STRESS, movers: 'ETH' } })
        .stress.before.pnlUsd.flat()
        .every((pnl) => pnl === 0),
    ).toBe(true);
    expect(alone.pnlUsd[1]![0]).not.toBe(report().stress.before.pnlUsd[1]![0]);
  });

  it('previews with the same digits that keeping gives', () => {
    const bigger = { ...book, legs: book.legs.map((leg) => (leg.id === 'a' ? { ...leg, quantity: -9 } : leg)) };
    expect(report({ proposed: bigger }).stress.after).toEqual(report({ book: bigger }).stress.before);
  });

  it('treats a settled coin option as coins, and needs no margin for a settled one bought', () => {
    const bought = smallBook([[`BTC-${CODES.week}-80000-C`, 2]], [{ asset: 'USDC', quantity: 50_000 }]);
    const later = report({ book: bought, model: 'isolated', stress: { ...STRESS, days: 8 } }).stress.before;
    const coins = (2 * (90_000 - 80_000)) / 90_000;
    // Two calls have become coins worth 20,000 USD: what is left at risk is those coins in the scan, extremes counted at 70 %.
    expect(later.initialMarginUsd[1]![1]).toBeCloseTo(coins * 90_000 * 0.32 * 0.7, 6);
  });
});

describe('liquidation moves', () => {
  it('interpolates the nearest crossing on each side', () => {
    expect(liquidationMoves([-0.2, -0.1, 0, 0.1, 0.2], [-50, 50, 100, 20, -60])).toEqual({
      below: expect.closeTo(-0.15, 12),
      above: expect.closeTo(0.125, 12),
    });
  });
  it('is null where headroom stays, and zero where it is gone already', () => {
    expect(liquidationMoves([-0.1, 0, 0.1], [1, 2, 3])).toEqual({ below: null, above: null });
    expect(liquidationMoves([-0.1, 0, 0.1], [5, -1, 3])).toEqual({ below: 0, above: 0 });
  });
});

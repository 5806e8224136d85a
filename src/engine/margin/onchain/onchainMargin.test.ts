import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { dydxInitialMarginFraction, dydxIsLiquidatable, dydxTotals } from './dydxMargin.ts';
import { opynNakedMargin, opynSpreadMargin } from './opynMargin.ts';
import { paradexMinimumDelta } from './paradexMinimumDelta.ts';

describe('Opyn', () => {
  const short = {
    isPut: true,
    strike: 100,
    spot: 100,
    daysToExpiry: 7,
    contracts: 1,
    spotShock: 0.75,
    upperBounds: new Map([
      [7, 0.1678],
      [14, 0.237],
    ]),
  };

  it('takes the shortest bucket that is long enough', () => {
    expect(opynNakedMargin(short)).toBeCloseTo(0.1678 * 75 + 25, 12);
    expect(opynNakedMargin({ ...short, daysToExpiry: 7.01 })).toBeCloseTo(0.237 * 75 + 25, 12);
    expect(opynNakedMargin({ ...short, isPut: false })).toBeCloseTo(0.1678 * 0.75 + 0.25, 12);
    expect(() => opynNakedMargin({ ...short, daysToExpiry: 15 })).toThrow('longest is 14 days');
  });

  property.prop([
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0, max: 9 }),
  ])('a spread is its largest loss over all prices', (shortStrike, longStrike, shortContracts, longContracts) => {
    const spread = { shortStrike, longStrike, shortContracts, longContracts };
    let put = 0;
    let call = Math.max(shortContracts - longContracts, 0);
    for (let price = 1; price <= 400; price += 1) {
      const loss = (sign: number) =>
        shortContracts * Math.max(sign * (price - shortStrike), 0) -
        longContracts * Math.max(sign * (price - longStrike), 0);
      put = Math.max(put, loss(-1));
      call = Math.max(call, loss(1) / price);
    }
    // The put's worst price is zero, which the line of prices leaves out.
    put = Math.max(put, shortContracts * shortStrike - longContracts * longStrike);
    expect(opynSpreadMargin({ ...spread, isPut: false })).toBeGreaterThanOrEqual(call - 1e-12);
    expect(opynSpreadMargin({ ...spread, isPut: true })).toBeGreaterThanOrEqual(put - 1e-12);
    if (longContracts <= shortContracts) expect(opynSpreadMargin({ ...spread, isPut: true })).toBe(put);
  });

  it('takes the whole of a short without a long', () => {
    const alone = { shortStrike: 200, longStrike: 0, shortContracts: 2, longContracts: 0 };
    expect(opynSpreadMargin({ ...alone, isPut: true })).toBe(400);
    expect(opynSpreadMargin({ ...alone, isPut: false })).toBe(2);
  });
});

describe('dYdX', () => {
  it('raises the initial margin with the open interest, from the tier to the whole notional', () => {
    const caps = { lower: 20e6, upper: 50e6 };
    expect(dydxInitialMarginFraction(0.1, 20e6, caps)).toBe(0.1);
    expect(dydxInitialMarginFraction(0.1, 35e6, caps)).toBeCloseTo(0.55, 15);
    expect(dydxInitialMarginFraction(0.1, 50e6, caps)).toBe(1);
    expect(dydxInitialMarginFraction(0.1, 9e9, { lower: 0, upper: 0 })).toBe(0.1);
  });

  it('liquidates below the maintenance requirement, not at it', () => {
    const account = (quoteBalance: number) => ({
      quoteBalance,
      positions: [{ size: -0.1, oraclePrice: 50_000, maintenanceMarginFraction: 0.1 }],
    });
    expect(dydxTotals(account(5_500))).toEqual({ netCollateral: 500, maintenanceRequirement: 500 });
    expect(dydxIsLiquidatable(account(5_500))).toBe(false);
    expect(dydxIsLiquidatable(account(5_499))).toBe(true);
    expect(dydxIsLiquidatable({ quoteBalance: -1, positions: [] })).toBe(false);
  });
});

describe('Paradex', () => {
  // Worked example of risk-system/portfolio-margin in the venue's documentation.
  it('charges net and hedged delta apart', () => {
    const factors = { unhedged: 0.02, hedged: 0.01 };
    expect(paradexMinimumDelta({ netDelta: -0.5, grossDelta: 2.5, spot: 70_000 }, factors)).toBeCloseTo(1_400, 9);
    expect(paradexMinimumDelta({ netDelta: 0, grossDelta: 0, spot: 70_000 }, factors)).toBe(0);
  });
});

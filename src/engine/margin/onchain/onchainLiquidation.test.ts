import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  driftBaseToCoverShortage,
  driftInsuranceFundFee,
  driftLiquidationFee,
  driftSocialisedDepositDelta,
  driftSocialisedFundingDelta,
} from './driftLiquidation.ts';
import { dydxBankruptcyCash, dydxFillablePrice, dydxInsuranceFundDelta } from './dydxLiquidation.ts';
import { dydxTotals } from './dydxMargin.ts';
import { opynLiquidationPrice } from './opynLiquidation.ts';
import { paradexLiquidatedShare, paradexMarginRatioAfter, paradexPenalty } from './paradexLiquidation.ts';

describe('the Opyn auction', () => {
  it('rises from the cash value less the deviation to all the collateral', () => {
    const auction = { isPut: true, collateral: 40, debt: 1, cashValue: 20, spot: 80, oracleDeviation: 0.05 };
    expect(opynLiquidationPrice({ ...auction, elapsedSeconds: 0 })).toBe(16);
    expect(opynLiquidationPrice({ ...auction, elapsedSeconds: 1_800 })).toBe(28);
    expect(opynLiquidationPrice({ ...auction, elapsedSeconds: 9_999 })).toBe(40);
  });
});

describe('a dYdX liquidation', () => {
  const size = fc.integer({ min: -50, max: 50 }).filter((units) => units !== 0);
  property.prop([size, size, fc.integer({ min: -9_999, max: 9_999 })])(
    'at bankruptcy cash leaves an account with nothing once every position is closed',
    (first, second, quoteBalance) => {
      const positions = [
        { size: first / 10, oraclePrice: 500, maintenanceMarginFraction: 0.1 },
        { size: second / 10, oraclePrice: 300, maintenanceMarginFraction: 0.05 },
      ];
      const account = { quoteBalance, positions };
      const cash = positions.reduce(
        (total, position) => total + dydxBankruptcyCash(account, position, -position.size),
        quoteBalance,
      );
      expect(cash).toBeGreaterThan(-1e-5);
      expect(cash).toBeLessThan(3e-6);
    },
  );

  it('is filled at the oracle price while the requirement is met', () => {
    const position = { size: 0.1, oraclePrice: 50_000, maintenanceMarginFraction: 0.1 };
    const account = { quoteBalance: -4_500, positions: [position] };
    const rules = { bankruptcyAdjustment: 1, spreadToMaintenanceMarginRatio: 0.1 };
    expect(dydxTotals(account).netCollateral).toBe(500);
    expect(dydxFillablePrice(account, position, rules)).toBe(50_000);
    expect(dydxInsuranceFundDelta(account, position, -0.1, 44_000, 0.005)).toBeCloseTo(4_400 - 4_500, 9);
    expect(() => dydxBankruptcyCash({ quoteBalance: 1, positions: [] }, position, -0.1)).toThrow('requirement');
  });
});

describe('a Drift liquidation', () => {
  const shortage = { marginShortage: 10, marginRatio: 0.1, liquidatorFee: 0.02, oraclePrice: 100, quoteOraclePrice: 1 };

  it('of the size found frees the shortage, and is refused where fees take it all', () => {
    const base = driftBaseToCoverShortage(shortage, 0.01);
    expect(base * 100 * (0.1 - 0.02 - 0.01)).toBeCloseTo(10, 12);
    expect(() => driftBaseToCoverShortage(shortage, 0.08)).toThrow('no size');
  });

  it('pays the fund no more than is left', () => {
    expect(driftInsuranceFundFee(shortage, 1, 0.05)).toBe(0);
    expect(driftInsuranceFundFee(shortage, -10, 0.05)).toBe(0.05);
    expect(driftInsuranceFundFee(shortage, 2, 0.05)).toBeCloseTo(0.95 * 0.03, 15);
  });

  it('spreads a loss over all who bear it, and over no more than there is', () => {
    expect(driftSocialisedFundingDelta(30, 10, -5)).toBe(2);
    expect(() => driftSocialisedFundingDelta(30, 0, 0)).toThrow('open interest');
    expect(driftSocialisedDepositDelta(60, 120, 1.5)).toBe(0.75);
    expect(driftSocialisedDepositDelta(500, 120, 1.5)).toBe(1.5);
  });

  it('keeps its fee in the grace period', () => {
    const growth = { baseFee: 0.02, maxFee: 0.05, gracePeriodSlots: 1_500, increasePerSlot: 1e-6 };
    expect(driftLiquidationFee(growth, 1_499)).toBe(0.02);
    expect(driftLiquidationFee(growth, 1_500)).toBeCloseTo(0.0215, 15);
    expect(driftLiquidationFee(growth, 1e6)).toBe(0.05);
  });
});

describe('a Paradex liquidation', () => {
  // Worked example of risk-system/liquidations in the venue's documentation.
  const account = { accountValue: 80, maintenanceRequirement: 88.8, liquidationFee: 0.5 };

  it('takes the smallest share that is enough', () => {
    expect(paradexPenalty(account, 0.6)).toBeCloseTo(26.64, 12);
    expect(paradexMarginRatioAfter(account, 0.6)).toBeCloseTo(0.666, 3);
    const share = paradexLiquidatedShare(account, 0.2, 0.9);
    expect(share).toBe(0.4);
    expect(paradexMarginRatioAfter(account, share)).toBeLessThan(0.9);
    expect(paradexMarginRatioAfter(account, share - 0.2)).toBeGreaterThanOrEqual(0.9);
    expect(paradexLiquidatedShare({ ...account, accountValue: 1 }, 0.2, 0.9)).toBe(1);
    expect(paradexLiquidatedShare({ ...account, accountValue: 800 }, 0.2, 0.9)).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aevoShockedSpot, aevoShockedVol, aevoStandardMargin } from './aevo.ts';
import { bybitLongOptionCost, bybitOptionInitial, bybitOptionMaintenance } from './bybit.ts';
import {
  DEDERI_MOVES,
  dederiForward,
  dederiFutureProfits,
  dederiFuturesContingency,
  dederiIvChange,
} from './dederi.ts';
import { gateOptionPremium } from './gate.ts';
import { hyperliquidBorrowRate, hyperliquidRatio } from './hyperliquid.ts';
import {
  OKX_MOVES,
  okxAccountTotals,
  okxBasisCharge,
  okxExtremeMove,
  okxLinearProfits,
  okxMinimumCharge,
  okxSoldOptionMargin,
  okxUnitRequirement,
} from './okx.ts';
import { PARADEX_SCENARIOS, type ParadexPortfolio, paradexRequirement } from './paradex.ts';

describe('OKX', () => {
  it('adds its documented risk unit up, and takes the extreme move or the minimum where they are more', () => {
    const unit = { mr1: 1164.410924472, mr2: 0, mr3: 0, mr4: 19.4098073796, mr5: 0, mr6: 1164.410924472, mr7: 43.67 };
    expect(okxUnitRequirement(unit).initial).toBeCloseTo(1538.96695, 5);
    expect(okxUnitRequirement({ ...unit, mr6: 2000 }).maintenance).toBe(2000);
    expect(okxUnitRequirement({ ...unit, mr7: 3000 }).initial).toBeCloseTo(3900, 9);
    expect(okxAccountTotals([okxUnitRequirement(unit)], 10, 20)).toMatchObject({
      maintenance: expect.closeTo(1193.82073, 5),
      initial: expect.closeTo(1558.96695, 5),
    });
  });

  it('asks of a linear position in the extreme move what MR1 asks at its largest', () => {
    for (const { values } of OKX_MOVES) {
      for (const notional of [-9703, 1019]) {
        const worst = Math.min(...okxLinearProfits(notional, [values.spotMove, -values.spotMove]));
        expect(okxExtremeMove(notional, values.extremeMove, 0.5).mr6).toBeCloseTo(-worst, 9);
      }
    }
    expect(okxBasisCharge(-9704.9036898, 0.002)).toBeCloseTo(19.40980738, 8);
    expect(okxMinimumCharge(-9704.9036898, 0.0045, 2)).toBeCloseTo(2 * 43.672066604, 8);
  });

  it('floors an option sold at a tenth of its coin, a put with its mark', () => {
    expect(okxSoldOptionMargin('C', 60_000, 66_000, 0.02)).toBeCloseTo(0.12, 12);
    expect(okxSoldOptionMargin('P', 60_000, 54_000, 0.02)).toBeCloseTo(0.122, 12);
    expect(okxSoldOptionMargin('P', 60_000, 60_000, 0.05)).toBeCloseTo(0.2, 12);
  });
});

describe('Bybit and Gate', () => {
  const rates = { mmFactor: 0.03, liquidationFeeRate: 0.002 };
  it('meets the example of its help centre; an option bought is paid for', () => {
    expect(bybitOptionMaintenance(30_000, 300, -1, rates)).toBeCloseTo(1260, 9);
    expect(bybitOptionMaintenance(30_000, 300, 1, rates)).toBe(0);
    expect(bybitLongOptionCost(30_000, 300, 2, 0.0003)).toEqual({
      premium: 600,
      fee: expect.closeTo(18, 9),
      cost: 618,
    });
    expect(bybitLongOptionCost(30_000, 8, 2, 0.0003).fee).toBeCloseTo(2, 9);
    expect(gateOptionPremium(250, -4, 0.01)).toBeCloseTo(10, 12);
  });

  it('never asks less at first than later', () => {
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constantFrom('C' as const, 'P' as const),
          strike: fc.double({ min: 1000, max: 90_000, noNaN: true }),
          index: fc.double({ min: 1000, max: 90_000, noNaN: true }),
          mark: fc.double({ min: 0, max: 90_000, noNaN: true }),
          entryPrice: fc.double({ min: 0, max: 90_000, noNaN: true }),
          size: fc.double({ min: -10, max: 10, noNaN: true }),
        }),
        (option) => {
          const { index, mark, size } = option;
          const maintenance = bybitOptionMaintenance(index, mark, size, rates);
          expect(bybitOptionInitial(option, rates)).toBeGreaterThanOrEqual(maintenance);
        },
      ),
    );
  });
});

describe('Aevo and Dederi', () => {
  it('meets their printed examples', () => {
    expect(aevoShockedSpot(1400, 0.2, 0.2)).toEqual({ up: 1680, down: 1120 });
    expect(aevoShockedVol(0.2, 0.5, 0.25)).toEqual({ up: 0.7, same: 0.2, down: 0 });
    expect(dederiForward(2243.3, 0.08, 20)).toBeCloseTo(2253.2, 0);
    expect(dederiFuturesContingency(2243.3, [6, -4], 0.006)).toBeCloseTo(134.6, 1);
    expect(dederiFutureProfits(10, 2253.2, DEDERI_MOVES)[0]).toBeCloseTo(-3379.8, 9);
    expect(dederiIvChange(0.4, 0.3, 30)).toBe(0.4);
  });

  it("charges Aevo's options sold a floor, and a put worth more than its spot by its mark", () => {
    const call = { type: 'C' as const, quantity: -2, spot: 1400, strike: 1680, mark: 10 };
    expect(aevoStandardMargin(call)).toEqual({ initial: 300, maintenance: 300 });
    const put = aevoStandardMargin({ type: 'P', quantity: -1, spot: 500, strike: 1400, mark: 900 });
    expect(put).toEqual({ initial: 975, maintenance: 990 });
    expect(aevoStandardMargin({ ...call, quantity: 2 })).toEqual({ initial: 0, maintenance: 0 });
  });
});

describe('Paradex', () => {
  const book = (changes: Partial<ParadexPortfolio>): ParadexPortfolio => ({
    spot: 60_000,
    perpetuals: [],
    options: [],
    feeProvision: 0,
    fundingProvision: 0,
    ...changes,
  });

  it('scans 24 scenarios whose tails weigh a move like 16 %', () => {
    expect(PARADEX_SCENARIOS).toHaveLength(24);
    for (const { spotMove, weight } of PARADEX_SCENARIOS.slice(16)) {
      expect(Math.abs(spotMove) * weight).toBeCloseTo(0.16, 2);
    }
  });

  it('asks 16 % of a perpetual, half of it later, and 1 % of one that is hedged', () => {
    const long = paradexRequirement(book({ perpetuals: [2], feeProvision: 7 }));
    expect([long.initial, long.maintenance]).toEqual([expect.closeTo(19_207, 9), expect.closeTo(9607, 9)]);
    expect(paradexRequirement(book({ perpetuals: [3, -3] })).initial).toBeCloseTo(1800, 9);
  });

  it('names the first scenario for a perpetual sold, whose tails weigh the same', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 500, noNaN: true }), (size) => {
        const { worstIndex, initial } = paradexRequirement(book({ perpetuals: [-size] }));
        expect(worstIndex).toBe(0);
        expect(initial).toBeCloseTo(size * 9600, 6);
      }),
    );
  });

  it('an option bought loses at most what it is worth; a synthetic future is a perpetual', () => {
    const leg = (type: 'C' | 'P', quantity: number) => ({
      type,
      strike: 60_000,
      timeToExpiryYears: 30 / 365,
      volatility: 0.6,
      quantity,
    });
    const worth = 60_000 * 0.0686;
    expect(paradexRequirement(book({ options: [leg('C', 1)] })).scanRisk).toBeLessThan(worth);
    const synthetic = paradexRequirement(book({ options: [leg('C', 2), leg('P', -2)] }));
    const perpetual = paradexRequirement(book({ perpetuals: [2] }));
    expect(synthetic.scanRisk).toBeCloseTo(perpetual.scanRisk, 6);
    expect(synthetic.worstIndex).toBe(15);
  });
});

describe('Hyperliquid', () => {
  const account = {
    balanceUsdc: 1000,
    crossMaintenanceUsd: 950,
    borrowedUsd: 0,
    collateralBalance: 10,
    collateralPrice: 30,
    ltv: 0.5,
    borrowCapUsd: 1000,
    supplyCap: 200,
  };
  it('counts collateral at its threshold up to both caps and liquidates above 0.95', () => {
    expect(hyperliquidRatio(account)).toMatchObject({ requirement: 970, liquidationValue: 1225, liquidatable: false });
    expect(hyperliquidRatio({ ...account, supplyCap: 4 }).liquidationValue).toBeCloseTo(1090, 9);
    expect(hyperliquidRatio({ ...account, borrowCapUsd: 10 })).toMatchObject({ liquidatable: true });
    expect(hyperliquidBorrowRate(0.8)).toBe(0.05);
    expect(hyperliquidBorrowRate(1)).toBeCloseTo(1, 12);
  });

  it('has no ratio where nothing is left to liquidate', () => {
    expect(() => hyperliquidRatio({ ...account, balanceUsdc: -500 })).toThrow('has no margin ratio');
  });
});

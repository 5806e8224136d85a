import { describe, expect, it } from 'vitest';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { black76Price } from '../../pricing/black76.ts';
import { thalexPortfolioMargin } from './thalexPortfolioMargin.ts';

const market = smallMarket();
const margin = (legs: readonly (readonly [string, number])[], coins = 0) =>
  modelRequirement(thalexPortfolioMargin, market, smallBook(legs, [{ asset: 'BTC', quantity: coins }]));

describe('Thalex portfolio margin', () => {
  it('asks a fifth of a perpetual, 70 % of it later; the extremes ask no more', () => {
    const { initialMarginUsd, maintenanceMarginUsd, components, worstScenario } = margin([['BTC_USDC-PERPETUAL', -3]]);
    expect(initialMarginUsd).toBeCloseTo(0.2 * 3 * 90_000 * 1.0004, 6);
    expect(maintenanceMarginUsd).toBeCloseTo(0.7 * initialMarginUsd, 9);
    expect(worstScenario!.spotMove).toBe(0.2);
    expect(components[0]!.scan!.amountUsd).toHaveLength(51);
  });

  it('takes coins held as collateral for positions', () => {
    expect(margin([], 1).initialMarginUsd).toBeCloseTo(18_000, 6);
    expect(margin([['BTC_USDC-PERPETUAL', -1]], 1).initialMarginUsd).toBeLessThan(10);
    expect(margin([], 1).positions).toEqual([{ id: 'collateral:BTC', initialMarginUsd: expect.closeTo(18_000, 6) }]);
  });

  it('moves vol in points and charges each option sold', () => {
    const forward = 90_000 * Math.exp((0.05 * 35) / 365);
    const k = Math.log(90_000 / forward);
    const vol = 0.55 - 0.15 * k + 0.4 * k * k;
    const value = (move: number, shocked: number) => black76Price('P', forward * (1 + move), 90_000, 35 / 365, shocked);
    const { components, worstScenario } = margin([[`BTC_USDC-${CODES.month}-90000-P`, -1]]);
    expect(components[0]!.usd).toBeCloseTo(value(-0.2, vol + 0.45) - value(0, vol), 6);
    expect(components[2]!.usd).toBeCloseTo(450, 9);
    expect(worstScenario!.label).toBe('−20 %, IV +45 points');
  });

  it('charges a roll on what offsets across maturities, and only that', () => {
    const roll = (legs: readonly (readonly [string, number])[]) => margin(legs).components[1]!.usd;
    expect(roll([['BTC_USDC-PERPETUAL', 1]])).toBe(0);
    const spread = roll([
      ['BTC_USDC-PERPETUAL', 2],
      [`BTC-${CODES.year}`, -90_000],
    ]);
    const forward = 90_000 * Math.exp((0.05 * 308) / 365);
    expect(spread).toBeCloseTo((0.01 * 90_000 * 90_000) / forward, 6);
  });
});

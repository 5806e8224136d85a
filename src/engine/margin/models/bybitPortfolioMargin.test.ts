import { describe, expect, it } from 'vitest';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { bybitPortfolioMargin } from './bybitPortfolioMargin.ts';

const market = smallMarket();
const margin = (
  legs: readonly (readonly [string, number])[],
  coins = 0,
  edits: Readonly<Record<string, number>> = {},
) => modelRequirement(bybitPortfolioMargin, market, smallBook(legs, [{ asset: 'BTC', quantity: coins }]), edits);

describe('Bybit portfolio margin', () => {
  it('asks of a perpetual the price range and its charge, times the factor', () => {
    const mark = 90_000 * 1.0004;
    const { initialMarginUsd, maintenanceMarginUsd } = margin([['BTC_USDC-PERPETUAL', 2]]);
    expect(maintenanceMarginUsd).toBeCloseTo(2 * (0.1 * mark + 0.005 * 90_000), 6);
    expect(initialMarginUsd).toBeCloseTo(1.2 * maintenanceMarginUsd, 9);
  });

  it('charges a calendar by its days: 273 between the month and the year', () => {
    const calendar = margin([
      [`BTC_USDC-${CODES.month}-90000-C`, -2],
      [`BTC_USDC-${CODES.year}-90000-C`, 1],
    ]);
    const vega = calendar.components.find(({ name }) => name === 'Vega spread, BTC')!;
    expect(vega.usd).toBeCloseTo(1.2 * 273 * 0.0003 * 90_000, 6);
    const within = margin([
      [`BTC_USDC-${CODES.month}-90000-C`, -2],
      [`BTC_USDC-${CODES.month}-100000-C`, 1],
    ]);
    expect(within.components.find(({ name }) => name === 'Vega spread, BTC')!.usd).toBe(0);
  });

  it('matches nearest expiries first', () => {
    // Four options of the week against one of the month and two of the year: 28 days once, 301 days twice.
    const spread = margin([
      [`BTC_USDC-${CODES.week}-90000-C`, -4],
      [`BTC_USDC-${CODES.year}-90000-C`, 2],
      [`BTC_USDC-${CODES.month}-90000-C`, 1],
    ]).components.find(({ name }) => name === 'Vega spread, BTC')!;
    expect(spread.usd).toBeCloseTo(1.2 * (28 + 2 * 301) * 0.0003 * 90_000, 5);
  });

  it('lets coins hedge where spot hedging is on', () => {
    const legs = [['BTC_USDC-PERPETUAL', -1]] as const;
    const bare = margin(legs).initialMarginUsd;
    expect(margin(legs, 1).initialMarginUsd).toBeLessThan(0.1 * bare);
    expect(margin(legs, 1, { spotHedging: 0 }).initialMarginUsd).toBeCloseTo(bare, 9);
    expect(margin(legs, 9).initialMarginUsd).toBeCloseTo(margin(legs, 1).initialMarginUsd, 6);
  });
});

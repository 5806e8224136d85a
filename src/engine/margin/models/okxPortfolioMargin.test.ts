import { describe, expect, it } from 'vitest';
import type { MarketSnapshot } from '../../domain/marketSnapshot.ts';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { AS_OF, CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { black76Price } from '../../pricing/black76.ts';
import { prepareMarket } from '../../scenario/preparedMarket.ts';
import { okxTieredCharge } from '../venues/okx.ts';
import { okxPortfolioMargin } from './okxPortfolioMargin.ts';

const market = smallMarket();

function perpetualMarket(symbol: string, index: number, mark: number) {
  const snapshot: MarketSnapshot = {
    id: `${symbol}-only`,
    asOf: AS_OF,
    source: { kind: 'simulated', name: 'one perpetual' },
    underlyings: [{ symbol, index, perpetual: { mark }, expiries: [] }],
    stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
  };
  return prepareMarket(snapshot);
}

describe('OKX portfolio margin', () => {
  it('meets both risk units of the published example', () => {
    // 10 contracts of 0.01 BTC sold at 97,093.7 USDT, 0.99954 USD; the index is the one that its MR1 implies.
    const btc = perpetualMarket('BTC', 97_034.243_705_999_94, 97_093.7 * 0.99954);
    const sold = modelRequirement(okxPortfolioMargin, btc, smallBook([['BTC_USDC-PERPETUAL', -0.1]]));
    expect(sold.maintenanceMarginUsd).toBeCloseTo(1183.8207318516, 6);
    expect(sold.initialMarginUsd).toBeCloseTo(1538.96695140708, 6);
    expect(sold.components.map(({ usd }) => usd / 1.3)).toEqual([
      expect.closeTo(1164.410924472, 6),
      expect.closeTo(19.4098073796, 6),
      0,
    ]);

    // The example prints the LTC unit's MR1 and its total; what is between them is MR4.
    const ltc = perpetualMarket('LTC', 101.948_182_254, (191.6629744572 - 183.5067280572) / 0.008 / 10);
    const bought = modelRequirement(okxPortfolioMargin, ltc, smallBook([['LTC_USDC-PERPETUAL', 10]]));
    expect(bought.maintenanceMarginUsd).toBeCloseTo(191.6629744572, 6);
    expect(bought.initialMarginUsd).toBeCloseTo(249.16186679436, 6);
  });

  it('reprices an option in spot and vol; the shock is linear between 30 and 60 days', () => {
    const forward = 90_000 * Math.exp((0.05 * 35) / 365);
    const k = Math.log(90_000 / forward);
    const vol = 0.55 - 0.15 * k + 0.4 * k * k;
    const points = 0.25 - (0.05 * 5) / 30;
    const share = 0.35 - (0.1 * 5) / 30;
    const value = (move: number, shocked: number) => black76Price('C', forward * (1 + move), 90_000, 35 / 365, shocked);
    const loss = value(0.12, Math.max(vol + points, vol * (1 + share))) - value(0, vol);

    const { components, worstScenario } = modelRequirement(
      okxPortfolioMargin,
      market,
      smallBook([[`BTC_USDC-${CODES.month}-90000-C`, -2]]),
    );
    expect(components[0]!.usd).toBeCloseTo(1.3 * 2 * loss, 6);
    expect(worstScenario).toMatchObject({ label: '+12 %, IV up in points', spotMove: 0.12 });
    expect(worstScenario!.volShock).toBeCloseTo(0.25 / vol, 9);
  });

  it('takes half of the extreme move where that is more', () => {
    const book = smallBook([[`BTC_USDC-${CODES.week}-110000-C`, -1]]);
    const { worstScenario, components } = modelRequirement(okxPortfolioMargin, market, book);
    expect(worstScenario!.label).toBe('+24 %, IV unchanged, 50 % of the loss counts');
    expect(components[0]!.scan!.amountUsd).toHaveLength(38);
  });

  it('asks the minimum of a box, from the delta of each leg and in tiers', () => {
    const box = (size: number) =>
      smallBook([
        [`BTC_USDC-${CODES.month}-85000-C`, size],
        [`BTC_USDC-${CODES.month}-85000-P`, -size],
        [`BTC_USDC-${CODES.month}-95000-C`, -size],
        [`BTC_USDC-${CODES.month}-95000-P`, size],
      ]);
    // Of a call and a put at one strike the deltas are one forward together.
    const raw = 0.0045 * 2 * 90_000 * Math.exp((0.05 * 35) / 365);
    const once = modelRequirement(okxPortfolioMargin, market, box(1));
    expect(once.worstScenario).toBeNull();
    expect(once.maintenanceMarginUsd).toBeCloseTo(raw, 6);
    const tiered = modelRequirement(okxPortfolioMargin, market, box(400));
    expect(tiered.maintenanceMarginUsd).toBeCloseTo(250_000 + 2 * (400 * raw - 250_000), 3);
    // The venue's own example of the tiers.
    expect(okxTieredCharge(30_000, [10_000, 70_000, 170_000, 300_000, 470_000, 700_000])).toBe(50_000);
  });

  it('counts coins as far as they hedge', () => {
    const legs = [[`BTC_USDC-${CODES.month}-90000-C`, -4]] as const;
    const margin = (coins: number) =>
      modelRequirement(okxPortfolioMargin, market, smallBook(legs, [{ asset: 'BTC', quantity: coins }]));
    expect(margin(1).initialMarginUsd).toBeLessThan(margin(0).initialMarginUsd);
    expect(margin(50).initialMarginUsd).toBeCloseTo(margin(4).initialMarginUsd, 6);
    expect(margin(-3).initialMarginUsd).toBe(margin(0).initialMarginUsd);
  });

  it('charges the basis of what hedges across expiries', () => {
    const basis = (legs: readonly (readonly [string, number])[]) =>
      modelRequirement(okxPortfolioMargin, market, smallBook(legs)).components[1]!.usd / 1.3;
    const future = 90_000 * Math.exp((0.05 * 308) / 365);
    const perpetual = 90_000 * 1.0004;
    const far = basis([
      ['BTC_USDC-PERPETUAL', 1],
      [`BTC-${CODES.year}`, -Math.round(future)],
    ]);
    expect(far).toBeCloseTo(0.002 * perpetual + ((0.05 * 308) / 365) * future, -1);
  });
});

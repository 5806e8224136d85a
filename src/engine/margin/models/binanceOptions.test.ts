import { describe, expect, it } from 'vitest';
import { modelRequirement } from '../../fixtures/modelRequirement.ts';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';
import { bookPositions } from '../../scenario/bookPositions.ts';
import { binanceOptions } from './binanceOptions.ts';

const market = smallMarket();
const margin = (legs: readonly (readonly [string, number])[]) =>
  modelRequirement(binanceOptions, market, smallBook(legs));
const valueOf = (name: string) => bookPositions(market, smallBook([[name, 1]])).legs[0]!.valueUsd;

describe('Binance options', () => {
  it('asks of a call sold its share of the index and its mark', () => {
    // 5,000 out of the money: 13,500 - 5,000 is below a tenth of 90,000, and 6,750 - 5,000 below a twentieth.
    const near = `BTC_USDC-${CODES.month}-95000-C`;
    const { initialMarginUsd, maintenanceMarginUsd } = margin([[near, -2]]);
    expect(initialMarginUsd).toBeCloseTo(2 * (9000 + valueOf(near)), 6);
    expect(maintenanceMarginUsd).toBeCloseTo(2 * (4500 + valueOf(near)), 6);
    const put = `BTC_USDC-${CODES.month}-90000-P`;
    expect(margin([[put, -1]]).initialMarginUsd).toBeCloseTo(13_500 + valueOf(put), 6);
    expect(margin([[put, -1]]).maintenanceMarginUsd).toBeCloseTo(6750 + valueOf(put), 6);
  });

  it('asks nothing of options bought, which offset none sold and back nothing', () => {
    const sold = [`BTC_USDC-${CODES.month}-95000-C`, -1] as const;
    const wing = [`BTC_USDC-${CODES.month}-100000-C`, 1] as const;
    expect(margin([wing])).toMatchObject({ initialMarginUsd: 0, backing: { basis: 'Equity without option value' } });
    expect(margin([sold, wing]).initialMarginUsd).toBe(margin([sold]).initialMarginUsd);
    expect(margin([sold, wing]).backing!.equityUsd).toBeCloseTo(100_000, 6);
  });

  it('stops at a future or a perpetual by name', () => {
    expect(() =>
      margin([
        [`BTC_USDC-${CODES.month}-95000-C`, -1],
        ['BTC-PERPETUAL', 10_000],
      ]),
    ).toThrow(/^BTC-PERPETUAL: Binance margins futures and perpetuals in another wallet/);
  });
});

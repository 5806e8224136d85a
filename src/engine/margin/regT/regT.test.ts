import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { europeanLongBoxPerUnit, limitedRiskRequirement, maximumLoss, type RegTLeg } from './limitedRisk.ts';
import { longOptionPerUnit } from './longOption.ts';
import { parseUnderlyingClass, REG_T_PARAMETERS } from './regTRates.ts';
import { type RegTUnderlying, shortOptionPerUnit, shortStranglePerUnit } from './shortOption.ts';
import {
  collarPerShare,
  conversionPerShare,
  coveredCallPerShare,
  protectivePutPerShare,
  reverseConversionPerShare,
  shortPutShortStockPerShare,
} from './stockStrategies.ts';

const equity = (price: number): RegTUnderlying => ({ price, underlyingClass: 'equity', leverage: 1 });
const leg = (type: 'C' | 'P', strike: number, premium: number, quantity: number): RegTLeg => ({
  type,
  strike,
  premium,
  quantity,
});

describe('short options', () => {
  // Cboe Margin Manual, Nov 2021, pp. 28 and 32.
  it("agree with the manual's put and call", () => {
    expect(shortOptionPerUnit({ type: 'P', strike: 80, premium: 2 }, equity(95))).toBeCloseTo(10, 12);
    expect(shortOptionPerUnit({ type: 'C', strike: 120, premium: 8.4 }, equity(128.5))).toBeCloseTo(34.1, 12);
  });

  it('of a strangle take the greater side and the premium of the other', () => {
    const call = { strike: 110, premium: 1.5 };
    const put = { strike: 95, premium: 2.5 };
    const sides = [
      shortOptionPerUnit({ ...call, type: 'C' }, equity(100)),
      shortOptionPerUnit({ ...put, type: 'P' }, equity(100)),
    ];
    expect(sides[1]).toBeGreaterThan(sides[0]!);
    expect(shortStranglePerUnit(call, put, equity(100))).toBe(sides[1]! + 1.5);
    expect(shortStranglePerUnit({ strike: 101, premium: 4 }, put, equity(100))).toBeCloseTo(4 + 19 + 2.5, 12);
  });

  it('refuse a price of zero and an unknown class', () => {
    expect(() => shortOptionPerUnit({ type: 'P', strike: 80, premium: 2 }, equity(0))).toThrow('above 0');
    expect(parseUnderlyingClass('ETN')).toBe('etn');
    expect(() => parseUnderlyingClass('bond')).toThrow('broad');
  });
});

describe('long options', () => {
  it('are lent against only when listed and beyond nine months', () => {
    expect(longOptionPerUnit(10, 9)).toEqual({ cash: 10, margin: 10 });
    expect(longOptionPerUnit(10, 9.5)).toEqual({ cash: 10, margin: 7.5 });
    expect(longOptionPerUnit(10, 20, false).margin).toBe(10);
  });
});

describe('limited risk', () => {
  it('caps a wide spread at the requirement of its short alone', () => {
    const wide = [leg('P', 20, 0.1, 2), leg('P', 100, 6, -2)];
    const uncovered = shortOptionPerUnit({ type: 'P', strike: 100, premium: 6 }, equity(100));
    expect(limitedRiskRequirement(wide, equity(100)).requirement).toBeCloseTo(2 * (uncovered + 0.1), 12);
  });

  it('charges an iron condor its wider wing', () => {
    const condor = [leg('P', 90, 1, 1), leg('P', 95, 2, -1), leg('C', 105, 2, -1), leg('C', 112, 1, 1)];
    expect(limitedRiskRequirement(condor, equity(100))).toEqual({ requirement: 7 + 2, proceeds: 4, netCall: 5 });
  });

  it('has none for a long box beyond its price, and half of the gap when European', () => {
    const box = [leg('C', 90, 11, 1), leg('C', 100, 4, -1), leg('P', 100, 4, 1), leg('P', 90, 1.2, -1)];
    expect(maximumLoss(box)).toBe(0);
    expect(limitedRiskRequirement(box, equity(97)).requirement).toBe(15);
    expect(europeanLongBoxPerUnit(90, 100)).toBe(5);
  });

  it('is refused where the loss has no bound or the cover ends first', () => {
    expect(() => limitedRiskRequirement([leg('C', 100, 5, 1), leg('C', 110, 3, -2)], equity(100))).toThrow('no bound');
    const calendar = [
      { ...leg('C', 100, 5, 1), expiry: 1 },
      { ...leg('C', 100, 7, -1), expiry: 2 },
    ];
    expect(() => limitedRiskRequirement(calendar, equity(100))).toThrow('covers nothing');
  });

  const anyLeg = fc.record({
    type: fc.constantFrom('C' as const, 'P' as const),
    strike: fc.integer({ min: 50, max: 150 }),
    premium: fc.constant(0),
    quantity: fc.integer({ min: -3, max: 3 }),
  });
  property.prop([fc.array(anyLeg, { minLength: 1, maxLength: 6 })])(
    'is the lowest of the payoff on a dense line of prices',
    (drawn) => {
      const sold = drawn.reduce((total, { type, quantity }) => total + (type === 'C' ? quantity : 0), 0);
      const legs = [...drawn, leg('C', 160, 0, Math.max(-sold, 0))];
      let worst = 0;
      for (let price = 0; price <= 200; price += 1) {
        const payoff = legs.reduce(
          (total, { type, strike, quantity }) =>
            total + quantity * Math.max(0, type === 'C' ? price - strike : strike - price),
          0,
        );
        worst = Math.max(worst, -payoff);
      }
      expect(maximumLoss(legs)).toBe(worst);
    },
  );
});

describe('stock with options', () => {
  // Cboe Margin Manual, Nov 2021, pp. 47, 58, 59 and 61.
  it("agrees with the manual's examples", () => {
    expect(coveredCallPerShare('initial', 92.38, 90)).toBeCloseTo(46.19, 12);
    expect(protectivePutPerShare('maintenance', 103.5, 95)).toBeCloseTo(18, 12);
    expect(conversionPerShare('maintenance', 108, 110)).toBeCloseTo(11, 12);
    expect(reverseConversionPerShare('maintenance', 71.9, 75)).toBeCloseTo(85.6, 12);
  });

  it('in maintenance counts what the options bound', () => {
    expect(coveredCallPerShare('maintenance', 92.38, 90)).toBe(22.5);
    expect(protectivePutPerShare('maintenance', 100, 60)).toBe(25);
    expect(collarPerShare('maintenance', 100, 95, 110)).toBe(14.5);
    expect(collarPerShare('maintenance', 200, 100, 110)).toBe(27.5);
    expect(shortPutShortStockPerShare('maintenance', 10, 12)).toBe(10 + 5 + 2);
    expect(shortPutShortStockPerShare('maintenance', 100, 90)).toBe(130);
  });

  it('at first takes half of the stock, and the proceeds of stock sold', () => {
    expect(collarPerShare('initial', 100, 95, 110)).toBe(50);
    expect(conversionPerShare('initial', 100, 110)).toBe(50);
    expect(protectivePutPerShare('initial', 100, 95)).toBe(50);
    expect(reverseConversionPerShare('initial', 100, 110)).toBe(150);
    expect(shortPutShortStockPerShare('initial', 255, 250)).toBe(382.5);
  });

  it('has initial rates within their bounds', () => {
    for (const { initial, min, max } of REG_T_PARAMETERS) expect(initial >= min && initial <= max).toBe(true);
  });
});

import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { spanCompositeDelta } from './spanCompositeDelta.ts';
import { spanInterCommodityCredit, spanVolPair } from './spanInterCommodityCredit.ts';
import { spanInterMonthCharge } from './spanInterMonthCharge.ts';
import { spanRequirement, spanShortOptionMinimum } from './spanRequirement.ts';
import { combinedRiskArray, futureRiskArray, optionRiskArray, type SpanOption, spanScanRisk } from './spanRiskArray.ts';
import { SPAN_PARAMETERS } from './spanParameters.ts';
import { spanScenarios } from './spanScenarios.ts';

const scenarios = spanScenarios({ extremeMultiple: 3, extremeCover: 0.33 });

const option: SpanOption = {
  type: 'C',
  forward: 60_000,
  strike: 65_000,
  timeToExpiryYears: 0.1,
  volatility: 0.6,
  multiplier: 1,
  priceScanRange: 9_000,
  volScanRange: 0.1,
  lookAheadDays: 1,
};

describe('SPAN risk arrays', () => {
  // McMillan, Options as a Strategic Investment, ch. 34: profit of one long Dec 410 call by scenario, one point is 500 USD.
  const call = [460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640, -3380, -3990, 3130, -1500];
  const textbook = spanScenarios({ extremeMultiple: 2, extremeCover: 0.35 });

  it("give the requirements of McMillan's future and call, and their covered write", () => {
    const future = futureRiskArray(10_000, textbook);
    const longCall = call.map((profit) => -profit);
    expect(spanScanRisk(future)).toEqual({ scanRisk: 10_000, worstScenario: 12 });
    expect(spanScanRisk(longCall)).toEqual({ scanRisk: 3_990, worstScenario: 13 });
    const covered = combinedRiskArray([
      { array: future, quantity: 1 },
      { array: longCall, quantity: -1 },
    ]);
    expect(covered[12]).toBe(10_000 - 3_380);
    expect(spanScanRisk(covered)).toEqual({ scanRisk: 6_620, worstScenario: 12 });
  });

  it('of a call and a put sold at one strike differ by the future', () => {
    const bought = optionRiskArray(option, scenarios);
    const sold = optionRiskArray({ ...option, type: 'P' }, scenarios);
    const synthetic = combinedRiskArray([
      { array: bought, quantity: 1 },
      { array: sold, quantity: -1 },
    ]);
    futureRiskArray(option.priceScanRange, scenarios).forEach((loss, i) => expect(synthetic[i]).toBeCloseTo(loss, 7));
  });

  it('take a relative vol range as a share of the vol, and no vol below zero', () => {
    const absolute = optionRiskArray({ ...option, volScanRange: 0.06 }, scenarios);
    expect(optionRiskArray({ ...option, volScanRange: 0.1, volScanIsRelative: true }, scenarios)).toEqual(absolute);
    expect(optionRiskArray({ ...option, volScanRange: 9 }, scenarios).every(Number.isFinite)).toBe(true);
  });

  it('refuse a future without a price and arrays of unequal length', () => {
    expect(() => optionRiskArray({ ...option, forward: 0 }, scenarios)).toThrow('price of the future');
    expect(() =>
      combinedRiskArray([
        { array: [1, 2], quantity: 1 },
        { array: [1], quantity: 1 },
      ]),
    ).toThrow('same number');
  });

  const quantities = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 });
  property.prop([quantities, quantities, fc.integer({ min: 1, max: 20 })])(
    'add no risk when books are joined, and scale with the book',
    (first, second, factor) => {
      const arrays = [55_000, 60_000, 70_000].map((strike) => optionRiskArray({ ...option, strike }, scenarios));
      arrays.push(futureRiskArray(9_000, scenarios));
      const risk = (book: readonly number[]) =>
        spanScanRisk(combinedRiskArray(arrays.map((array, i) => ({ array, quantity: book[i]! })))).scanRisk;
      expect(risk(first.map((quantity, i) => quantity + second[i]!))).toBeLessThanOrEqual(
        risk(first) + risk(second) + 1e-6,
      );
      expect(risk(first.map((quantity) => factor * quantity))).toBeCloseTo(factor * risk(first), 5);
    },
  );
});

describe('SPAN charges', () => {
  it('form spreads in the order given and leave the rest outright', () => {
    const result = spanInterMonthCharge(
      new Map([
        ['DEC', 10],
        ['MAR', -6],
        ['JUN', -8],
      ]),
      [
        { legs: ['DEC', 'MAR'], chargePerSpread: 100 },
        { legs: ['DEC', 'JUN'], chargePerSpread: 250 },
        { legs: ['MAR', 'JUN'], chargePerSpread: 50 },
      ],
    );
    expect(result.spreads).toEqual([6, 4, 0]);
    expect(result.charge).toBe(6 * 100 + 4 * 250);
    expect([...result.outright.values()]).toEqual([0, 0, -4]);
  });

  it('give no credit to a commodity without net delta', () => {
    const flat = { activeScenarioLoss: 9, pairedScenarioLoss: 7, scenario1Loss: 1, scenario2Loss: 1, netDelta: 0 };
    expect(spanInterCommodityCredit({ ...flat, spreadDelta: 0, creditRate: 0.6 }).interCommodityCredit).toBe(0);
  });

  it('pair scenarios of one price move, the extreme ones with themselves', () => {
    scenarios.forEach(({ priceFraction, volDirection }, i) => {
      const pair = scenarios[spanVolPair(i)]!;
      expect(pair.priceFraction).toBe(priceFraction);
      expect(pair.volDirection + volDirection).toBe(0);
    });
  });

  it('take the composite delta of a future for one and of a line for its middle', () => {
    expect(spanCompositeDelta(scenarios, () => 1)).toBe(1);
    expect(spanCompositeDelta(scenarios, (fraction) => 0.4 + fraction)).toBeCloseTo(0.4, 15);
  });

  it('count the larger side of what is sold for the least charge, or both', () => {
    const sold = [
      { type: 'C', quantity: -3 },
      { type: 'P', quantity: -5 },
      { type: 'P', quantity: 4 },
    ] as const;
    expect(spanShortOptionMinimum(20, sold)).toBe(100);
    expect(spanShortOptionMinimum(20, sold, true)).toBe(160);
  });

  it('leave long option value beyond the risk as excess, never a negative requirement', () => {
    const parts = { intraCommodityCharge: 0, deliveryCharge: 0, interCommodityCredit: 0 };
    expect(spanRequirement({ ...parts, scanRisk: 500, shortOptionMinimum: 800, netOptionValue: 1_000 })).toEqual({
      riskRequirement: 800,
      totalRequirement: 0,
      excessLongOptionValue: 200,
    });
  });

  it('have initial values within their bounds', () => {
    for (const { initial, min, max } of SPAN_PARAMETERS) expect(initial >= min && initial <= max).toBe(true);
  });
});

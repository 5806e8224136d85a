import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between } from './deriveArbitraries.ts';
import {
  portfolioManager2Scenarios,
  PORTFOLIO_MANAGER_2_TABLE,
  PORTFOLIO_MANAGER_2_VALUES,
} from './portfolioManager2Parameters.ts';
import { PORTFOLIO_MANAGER_TABLE, portfolioManagerScenarios } from './portfolioManagerParameters.ts';
import { scenarioKind } from './ScenarioShock.ts';
import { skewShock } from './skewShock.ts';
import { longShortDiscounts, rateDiscount } from './staticDiscount.ts';
import { STANDARD_MANAGER_TABLE } from './standardManagerParameters.ts';
import { volShockFactors } from './volShock.ts';

const values = PORTFOLIO_MANAGER_2_VALUES;
const DAY = 1 / 365;

describe('vol shock', () => {
  test('is the range itself at 30 days', () => {
    const { up, down } = volShockFactors(30 * DAY, values);
    expect(up).toBeCloseTo(1.5, 14);
    expect(down).toBeCloseTo(0.7, 14);
  });

  test('grows toward expiry up to the floor', () => {
    const up = [60, 30, 7, 1].map((days) => volShockFactors(days * DAY, values).up);
    expect(up).toEqual(up.toSorted((a, b) => a - b));
    expect(volShockFactors(0, values)).toEqual(volShockFactors(DAY, values));
    expect(() => volShockFactors(0, { ...values, dteFloorDays: 0 })).toThrow(/floor/);
  });

  property.prop([between(0, 3)], { seed: 21 })('never makes a vol negative', (years) => {
    expect(volShockFactors(years, { ...values, volRangeDown: 2 }).down).toBeGreaterThanOrEqual(0);
  });
});

describe('skew shock', () => {
  property.prop([between(0.001, 2), between(20, 500), fc.constantFrom('linear' as const, 'abs' as const)], {
    seed: 22,
  })('leaves the vol at the forward and moves none by more than its cap', (years, strike, shape) => {
    const vol = skewShock(shape, 100, years, values);
    const cap = values.linearBaseCap + values.linearCBase * Math.sqrt(years);
    expect(vol(0.6, 100)).toBe(0.6);
    expect(Math.abs(vol(0.6, strike) / 0.6 - 1)).toBeLessThanOrEqual(cap + 1e-12);
  });

  test('linear tilts, abs lifts both wings alike', () => {
    const [linear, abs] = [skewShock('linear', 100, 0.1, values), skewShock('abs', 100, 0.1, values)];
    expect(linear(0.6, 125) + linear(0.6, 80)).toBeCloseTo(1.2, 12);
    expect(linear(0.6, 125)).toBeGreaterThan(0.6);
    expect(abs(0.6, 125)).toBeCloseTo(abs(0.6, 80), 12);
  });

  test('needs a width', () => {
    expect(() => skewShock('abs', 100, 0, { ...values, minKStar: 0 })).toThrow(/minKStar/);
  });
});

property.prop([between(-0.1, 0.5), between(0, 3)], { seed: 23 })(
  'what is owed is never counted above its undiscounted value, what is held below its own haircut',
  (rate, years) => {
    const { long, short } = longShortDiscounts(rate, years, values);
    expect(short * rateDiscount(rate, years)).toBeLessThanOrEqual(1 + 1e-12);
    expect(long).toBeLessThanOrEqual(values.longBaseStaticDiscount);
  },
);

test('the published scenario sets: 23 regular, and 23 with 8 tails and 2 skews', () => {
  const count = (kind: string) =>
    portfolioManager2Scenarios(0.18).filter((shock) => scenarioKind(shock) === kind).length;
  expect(portfolioManagerScenarios(0.2)).toHaveLength(23);
  expect(portfolioManagerScenarios(0.2).every((shock) => scenarioKind(shock) === 'regular')).toBe(true);
  expect([count('regular'), count('tail'), count('skew')]).toEqual([23, 8, 2]);
});

test.each([
  ['standard manager', STANDARD_MANAGER_TABLE],
  ['portfolio manager', PORTFOLIO_MANAGER_TABLE],
  ['portfolio manager 2', PORTFOLIO_MANAGER_2_TABLE],
])('the published values of the %s lie within their bounds, each under its own key', (_name, table) => {
  for (const { key, initial, min, max } of table) {
    expect(initial, key).toBeGreaterThanOrEqual(min);
    expect(initial, key).toBeLessThanOrEqual(max);
  }
  expect(new Set(table.map(({ key }) => key)).size).toBe(table.length);
});

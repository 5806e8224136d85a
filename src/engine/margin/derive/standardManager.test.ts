import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  between,
  NO_PERPETUAL,
  options,
  perpetual,
  SPOT,
  scaledOptions,
  scaledPerpetual,
} from './deriveArbitraries.ts';
import type { HeldOption } from './optionExpiry.ts';
import { publishedValues } from './parameterTable.ts';
import { expiryMargin, type StandardMarket, standardManagerMargin } from './standardManager.ts';
import {
  STANDARD_MANAGER_OTHERS,
  STANDARD_MANAGER_VALUES,
  standardManagerValues,
} from './standardManagerParameters.ts';

const market: fc.Arbitrary<StandardMarket> = fc.record({
  name: fc.constantFrom('ETH', 'BTC'),
  spot: fc.constant(SPOT),
  spotConfidence: between(0, 1),
  perpetual,
  base: between(0, 10),
  expiries: fc.array(
    fc.record({
      timeToExpiryYears: between(0.001, 2),
      forward: between(90, 115),
      forwardConfidence: between(0, 1),
      volConfidence: between(0, 1),
      options,
    }),
    { maxLength: 3 },
  ),
});
const margin = (markets: readonly StandardMarket[], cash = 0, stablePrice = 1) =>
  standardManagerMargin({ cash, stablePrice, markets }, () => STANDARD_MANAGER_VALUES);

const expired = (held: readonly Omit<HeldOption, 'volatility'>[]) =>
  expiryMargin(
    {
      timeToExpiryYears: 0,
      forward: SPOT,
      forwardConfidence: 1,
      volConfidence: 1,
      options: held.map((option) => ({ ...option, volatility: 0.5 })),
    },
    SPOT,
    STANDARD_MANAGER_VALUES,
  );

test('options sold alone, where the mark is the intrinsic value', () => {
  // At the money 15 %, one percent out of it 14 %, from two percent on 13 %.
  expect(expired([{ type: 'C', strike: 100, quantity: -1 }]).initial).toBeCloseTo(-15, 12);
  expect(expired([{ type: 'C', strike: 101, quantity: -1 }]).initial).toBeCloseTo(-14, 12);
  expect(expired([{ type: 'P', strike: 90, quantity: -1 }]).initial).toBeCloseTo(-13, 12);
  expect(expired([{ type: 'C', strike: 130, quantity: -1 }]).maintenance).toBeCloseTo(-9, 12);
  // Deep in the money a put is charged a share of its mark, and initial margin 1.05 times that: 400 x 1.09 x 1.05.
  const deep = expired([{ type: 'P', strike: 500, quantity: -1 }]);
  expect(deep.maintenance).toBeCloseTo(-436, 10);
  expect(deep.initial).toBeCloseTo(-457.8, 10);
});

test('a spread loses at most the gap of its strikes, a put at most its strike', () => {
  expect(
    expired([
      { type: 'C', strike: 100, quantity: -1 },
      { type: 'C', strike: 105, quantity: 1 },
    ]).initial,
  ).toBeCloseTo(-5, 12);
  expect(expired([{ type: 'P', strike: 10, quantity: -1 }]).initial).toBeCloseTo(-10, 12);
});

property.prop([market, between(0.1, 5)], { seed: 51 })('margins scale with the account', (held, factor) => {
  const one = margin([held]);
  const many = margin([
    {
      ...held,
      base: factor * held.base,
      perpetual: scaledPerpetual(held.perpetual, factor),
      expiries: scaledOptions(held.expiries, factor),
    },
  ]);
  expect(many.initialMarginBalance).toBeCloseTo(factor * one.initialMarginBalance, 6);
  expect(many.maintenanceMarginBalance).toBeCloseTo(factor * one.maintenanceMarginBalance, 6);
});

property.prop([market, market, between(-100, 100)], { seed: 52 })(
  'markets add, initial margin asks no less than maintenance, options never lend',
  (one, other, cash) => {
    const both = margin([one, other], cash);
    expect(both.initialMarginBalance).toBeCloseTo(
      cash + margin([one]).initialMarginBalance + margin([other]).initialMarginBalance,
      7,
    );
    expect(both.initialMarginBalance).toBeLessThanOrEqual(both.maintenanceMarginBalance + 1e-9);
    for (const { options: part } of both.markets) expect(part.maintenance).toBeLessThanOrEqual(1e-9);
  },
);

property.prop([market, between(0, 1), between(0.5, 1)], { seed: 53 })(
  'less confidence and a weaker peg cost initial margin alone',
  (held, share, stablePrice) => {
    const before = margin([held]);
    const after = margin([{ ...held, spotConfidence: share * held.spotConfidence }], 0, stablePrice);
    expect(after.initialMarginBalance).toBeLessThanOrEqual(before.initialMarginBalance + 1e-9);
    expect(after.maintenanceMarginBalance).toBe(before.maintenanceMarginBalance);
  },
);

test('wrapped coins count by their own underlying', () => {
  const markets = ['ETH', 'BTC'].map((name) => ({ ...EMPTY_MARKET, name, base: 1 }));
  const { markets: parts } = standardManagerMargin({ cash: 0, stablePrice: 1, markets }, (name) =>
    standardManagerValues({ ...STANDARD_MANAGER_VALUES, ...publishedValues(STANDARD_MANAGER_OTHERS) }, name),
  );
  expect(parts.map(({ base }) => base.maintenance)).toEqual([80, 75]);
  expect(parts.map(({ base }) => base.initial)).toEqual([75, 69.75]);
});

test('an option held costs nothing and lends nothing', () => {
  const held = { ...EMPTY_MARKET, expiries: [{ ...EXPIRY, options: [{ ...CALL, quantity: 1 }] }] };
  const result = margin([held]);
  expect(result.initialMarginBalance).toBe(0);
  expect(result.markToMarket).toBeGreaterThan(0);
});

const CALL: HeldOption = { type: 'C', strike: SPOT, quantity: 1, volatility: 0.5 };
const EXPIRY = { timeToExpiryYears: 0.1, forward: SPOT, forwardConfidence: 1, volConfidence: 1, options: [] };
const EMPTY_MARKET: StandardMarket = {
  name: 'ETH',
  spot: SPOT,
  spotConfidence: 1,
  perpetual: NO_PERPETUAL,
  base: 0,
  expiries: [],
};

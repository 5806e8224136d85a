import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  between,
  expiries,
  NO_PERPETUAL,
  perpetual,
  SPOT,
  scaledOptions,
  scaledPerpetual,
} from './deriveArbitraries.ts';
import { type PortfolioManagerAccount, portfolioManagerMargin } from './portfolioManager.ts';
import { PORTFOLIO_MANAGER_VALUES, portfolioManagerScenarios } from './portfolioManagerParameters.ts';

const PORTFOLIO_MANAGER_SCENARIOS = portfolioManagerScenarios(0.2);

const account: fc.Arbitrary<PortfolioManagerAccount> = fc
  .record({
    spot: fc.constant(SPOT),
    spotConfidence: between(0, 1),
    stablePrice: between(0.9, 1.1),
    cash: between(-1000, 1000),
    base: between(0, 10),
    perpetual,
    expiries,
  })
  .map(withBaseValue);

function withBaseValue<Held extends { base: number; spot: number; stablePrice: number }>(held: Held) {
  return { ...held, baseValue: (held.base * held.spot) / held.stablePrice };
}

const margin = (held: PortfolioManagerAccount) =>
  portfolioManagerMargin(held, PORTFOLIO_MANAGER_VALUES, PORTFOLIO_MANAGER_SCENARIOS);

const EMPTY: PortfolioManagerAccount = {
  spot: SPOT,
  spotConfidence: 1,
  stablePrice: 1,
  cash: 0,
  base: 0,
  baseValue: 0,
  perpetual: NO_PERPETUAL,
  expiries: [],
};

test('one perpetual: 20 % of its price and 3 % of spot, a quarter more in initial margin', () => {
  const held = margin({ ...EMPTY, perpetual: { quantity: 1, notional: 101, confidence: 1, unsettledCash: 0 } });
  expect(held.maintenanceMarginBalance).toBeCloseTo(-23.2, 12);
  expect(held.initialMarginBalance).toBeCloseTo(-29, 12);
  expect(PORTFOLIO_MANAGER_SCENARIOS[held.worst as number]).toMatchObject({ spotFactor: 0.8, volMove: 'up' });
});

property.prop([account, between(0.1, 5)], { seed: 31 })('margins scale with the account', (held, factor) => {
  const one = margin(held);
  const many = margin({
    ...held,
    cash: factor * held.cash,
    base: factor * held.base,
    baseValue: factor * held.baseValue,
    perpetual: scaledPerpetual(held.perpetual, factor),
    expiries: scaledOptions(held.expiries, factor),
  });
  expect(many.initialMarginBalance).toBeCloseTo(factor * one.initialMarginBalance, 6);
  expect(many.maintenanceMarginBalance).toBeCloseTo(factor * one.maintenanceMarginBalance, 6);
});

property.prop([account], { seed: 32 })('initial margin asks no less than maintenance, and the worst binds', (held) => {
  const result = margin(held);
  expect(result.initialMarginBalance).toBeLessThanOrEqual(result.maintenanceMarginBalance + 1e-9);
  const binding = result.worst === 'basis' ? result.basisContingency : result.scenarioPnl[result.worst]!;
  expect(binding).toBe(Math.min(result.basisContingency, ...result.scenarioPnl));
  expect(result.maintenanceMarginBalance).toBeCloseTo(
    result.markToMarket + binding - result.perpetualContingency - result.baseContingency - result.optionContingency,
    8,
  );
});

property.prop([account, between(0, 1), between(0, 0.2)], { seed: 33 })(
  'less confidence and a weaker peg cost initial margin alone',
  (held, share, fall) => {
    const before = margin({ ...held, base: 0, baseValue: 0 });
    const after = margin({
      ...held,
      base: 0,
      baseValue: 0,
      spotConfidence: share * held.spotConfidence,
      stablePrice: held.stablePrice - fall,
    });
    expect(after.initialMarginBalance).toBeLessThanOrEqual(before.initialMarginBalance + 1e-9);
    expect(after.maintenanceMarginBalance).toBeCloseTo(before.maintenanceMarginBalance, 9);
  },
);

test('what it cannot take is refused in words', () => {
  expect(() => margin({ ...EMPTY, stablePrice: 0 })).toThrow(/stablecoin price/);
  expect(() => margin({ ...EMPTY, cash: Number.NaN })).toThrow(/initial margin/);
  expect(() => portfolioManagerMargin(EMPTY, PORTFOLIO_MANAGER_VALUES, [])).toThrow(/scenario/);
  const skew = [{ spotFactor: 1, volMove: 'abs', dampening: 1 }] as const;
  expect(() => portfolioManagerMargin(EMPTY, PORTFOLIO_MANAGER_VALUES, skew)).toThrow(/skew/);
});

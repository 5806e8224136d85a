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
import { type PortfolioManager2Account, portfolioManager2Margin } from './portfolioManager2.ts';
import { PORTFOLIO_MANAGER_2_VALUES, portfolioManager2Scenarios } from './portfolioManager2Parameters.ts';

const SCENARIOS = portfolioManager2Scenarios(0.18);

const account: fc.Arbitrary<PortfolioManager2Account> = fc.record({
  spot: fc.constant(SPOT),
  spotConfidence: between(0, 1),
  stablePrice: between(0.9, 1.1),
  cash: between(-1000, 1000),
  perpetual,
  collaterals: fc.array(
    fc.record({
      value: between(0, 2000),
      confidence: between(0, 1),
      riskCancelling: fc.boolean(),
      maintenanceHaircut: between(0, 0.3),
      initialHaircut: between(0, 0.1),
    }),
    { maxLength: 3 },
  ),
  expiries,
});
const margin = (held: PortfolioManager2Account) => portfolioManager2Margin(held, PORTFOLIO_MANAGER_2_VALUES, SCENARIOS);

const EMPTY: PortfolioManager2Account = {
  spot: SPOT,
  spotConfidence: 1,
  stablePrice: 1,
  cash: 0,
  perpetual: NO_PERPETUAL,
  collaterals: [],
  expiries: [],
};

test('one perpetual sold: 18 % of its price and the charges on spot', () => {
  const held = margin({ ...EMPTY, perpetual: { quantity: -1, notional: -101, confidence: 1, unsettledCash: 0 } });
  expect(held.maintenanceMarginBalance).toBeCloseTo(-(18.18 * 0.8 + 3), 12);
  expect(held.initialMarginBalance).toBeCloseTo(-(18.18 + 4), 12);
  expect(held.worst).toBe(0);
});

test('coins of the underlying cover perpetuals sold against them, others do not', () => {
  const collateral = { value: SPOT, confidence: 1, maintenanceHaircut: 0, initialHaircut: 0 };
  const sold = { ...EMPTY, perpetual: { quantity: -1, notional: -SPOT, confidence: 1, unsettledCash: 0 } };
  const cover = (riskCancelling: boolean) => margin({ ...sold, collaterals: [{ ...collateral, riskCancelling }] });
  expect(cover(true).initialMarginBalance).toBeCloseTo(SPOT - 4, 10);
  expect(cover(false).initialMarginBalance).toBeCloseTo(SPOT - 4 - 18, 10);
});

test('a coin held under its own manager lends more once its price risk is sold', () => {
  const foreign = { maintenanceHaircut: 0.15, initialHaircut: 0.05 };
  const riskCancelling = { maintenanceHaircut: 0.015, initialHaircut: 0.005 };
  const coin = { value: SPOT, confidence: 1 };
  const sold = { ...EMPTY, perpetual: { quantity: -1, notional: -SPOT, confidence: 1, unsettledCash: 0 } };
  const own = margin({ ...sold, collaterals: [{ ...coin, ...riskCancelling, riskCancelling: true }] });
  const other = margin({ ...sold, collaterals: [{ ...coin, ...foreign, riskCancelling: false }] });
  // Haircuts of 1.5 % and 0.5 % on top, against 15 % and 5 % and the perpetual's own 18 %.
  expect(own.initialMarginBalance).toBeCloseTo(SPOT - 4 - 2, 10);
  expect(other.initialMarginBalance).toBeCloseTo(SPOT - 4 - 20 - 18, 10);
});

property.prop([account, between(0.1, 5)], { seed: 41 })('margins scale with the account', (held, factor) => {
  const one = margin(held);
  const many = margin({
    ...held,
    cash: factor * held.cash,
    perpetual: scaledPerpetual(held.perpetual, factor),
    collaterals: held.collaterals.map((coin) => ({ ...coin, value: factor * coin.value })),
    expiries: scaledOptions(held.expiries, factor),
  });
  expect(many.initialMarginBalance).toBeCloseTo(factor * one.initialMarginBalance, 6);
  expect(many.maintenanceMarginBalance).toBeCloseTo(factor * one.maintenanceMarginBalance, 6);
});

property.prop([account], { seed: 42 })('initial margin asks no less than maintenance, and the worst binds', (held) => {
  const result = margin(held);
  expect(result.initialMarginBalance).toBeLessThanOrEqual(result.maintenanceMarginBalance + 1e-9);
  const binding = result.worst === 'basis' ? result.basisContingency : result.scenarioPnl[result.worst]!;
  expect(binding).toBe(Math.min(result.basisContingency, ...result.scenarioPnl));
});

property.prop([account], { seed: 43 })('a turned smile never gains, in no expiry', (held) => {
  const { scenarioPnl } = margin(held);
  for (const pnl of scenarioPnl.slice(-2)) expect(pnl).toBeLessThanOrEqual(0);
});

property.prop([account, between(0, 1)], { seed: 44 })(
  'less confidence costs initial margin alone, and collateral does not hear of the perpetual',
  (held, share) => {
    const before = margin(held);
    const after = margin({ ...held, spotConfidence: share * held.spotConfidence });
    expect(after.initialMarginBalance).toBeLessThanOrEqual(before.initialMarginBalance + 1e-9);
    expect(after.maintenanceMarginBalance).toBe(before.maintenanceMarginBalance);
    const coins = { ...EMPTY, spotConfidence: held.spotConfidence, collaterals: held.collaterals };
    const doubted = { ...held.perpetual, quantity: 1e-9, confidence: 0 };
    expect(margin({ ...coins, perpetual: doubted }).confidenceContingency).toBeCloseTo(
      margin(coins).confidenceContingency,
      6,
    );
  },
);

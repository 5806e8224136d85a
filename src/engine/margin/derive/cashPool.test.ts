import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accruedPool,
  borrowRate,
  type CashPool,
  cashBurned,
  cashToStableRate,
  feesPaid,
  openedPool,
  poolAfter,
  SECURITY_MODULE,
  totalBorrow,
  totalSupply,
  utilisation,
} from './cashPool.ts';
import { between } from './deriveArbitraries.ts';

const MODEL = { minRate: 0.02, rateMultiplier: 0.08, highRateMultiplier: 0.9, optimalUtilisation: 0.85 };
const pools = fc.tuple(between(1, 1000), between(0, 1000), between(0, 500)).map(([supplied, module, borrowed]) =>
  openedPool(
    new Map([
      ['Ann', supplied + borrowed],
      ['Ben', -borrowed],
      [SECURITY_MODULE, module],
    ]),
  ),
);
const rate = (pool: CashPool) => cashToStableRate({ ...pool, supply: totalSupply(pool), borrow: totalBorrow(pool) });

test('the borrow rate has its kink where it is published', () => {
  expect(borrowRate(0, MODEL)).toBe(0.02);
  expect(borrowRate(0.85, MODEL)).toBeCloseTo(0.088, 14);
  expect(borrowRate(1, MODEL)).toBeCloseTo(0.223, 14);
});

test('utilisation counts what has been lost to the pool as supplied, and is at most one', () => {
  expect(utilisation(100, 50)).toBe(0.5);
  expect(utilisation(100, 50, -100)).toBe(0.25);
  expect(utilisation(10, 50)).toBe(1);
  expect(utilisation(0, 0)).toBe(0);
});

property.prop([pools, between(0, 2), between(0, 1)], { seed: 61 })(
  'interest is paid by borrowers to the cent and leaves every unit backed',
  (pool, years, share) => {
    const later = feesPaid(accruedPool(pool, years, MODEL, share));
    expect(totalSupply(later) - totalBorrow(later)).toBeCloseTo(totalSupply(pool) - totalBorrow(pool), 6);
    expect(totalBorrow(later)).toBeGreaterThanOrEqual(totalBorrow(pool));
    expect(rate(later)).toBeCloseTo(1, 9);
  },
);

describe('insolvency', () => {
  const pool = openedPool(
    new Map([
      ['Ann', 1000],
      [SECURITY_MODULE, 100],
    ]),
  );

  test('costs the security module first', () => {
    const after = poolAfter(pool, { type: 'insolvency', account: 'Ann', amount: 60 });
    expect(after.balances.get(SECURITY_MODULE)).toBe(40);
    expect(rate(after)).toBe(1);
  });

  test('then the fees it is owed, then everyone', () => {
    const owed = { ...pool, balances: new Map([...pool.balances, ['Ann', 990]]), accruedFees: 10 };
    expect(rate(poolAfter(owed, { type: 'insolvency', account: 'Ann', amount: 110 }))).toBe(1);
    // Held are 1100 stablecoins; of 310 only 110 are covered.
    const shared = poolAfter(owed, { type: 'insolvency', account: 'Ann', amount: 310 });
    expect(rate(shared)).toBeCloseTo(1100 / 1300, 14);
    expect(cashBurned(110, rate(shared))).toBeCloseTo(130, 12);
  });
});

test('settled profit is no withdrawal, a loan withdrawn is', () => {
  const pool = openedPool(new Map([['Ann', 1000]]));
  const settled = poolAfter(pool, { type: 'settlement', account: 'Ann', amount: 50 });
  expect([settled.stableHeld, totalSupply(settled), rate(settled)]).toEqual([1000, 1050, 1]);
  const lent = poolAfter(pool, { type: 'borrow', account: 'Ben', amount: -50 });
  expect([lent.stableHeld, totalBorrow(lent), rate(lent)]).toEqual([950, 50, 1]);
  expect(() => cashBurned(1, 0)).toThrow(/stablecoins/);
});

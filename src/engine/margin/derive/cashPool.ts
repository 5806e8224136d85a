import { RiskError } from '../../domain/failure.ts';
import type { Usd, YearFraction } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';

export interface InterestModel {
  readonly minRate: number;
  readonly rateMultiplier: number;
  /** Slope above the optimal utilisation. */
  readonly highRateMultiplier: number;
  readonly optimalUtilisation: number;
}

/** Share of the cash supplied that is lent out, at most 1; what options and perpetuals have paid out net counts as supplied. */
export function utilisation(supply: Usd, borrow: Usd, netSettled: Usd = 0): number {
  if (borrow <= 0) return 0;
  const lendable = supply + Math.max(0, -netSettled);
  return lendable > 0 ? Math.min(1, borrow / lendable) : 1;
}

/** Borrow rate a year: min + mult min(u, optimal) + high max(0, u - optimal). Source: derivexyz/v2-core, InterestRateModel.sol. */
export function borrowRate(used: number, model: InterestModel): number {
  const { minRate, rateMultiplier, highRateMultiplier, optimalUtilisation } = model;
  return (
    minRate +
    rateMultiplier * Math.min(used, optimalUtilisation) +
    highRateMultiplier * Math.max(0, used - optimalUtilisation)
  );
}

/** What stands behind the cash. */
export interface CashBacking {
  readonly stableHeld: Usd;
  readonly supply: Usd;
  readonly borrow: Usd;
  /** Interest owed to the security module and not yet paid in. */
  readonly accruedFees: Usd;
  readonly netSettled: Usd;
}

/**
 * Stablecoins that one unit of cash can be withdrawn for, at most 1: stable / (supply + fees - borrow - net settled). Below 1 a
 * loss has been shared by all. Source: derivexyz/v2-core, CashAsset.sol.
 */
export function cashToStableRate({ stableHeld, supply, borrow, accruedFees, netSettled }: CashBacking): number {
  const claims = supply + accruedFees - borrow - netSettled;
  return claims > 0 ? Math.min(1, Math.max(0, stableHeld) / claims) : 1;
}

/**
 * Cash burned by a withdrawal of stablecoins.
 *
 * @throws RiskError `bad-value` when nothing stands behind the cash.
 */
export function cashBurned(stableWithdrawn: Usd, rate: number): Usd {
  if (!(rate > 0))
    throw new RiskError('bad-value', 'Nothing can be withdrawn while no stablecoins stand behind the cash');
  return stableWithdrawn / rate;
}

/** Cash accounts by name, the security module among them; negative balances are borrowed. */
export interface CashPool {
  readonly balances: ReadonlyMap<string, Usd>;
  readonly stableHeld: Usd;
  /** Cash that options and perpetuals have paid out net, with no stablecoin paid in for it. */
  readonly netSettled: Usd;
  readonly accruedFees: Usd;
}

/** What happens to a pool: `borrow` moves stablecoins out for a negative amount, and in for a positive one. */
export type CashEvent =
  | { readonly type: 'trade'; readonly account: string; readonly counterparty: string; readonly amount: Usd }
  | { readonly type: 'settlement' | 'borrow' | 'insolvency'; readonly account: string; readonly amount: Usd };

export const SECURITY_MODULE = 'SecurityModule';

/** A pool of opening balances, fully backed: the stablecoins held are what is supplied less what is borrowed. */
export function openedPool(balances: ReadonlyMap<string, Usd>): CashPool {
  return { balances, stableHeld: sum(balances.values()), netSettled: 0, accruedFees: 0 };
}

export function totalSupply({ balances }: CashPool): Usd {
  return sum([...balances.values()].map((balance) => Math.max(0, balance)));
}

export function totalBorrow({ balances }: CashPool): Usd {
  return sum([...balances.values()].map((balance) => Math.max(0, -balance)));
}

function backing(pool: CashPool): CashBacking {
  return { ...pool, supply: totalSupply(pool), borrow: totalBorrow(pool) };
}

/**
 * The pool after `years` of interest at the rate of its present utilisation: borrowers owe e^(r t) of what they owed, suppliers
 * share the same sum less the security module's part, in proportion. While cash is worth less than a stablecoin, that part is
 * the whole. Source: derivexyz/v2-core, CashAsset.sol.
 */
export function accruedPool(
  pool: CashPool,
  years: YearFraction,
  model: InterestModel,
  securityModuleShare: number,
): CashPool {
  const { supply, borrow, netSettled } = backing(pool);
  const growth = Math.expm1(borrowRate(utilisation(supply, borrow, netSettled), model) * years);
  const interest = borrow * growth;
  // Nobody to share with: all of it is the security module's.
  const share = supply > 0 && cashToStableRate(backing(pool)) >= 1 ? securityModuleShare : 1;
  const yieldFactor = supply > 0 ? (interest * (1 - share)) / supply : 0;
  const balances = new Map(
    [...pool.balances].map(([name, balance]) => [name, balance * (1 + (balance < 0 ? growth : yieldFactor))]),
  );
  return { ...pool, balances, accruedFees: pool.accruedFees + interest * share };
}

/**
 * The pool after an event. An insolvency pays the account from the security module, then from the fees that it is still owed; what
 * is missing is paid in new cash, which all holders share as a loss.
 */
export function poolAfter(pool: CashPool, event: CashEvent): CashPool {
  const { account, amount } = event;
  switch (event.type) {
    case 'trade':
      return { ...pool, balances: moved(pool, [account, amount], [event.counterparty, -amount]) };
    case 'settlement':
      return { ...pool, balances: moved(pool, [account, amount]), netSettled: pool.netSettled + amount };
    case 'borrow':
      return { ...pool, balances: moved(pool, [account, amount]), stableHeld: pool.stableHeld + amount };
    case 'insolvency': {
      const paid = Math.min(amount, Math.max(0, pool.balances.get(SECURITY_MODULE) ?? 0));
      const fromFees = Math.min(amount - paid, pool.accruedFees);
      return {
        ...pool,
        balances: moved(pool, [account, amount], [SECURITY_MODULE, -paid]),
        accruedFees: pool.accruedFees - fromFees,
      };
    }
  }
}

/** The pool with the fees owed to the security module paid in. */
export function feesPaid(pool: CashPool): CashPool {
  return { ...pool, balances: moved(pool, [SECURITY_MODULE, pool.accruedFees]), accruedFees: 0 };
}

function moved(pool: CashPool, ...amounts: readonly (readonly [string, Usd])[]): Map<string, Usd> {
  const balances = new Map(pool.balances);
  for (const [name, amount] of amounts) balances.set(name, (balances.get(name) ?? 0) + amount);
  return balances;
}

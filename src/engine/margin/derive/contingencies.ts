import type { Usd } from '../../domain/units.ts';
import { expiryValue, type HeldOption, type PortfolioExpiry } from './optionExpiry.ts';

/**
 * Options sold and not covered at their own strike: at a strike where one of call and put is held and the other sold, the
 * holding covers as much of the sale; both sold count both. Different strikes do not cover each other.
 *
 * Source: derivexyz/v2-core 7736900d, PMRM.sol and PMRM_2.sol.
 */
export function nakedShorts(options: readonly HeldOption[]): number {
  const byStrike = new Map<number, { C: number; P: number }>();
  for (const { strike, type, quantity } of options) {
    const pair = byStrike.get(strike) ?? { C: 0, P: 0 };
    pair[type] += quantity;
    byStrike.set(strike, pair);
  }
  let total = 0;
  for (const { C: calls, P: puts } of byStrike.values()) {
    total += calls < 0 && puts < 0 ? -calls - puts : Math.max(0, -Math.min(calls, puts) - Math.max(calls, puts));
  }
  return total;
}

/** Charge for prices the feeds are unsure of: (1 - confidence) x factor x notional below the threshold, else nothing. */
export function lowConfidenceCharge(confidence: number, notional: Usd, threshold: number, factor: number): Usd {
  return confidence < threshold ? (1 - confidence) * factor * notional : 0;
}

/** How far the stablecoin that backs cash is below its threshold, times a factor; nothing above it. */
export function pegLoss(stablePrice: Usd, threshold: number, factor: number): number {
  return Math.max(0, threshold - stablePrice) * factor;
}

export interface BasisParameters {
  /** Forward factors up and down. */
  readonly scenarioSpotUp: number;
  readonly scenarioSpotDown: number;
  readonly addFactor: number;
  /** Per year to expiry. */
  readonly multFactor: number;
}

/**
 * Loss when an expiry's forward moves alone, vols unchanged, summed over expiries:
 * min(V(up) - V, V(down) - V, 0) (add + mult T). At most zero. It competes with the scenarios for the minimum.
 *
 * Source: derivexyz/v2-core 7736900d, PMRMLib.sol and PMRMLib_2.sol.
 */
export function basisContingency(
  expiries: readonly PortfolioExpiry[],
  p: BasisParameters,
  discountOf: (expiry: PortfolioExpiry) => number = () => 1,
): Usd {
  return expiries.reduce((total, expiry) => {
    const discount = discountOf(expiry);
    const value = expiryValue(expiry, 1, undefined, discount);
    const up = expiryValue(expiry, p.scenarioSpotUp, undefined, discount) - value;
    const down = expiryValue(expiry, p.scenarioSpotDown, undefined, discount) - value;
    return total + Math.min(up, down, 0) * (p.addFactor + p.multFactor * expiry.timeToExpiryYears);
  }, 0);
}

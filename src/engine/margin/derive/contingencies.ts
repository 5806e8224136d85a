import type { Usd } from '../../domain/units.ts';
import { expiryValue, type HeldOption, type PortfolioExpiry } from './optionExpiry.ts';

/**
 * Options sold and not covered at their own strike: at a strike where one of call and put is held and the other sold, the
 * holding covers as much of the sale; both sold count both. Different strikes do not cover each other. A number for each
 * option, those of one contract in proportion to their quantities.
 *
 * Source: derivexyz/v2-core 7736900d, PMRM.sol and PMRM_2.sol.
 */
export function nakedShorts(options: readonly HeldOption[]): number[] {
  const byStrike = new Map<number, { C: number; P: number }>();
  for (const { strike, type, quantity } of options) {
    const pair = byStrike.get(strike) ?? { C: 0, P: 0 };
    pair[type] += quantity;
    byStrike.set(strike, pair);
  }
  return options.map(({ strike, type, quantity }) => {
    const pair = byStrike.get(strike)!;
    const own = pair[type];
    if (own >= 0) return 0;
    const cover = Math.max(0, type === 'C' ? pair.P : pair.C);
    return (Math.max(0, -own - cover) * quantity) / own;
  });
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
    const { change, share } = basisMove(expiry, p, discountOf(expiry));
    return total + change * share;
  }, 0);
}

/** The move of an expiry's forward that costs more, what it costs (at most zero), and how much of that counts. */
export function basisMove(
  expiry: PortfolioExpiry,
  p: BasisParameters,
  discount: number,
): { readonly spotFactor: number | null; readonly change: Usd; readonly share: number } {
  const share = p.addFactor + p.multFactor * expiry.timeToExpiryYears;
  const value = expiryValue(expiry, 1, undefined, discount);
  const up = expiryValue(expiry, p.scenarioSpotUp, undefined, discount) - value;
  const down = expiryValue(expiry, p.scenarioSpotDown, undefined, discount) - value;
  const change = Math.min(up, down, 0);
  const spotFactor = change === 0 ? null : change === up ? p.scenarioSpotUp : p.scenarioSpotDown;
  return { spotFactor, change, share };
}

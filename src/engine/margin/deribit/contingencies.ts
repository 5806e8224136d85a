import type { PortfolioMarginParameters } from './portfolioMarginParameters.ts';

/** What Deribit's portfolio margin charges beside the risk matrix, in coin. */

/** One position as the contingencies see it. */
export interface PositionDelta {
  /** Positions of one expiry net; the perpetual is an expiry of its own. */
  readonly expiry: string;
  /** Zero for the perpetual. */
  readonly timeToExpiryYears: number;
  /** Coin; futures their size, options quantity x Black delta. */
  readonly deltaCoins: number;
  readonly isOptionBought: boolean;
}

/**
 * The delta that the delta shock charges: options bought may reduce it and never increase it. With D1 the delta of options bought and D2
 * that of futures and options sold: min(max(D1 + D2, D2), 0) where D2 < 0, else max(min(D1 + D2, D2), 0).
 */
export function deltaForShock(positions: readonly PositionDelta[]): number {
  let bought = 0;
  let others = 0;
  for (const { deltaCoins, isOptionBought } of positions) {
    if (isOptionBought) bought += deltaCoins;
    else others += deltaCoins;
  }
  return others < 0 ? Math.min(Math.max(bought + others, others), 0) : Math.max(Math.min(bought + others, others), 0);
}

/**
 * Charge for the liquidity of a large directional book: |delta| min(mInc max(0, |delta| - threshold / index), maxDeltaShock). One
 * third-party implementation; the venue's own output confirms 0 below the threshold.
 */
export function deltaShock(
  delta: number,
  index: number,
  {
    mInc,
    maxDeltaShock,
    deltaTotalLiqShockThresholdUsd,
  }: Pick<PortfolioMarginParameters, 'mInc' | 'maxDeltaShock' | 'deltaTotalLiqShockThresholdUsd'>,
): number {
  const size = Math.abs(delta);
  const excess = Math.max(size - deltaTotalLiqShockThresholdUsd / index, 0);
  return size * Math.min(mInc * excess, maxDeltaShock);
}

/**
 * Charge for expiries drifting apart: sum over expiries of |net delta| max(minAnnualisedMove, exp(annualisedMoveRisk T) - 1). Confirmed
 * by the venue's output for a perpetual and a future. Options enter with their Black delta, which is not known to be the venue's choice.
 */
export function rollShock(
  positions: readonly PositionDelta[],
  {
    annualisedMoveRisk,
    minAnnualisedMove,
  }: Pick<PortfolioMarginParameters, 'annualisedMoveRisk' | 'minAnnualisedMove'>,
): number {
  const expiries = new Map<string, { net: number; years: number }>();
  for (const { expiry, timeToExpiryYears, deltaCoins } of positions) {
    const entry = expiries.get(expiry) ?? { net: 0, years: timeToExpiryYears };
    entry.net += deltaCoins;
    expiries.set(expiry, entry);
  }
  let charge = 0;
  for (const { net, years } of expiries.values()) {
    charge += Math.abs(net) * Math.max(minAnnualisedMove, Math.expm1(annualisedMoveRisk * years));
  }
  return charge;
}

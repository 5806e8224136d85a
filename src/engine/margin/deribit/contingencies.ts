import type { PortfolioMarginParameters } from './portfolioMarginParameters.ts';

/** What Deribit's portfolio margin charges beside the risk matrix, in coins. */

/** One position as the contingencies see it. */
export interface PositionDelta {
  /** Positions of one expiry net; the perpetual is an expiry of its own. */
  readonly expiry: string | number;
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
 * What each position adds to the delta that the delta shock charges, as a share of it: options bought where they reduce it, nothing
 * where they do not count. Adds up to 1; all zero when the charged delta is zero.
 */
export function deltaShockShares(positions: readonly PositionDelta[]): number[] {
  const delta = deltaForShock(positions);
  if (delta === 0) return positions.map(() => 0);
  let bought = 0;
  let others = 0;
  for (const { deltaCoins, isOptionBought } of positions) {
    if (isOptionBought) bought += deltaCoins;
    else others += deltaCoins;
  }
  const counted = bought * others < 0 ? bought + others : others;
  return positions.map(({ deltaCoins, isOptionBought }) =>
    isOptionBought && bought * others >= 0 ? 0 : deltaCoins / counted,
  );
}

/**
 * Charge for expiries drifting apart: sum over expiries of |net delta| max(minAnnualisedMove, exp(annualisedMoveRisk T) - 1). Confirmed
 * by the venue's output for a perpetual and a future. Options enter with their Black delta, which is not known to be the venue's choice.
 */
export function rollShock(positions: readonly PositionDelta[], parameters: RollShockParameters): number {
  let charge = 0;
  for (const { net, years } of expiryDeltas(positions).values()) charge += Math.abs(net) * rollRate(years, parameters);
  return charge;
}

/** The roll shock of each position: its delta at its expiry's rate, a relief where it is against the expiry's net. Adds up to the charge. */
export function rollShockShares(positions: readonly PositionDelta[], parameters: RollShockParameters): number[] {
  const expiries = expiryDeltas(positions);
  return positions.map(({ expiry, deltaCoins }) => {
    const { net, years } = expiries.get(expiry)!;
    return Math.sign(net) * deltaCoins * rollRate(years, parameters);
  });
}

type RollShockParameters = Pick<PortfolioMarginParameters, 'annualisedMoveRisk' | 'minAnnualisedMove'>;

function rollRate(years: number, { annualisedMoveRisk, minAnnualisedMove }: RollShockParameters): number {
  return Math.max(minAnnualisedMove, Math.expm1(annualisedMoveRisk * years));
}

function expiryDeltas(positions: readonly PositionDelta[]): Map<string | number, { net: number; years: number }> {
  const expiries = new Map<string | number, { net: number; years: number }>();
  for (const { expiry, timeToExpiryYears, deltaCoins } of positions) {
    const entry = expiries.get(expiry);
    if (entry) entry.net += deltaCoins;
    else expiries.set(expiry, { net: deltaCoins, years: timeToExpiryYears });
  }
  return expiries;
}

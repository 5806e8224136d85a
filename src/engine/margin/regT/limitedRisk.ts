import { RiskError } from '../../domain/failure.ts';
import { REG_T_RATES, type RegTRates } from './regTRates.ts';
import { type RegTSeries, type RegTUnderlying, shortOptionPerUnit } from './shortOption.ts';

/** A leg of a strategy: contracts are signed. */
export interface RegTLeg extends RegTSeries {
  readonly quantity: number;
  /** Any clock that puts the legs in order; without it all expire together. */
  readonly expiry?: number;
}

/** USD per unit of the underlying, times contracts. */
export interface LimitedRiskRequirement {
  /** Gross requirement: largest loss at expiry and the price of the options bought. */
  readonly requirement: number;
  /** Premium of the options sold, which may be applied to it. */
  readonly proceeds: number;
  readonly netCall: number;
}

/**
 * Spreads, butterflies, condors, American boxes and every other set of legs whose loss at expiry is bounded:
 *
 *   requirement = largest loss of the legs' payoff over all prices, premiums aside + premium of the long legs
 *
 * of a vertical or calendar (one long and one short of the same type and size) at most the uncovered requirement of its short,
 * which wide strikes can exceed. Options bought must live at least as long as those sold.
 *
 * Cboe Margin Manual (Nov 2021), pp. 42 to 52, as quoted by gendev1/marvelous-monkey and tastyware/margin-estimator.
 *
 * @throws RiskError `unsupported` when more calls are sold than bought (no bound), or a long expires before a short.
 */
export function limitedRiskRequirement(
  legs: readonly RegTLeg[],
  underlying: RegTUnderlying,
  rates: RegTRates = REG_T_RATES,
): LimitedRiskRequirement {
  const longs = legs.filter(({ quantity }) => quantity > 0);
  const shorts = legs.filter(({ quantity }) => quantity < 0);
  const lastShort = Math.max(...shorts.map(({ expiry = 0 }) => expiry));
  if (longs.some(({ expiry = 0 }) => expiry < lastShort))
    throw new RiskError(
      'unsupported',
      'A bought leg expires before a sold one, so it covers nothing: margin the legs apart',
    );

  const bought = premiumOf(longs);
  const proceeds = -premiumOf(shorts);
  const [long, short] = [longs[0], shorts[0]];
  let risk = maximumLoss(legs);
  if (legs.length === 2 && long && short && long.type === short.type && long.quantity === -short.quantity)
    risk = Math.min(risk, long.quantity * shortOptionPerUnit(short, underlying, rates));
  return { requirement: risk + bought, proceeds, netCall: risk + bought - proceeds };
}

function premiumOf(legs: readonly RegTLeg[]): number {
  return legs.reduce((total, { premium, quantity }) => total + premium * quantity, 0);
}

/**
 * The largest loss of the payoff at expiry, premiums aside, never below zero. The payoff is linear between strikes, so its lowest
 * value lies at zero or at a strike, unless it falls for ever above the last.
 * @throws RiskError `unsupported` when the loss has no bound.
 */
export function maximumLoss(legs: readonly RegTLeg[]): number {
  const netCalls = legs.reduce((total, { type, quantity }) => total + (type === 'C' ? quantity : 0), 0);
  if (netCalls < 0)
    throw new RiskError(
      'unsupported',
      `The loss has no bound: ${-netCalls} more calls are sold than bought. Margin them apart`,
    );
  const prices = [0, ...legs.map(({ strike }) => strike)];
  return Math.max(0, ...prices.map((price) => -payoff(legs, price)));
}

function payoff(legs: readonly RegTLeg[], price: number): number {
  return legs.reduce(
    (total, { type, strike, quantity }) =>
      total + quantity * Math.max(type === 'C' ? price - strike : strike - price, 0),
    0,
  );
}

/** A long box of European options, USD per unit: half of the strike gap that it pays at expiry. */
export function europeanLongBoxPerUnit(lowStrike: number, highStrike: number, rates: RegTRates = REG_T_RATES): number {
  return rates.longBoxRate * (highStrike - lowStrike);
}

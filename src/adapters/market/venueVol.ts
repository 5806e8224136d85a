import type { OptionType } from '../../engine/domain/instrument.ts';
import { type Timestamp, type Vol, yearFraction } from '../../engine/domain/units.ts';
import { impliedVolatility } from '../../engine/pricing/impliedVolatility.ts';
import { MAX_VOL } from '../../formats/marketFile.ts';

/** What decides an option's payoff in its own money. */
export interface VenueOption {
  readonly expiry: Timestamp;
  readonly strike: number;
  readonly type: OptionType;
}

/**
 * The Black-76 vol of an option's price at an instant, price and forward in the money of the strike. Undefined where there
 * is none (a price below intrinsic value, say), after expiry, or where the vol is beyond what a market file holds.
 */
export function pricedVol(
  { expiry, strike, type }: VenueOption,
  at: Timestamp,
  forward: number,
  price: number,
): Vol | undefined {
  const years = yearFraction(at, expiry);
  if (!(years > 0)) return undefined;
  const vol = impliedVolatility(type, forward, strike, years, price);
  return vol.ok ? heldVol(vol.value) : undefined;
}

/** A vol in percent as a decimal; undefined for 0, which exchanges give where they have none, and for what cannot be held. */
export function percentVol(percent: number): Vol | undefined {
  return heldVol(percent / 100);
}

/** A vol to six decimals, a ten-thousandth of a vol point, far inside any tick; undefined for what a market file cannot hold. */
export function heldVol(vol: Vol): Vol | undefined {
  const value = Math.round(vol * 1e6) / 1e6;
  return value > 0 && value <= MAX_VOL ? value : undefined;
}

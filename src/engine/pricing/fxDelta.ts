import type { OptionType } from '../domain/instrument.ts';
import { normalCdf } from '../numerics/normal.ts';
import { optionSign, signedLogMoneyness } from './black76.ts';

/** The four delta conventions of currency options (Reiswich and Wystup, "FX volatility smile construction", 2010). */
export interface FxDeltas {
  readonly spot: number;
  readonly forward: number;
  /** With the premium, paid in the foreign currency, taken off. For coins: delta of an option paid for in coin. */
  readonly premiumAdjustedSpot: number;
  readonly premiumAdjustedForward: number;
}

/** `totalVol` is vol x sqrt(T); the forward is spot x foreign discount / domestic discount. */
export function fxDeltas(
  type: OptionType,
  spot: number,
  strike: number,
  domesticDiscount: number,
  foreignDiscount: number,
  totalVol: number,
): FxDeltas {
  const sign = optionSign(type);
  const forward = (spot * foreignDiscount) / domesticDiscount;
  const centre = signedLogMoneyness(forward, strike) / totalVol;
  const delta = sign * normalCdf(sign * (centre + 0.5 * totalVol));
  const adjusted = ((sign * strike) / forward) * normalCdf(sign * (centre - 0.5 * totalVol));
  return {
    spot: foreignDiscount * delta,
    forward: delta,
    premiumAdjustedSpot: foreignDiscount * adjusted,
    premiumAdjustedForward: adjusted,
  };
}

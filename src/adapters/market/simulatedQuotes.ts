import type { OptionType } from '../../engine/domain/instrument.ts';
import type { OptionQuote } from '../../engine/domain/marketSnapshot.ts';
import type { Usd, Vol, YearFraction } from '../../engine/domain/units.ts';
import { black76Price } from '../../engine/pricing/black76.ts';
import type { Coin } from './simulatedCoins.ts';

/** In-the-money options this far in, in standard deviations, show neither side. */
const DEEP_IN_THE_MONEY = 1.6;

/** Where an option stands: `deviations` is ln(K / F) in standard deviations of the expiry. */
export interface QuotedStrike {
  readonly forward: Usd;
  readonly strike: number;
  readonly years: YearFraction;
  readonly deviations: number;
}

/** An option's mark and the sides it is quoted on: none deep in the money, no bid for less than a tick. */
export function simulatedQuote(
  coin: Coin,
  type: OptionType,
  { forward, strike, years, deviations }: QuotedStrike,
  mark: Vol,
  half: Vol,
): OptionQuote {
  const bid = rounded(mark - half);
  const isHidden = (type === 'C' ? deviations : -deviations) < -DEEP_IN_THE_MONEY;
  const hasBid = !isHidden && bid > 0 && timeValue(coin, type, forward, strike, years, bid) >= coin.tick.size;
  return {
    strike,
    type,
    markIv: mark,
    ...(hasBid ? { bidIv: bid } : {}),
    ...(isHidden ? {} : { askIv: rounded(mark + half) }),
  };
}

/** Prices to a cent. */
export function cents(price: Usd): Usd {
  return Math.round(price * 100) / 100;
}

/** Vols to a hundredth of a vol point. */
export function rounded(vol: Vol): Vol {
  return Math.round(vol * 1e4) / 1e4;
}

/** Wider for short expiries, where a tick is much vol, and in the wings. */
export function halfSpread(coin: Coin, years: number, x: number): number {
  return coin.halfSpread * Math.max(0.7, (30 / 365 / years) ** 0.4) * (1 + 0.25 * x * x);
}

/** Price of the out-of-the-money option of a strike, in the unit of the tick. */
function timeValue(coin: Coin, type: OptionType, forward: Usd, strike: number, years: number, vol: number): number {
  const intrinsic = Math.max(0, type === 'C' ? forward - strike : strike - forward);
  const price = black76Price(type, forward, strike, years, vol) - intrinsic;
  return coin.tick.in === 'coin' ? price / forward : price;
}

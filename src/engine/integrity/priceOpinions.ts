import type { Timestamp, Usd } from '../domain/units.ts';
import type { GuardLimits } from './GuardLimits.ts';
import type { Opinion, TrustedPrice } from './TrustedPrice.ts';

/** A source of a coin's price other than the index: the perpetual, or a forward. */
export interface PriceSource {
  readonly price: TrustedPrice;
  /** ln(price / index) when both were last trusted; null before that. */
  readonly basis: number | null;
}

/**
 * What the perpetual and the forwards say of an index that has jumped. The perpetual alone is enough, or half of the forwards
 * that have spoken lately; the basis that each had before is taken out.
 */
export function opinionOnIndex(
  value: Usd,
  at: Timestamp,
  perpetual: PriceSource | null,
  forwards: readonly PriceSource[],
  limits: GuardLimits,
): Opinion {
  const onPerpetual = perpetual === null ? 'alone' : opinionBetween(value, at, perpetual, limits);
  if (onPerpetual === 'confirmed' || onPerpetual === 'likewise') return onPerpetual;
  const told = forwards
    .map((forward) => opinionBetween(value, at, forward, limits))
    .filter((opinion) => opinion !== 'alone');
  const agreeing = told.filter((opinion) => opinion !== 'contradicted');
  if (told.length > 0 && 2 * agreeing.length >= told.length)
    return agreeing.includes('confirmed') ? 'confirmed' : 'likewise';
  return told.length > 0 ? 'contradicted' : onPerpetual;
}

/** What the index says of another source's price that has jumped. */
export function opinionOfIndex(
  value: Usd,
  at: Timestamp,
  basis: number | null,
  index: TrustedPrice,
  limits: GuardLimits,
): Opinion {
  const told = index.latest;
  if (told === null || Math.abs(told.at - at) > limits.opinionMs) return 'alone';
  const gap = Math.log(value / told.value) - (basis ?? 0);
  if (Math.abs(gap) > limits.agreementShare) return 'contradicted';
  return index.isSettled ? 'confirmed' : 'likewise';
}

function opinionBetween(value: Usd, at: Timestamp, { price, basis }: PriceSource, limits: GuardLimits): Opinion {
  const told = price.latest;
  if (told === null || Math.abs(told.at - at) > limits.opinionMs) return 'alone';
  if (Math.abs(Math.log(told.value / value) - (basis ?? 0)) > limits.agreementShare) return 'contradicted';
  return price.isSettled ? 'confirmed' : 'likewise';
}
/** One source of a coin's price, among others. */
export interface ComparedPrice<T> {
  readonly source: T;
  readonly price: Usd;
  /** By how much it may differ from the index by right, as a share. */
  readonly tolerance: number;
}

/**
 * Which of three sources or more stands apart from their median by more than it may, the furthest first; none of fewer, since
 * of two that disagree it cannot be told which is wrong.
 */
export function priceOutliers<T>(
  prices: readonly ComparedPrice<T>[],
): readonly { readonly source: T; readonly share: number; readonly median: Usd }[] {
  if (prices.length < 3) return [];
  const sorted = prices.map(({ price }) => price).sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : Math.sqrt(sorted[middle - 1]! * sorted[middle]!);
  return prices
    .flatMap(({ source, price, tolerance }) => {
      const share = Math.log(price / median);
      return Math.abs(share) > Math.log1p(tolerance) ? [{ source, share: Math.expm1(share), median }] : [];
    })
    .sort((one, other) => Math.abs(Math.log1p(other.share)) - Math.abs(Math.log1p(one.share)));
}

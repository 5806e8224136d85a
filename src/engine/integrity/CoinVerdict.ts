import type { MarketQuality, ValueDoubt } from '../domain/marketQuality.ts';
import type { Timestamp } from '../domain/units.ts';

/** How far a coin is to be trusted at one moment. */
export interface CoinVerdict {
  readonly doubts: readonly ValueDoubt[];
  readonly confidence: MarketQuality['confidence'][number];
  readonly ages: MarketQuality['ages'];
  readonly expiries: ReadonlyMap<Timestamp, { readonly forward: number; readonly vol: number }>;
}

import type { Failure } from '../domain/failure.ts';
import type { OptionType } from '../domain/instrument.ts';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import type { Timestamp, Usd, Vol, YearFraction } from '../domain/units.ts';

/** The smile of one expiry as a function: raw SVI of total variance over k = ln(K / F), or why there is none. */
export interface SmileFit {
  readonly expiry: Timestamp;
  /** USD. */
  readonly forward: Usd;
  readonly discount: number;
  /** ACT/365 from the market's as-of time; above zero. */
  readonly timeToExpiryYears: YearFraction;
  /** Null exactly when `failure` is given. */
  readonly svi: SviParameters | null;
  readonly failure: Failure | null;
  /** `quotes`: fitted to the expiry's quotes. `market`: given by the market itself, which has no usable quotes. */
  readonly origin: 'quotes' | 'market' | null;
  /** Vol at K = F; null without a smile. */
  readonly atmVol: Vol | null;
  /** Unweighted root mean square of fitted minus quoted vol over `quotesUsed`, decimal; null when nothing was fitted. */
  readonly rmse: Vol | null;
  /** Largest absolute difference over `quotesUsed`, decimal; null when nothing was fitted. */
  readonly maxError: Vol | null;
  /** Lowest and highest strike the fit has used; null when nothing was fitted. */
  readonly strikeRange: readonly [number, number] | null;
  readonly quotesUsed: number;
  /** Quotes the fit has not used, by strike, calls before puts. */
  readonly leftOut: readonly LeftOutQuote[];
  /** Whether g(k) < 0 anywhere over the strike range (|k| <= 3 for a smile given by the market). */
  readonly butterflyArbitrage: boolean;
}

export interface LeftOutQuote {
  readonly strike: number;
  readonly type: OptionType;
  /** A sentence for people. */
  readonly reason: string;
}

/** All smiles of one underlying. Between expiries total variance is linear in time at constant k = ln(K / F). */
export interface VolSurface {
  readonly underlying: string;
  readonly asOf: Timestamp;
  /** Every unexpired expiry of the market, ascending, fitted or not. */
  readonly fits: readonly SmileFit[];
  /** Neighbouring fitted expiries whose total variance falls with time at some k that both have quoted. */
  readonly calendarArbitrage: readonly { readonly earlier: Timestamp; readonly later: Timestamp }[];
}

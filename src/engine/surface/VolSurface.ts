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
  /** What the fit has used, one a strike, ascending; empty when nothing was fitted. */
  readonly points: readonly FittedPoint[];
  /** Quotes the fit has not used, by strike, calls before puts. */
  readonly leftOut: readonly LeftOutQuote[];
  /** Whether g(k) < 0 anywhere over the strike range (|k| <= 3 for a smile given by the market). */
  readonly butterflyArbitrage: boolean;
  /** Least g(k) over that range and where; null without a smile. */
  readonly butterfly: { readonly g: number; readonly logMoneyness: number; readonly strike: number } | null;
  /** What a repair has changed; null where none was asked for, or none was needed. */
  readonly repair: SmileRepair | null;
}

/** One strike that a smile is fitted to. Vols are decimals a year. */
export interface FittedPoint {
  readonly strike: number;
  /** The option that speaks for the strike: out of the money, or the only one quoted. */
  readonly type: OptionType;
  /** k = ln(K / F). */
  readonly logMoneyness: number;
  /** The mark, else the mid of bid and ask. */
  readonly vol: Vol;
  readonly bidVol: Vol | null;
  readonly askVol: Vol | null;
  /** Relative say in the fit, above zero. */
  readonly weight: number;
  /** Fitted minus quoted vol. */
  readonly error: Vol;
}

export interface LeftOutQuote {
  readonly strike: number;
  readonly type: OptionType;
  /** A sentence for people. */
  readonly reason: string;
}

/** What it has cost to take the arbitrage out of one smile. */
export interface SmileRepair {
  readonly sviBefore: SviParameters;
  /** As in SmileFit, before the repair; null for a smile given by the market. */
  readonly rmseBefore: Vol | null;
  readonly maxErrorBefore: Vol | null;
  /** Largest absolute change of vol over the strike range, decimal (|k| <= 3 for a smile given by the market). */
  readonly largestChange: Vol;
}

/** Two neighbouring smiles whose total variance falls with time. */
export interface CalendarCrossing {
  readonly earlier: Timestamp;
  readonly later: Timestamp;
  /** k = ln(K / F) where it falls most. */
  readonly logMoneyness: number;
  /** Later minus earlier total variance there, below zero. */
  readonly gap: number;
  /** `quotes`: at a k that both have quoted. `wings`: only beyond, where the smiles are extrapolated. */
  readonly where: 'quotes' | 'wings';
}

/** All smiles of one underlying. Between expiries total variance is linear in time at constant k = ln(K / F). */
export interface VolSurface {
  readonly underlying: string;
  readonly asOf: Timestamp;
  /** Every unexpired expiry of the market, ascending, fitted or not. */
  readonly fits: readonly SmileFit[];
  /** Neighbouring fitted expiries whose total variance falls with time, in order. */
  readonly calendarArbitrage: readonly CalendarCrossing[];
  /** Whether the smiles were repaired: no butterfly and no calendar arbitrage is left, and each smile says what that cost. */
  readonly isRepaired: boolean;
}

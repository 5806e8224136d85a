import type { Settlement } from './instrument.ts';
import type { SourceKind } from './marketSnapshot.ts';
import type { Timestamp, Usd, Vol } from './units.ts';

/** Something a person should know about a number or an input: what it concerns, in a sentence. */
export interface Notice {
  readonly severity: 'info' | 'warning';
  readonly message: string;
  /** The leg it concerns, if one. */
  readonly legId?: string;
  /** The underlying it concerns, if one. */
  readonly underlying?: string;
}

/** What the page needs to know of an open market; the market itself stays with the engine. */
export interface MarketSummary {
  readonly id: string;
  readonly asOf: Timestamp;
  readonly source: { readonly kind: SourceKind; readonly name: string };
  readonly underlyings: readonly UnderlyingSummary[];
  readonly stablecoins: readonly { readonly asset: string; readonly priceUsd: number }[];
  readonly notices: readonly Notice[];
}

export interface UnderlyingSummary {
  readonly symbol: string;
  readonly index: Usd;
  readonly perpetualMark: Usd | null;
  /** How this underlying's contracts are settled unless a name says otherwise. */
  readonly settlement: Settlement;
  /** At-the-money vol at a constant 30 days, interpolated in total variance; null when no smile could be read. */
  readonly atmVol30d: Vol | null;
  /** How vol has moved with spot; null where the market has no volatility index to tell it by. */
  readonly spotVolBeta: SpotVolBeta | null;
  /** Number of daily closes; 0 means no historical VaR. */
  readonly historyCloses: number;
  readonly expiries: readonly ExpirySummary[];
}

/** Change of the 30-day volatility index (decimal) per unit of log-return, by least squares over neighbouring dates. */
export interface SpotVolBeta {
  readonly beta: number;
  /** Joint moves it is estimated from. */
  readonly moves: number;
  /** Share of the variance of vol moves that it explains. */
  readonly rSquared: number;
  /** The coins whose moves those are: its own, or where it has no index all that have one. */
  readonly from: readonly string[];
}

export interface ExpirySummary {
  readonly expiry: Timestamp;
  readonly forward: Usd;
  readonly atmVol: Vol | null;
  /** Quoted strikes, ascending. */
  readonly strikes: readonly number[];
}

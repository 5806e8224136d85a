import type { OptionType } from './instrument.ts';
import type { SmileEdit, SmileShift, SmileStop } from './smileEdit.ts';
import type { Timestamp, Usd, Vol, YearFraction } from './units.ts';

/** Across the surface: d1 of the call (equal steps of delta's quantile), or k = ln(K / F). */
export type SurfaceAxis = 'delta' | 'moneyness';

export interface SurfaceRequest {
  readonly marketId: string;
  readonly underlying: string;
  readonly smileEdits?: readonly SmileEdit[];
  /** The mesh costs the most; null leaves it out. */
  readonly mesh: SurfaceAxis | null;
  /** Without arbitrage, as far from the fits as that takes. Not with edits of this underlying. */
  readonly repair?: boolean;
}

/** All smiles of one underlying as a person looks at them. Vols are decimals a year, deltas Black forward deltas. */
export interface SurfaceReport {
  readonly marketId: string;
  readonly underlying: string;
  readonly asOf: Timestamp;
  readonly index: Usd;
  /** Every unexpired expiry, ascending, fitted or not. */
  readonly expiries: readonly ExpirySmile[];
  /** The edits in force. */
  readonly edits: readonly SmileEdit[];
  /** The smiles are repaired: figures, curves, faults and mesh are of the repaired ones. */
  readonly isRepaired: boolean;
  readonly mesh: SurfaceMesh | null;
}

export interface ExpirySmile {
  readonly expiry: Timestamp;
  readonly forward: Usd;
  readonly timeToExpiryYears: YearFraction;
  /** Why there is no smile, in a sentence; null when there is one. */
  readonly failure: string | null;
  readonly origin: 'quotes' | 'market' | null;
  /** Null without a smile. */
  readonly figures: SmileFigures | null;
  /** The same of the market's own fit; null unless the smile is edited. */
  readonly marketFigures: SmileFigures | null;
  /** Of at-the-money variance since the expiry before; null for the first, and where total variance falls. */
  readonly forwardVol: Vol | null;
  /** To the quotes: of the market's own fit, also under an edit, or of the repaired smile; null when nothing was fitted. */
  readonly rmse: Vol | null;
  readonly maxError: Vol | null;
  readonly quotesUsed: number;
  /** Used ones one a strike, then those left out with their reason. The other option of a used strike is not repeated. */
  readonly quotes: readonly SurfaceQuote[];
  /** The smile on a fine axis of strikes; empty without one. */
  readonly curve: readonly { readonly strike: number; readonly vol: Vol }[];
  /** The market's own fit on the same strikes; empty unless the smile is edited. */
  readonly marketCurve: readonly { readonly strike: number; readonly vol: Vol }[];
  readonly faults: readonly SmileFault[];
  /** Null unless the smile is edited. */
  readonly edit: SmileShift | null;
  /** Null unless the smiles are repaired and this one had to move. */
  readonly repair: SmileRepairCost | null;
}

/** What a repair cost, against the market's own fit. */
export interface SmileRepairCost {
  /** The fit on the strikes of the repaired `curve`. */
  readonly fittedCurve: readonly StrikePoint[];
  /** Null when nothing was fitted. */
  readonly rmseBefore: Vol | null;
  /** Largest absolute change of vol over the quoted strikes. */
  readonly largestChange: Vol;
}

export interface SmileFigures {
  readonly atm: Vol;
  /** Call minus put. */
  readonly riskReversal25: Vol;
  readonly riskReversal10: Vol;
  /** Mean of call and put minus at the money. */
  readonly butterfly25: Vol;
  readonly butterfly10: Vol;
  readonly put25: StrikePoint;
  readonly call25: StrikePoint;
  readonly put10: StrikePoint;
  readonly call10: StrikePoint;
}

export interface StrikePoint {
  readonly strike: number;
  readonly vol: Vol;
}

export interface SurfaceQuote {
  readonly strike: number;
  readonly type: OptionType;
  /** Null when the quote states none. */
  readonly vol: Vol | null;
  readonly bidVol: Vol | null;
  readonly askVol: Vol | null;
  /** Fitted minus quoted vol, of the same smile as `rmse`; null for a quote left out. */
  readonly error: Vol | null;
  /** Why it was left out; null for a quote that was used. */
  readonly reason: string | null;
}

/** An arbitrage that a smile allows. */
export type SmileFault =
  | { readonly kind: 'butterfly'; readonly strike: number }
  /** Total variance falls from the expiry before; `wings`: only beyond the quotes. */
  | {
      readonly kind: 'calendar';
      readonly earlier: Timestamp;
      readonly strike: number;
      readonly where: 'quotes' | 'wings';
    };

/** Vols over an axis and time; rows by time, some between expiries, each with as many points. */
export interface SurfaceMesh {
  readonly axis: SurfaceAxis;
  readonly rows: readonly {
    readonly timeToExpiryYears: YearFraction;
    /** Null between expiries. */
    readonly expiry: Timestamp | null;
    /** d1 of the call from high to low, that is by ascending strike; or ascending k, over what is quoted. */
    readonly across: readonly number[];
    /** Null where the smile has no such option. */
    readonly vols: readonly (Vol | null)[];
  }[];
}

// ---- hands on the smile ----------------------------------------------------------------------------------------------

/** Whether edits may go from where they stand to where they are asked. */
export interface SmileEditRequest {
  readonly marketId: string;
  readonly underlying: string;
  /** The edits in force of every underlying. */
  readonly standing: readonly SmileEdit[];
  /** What the edited expiries shall have. */
  readonly asked: readonly SmileEdit[];
}

export interface SmileEditAnswer {
  /** All edits that are in force from here on, of every underlying. */
  readonly edits: readonly SmileEdit[];
  /** What stopped them short of what was asked; null when nothing did. */
  readonly stop: SmileStop | null;
}

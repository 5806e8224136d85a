import type { MarketSnapshot, SourceKind } from './marketSnapshot.ts';
import type { Portfolio } from './portfolio.ts';
import type { MarginModelDescription, MarginModelId, ParameterSet } from './riskParameters.ts';
import type { MarginOutcome } from './riskReport.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Timestamp, Usd, Vol, YearFraction } from './units.ts';

/** Everything that a margin figure is computed from: it gives the same digits wherever it is computed again. */
export interface MarginCase {
  readonly market: MarketSnapshot;
  readonly smileEdits: readonly SmileEdit[];
  readonly portfolio: Portfolio;
  readonly model: MarginModelId;
  /** All of the rule's parameters, so that a later default changes nothing. */
  readonly parameters: ParameterSet;
}

/** Where a margin figure comes from. */
export interface MarginProvenanceRequest {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly portfolio: Portfolio;
  readonly model: MarginModelId;
  /** Edited parameters; what is absent has its default. */
  readonly parameters: ParameterSet;
}

export interface MarginProvenance {
  readonly outcome: MarginOutcome;
  readonly model: MarginModelDescription;
  /** All of the rule's parameters, edited or not. */
  readonly parameters: ParameterSet;
  readonly engineVersion: string;
  readonly asOf: Timestamp;
  readonly source: { readonly kind: SourceKind; readonly name: string };
  /** Of the book's coins, in the market's order. */
  readonly indices: readonly { readonly underlying: string; readonly index: Usd }[];
  /** Of the book's priced legs, in its order. */
  readonly inputs: readonly LegInputs[];
  /** Text of a `headroom/margin-case@1` document that reruns to the same digits. */
  readonly caseText: string;
}

/** What the market says of a leg. */
export interface LegInputs {
  readonly id: string;
  readonly instrument: string;
  readonly quantity: number;
  /** Of the expiry; of a future or perpetual its mark. USD. */
  readonly forward: Usd;
  /** Infinite for a perpetual. */
  readonly timeToExpiryYears: YearFraction;
  /** Null for futures and perpetuals. */
  readonly volatility: Vol | null;
  readonly volatilitySource: 'mark' | 'fit' | null;
  /** When the option was quoted, where the market says so. */
  readonly quotedAt: Timestamp | null;
}

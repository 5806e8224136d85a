import type { Portfolio } from './portfolio.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Usd } from './units.ts';

/** Why a book needs the margin that it needs, or why a trade changes it. */
export interface MarginExplanationRequest {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly book: Portfolio;
  /** The resulting book if the proposal were kept; null explains the book's requirement from nothing. */
  readonly proposed: Portfolio | null;
  readonly model: MarginModelId;
  /** Edited parameters; what is absent has its default. */
  readonly parameters: ParameterSet;
}

/** The way from one initial margin to another in steps that add up to the difference. */
export interface MarginExplanation {
  readonly marketId: string;
  readonly model: MarginModelId;
  readonly title: string;
  /** What is explained: a trade, or the book from nothing. */
  readonly kind: 'trade' | 'book';
  /** Initial margin at the start: of the book before the trade, or zero. */
  readonly fromUsd: Usd;
  /** Initial margin at the end: of the book after the trade, or of the book. */
  readonly toUsd: Usd;
  /** None is zero. */
  readonly steps: readonly MarginStep[];
  /** The scenario that sets the margin at the start and at the end; null where nothing is at risk. */
  readonly fromCell: ExplainedCell | null;
  readonly toCell: ExplainedCell | null;
  /** Legs that could not be priced and are left out. */
  readonly leftOut: readonly string[];
}

/**
 * `alone`: what is new at its own worst, as if nothing else were held. `offset`: what the rest of the book takes off it, or adds.
 * `cell`: another scenario binds; what the component is there, less what it is in the former one, both in the book after.
 * `charge`: the change of a component that is not the worst of a scan, or that cannot be taken apart further.
 */
export type MarginStepKind = 'alone' | 'offset' | 'cell' | 'charge';

export interface MarginStep {
  readonly kind: MarginStepKind;
  /** The component of the requirement that it belongs to, by the rule's own name. */
  readonly component: string;
  readonly usd: Usd;
  /** The scenario in which the component stood, and in which it stands; `alone` has its own worst as `to`. */
  readonly from: ExplainedCell | null;
  readonly to: ExplainedCell | null;
  /** What it is about, by leg id; coin collateral as `collateral:BTC`. */
  readonly legs: readonly string[];
  /** Of a book's `alone`: what each leg or coin needs alone; they add up to `usd`. */
  readonly parts: readonly { readonly id: string; readonly usd: Usd }[];
}

export interface ExplainedCell {
  /** `−16 %, IV ×1.50`, ready to show. */
  readonly label: string;
  /** Where it lies on spot and on vol (relative, of a 30-day option); null where the rule names it in words alone. */
  readonly at: { readonly spotMove: number; readonly volShock: number } | null;
}

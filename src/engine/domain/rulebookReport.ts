import type { Failure } from './failure.ts';
import type { Portfolio } from './portfolio.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { MarginOutcome } from './riskReport.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Trade } from './trade.ts';
import type { Usd } from './units.ts';

interface RulebookQuestion {
  /** Echoed in the answer. */
  readonly inputVersion: number;
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  /** Edited parameters by model id; what is absent has its default. */
  readonly parameters: Readonly<Record<string, ParameterSet>>;
}

/** One book under every rulebook there is. */
export interface RulebooksRequest extends RulebookQuestion {
  readonly book: Portfolio;
  /** Null when nothing is proposed. */
  readonly proposed: Portfolio | null;
}

export interface RulebooksReport {
  readonly inputVersion: number;
  readonly marketId: string;
  readonly elapsedMs: number;
  /** One outcome a rulebook, in the order of the library. */
  readonly before: readonly MarginOutcome[];
  /** In the same order; null when nothing is proposed. */
  readonly after: readonly MarginOutcome[] | null;
}

/** Margin as a function of the size of a trade: the book at size q is `book` after q - `heldSize` times the `unit` trades. */
export interface SizingRequest extends RulebookQuestion {
  readonly book: Portfolio;
  /** The size that `book` already holds: 0 for a proposed trade, the leg's quantity for a leg of the book. */
  readonly heldSize: number;
  /** Trades of one unit of size; their quantities carry their signs. */
  readonly unit: readonly Trade[];
  /** The size that is asked about, above zero: curves and searches reach as many times as far. */
  readonly presentSize: number;
  /** Sizes are whole multiples of this. */
  readonly step: number;
  /** Rulebooks whose curve is wanted; the largest size is told for all. */
  readonly curves: readonly MarginModelId[];
}

export interface SizingReport {
  readonly inputVersion: number;
  readonly marketId: string;
  readonly presentSize: number;
  /** Sizes at which the curves are told, ascending from zero. */
  readonly sizes: readonly number[];
  readonly curves: readonly SizeCurve[];
  /** One a rulebook, in the order of the library. */
  readonly fits: readonly SizeFit[];
  /** The largest size that was looked at. */
  readonly searchedTo: number;
}

/** Null where the rulebook cannot take the book at that size. */
export interface SizeCurve {
  readonly id: MarginModelId;
  readonly initialMarginUsd: readonly (Usd | null)[];
  readonly availableUsd: readonly (Usd | null)[];
}

/** Sizes at which a rulebook's initial margin is within what it counts as equity. */
export type SizeFit = { readonly id: MarginModelId } & (
  | { readonly kind: 'none' }
  /** Fits still at the largest size looked at. */
  | { readonly kind: 'unbounded'; readonly least: number; readonly hasGaps: boolean }
  | { readonly kind: 'largest'; readonly least: number; readonly largest: number; readonly hasGaps: boolean }
  | { readonly kind: 'unsupported'; readonly failure: Failure }
);

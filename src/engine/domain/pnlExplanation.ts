import type { Failure } from './failure.ts';
import type { SourceKind } from './marketSnapshot.ts';
import type { Notice } from './marketSummary.ts';
import type { Portfolio } from './portfolio.ts';
import type { Greeks } from './riskReport.ts';
import type { Movers, Scenario } from './scenario.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Timestamp, Usd, Vol } from './units.ts';

/** Where a book's P&L came from, or would come from: the move, and the book that is held through it. */
export interface ExplainRequest {
  /** The open market: where a scenario starts, or where the move from an earlier market ends. */
  readonly marketId: string;
  readonly portfolio: Portfolio;
  readonly move: ExplainedMove;
  /** How a person has bent the open market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
}

export type ExplainedMove =
  | { readonly kind: 'scenario'; readonly scenario: Scenario; readonly movers: Movers }
  /** From the market of this id, opened beforehand, to the open one. */
  | { readonly kind: 'market'; readonly fromMarketId: string };

/**
 * Parts of a P&L in USD, signed for the holder. They add up to it: the residual is what is left over.
 * Greeks are those of the start, of the USD value with the ratio of forward to index held.
 */
export interface PnlParts {
  /** delta dS, S the index */
  readonly delta: Usd;
  /** 1/2 gamma dS^2 */
  readonly gamma: Usd;
  /** vega dvol, the vol being that of the option's own strike */
  readonly vega: Usd;
  /** theta dt, at most to expiry */
  readonly theta: Usd;
  /** vanna dS dvol */
  readonly vanna: Usd;
  /** 1/2 volga dvol^2 */
  readonly volga: Usd;
  /** What the forward moved beyond the index, carry that ran off, and the change of the discount factor. */
  readonly basis: Usd;
  /** The change of the USD price of a stablecoin. */
  readonly currency: Usd;
  readonly residual: Usd;
}

/** A sum of explained positions, or one of them. */
export interface ExplainedSum extends PnlParts {
  /** Value at the start and at the end, by full revaluation. */
  readonly fromUsd: Usd;
  readonly toUsd: Usd;
  /** Their difference, and the sum of the parts. */
  readonly pnlUsd: Usd;
}

export interface ExplainedPosition extends ExplainedSum {
  /** The leg's id, or `collateral:BTC`. */
  readonly id: string;
  /** Instrument of a leg, asset of a collateral holding. */
  readonly instrument: string;
  /** Null for a stablecoin. */
  readonly underlying: string | null;
  readonly quantity: number;
  /** Change of the index, USD; 0 for a stablecoin. */
  readonly spotChangeUsd: Usd;
  /** Time that passed for this position: none beyond its expiry. */
  readonly days: number;
  /**
   * The position's own at the start. Delta counts what an inverse future has earned so far: that is coin, whose dollars move.
   */
  readonly greeks: Greeks;
  /** Null unless an option. */
  readonly volatility: ExplainedVolatility | null;
  /** It expired on the way and was settled at its intrinsic value at the later index. */
  readonly settled: boolean;
  /** What it is worth to know of this position alone, in sentences. */
  readonly notes: readonly string[];
}

/** How an option's vol moved: that of its own strike, as it was valued at both ends. */
export interface ExplainedVolatility {
  readonly from: Vol;
  /** Null once settled: intrinsic value has no vol. */
  readonly to: Vol | null;
  /** What vega, vanna and volga are multiplied with; 0 once settled. */
  readonly change: Vol;
  /** `mark`: the strike's own quote at that end; `fit`: read from the fitted smile, the strike having no quote. */
  readonly fromSource: 'mark' | 'fit';
  /** `scenario`: the vol at the start after the smile rule and the shock. */
  readonly toSource: 'mark' | 'fit' | 'scenario' | 'settled';
}

export interface UnexplainedPosition {
  readonly id: string;
  readonly instrument: string;
  readonly quantity: number;
  /** Why it has no value at one of the ends. It is left out of every sum. */
  readonly failure: Failure;
}

export interface PnlExplanation {
  readonly marketId: string;
  readonly from: ExplainedEnd;
  readonly to: ExplainedEnd;
  /** Calendar days from one to the other. */
  readonly days: number;
  readonly legs: readonly ExplainedPosition[];
  readonly collateral: readonly ExplainedPosition[];
  readonly leftOut: readonly UnexplainedPosition[];
  /** Legs alone, in the order in which the book names the coins. */
  readonly byUnderlying: readonly (ExplainedSum & {
    readonly underlying: string;
    readonly legs: number;
    readonly indexFrom: Usd;
    readonly indexTo: Usd;
  })[];
  /** Over the legs. */
  readonly legsTotal: ExplainedSum;
  /** Over legs and collateral: the change of equity. */
  readonly total: ExplainedSum;
  /** Index of every coin of both ends, for showing money in coin. */
  readonly indices: readonly { readonly underlying: string; readonly indexFrom: Usd; readonly indexTo: Usd }[];
  readonly notices: readonly Notice[];
}

export interface ExplainedEnd {
  readonly asOf: Timestamp;
  /** Null for a scenario, which nobody recorded. */
  readonly source: { readonly kind: SourceKind; readonly name: string } | null;
}

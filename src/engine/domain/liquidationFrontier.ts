import type { Failure } from './failure.ts';
import type { Portfolio } from './portfolio.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { Movers, SmileRule } from './scenario.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Usd } from './units.ts';

/** Where, over spot and vol at one date, equity no longer covers maintenance. */
export interface FrontierRequest {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly book: Portfolio;
  /** The resulting book if the proposal were kept; null when nothing is proposed. */
  readonly proposed: Portfolio | null;
  /** The rulebook whose equity and maintenance margin meet on the frontier. */
  readonly model: MarginModelId;
  readonly parameters: ParameterSet;
  /** Whose history and vol say how far a move is. */
  readonly underlying: string;
  readonly movers: Movers;
  readonly smile: SmileRule;
  /** As in Scenario. */
  readonly spotVolBeta?: number;
  /** Days forward at which the books stand. */
  readonly days: number;
  /** Days of which a standard deviation is meant. */
  readonly horizonDays: number;
}

export interface FrontierReport {
  readonly marketId: string;
  readonly elapsedMs: number;
  /** Lines and regions are of the lattice's values alone; what is shortest is still being looked for. */
  readonly isCoarse: boolean;
  /** The lattice: relative moves of spot and relative vol shocks, ascending, both through zero. Its ends are what was examined. */
  readonly spot: readonly number[];
  readonly vol: readonly number[];
  readonly distance: FrontierDistance;
  readonly before: Frontier;
  readonly after: Frontier | null;
}

/** A point of the plane: a relative move of spot and a relative shock of every vol. */
export interface FrontierPoint {
  readonly spotMove: number;
  readonly volShock: number;
}

export interface Frontier {
  /** Where the market is now. `unknown`: the rule cannot take the book as it stands at that date. */
  readonly now: 'safe' | 'liquidation' | 'unknown';
  readonly headroomNowUsd: Usd | null;
  /** Equity minus maintenance at the lattice, [vol][spot]; null where the rule cannot take the book. */
  readonly headroomUsd: readonly (readonly (Usd | null)[])[];
  /** Where headroom is zero. A closed line ends where it starts. */
  readonly lines: readonly (readonly FrontierPoint[])[];
  /** Rings round what is in liquidation, cut off at the edge of what was examined; a hole runs the other way round. */
  readonly regions: readonly (readonly FrontierPoint[])[];
  /** The shortest way from now to the frontier; null when there is none, or no way to go. */
  readonly nearest: NearestLiquidation | null;
  /** Why the rule cannot take the book at some point, or at any; null when it takes them all. */
  readonly unsupported: Failure | null;
}

export interface NearestLiquidation extends FrontierPoint {
  /** How far that is; null when nothing says how far a move is. */
  readonly sigmas: number | null;
}

/** How far a move is. */
export interface FrontierDistance {
  readonly horizonDays: number;
  /** Standard deviation of ln spot over the horizon; null when the market has neither a 30-day vol nor a history. */
  readonly spotDeviation: number | null;
  /** Of ln vol, beside what the skew rule itself makes of a spot move; null when the distance is along spot alone. */
  readonly volDeviation: number | null;
  /** Correlation of the two; null when the distance is along spot alone. */
  readonly correlation: number | null;
  /** What the figures are taken from, in a sentence. */
  readonly source: string;
}

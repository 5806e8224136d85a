import type { Failure } from './failure.ts';
import type { Portfolio } from './portfolio.ts';
import type { LiquidationMoves } from './riskReport.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { Movers, SmileRule } from './scenario.ts';
import type { Timestamp, Usd } from './units.ts';

/** A moment of a recording, and where it is read from. */
export interface ReplayMoment {
  readonly at: Timestamp;
  /** The whole market that it is read from: its time, its first byte and the number of its line. */
  readonly frame: { readonly at: Timestamp; readonly offset: number; readonly line: number };
}

/** What a book that nobody changes needs, and has, over the time of a recording. */
export interface ReplayTimelineRequest {
  /** Ascending. */
  readonly moments: readonly ReplayMoment[];
  /** The end of the recording's last whole line, in bytes. */
  readonly end: number;
  readonly book: Portfolio;
  readonly model: MarginModelId;
  readonly parameters: ParameterSet;
  /** Whose price liquidation is told by, and who moves with it. */
  readonly underlying: string;
  readonly movers: Movers;
  readonly smile: SmileRule;
  /** As in Scenario. */
  readonly spotVolBeta?: number;
}

/** The book at one moment. */
export interface ReplayPoint {
  readonly at: Timestamp;
  /** Of every coin of that market. */
  readonly indices: readonly { readonly underlying: string; readonly index: Usd }[];
  /** Null where there are none, for the reason that `failure` gives. */
  readonly figures: ReplayFigures | null;
  readonly failure: Failure | null;
  /** Legs without a price at that moment, in no figure: not listed yet, or expired. */
  readonly leftOut: readonly string[];
}

export interface ReplayFigures {
  readonly initialMarginUsd: Usd;
  readonly maintenanceMarginUsd: Usd;
  /** As the rulebook counts it. */
  readonly equityUsd: Usd;
  readonly availableUsd: Usd;
  /** The scenario that sets the margin, ready to show; null where nothing is at risk. */
  readonly worstScenario: string | null;
  /** How far spot may move before equity meets maintenance; null where the coin is not in that market. */
  readonly liquidation: LiquidationMoves | null;
}

export interface ReplayTimeline {
  readonly points: readonly ReplayPoint[];
  readonly elapsedMs: number;
}

export interface ReplayProgress {
  readonly point: ReplayPoint;
  readonly done: number;
  readonly asked: number;
}

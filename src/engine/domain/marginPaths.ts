import type { Notice } from './marketSummary.ts';
import type { Portfolio } from './portfolio.ts';
import type { MarginModelId, ParameterSet } from './riskParameters.ts';
import type { SmileRule } from './scenario.ts';
import type { EstimateOverrides, ScenarioEstimates } from './scenarioEstimates.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Timestamp, Usd } from './units.ts';

/** What becomes of equity and margin along many paths of the market if nobody acts. */
export interface MarginPathsRequest {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly book: Portfolio;
  /** The rulebook whose maintenance margin equity may touch, with edited parameters. */
  readonly model: MarginModelId;
  readonly parameters: ParameterSet;
  /** Length of the paths, whole days. */
  readonly days: number;
  /** How often a day equity is looked at, evenly; each expiry is looked at besides. */
  readonly stepsPerDay: number;
  readonly paths: number;
  readonly seed: number;
  readonly distribution: PathDistribution;
  /** Of a day's moves under `student-t`; above 2. */
  readonly degreesOfFreedom: number;
  readonly smile: SmileRule;
  /** Numbers in place of estimates, by the estimate's id. */
  readonly estimates?: EstimateOverrides;
}

/** Distribution of the joint moves of one day. */
export type PathDistribution = 'normal' | 'student-t';

export interface MarginPathsProgress {
  /** `margins`: the rule is being evaluated where paths go; `paths`: paths are being walked. */
  readonly stage: 'margins' | 'paths';
  readonly pathsDone: number;
  readonly pathsAsked: number;
  /** The newest figures, from the paths so far. */
  readonly soFar: MarginPathsReport | null;
}

/**
 * Equity touches maintenance where it is at or below it at a time at which it is looked at (where nothing is required: where it is
 * below zero). After a touch a path goes on as if nothing had happened.
 */
export interface MarginPathsReport {
  readonly marketId: string;
  readonly model: MarginModelId;
  readonly elapsedMs: number;
  readonly days: number;
  readonly stepsPerDay: number;
  /** Paths that the figures are of. */
  readonly paths: number;
  readonly pathsAsked: number;
  /** The book as it stands. */
  readonly now: { readonly equityUsd: Usd; readonly initialMarginUsd: Usd; readonly maintenanceMarginUsd: Usd };
  /** Share of paths that touch by the end of a day; the first entry is now, the last the horizon. */
  readonly touchByDay: readonly TouchByDay[];
  /** Of the paths that touch; null when none does. */
  readonly atTouch: AtTouch | null;
  readonly fan: MarginFan;
  readonly discretisation: Discretisation;
  readonly interpolation: MarginInterpolation;
  /** Expiries on the way, with the legs that settle. */
  readonly settlements: readonly {
    readonly expiry: Timestamp;
    readonly days: number;
    readonly legs: readonly string[];
  }[];
  /** Null when the book has nothing that moves. */
  readonly estimates: ScenarioEstimates | null;
  /** Legs without a price: in no figure. */
  readonly leftOut: readonly string[];
  readonly notices: readonly Notice[];
}

export interface Share {
  readonly probability: number;
  /** Root of p (1 - p) / n. */
  readonly standardError: number;
}

export interface TouchByDay extends Share {
  readonly day: number;
}

export interface AtTouch {
  readonly paths: number;
  /** Days to the first touch, at `TOUCH_LEVELS`. */
  readonly timeQuantilesDays: readonly number[];
  /** Mean of maintenance minus equity at the first touch, at least zero: what is missing when it is noticed. */
  readonly belowMaintenanceUsd: MeanUsd;
  /** Mean of equity now minus equity at the first touch. */
  readonly equityLostUsd: MeanUsd;
}

export interface MeanUsd {
  readonly mean: Usd;
  /** Null of a single path. */
  readonly standardError: Usd | null;
}

export const TOUCH_LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
export const FAN_LEVELS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** Quantiles across paths at some times; rows by `FAN_LEVELS`, columns by `days`. */
export interface MarginFan {
  readonly days: readonly number[];
  readonly equityUsd: readonly (readonly Usd[])[];
  readonly initialMarginUsd: readonly (readonly Usd[])[];
  readonly maintenanceMarginUsd: readonly (readonly Usd[])[];
}

/** What is missed between two looks. */
export interface Discretisation {
  /** The same paths looked at less often, ending with the steps of the request. */
  readonly watched: readonly (Share & { readonly stepsPerDay: number })[];
  /** Extrapolated to looking without pause; null where the steps a day are no multiple of four. */
  readonly continuous: Share | null;
}

/** How far interpolated figures are from the rule's own, on states of the paths that the interpolation has not seen. */
export interface MarginInterpolation {
  /** Requirements that were computed to interpolate between. */
  readonly evaluations: number;
  /** States at random times of the first paths, and at the first touches of the first paths that touch. */
  readonly states: number;
  /** Of equity minus maintenance. */
  readonly rootMeanSquareUsd: Usd;
  readonly largestUsd: Usd;
  /** What 95 % of the states stay within. */
  readonly boundUsd: Usd;
  /** What `boundUsd` was to stay within: a share of the book's initial margin. */
  readonly toleranceUsd: Usd;
  readonly isMet: boolean;
  /** States at which interpolation is on the wrong side of a touch. */
  readonly misjudged: number;
}

import type { Failure } from './failure.ts';
import type { Notice } from './marketSummary.ts';
import type { Portfolio } from './portfolio.ts';
import type { SmileRule } from './scenario.ts';
import type { SmileEdit } from './smileEdit.ts';
import type { Timestamp, Usd } from './units.ts';

/** Ways to forecast tomorrow's VaR and ES from the moves known today. */
export type BacktestMethod = 'historical' | 'age-weighted' | 'filtered-historical' | 'parametric';

export interface BacktestRequest {
  readonly marketId: string;
  /** How a person has bent the market's smiles; absent means not at all. */
  readonly smileEdits?: readonly SmileEdit[];
  readonly portfolio: Portfolio;
  readonly methods: readonly BacktestMethod[];
  /** Of VaR and ES alike; 0.75 to 0.9999. */
  readonly confidence: number;
  /** Moves that each forecast is made from. */
  readonly window: number;
  readonly smile: SmileRule;
}

/** Rolling forecasts against what happened next. All series have one entry for each tested day, oldest first. */
export interface BacktestReport {
  readonly marketId: string;
  readonly confidence: number;
  readonly window: number;
  /** Days that one move spans: a forecast is for the next one. */
  readonly stepDays: number;
  /** The day whose close ends the move. */
  readonly dates: readonly Timestamp[];
  /** P&L of today's book under that day's move, signed. */
  readonly pnlUsd: readonly Usd[];
  readonly methods: readonly MethodBacktest[];
  readonly elapsedMs: number;
  readonly notices: readonly Notice[];
}

export interface MethodBacktest {
  readonly method: BacktestMethod;
  /** Forecast for the day from the moves before it, positive when money is at risk. */
  readonly valueAtRiskUsd: readonly Usd[];
  readonly expectedShortfallUsd: readonly Usd[];
  /** Days, by their place in the series, whose loss was larger than VaR. */
  readonly exceptions: readonly number[];
  readonly expectedExceptions: number;
  /** Kupiec: as many exceptions as promised? */
  readonly coverage: LikelihoodRatioTest;
  /** Christoffersen: exceptions no likelier after an exception? */
  readonly independence: LikelihoodRatioTest & ExceptionPairs;
  /** Both at once. */
  readonly conditional: LikelihoodRatioTest;
  readonly trafficLight: TrafficLight;
  /** Acerbi and Szekely, or why there is no such test. */
  readonly shortfall: ShortfallTest | Failure;
}

export interface LikelihoodRatioTest {
  /** The statistic: zero when the data are as expected, large when they are not. */
  readonly likelihoodRatio: number;
  /** Probability of a statistic at least as large if the model is right. */
  readonly pValue: number;
}

/** Pairs of neighbouring days: n01 counts an exception after a day without one. */
export interface ExceptionPairs {
  readonly n00: number;
  readonly n01: number;
  readonly n10: number;
  readonly n11: number;
}

export type TrafficLightZone = 'green' | 'yellow' | 'red';

/** A count of exceptions against the binomial distribution of a model that is right. */
export interface TrafficLight {
  readonly zone: TrafficLightZone;
  /** First counts that are yellow and red. */
  readonly starts: { readonly yellow: number; readonly red: number };
  /** P(X = exceptions), P(X <= exceptions), P(X >= exceptions). */
  readonly probability: number;
  readonly probabilityAtMost: number;
  /** The chance of rejecting a model that is right, were it rejected from this count on. */
  readonly probabilityAtLeast: number;
  /** What supervisors add to the capital multiplier; null but for 250 days at 99 %, for which alone they print it. */
  readonly addOn: CapitalAddOn | null;
}

export interface CapitalAddOn {
  /** On a base of 3. */
  readonly basel1996: number;
  /** On a base of 1.5. */
  readonly basel2019: number;
}

export interface ShortfallTest {
  /** Given an exception, 1 less its loss over ES, in the mean; negative when losses beyond VaR are larger than ES. Null without exceptions. */
  readonly z1: number | null;
  /** Frequency and size of exceptions together; zero for a right model in the mean, negative for one that is too mild. */
  readonly z2: number;
  readonly minimallyBiasedUsd: Usd;
  /** P(Z2 this low or lower) for a right model with normal tails. */
  readonly pValue: number;
  /** Below these Z2 is rejected at 5 %: with normal tails, and with those of Student's t with three degrees of freedom. */
  readonly criticalValue: number;
  readonly criticalValueFatTails: number;
  /** How p-value and critical values were got, in a sentence. */
  readonly basis: string;
}

export interface BacktestProgress {
  readonly daysDone: number;
  readonly daysAsked: number;
}

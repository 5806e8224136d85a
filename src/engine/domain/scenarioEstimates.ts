/** What a scenario generator has estimated from the market's history, and what a person has put in its place. */
export interface ScenarioEstimates {
  /** In words: "Merton jump diffusion". */
  readonly generator: string;
  /** How the numbers were found: "maximum likelihood by EM; standard errors by the outer product of scores". */
  readonly method: string;
  /** Joint moves that were used, and the dates of the first and last close, `2024-11-19`. */
  readonly observations: number;
  readonly from: string;
  readonly to: string;
  /** Length of one move in days. */
  readonly stepDays: number;
  readonly values: readonly ScenarioEstimate[];
}

export interface ScenarioEstimate {
  /** What an override names: `BTC.spot.alpha`. */
  readonly id: string;
  /** Rows of one group stand together: "BTC spot", "Jumps", "Correlations". */
  readonly group: string;
  /** "Persistence α + β". */
  readonly name: string;
  /** "% a year", "a year", or "" for a plain number. `value` and its companions are in this unit. */
  readonly unit: string;
  /** What the history says; null when it does not determine the number. */
  readonly estimated: number | null;
  /** Of `estimated`; null where the method has none, or the estimate lies on the edge of what is allowed. */
  readonly standardError: number | null;
  /** What the figure was computed with: the estimate, or what was put in its place. */
  readonly value: number;
  readonly isOverridden: boolean;
  /** What an override must lie between, ends included. */
  readonly min: number;
  readonly max: number;
}

/** Numbers by estimate id that stand in place of estimates. */
export type EstimateOverrides = Readonly<Record<string, number>>;

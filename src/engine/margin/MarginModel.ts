import type { MarginModelDescription, ParameterSet } from '../domain/riskParameters.ts';
import type { MarginResult } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import type { ContractState } from '../scenario/contractState.ts';

/**
 * A margin rule. It says which scenarios it must see, and turns positions with their P&L in those scenarios into a
 * requirement. A model is one file in `models`, one line in `marginModels`, and its tests.
 */
export interface MarginModel extends MarginModelDescription {
  /** @param parameters complete and within bounds, as `resolvedParameters` gives them. */
  scenarios(parameters: ParameterSet, underlyings: readonly string[]): ScenarioSet;
  /** @throws RiskError `unsupported` naming the leg and the reason when the rule cannot take the book. */
  requirement(input: MarginInput, parameters: ParameterSet): MarginRequirement;
}

export interface MarginInput {
  readonly positions: readonly MarginPosition[];
  /** The set that `scenarios` asked for. */
  readonly set: ScenarioSet;
}

export interface MarginPosition {
  /** Leg id, or `collateral:BTC` for coins held as collateral. */
  readonly id: string;
  readonly underlying: string;
  /** Null for coin collateral. */
  readonly contract: ContractState | null;
  readonly quantity: number;
  readonly valueUsd: Usd;
  /** Position delta in coin. */
  readonly deltaCoins: number;
  /** Spot index of the underlying. */
  readonly index: Usd;
  /** P&L of the whole position in each scenario of the set, USD. */
  readonly pnlUsd: Float64Array;
}

/** What a rule answers; equity and what follows from it are added by `marginOutcome`. */
export type MarginRequirement = Omit<MarginResult, 'equityUsd' | 'availableUsd' | 'marginRatio'>;

import type { MarginModelId, ParameterSet } from '../domain/riskParameters.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import type { UnitPnlRows } from '../scenario/unitPnlCache.ts';
import type { MarginModel } from './MarginModel.ts';
import { modelById } from './modelById.ts';
import { resolvedParameters } from './resolvedParameters.ts';

/** A rulebook with its parameters, in one market. */
export interface MarketRule {
  readonly market: PreparedMarket;
  readonly model: MarginModel;
  /** Complete, as `resolvedParameters` gives them. */
  readonly parameters: ParameterSet;
  /** Unit P&L of the contracts in the scenarios that the rule scans, by the market's kernels. */
  readonly rows: UnitPnlRows;
}

export interface RuleChoice {
  readonly model: MarginModelId;
  /** Edited parameters of the model. */
  readonly parameters: ParameterSet;
}

/** @throws RiskError when the model or a parameter does not exist, or a parameter is out of its bounds. */
export function marketRule(
  market: PreparedMarket,
  { model: id, parameters }: RuleChoice,
  library: readonly MarginModel[],
  rows: UnitPnlRows,
): MarketRule {
  const model = modelById(id, library);
  return { market, model, parameters: resolvedParameters(model, parameters), rows };
}

import type { MarginModelId, ParameterSet } from '../domain/riskParameters.ts';
import type { MarginModel } from '../margin/MarginModel.ts';
import { modelById } from '../margin/modelById.ts';
import { resolvedParameters } from '../margin/resolvedParameters.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { rememberedRows, type UnitPnlRows } from '../scenario/unitPnlCache.ts';
import type { MarketRule } from './portfolioMargins.ts';

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
  rows: UnitPnlRows = rememberedRows(),
): MarketRule {
  const model = modelById(id, library);
  return { market, model, parameters: resolvedParameters(model, parameters), rows };
}

import type { VarMethod } from '../engine/domain/riskReport.ts';
import type { EstimateOverrides, ScenarioEstimate } from '../engine/domain/scenarioEstimates.ts';
import type { VarSettings } from './AppState.ts';

/** The generator that a method draws its moves from: what is set by hand belongs to it. Null where moves are the history's own. */
export function estimateKey(
  method: VarMethod,
  settings: Pick<VarSettings, 'distribution' | 'filter' | 'tailOf'>,
): string | null {
  if (method === 'parametric' || method === 'cornish-fisher') return 'covariance';
  if (method === 'monte-carlo' || (method === 'evt' && settings.tailOf === 'monte-carlo')) return settings.distribution;
  return method === 'historical' ? settings.filter : null;
}

/** The settings with a number in place of an estimate, or without it: null, or the estimate itself, takes it away. */
export function withOverride(
  overrides: VarSettings['overrides'],
  key: string,
  estimate: Pick<ScenarioEstimate, 'id' | 'estimated'>,
  value: number | null,
): VarSettings['overrides'] {
  const { [estimate.id]: _former, ...rest } = overrides[key] ?? {};
  return withOverrides(
    overrides,
    key,
    value === null || value === estimate.estimated ? rest : { ...rest, [estimate.id]: value },
  );
}

/** The settings with all of one generator's numbers replaced. */
export function withOverrides(
  overrides: VarSettings['overrides'],
  key: string,
  numbers: EstimateOverrides,
): VarSettings['overrides'] {
  const { [key]: _former, ...rest } = overrides;
  return Object.keys(numbers).length === 0 ? rest : { ...rest, [key]: numbers };
}

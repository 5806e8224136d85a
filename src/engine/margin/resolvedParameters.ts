import { RiskError } from '../domain/failure.ts';
import type { MarginModelDescription, ParameterSet } from '../domain/riskParameters.ts';

/**
 * Every declared parameter of a model, edited or initial.
 * @throws RiskError `bad-value` naming a parameter that the model does not have, or that is out of its bounds.
 */
export function resolvedParameters(model: MarginModelDescription, edits: ParameterSet = {}): ParameterSet {
  const declared = new Map(model.parameters.map((spec) => [spec.key, spec]));
  for (const [key, value] of Object.entries(edits)) {
    const spec = declared.get(key);
    if (!spec)
      throw new RiskError(
        'bad-value',
        `${model.title} has no parameter "${key}"; it has ${[...declared.keys()].join(', ')}`,
        `/${key}`,
      );
    if (!(value >= spec.min && value <= spec.max)) {
      throw new RiskError(
        'bad-value',
        `${spec.label} of ${model.title} must be between ${spec.min} and ${spec.max} (${spec.unit})`,
        `/${key}`,
      );
    }
  }
  return Object.fromEntries(model.parameters.map((spec) => [spec.key, edits[spec.key] ?? spec.initial]));
}

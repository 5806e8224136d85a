import { RiskError } from '../domain/failure.ts';
import type { MarginModelDescription, MarginModelId } from '../domain/riskParameters.ts';
import type { MarginModel } from './MarginModel.ts';

/** @throws RiskError `unsupported` naming the models that exist. */
export function modelById(id: MarginModelId, models: readonly MarginModel[]): MarginModel {
  const model = models.find((candidate) => candidate.id === id);
  if (model) return model;
  throw new RiskError(
    'unsupported',
    `There is no margin model "${id}"; there are ${models.map((known) => known.id).join(', ')}`,
  );
}

/** A model as plain data, without its functions. */
export function modelDescription(model: MarginModel): MarginModelDescription {
  const { id, title, venue, source, parametersDate, parameters } = model;
  return { id, title, venue, source, parametersDate, parameters };
}

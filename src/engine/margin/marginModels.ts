import { RiskError } from '../domain/failure.ts';
import type { MarginModelDescription, MarginModelId } from '../domain/riskParameters.ts';
import type { MarginModel } from './MarginModel.ts';
import { crossMargin } from './models/crossMargin.ts';
import { isolatedMargin } from './models/isolatedMargin.ts';
import { portfolioMargin } from './models/portfolioMargin.ts';

/** Every rulebook, in the order in which they are shown. */
export const marginModels: readonly MarginModel[] = [isolatedMargin, crossMargin, portfolioMargin];

/** @throws RiskError `unsupported` naming the models that exist. */
export function marginModel(id: MarginModelId): MarginModel {
  const model = marginModels.find((candidate) => candidate.id === id);
  if (model) return model;
  throw new RiskError(
    'unsupported',
    `There is no margin model "${id}"; there are ${marginModels.map((known) => known.id).join(', ')}`,
  );
}

/** The models as plain data, without their functions. */
export function marginModelDescriptions(): MarginModelDescription[] {
  return marginModels.map(({ id, title, venue, source, parametersDate, parameters }) => ({
    id,
    title,
    venue,
    source,
    parametersDate,
    parameters,
  }));
}

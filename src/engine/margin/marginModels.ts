import { headroomModels } from './headroomModels.ts';
import type { MarginModel } from './MarginModel.ts';
import { deribitPortfolioMargin } from './models/deribitPortfolioMargin.ts';
import { deribitStandardMargin } from './models/deribitStandardMargin.ts';
import { expectedShortfallMargin } from './models/expectedShortfallMargin.ts';
import { regT } from './models/regT.ts';
import { valueAtRiskMargin } from './models/valueAtRiskMargin.ts';

/** Every rulebook, in the order in which they are listed. The page loads the venues' after its first verdict. */
export const marginModels: readonly MarginModel[] = [
  ...headroomModels,
  deribitStandardMargin,
  deribitPortfolioMargin,
  regT,
  valueAtRiskMargin,
  expectedShortfallMargin,
];

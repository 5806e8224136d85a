import { headroomModels } from './headroomModels.ts';
import type { MarginModel } from './MarginModel.ts';
import { expectedShortfallMargin } from './models/expectedShortfallMargin.ts';
import { valueAtRiskMargin } from './models/valueAtRiskMargin.ts';

/** Every rulebook, in the order in which they are listed. The page loads the venues' after its first verdict. */
export const marginModels: readonly MarginModel[] = [...headroomModels, valueAtRiskMargin, expectedShortfallMargin];

import { headroomModels } from './headroomModels.ts';
import type { MarginModel } from './MarginModel.ts';
import { binanceOptions } from './models/binanceOptions.ts';
import { bybitPortfolioMargin } from './models/bybitPortfolioMargin.ts';
import { deribitPortfolioMargin } from './models/deribitPortfolioMargin.ts';
import { deribitStandardMargin } from './models/deribitStandardMargin.ts';
import { derivePortfolioMargin } from './models/derivePortfolioMargin.ts';
import { derivePortfolioMargin2 } from './models/derivePortfolioMargin2.ts';
import { deriveStandardMargin } from './models/deriveStandardMargin.ts';
import { expectedShortfallMargin } from './models/expectedShortfallMargin.ts';
import { okxPortfolioMargin } from './models/okxPortfolioMargin.ts';
import { paradexPortfolioMargin } from './models/paradexPortfolioMargin.ts';
import { regT } from './models/regT.ts';
import { span } from './models/span.ts';
import { thalexPortfolioMargin } from './models/thalexPortfolioMargin.ts';
import { tims } from './models/tims.ts';
import { valueAtRiskMargin } from './models/valueAtRiskMargin.ts';

/** Every rulebook, in the order in which they are listed. The page loads the venues' after its first verdict. */
export const marginModels: readonly MarginModel[] = [
  ...headroomModels,
  deribitStandardMargin,
  deribitPortfolioMargin,
  deriveStandardMargin,
  derivePortfolioMargin,
  derivePortfolioMargin2,
  okxPortfolioMargin,
  bybitPortfolioMargin,
  paradexPortfolioMargin,
  thalexPortfolioMargin,
  binanceOptions,
  span,
  tims,
  regT,
  valueAtRiskMargin,
  expectedShortfallMargin,
];

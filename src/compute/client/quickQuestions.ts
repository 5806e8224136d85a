import type { EngineInUse, RiskApi } from '../../../workers/RiskApi.ts';
import type { Result } from '../../engine/domain/failure.ts';
import type { EvaluateRequest, RiskReport } from '../../engine/domain/riskReport.ts';
import type { MarginModelDescription } from '../../engine/domain/riskParameters.ts';
import type { SmileEditAnswer, SmileEditRequest } from '../../engine/domain/surfaceReport.ts';
import type { SupervisedWorker } from '../SupervisedWorker.ts';
import { type Question, question, told } from './question.ts';

const EDIT_SILENCE_MS = 1_500;
const NAMES_SILENCE_MS = 10_000;

/** What follows a keystroke. */
export interface QuickQuestions {
  /** What computes the figures. */
  engineInUse(): Promise<Result<EngineInUse>>;
  models(): Promise<Result<readonly MarginModelDescription[]>>;
  evaluate: Question<EvaluateRequest, RiskReport>;
  editSmiles: Question<SmileEditRequest, SmileEditAnswer>;
}

export function quickQuestions(worker: SupervisedWorker<RiskApi>): QuickQuestions {
  return {
    engineInUse: () => told(worker, NAMES_SILENCE_MS, 'its name', (api) => api.engineInUse()),
    models: () => told(worker, NAMES_SILENCE_MS, 'its rulebooks', (api) => api.models()),
    evaluate: question({ worker }, EDIT_SILENCE_MS, 'this book', (api, request) => api.evaluate(request)),
    editSmiles: question({ worker }, EDIT_SILENCE_MS, 'this edit of a smile', (api, request) =>
      api.editSmiles(request),
    ),
  };
}

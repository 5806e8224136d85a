import type {
  CheapestCutReport,
  CheapestCutRequest,
  ExpiryCliffReport,
  ExpiryCliffRequest,
  FillOrderReport,
  FillOrderRequest,
  SearchProgress,
} from '../../engine/domain/decideReport.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../../engine/domain/marginPaths.ts';
import type { LateWorker } from './lateWorker.ts';
import { type LongQuestion, longQuestion, type Question, question } from './question.ts';

/** Its first answer waits for the market to be opened. */
const DESK_SILENCE_MS = 20_000;

/** What to do. */
export interface DeskQuestions {
  cheapestCut: LongQuestion<CheapestCutRequest, SearchProgress, CheapestCutReport>;
  fillOrder: LongQuestion<FillOrderRequest, SearchProgress, FillOrderReport>;
  marginPaths: LongQuestion<MarginPathsRequest, MarginPathsProgress, MarginPathsReport>;
  expiryCliff: Question<ExpiryCliffRequest, ExpiryCliffReport>;
}

export function deskQuestions(desk: LateWorker): DeskQuestions {
  return {
    cheapestCut: longQuestion(
      desk,
      DESK_SILENCE_MS,
      'the cheapest cut',
      (api, request, onProgress) => api.cheapestCut(request, onProgress),
      (api) => api.cancelCheapestCut(),
    ),
    fillOrder: longQuestion(
      desk,
      DESK_SILENCE_MS,
      'the order of these trades',
      (api, request, onProgress) => api.fillOrder(request, onProgress),
      (api) => api.cancelFillOrder(),
    ),
    marginPaths: longQuestion(
      desk,
      DESK_SILENCE_MS,
      'equity along paths',
      (api, request, onProgress) => api.marginPaths(request, onProgress),
      (api) => api.cancelMarginPaths(),
    ),
    expiryCliff: question(desk, DESK_SILENCE_MS, 'the coming expiries', (api, request) => api.expiryCliff(request)),
  };
}

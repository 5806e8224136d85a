import type { EvaluateRequest, RiskReport } from './domain/riskReport.ts';
import { bookRisk } from './bookRisk.ts';
import { headroomModels } from './margin/headroomModels.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import type { UnitPnlRows } from './scenario/unitPnlCache.ts';

/**
 * Everything that must follow a keystroke: the book's risk, and the proposed book's, by the same code.
 * @param now a clock in milliseconds; only `elapsedMs` reads it.
 * @param library the rulebooks that there are.
 */
export function evaluate(
  market: PreparedMarket,
  request: EvaluateRequest,
  rows: UnitPnlRows,
  now: () => number,
  library: readonly MarginModel[] = headroomModels,
): RiskReport {
  const started = now();
  const options = { models: request.models, parameters: request.parameters, rows, library };
  const before = bookRisk(market, request.book, options);
  const after = request.proposed ? bookRisk(market, request.proposed, options) : null;
  return { inputVersion: request.inputVersion, marketId: request.marketId, elapsedMs: now() - started, before, after };
}

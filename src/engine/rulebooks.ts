import { bookRisk } from './bookRisk.ts';
import type { RulebooksReport, RulebooksRequest } from './domain/rulebookReport.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import type { UnitPnlRows } from './scenario/unitPnlCache.ts';

/**
 * The book, and the proposed one, under every rulebook of the library, by the code that makes the verdict.
 * @param now a clock in milliseconds; only `elapsedMs` reads it.
 */
export function rulebooks(
  market: PreparedMarket,
  request: RulebooksRequest,
  rows: UnitPnlRows,
  now: () => number,
  library: readonly MarginModel[],
): RulebooksReport {
  const started = now();
  const options = { models: library.map(({ id }) => id), parameters: request.parameters, rows, library };
  const before = bookRisk(market, request.book, options).margins;
  const after = request.proposed === null ? null : bookRisk(market, request.proposed, options).margins;
  return { inputVersion: request.inputVersion, marketId: request.marketId, elapsedMs: now() - started, before, after };
}

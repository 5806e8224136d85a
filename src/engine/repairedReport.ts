import { RiskError } from './domain/failure.ts';
import type { SurfaceReport, SurfaceRequest } from './domain/surfaceReport.ts';
import { type PreparedMarket, preparedUnderlying } from './scenario/preparedMarket.ts';
import { repairedSurface } from './surface/repairedSurface.ts';
import { surfaceReport } from './surfaceReport.ts';

/**
 * All smiles of an underlying without butterfly and calendar arbitrage, each with what that cost. The market itself is left
 * as it is: nothing is valued with these smiles.
 * @throws RiskError when the market does not have the underlying, or one of its smiles is edited: a repair goes back to the
 * quotes, and would undo the edit
 */
export function repairedReport(market: PreparedMarket, request: SurfaceRequest): SurfaceReport {
  const { symbol } = preparedUnderlying(market, request.underlying).market;
  if (request.smileEdits?.some(({ underlying }) => underlying === symbol))
    throw new RiskError(
      'unsupported',
      `A repair works on the market’s own fits, and smiles of ${symbol} are edited. Reset them first`,
    );
  const repaired = repairedSurface(market.surfaces.get(symbol)!);
  return surfaceReport({ ...market, surfaces: new Map(market.surfaces).set(symbol, repaired) }, request);
}

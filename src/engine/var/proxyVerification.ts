import { RiskError } from '../domain/failure.ts';
import type { ProxyVerification } from '../domain/proxyVerification.ts';
import type { VarReport, VarRequest } from '../domain/riskReport.ts';
import { inlinePathPool } from '../scenario/inlinePathPool.ts';
import type { PathPlan } from '../scenario/pathPlan.ts';
import type { PathPool } from '../scenario/PathPool.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import type { VarControl } from './VarControl.ts';
import { valueAtRisk } from './valueAtRisk.ts';

/**
 * Value at risk by proxy and by full revaluation of the same paths, and the largest difference between the two in any of them. The
 * request's own `revaluation` and target error do not count: all paths asked for are computed both ways. Null when cancelled.
 * @throws RiskError as `valueAtRisk` does, and `unsupported` for a book that nothing moves.
 */
export async function proxyVerification(
  market: PreparedMarket,
  request: VarRequest,
  control: VarControl = {},
): Promise<ProxyVerification | null> {
  const { targetStandardErrorUsd: _usd, targetStandardErrorShare: _share, before: _before, ...asked } = request;
  const inner = control.pool ?? inlinePathPool(market.kernels);
  const halves = { pathsAsked: 2 * asked.paths, inputVersion: asked.inputVersion };
  const run = async (
    revaluation: 'proxy' | 'full',
    before: VarReport | null,
  ): Promise<{ readonly report: VarReport; readonly pnl: Float64Array } | null> => {
    const recorded = recordingPool(inner, asked.paths);
    const report = await valueAtRisk(
      market,
      { ...asked, revaluation },
      {
        ...control,
        pool: recorded.pool,
        onProgress: ({ pathsDone, soFar }) =>
          control.onProgress?.({
            ...halves,
            pathsDone: pathsDone + (before === null ? 0 : asked.paths),
            soFar: before ?? soFar,
          }),
      },
    );
    return report && { report, pnl: recorded.pnl };
  };
  const proxy = await run('proxy', null);
  if (proxy === null) return null;
  const { proxyError } = proxy.report;
  if (proxyError === null)
    throw new RiskError('unsupported', 'This book has no exposure, so that there is no proxy to verify; add a leg');
  const full = await run('full', proxy.report);
  if (full === null) return null;

  let path = 0;
  let largestDifferenceUsd = 0;
  for (let i = 0; i < asked.paths; i += 1) {
    const difference = Math.abs(proxy.pnl[i]! - full.pnl[i]!);
    if (difference > largestDifferenceUsd) [path, largestDifferenceUsd] = [i, difference];
  }
  const { valueAtRiskUsd, expectedShortfallUsd, standardError, elapsedMs } = full.report;
  const gross = proxyError.grossPremiumUsd;
  return {
    report: proxy.report,
    full: { valueAtRiskUsd, expectedShortfallUsd, standardError, elapsedMs },
    paths: asked.paths,
    largestDifferenceUsd,
    path,
    shareOfGrossPremium: gross > 0 ? largestDifferenceUsd / gross : null,
  };
}

/** A pool that keeps the P&L of the first book of the newest plan, which is the run's own: a pilot's plan comes before it. */
function recordingPool(inner: PathPool, paths: number): { readonly pool: PathPool; readonly pnl: Float64Array } {
  const pnl = new Float64Array(paths);
  let newest: PathPlan | null = null;
  return {
    pnl,
    pool: {
      workers: inner.workers,
      async pnl(plan, firstPath, count, control) {
        if (plan !== newest) pnl.fill(0);
        newest = plan;
        const block = await inner.pnl(plan, firstPath, count, control);
        if (block !== null && plan === newest) pnl.set(block.pnl[0]!.subarray(0, paths - firstPath), firstPath);
        return block;
      },
    },
  };
}

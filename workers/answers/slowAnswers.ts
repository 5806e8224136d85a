import type { BacktestProgress, BacktestRequest } from '../../src/engine/domain/backtestReport.ts';
import { success } from '../../src/engine/domain/failure.ts';
import type { VarProgress, VarReport, VarRequest } from '../../src/engine/domain/riskReport.ts';
import type { KeptMoves } from '../../src/engine/var/keptMoves.ts';
import type { Answering, Control } from '../answering.ts';
import type { OpenMarket, OpenMarkets } from '../OpenMarkets.ts';
import { now, type Overtaking } from '../overtaking.ts';
import type { PathPoolAtHand } from '../pathPools.ts';
import type { SlowApi } from '../RiskApi.ts';

/** Least time between two words of progress without a figure. */
const PROGRESS_PAUSE_MS = 200;

/** Value at risk, and how far it can be trusted. */
export function slowAnswers(
  markets: OpenMarkets,
  { later, latest }: Answering,
  runs: Overtaking,
  paths: PathPoolAtHand,
): SlowApi {
  /** Of a market: the moves that edits of a book are valued on. */
  const keptMovesOf = new WeakMap<OpenMarket, KeptMoves>();
  const valued = runs.kind();
  const valueAtRisk = (request: VarRequest, control: Control<VarProgress>) =>
    later(request, async ({ market }) => {
      const answer = await import('../../src/engine/var/valueAtRisk.ts');
      const pool = paths.startedLate(markets.atHand.compiled, market.kernels);
      return answer.valueAtRisk(market, request, { ...control, ...pool });
    });
  const verified = latest(async ({ market }, request: VarRequest, control: Control<VarProgress>) => {
    const [{ proxyVerification }, shared] = await Promise.all([
      import('../../src/engine/var/proxyVerification.ts'),
      paths.started(markets.atHand.compiled),
    ]);
    return proxyVerification(market, request, { ...control, ...shared });
  });
  const backtested = latest(async ({ market }, request: BacktestRequest, control: Control<BacktestProgress>) => {
    const { backtest } = await import('../../src/engine/var/backtest.ts');
    return backtest(market, request, control);
  });
  return {
    async prepareValueAtRisk() {
      await Promise.all([
        import('../../src/engine/var/valueAtRisk.ts'),
        import('../../src/engine/var/sampledPlan.ts'),
        import('../../src/engine/var/weightedReader.ts'),
        import('../../src/engine/scenario/sobolMoves.ts'),
      ]);
    },
    async valuesAtRisk(requests, tell) {
      const run = valued.run();
      const ends: Promise<unknown>[] = [];
      for (const [place, request] of requests.entries()) {
        await new Promise<void>((begun) => {
          const onProgress = seldom((progress) => {
            tell({ place, progress });
            if (progress.soFar !== null) begun();
          });
          const end = valueAtRisk(request, { ...run, onProgress }).then((answer) => {
            begun();
            if (run.cancelled()) return undefined;
            if (!answer.ok) return tell({ place, answer });
            return answer.value === null ? undefined : tell({ place, answer: success(answer.value) });
          });
          ends.push(end);
        });
        // A page that edits meanwhile is heard.
        await run.pause();
        if (run.cancelled()) break;
      }
      // Words go another way than the end of the question, which could be there before they have been heard.
      await Promise.all(ends);
      return success(run.cancelled() ? null : 'told');
    },
    keptValueAtRisk: (request) =>
      later(request, async (open) => {
        const { keptMoves } = await import('../../src/engine/var/keptMoves.ts');
        let kept = keptMovesOf.get(open);
        if (kept === undefined) keptMovesOf.set(open, (kept = keptMoves(open.market, open.rows, now)));
        return kept.valueAtRisk(request);
      }),
    cancelValueAtRisk: valued.overtake,
    verifyProxy: verified.ask,
    cancelVerifyProxy: verified.cancel,
    backtest: backtested.ask,
    cancelBacktest: backtested.cancel,
  };
}

/** Progress is told when it brings figures, else so long after the last: every word of it is work for the page. */
function seldom(onProgress: (progress: VarProgress) => void): (progress: VarProgress) => void {
  let last: { readonly at: number; readonly soFar: VarReport | null } | null = null;
  return (progress) => {
    const at = now();
    if (last !== null && progress.soFar === last.soFar && at - last.at < PROGRESS_PAUSE_MS) return;
    last = { at, soFar: progress.soFar };
    onProgress(progress);
  };
}

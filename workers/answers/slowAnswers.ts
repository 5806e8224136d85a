import type { BacktestProgress, BacktestRequest } from '../../src/engine/domain/backtestReport.ts';
import type { VarProgress, VarReport, VarRequest } from '../../src/engine/domain/riskReport.ts';
import type { KeptMoves } from '../../src/engine/var/keptMoves.ts';
import type { Answering, Control } from '../answering.ts';
import type { OpenMarket, OpenMarkets } from '../OpenMarkets.ts';
import { now } from '../overtaking.ts';
import type { PathPoolAtHand } from '../pathPools.ts';
import type { SlowApi } from '../RiskApi.ts';

/** Least time between two words of progress without a figure. */
const PROGRESS_PAUSE_MS = 200;

/** Value at risk, and how far it can be trusted. */
export function slowAnswers(markets: OpenMarkets, { later, latest }: Answering, paths: PathPoolAtHand): SlowApi {
  /** Of a market: the moves that edits of a book are valued on. */
  const keptMovesOf = new WeakMap<OpenMarket, KeptMoves>();
  const pool = () => paths.started(markets.atHand.compiled);

  const valued = latest(async ({ market }, request: VarRequest, control: Control<VarProgress>) => {
    // Workers take a while to load: they start with the first question, whichever comes to need them.
    const [{ valueAtRisk }, shared] = await Promise.all([import('../../src/engine/var/valueAtRisk.ts'), pool()]);
    return valueAtRisk(market, request, { ...control, ...shared });
  });
  const verified = latest(async ({ market }, request: VarRequest, control: Control<VarProgress>) => {
    const [{ proxyVerification }, shared] = await Promise.all([
      import('../../src/engine/var/proxyVerification.ts'),
      pool(),
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
    valueAtRisk: (request, onProgress) => valued.ask(request, onProgress && seldom(onProgress)),
    keptValueAtRisk: (request) =>
      later(request, async (open) => {
        const { keptMoves } = await import('../../src/engine/var/keptMoves.ts');
        let kept = keptMovesOf.get(open);
        if (kept === undefined) keptMovesOf.set(open, (kept = keptMoves(open.market, open.rows, now)));
        return kept.valueAtRisk(request);
      }),
    cancelValueAtRisk: valued.cancel,
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

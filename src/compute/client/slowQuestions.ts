import type { BacktestProgress, BacktestReport, BacktestRequest } from '../../engine/domain/backtestReport.ts';
import type { Result } from '../../engine/domain/failure.ts';
import type { ProxyVerification } from '../../engine/domain/proxyVerification.ts';
import type { VarProgress, VarReport, VarRequest, VarTold } from '../../engine/domain/riskReport.ts';
import type { LateWorker } from './lateWorker.ts';
import { OPENING_SILENCE_MS } from './OpenMarket.ts';
import { type LongQuestion, longQuestion, type Question, question, type ToldQuestion, told } from './question.ts';

const SILENCE_MS = 4_000;

/** Value at risk, and how far it can be trusted. */
export interface SlowQuestions {
  /** The first question is about to come: its worker starts, is handed the market, and loads what answers. */
  prepareValueAtRisk(marketId: string): void;
  /** Progress and report of each are told as they come; null when newer questions overtook these. */
  valuesAtRisk: ToldQuestion<readonly VarRequest[], VarTold, 'told' | null>;
  /** At once, on moves that are kept from edit to edit; null where the distribution asked for has none. */
  keptValueAtRisk: Question<VarRequest, VarReport | null>;
  cancelValueAtRisk(): void;
  verifyProxy: LongQuestion<VarRequest, VarProgress, ProxyVerification>;
  /** Null when a newer question overtook this one, or the signal ended it. */
  backtest(request: BacktestRequest, signal: AbortSignal): Promise<Result<BacktestReport | null>>;
}

export function slowQuestions(slow: LateWorker): SlowQuestions {
  const { worker } = slow;
  let running = 0;
  const counted = {
    worker,
    async opened([first]: readonly VarRequest[]) {
      await slow.opened({ marketId: first?.marketId ?? null });
      running += 1;
    },
  };
  const valuesAtRisk: SlowQuestions['valuesAtRisk'] = question(
    counted,
    SILENCE_MS,
    'value at risk',
    (api, requests, onTold) => api.valuesAtRisk(requests, onTold),
  );
  const backtest: LongQuestion<BacktestRequest, BacktestProgress, BacktestReport> = longQuestion(
    slow,
    SILENCE_MS,
    'the backtest',
    (api, request, onProgress) => api.backtest(request, onProgress),
    (api) => api.cancelBacktest(),
  );
  return {
    prepareValueAtRisk(marketId) {
      void told(worker, OPENING_SILENCE_MS, 'what is to come', (api) => api.prepareValueAtRisk());
      void slow.opened({ marketId });
    },
    valuesAtRisk: (requests, onTold) =>
      valuesAtRisk(requests, onTold).finally(() => {
        running -= 1;
      }),
    keptValueAtRisk: question(slow, SILENCE_MS, 'value at risk of this edit', (api, request) =>
      api.keptValueAtRisk(request),
    ),
    cancelValueAtRisk() {
      if (running > 0) void told(worker, SILENCE_MS, 'a cancel', (api) => api.cancelValueAtRisk());
    },
    verifyProxy: longQuestion(
      slow,
      SILENCE_MS,
      'this proxy',
      (api, request, onProgress) => api.verifyProxy(request, onProgress),
      (api) => api.cancelVerifyProxy(),
    ),
    backtest: (request, signal) => backtest(request, () => {}, signal),
  };
}

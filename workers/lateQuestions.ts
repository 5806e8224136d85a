import type { LateApi } from './RiskApi.ts';

/** The questions that no verdict waits for, by name: what answers them is loaded by the worker that is asked one. */
const LATE: Record<keyof LateApi, 0> = {
  allModels: 0,
  explore: 0,
  chain: 0,
  rulebooks: 0,
  sizing: 0,
  explainMargin: 0,
  marginProvenance: 0,
  frontier: 0,
  surface: 0,
  explain: 0,
  marginalMargin: 0,
  prepareValueAtRisk: 0,
  valuesAtRisk: 0,
  keptValueAtRisk: 0,
  cancelValueAtRisk: 0,
  verifyProxy: 0,
  cancelVerifyProxy: 0,
  backtest: 0,
  cancelBacktest: 0,
  cheapestCut: 0,
  cancelCheapestCut: 0,
  fillOrder: 0,
  cancelFillOrder: 0,
  marginPaths: 0,
  cancelMarginPaths: 0,
  replayTimeline: 0,
  cancelReplayTimeline: 0,
  expiryCliff: 0,
};

/** They wait for `loaded` in the order in which they come, so a newer one or a cancel still overtakes those before it. */
export function lateQuestions(loaded: () => Promise<LateApi>): LateApi {
  type Answer = (...question: readonly unknown[]) => unknown;
  const answer =
    (name: string): Answer =>
    async (...question) =>
      ((await loaded()) as unknown as Record<string, Answer>)[name]!(...question);
  return Object.fromEntries(Object.keys(LATE).map((name) => [name, answer(name)])) as unknown as LateApi;
}

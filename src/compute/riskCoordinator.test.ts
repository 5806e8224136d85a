import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, type Result, success } from '../engine/domain/failure.ts';
import type {
  EvaluateRequest,
  ExploreReport,
  ExploreRequest,
  RiskReport,
  VarReport,
  VarRequest,
  VarTold,
} from '../engine/domain/riskReport.ts';
import { currentRisk, isExploreStale, isStale } from '../state/selectors.ts';
import { createAppStore } from '../state/store.ts';
import { bookRisk, exploreReport, riskReport, TEST_BOOK, TEST_MARKET, TEST_MODELS } from '../state/testState.ts';
import type { RiskClient } from './riskClient.ts';
import { startRiskCoordinator } from './riskCoordinator.ts';

interface Asked<Request, Answer, Told = never> {
  request: Request;
  /** What it tells on the way. */
  tell: (told: Told) => void;
  answer: (result: Result<Answer>) => Promise<void>;
}

/** A client whose questions are answered by hand. */
function fakeClient() {
  const evaluates: Asked<EvaluateRequest, RiskReport>[] = [];
  const explores: Asked<ExploreRequest, ExploreReport>[] = [];
  const vars: Asked<readonly VarRequest[], 'told' | null, VarTold>[] = [];
  const kepts: Asked<VarRequest, VarReport | null>[] = [];
  const prepared: string[] = [];
  let cancelled = 0;
  const held =
    <Request, Answer, Told>(list: Asked<Request, Answer, Told>[]) =>
    (request: Request, tell: (told: Told) => void = () => undefined) =>
      new Promise<Result<Answer>>((resolve) => {
        list.push({
          request,
          tell,
          answer: async (result) => {
            resolve(result);
            for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
          },
        });
      });
  const client: RiskClient = {
    openMarket: async () => success(TEST_MARKET),
    moveMarket: () => Promise.resolve(failed('internal', 'not asked')),
    holdMarket: () => Promise.resolve(failed('internal', 'not asked')),
    loadKernels: async () => false,
    engineInUse: async () => success({ version: '1.0.0', build: 'typescript', failure: null, pathWorkers: 0 }),
    models: async () => success(TEST_MODELS),
    allModels: async () => success(TEST_MODELS),
    evaluate: held(evaluates),
    explore: held(explores),
    chain: async () => failed('unsupported', 'no chain'),
    rulebooks: async () => failed('unsupported', 'no rulebooks'),
    sizing: async () => failed('unsupported', 'no sizes'),
    explainMargin: async () => failed('unsupported', 'no sizes'),
    marginProvenance: async () => failed('unsupported', 'no sizes'),
    frontier: async () => failed('unsupported', 'no frontier'),
    marginalMargin: async () => failed('unsupported', 'no margin'),
    cheapestCut: async () => failed('unsupported', 'no cut'),
    fillOrder: async () => failed('unsupported', 'no order'),
    marginPaths: async () => failed('unsupported', 'no paths'),
    expiryCliff: async () => failed('unsupported', 'no cliff'),
    replayTimeline: async () => failed('unsupported', 'no recording'),
    surface: async () => failed('unsupported', 'no surface'),
    editSmiles: async () => failed('unsupported', 'no surface'),
    openFromMarket: async () => success(TEST_MARKET),
    explain: async () => failed('unsupported', 'no explanation'),
    valuesAtRisk: held(vars),
    keptValueAtRisk: held(kepts),
    prepareValueAtRisk: (marketId) => prepared.push(marketId),
    cancelValueAtRisk: () => {
      cancelled += 1;
    },
    verifyProxy: async () => failed('unsupported', 'no proxy'),
    backtest: async () => failed('unsupported', 'no backtest'),
    end: () => undefined,
  };
  return { client, evaluates, explores, vars, kepts, prepared, cancelled: () => cancelled };
}

const answerOf = (request: EvaluateRequest, initialMarginUsd = 1000) =>
  success(
    riskReport(
      request.inputVersion,
      bookRisk(initialMarginUsd),
      request.proposed === null ? null : bookRisk(2 * initialMarginUsd),
    ),
  );

function varOf({ inputVersion, marketId, method }: VarRequest, valueAtRiskUsd: number, errorUsd: number): VarReport {
  return {
    inputVersion,
    marketId,
    method,
    confidence: 0.99,
    horizonDays: 1,
    valueAtRiskUsd,
    expectedShortfallUsd: 2 * valueAtRiskUsd,
    standardError: { valueAtRiskUsd: errorUsd, expectedShortfallUsd: errorUsd },
    confidenceInterval95: null,
    observations: 100,
    byPosition: [],
    histogram: { edgesUsd: [-1, 1], counts: [1] },
    exceedance: [],
    elapsedMs: 0,
    proxyError: null,
    notices: [],
  };
}

const METHODS = ['monte-carlo', 'parametric', 'historical', 'cornish-fisher', 'evt'] as const;
const [MONTE_CARLO, PARAMETRIC, HISTORICAL] = [0, 1, 2] as const;

function started() {
  const store = createAppStore();
  const fake = fakeClient();
  const stop = startRiskCoordinator({ store, client: fake.client, now: () => 42, afterPaint: (run) => run() });
  store.getState().loadBook(TEST_BOOK, 'restored');
  store.getState().setMarket(TEST_MARKET);
  store.getState().setModels(TEST_MODELS);
  return { store, stop, ...fake };
}

beforeEach(() => {
  // The clock of performance marks stays the real one.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the coordinator', () => {
  it('asks once the market and the rulebooks are known, and puts the answer into the store', async () => {
    const { store, evaluates } = started();
    expect(evaluates).toHaveLength(1);
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    expect(isStale(store.getState())).toBe(false);
    expect(store.getState().answeredAt.evaluate).toBe(42);
  });

  it('has value at risk prepared once, after the first verdict', async () => {
    const { store, evaluates, prepared } = started();
    expect(prepared).toEqual([]);
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    expect(prepared).toEqual([TEST_MARKET.id]);
    store.getState().setLegQuantity('a', 3);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request));
    expect(prepared).toEqual([TEST_MARKET.id]);
  });

  it('asks for the curves after the figures, and not again for the same inputs', async () => {
    const { store, evaluates, explores } = started();
    expect(explores).toHaveLength(0);
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    expect(explores).toHaveLength(1);
    await explores[0]!.answer(success(exploreReport(explores[0]!.request.inputVersion, { below: null, above: null })));
    expect(isExploreStale(store.getState())).toBe(false);
    store.getState().setUnit('coin');
    expect(explores).toHaveLength(1);
  });

  it('asks only for the curves when only they depend on a change', async () => {
    const { store, evaluates, explores } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    await explores[0]!.answer(success(exploreReport(explores[0]!.request.inputVersion, { below: null, above: null })));
    store.getState().setVolShock(0.5);
    expect(evaluates).toHaveLength(1);
    expect(explores).toHaveLength(2);
    expect(explores[1]!.request.curve.volShock).toBe(0.5);
  });

  it('answers a burst of edits with the newest inputs', async () => {
    const { store, evaluates } = started();
    for (let quantity = -11; quantity >= -60; quantity -= 1) store.getState().setLegQuantity('a', quantity);
    expect(evaluates).toHaveLength(1);
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request, 1));
    expect(isStale(store.getState())).toBe(true);
    expect(evaluates).toHaveLength(2);
    expect(evaluates[1]!.request.book.legs[0]!.quantity).toBe(-60);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request, 2));
    expect(isStale(store.getState())).toBe(false);
  });

  it('does not show a preview’s answer after the proposal was kept', async () => {
    const { store, evaluates } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request, 1000));
    store.getState().propose('Sell', [{ instrument: 'BTC-26JUN26-80000-P', quantity: -1, price: 0.01 }]);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request, 1000));
    store.getState().setProposalQuantity(0, -2);
    store.getState().keepProposal();
    const shown = currentRisk(store.getState());
    await evaluates[2]!.answer(answerOf(evaluates[2]!.request, 5555));
    expect(currentRisk(store.getState())).toBe(shown);
    await evaluates[3]!.answer(answerOf(evaluates[3]!.request, 2000));
    expect(store.getState().report?.before.margins[2]).toMatchObject({ initialMarginUsd: 2000 });
  });

  it('keeps the last figures and says why when the engine fails, until it answers again', async () => {
    const { store, evaluates, explores } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request, 1000));
    store.getState().setLegQuantity('a', -11);
    await evaluates[1]!.answer(failed('internal', 'The risk engine stopped'));
    expect(store.getState().problems.evaluate?.message).toBe('The risk engine stopped');
    expect(store.getState().report?.before.margins[2]).toMatchObject({ initialMarginUsd: 1000 });
    expect(isStale(store.getState())).toBe(true);
    expect(explores.length).toBeGreaterThan(0);
    store.getState().recompute();
    await evaluates[2]!.answer(answerOf(evaluates[2]!.request, 1100));
    expect(store.getState().problems.evaluate).toBeUndefined();
  });

  it('says nothing of a failure to answer inputs that have changed since', async () => {
    const { store, evaluates } = started();
    store.getState().setLegQuantity('a', -11);
    await evaluates[0]!.answer(failed('internal', 'The risk engine stopped'));
    expect(store.getState().problems.evaluate).toBeUndefined();
  });

  it('asks for the first value at risk right after its verdict, all methods at once, and shows each as it comes', async () => {
    const { store, evaluates, vars } = started();
    await vi.advanceTimersByTimeAsync(1000);
    expect(vars).toHaveLength(0);
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    expect(vars.map(({ request }) => request.map(({ method }) => method))).toEqual([METHODS]);
    const { request, tell } = vars[0]!;
    const answers = () => store.getState().varReports;
    tell({ place: PARAMETRIC, answer: failed('missing-data', 'BTC has no history') });
    expect(answers().parametric?.failure?.message).toBe('BTC has no history');
    tell({ place: HISTORICAL, answer: success(varOf(request[HISTORICAL]!, 50, 1)) });
    expect(answers().historical).toMatchObject({ failure: null, report: { valueAtRiskUsd: 50 } });
    expect(answers()['monte-carlo']).toBeUndefined();
    await vars[0]!.answer(success('told'));
    expect(answers()['monte-carlo']).toBeUndefined();
  });

  it('says of every method that has no answer why the engine gave none', async () => {
    const { store, evaluates, vars } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    const { request, tell } = vars[0]!;
    tell({ place: MONTE_CARLO, answer: success(varOf(request[MONTE_CARLO]!, 50, 1)) });
    await vars[0]!.answer(failed('internal', 'The risk engine stopped'));
    const { 'monte-carlo': monteCarlo, ...rest } = store.getState().varReports;
    expect(monteCarlo).toMatchObject({ failure: null, report: { valueAtRiskUsd: 50 } });
    expect(Object.keys(rest)).toEqual(METHODS.slice(1));
    for (const { failure } of Object.values(rest)) expect(failure?.message).toBe('The risk engine stopped');
  });

  it('asks for value at risk again once the user pauses', async () => {
    const { store, evaluates, vars } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    store.getState().setLegQuantity('a', -11);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request));
    await vi.advanceTimersByTimeAsync(149);
    expect(vars).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(vars.map(({ request }) => request[0]!.portfolio.legs[0]!.quantity)).toEqual([-10, -11]);
  });

  it('abandons value at risk when an edit overtakes it', async () => {
    const { store, evaluates, vars, cancelled } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    await vi.advanceTimersByTimeAsync(200);
    const before = cancelled();
    store.getState().setLegQuantity('a', -11);
    expect(cancelled()).toBeGreaterThan(before);
    const { request, tell } = vars[0]!;
    tell({ place: 0, answer: success(varOf(request[0]!, 50, 1)) });
    expect(store.getState().varReports).toEqual({});
    await vars[0]!.answer(success(null));
    await vi.advanceTimersByTimeAsync(200);
    expect(vars).toHaveLength(1);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request));
    expect(vars).toHaveLength(2);
    expect(vars[1]!.request[0]!.portfolio.legs[0]!.quantity).toBe(-11);
  });

  it('asks for the chance of losing the margins of this book, not of the one before, however late they come', async () => {
    const { store, evaluates, vars } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request, 1000));
    expect(vars).toHaveLength(1);
    store.getState().setLegQuantity('a', -11);
    await vi.advanceTimersByTimeAsync(5000);
    expect(vars).toHaveLength(1);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request, 1300));
    expect(vars).toHaveLength(2);
    expect(vars[1]!.request[0]!.lossLevelsUsd).toContain(1300);
    expect(vars[1]!.request[0]!.lossLevelsUsd).not.toContain(1000);
  });

  it('shows an edit on the kept moves at once, and a run once it is as sure', async () => {
    const { store, evaluates, vars, kepts } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    const first = vars[0]!;
    first.tell({ place: MONTE_CARLO, answer: success(varOf(first.request[MONTE_CARLO]!, 50, 1)) });
    expect(kepts).toHaveLength(0);
    store.getState().setLegQuantity('a', -11);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request));
    expect(kepts.map(({ request }) => request.portfolio.legs[0]!.quantity)).toEqual([-11]);
    await kepts[0]!.answer(success(varOf(kepts[0]!.request, 60, 2)));
    const shown = () => store.getState().varReports['monte-carlo']!;
    expect([shown().progress?.soFar?.valueAtRiskUsd, shown().report?.valueAtRiskUsd]).toEqual([60, 50]);

    await vi.advanceTimersByTimeAsync(200);
    const run = vars[1]!;
    const request = run.request[MONTE_CARLO]!;
    const told = (soFar: VarReport | null) =>
      run.tell({
        place: MONTE_CARLO,
        progress: { inputVersion: request.inputVersion, pathsDone: 10, pathsAsked: 100, soFar },
      });
    told(null);
    expect(shown().progress).toMatchObject({ pathsDone: 10, soFar: { valueAtRiskUsd: 60 } });
    told(varOf(request, 61, 3));
    expect(shown().progress?.soFar?.valueAtRiskUsd).toBe(60);
    told(varOf(request, 62, 1.5));
    expect(shown().progress?.soFar?.valueAtRiskUsd).toBe(62);
    run.tell({ place: MONTE_CARLO, answer: success(varOf(request, 63, 1)) });
    expect(shown()).toMatchObject({ progress: null, report: { valueAtRiskUsd: 63 } });
  });

  it('does not put a figure of kept moves over a newer edit, nor over a finished run', async () => {
    const { store, evaluates, vars, kepts } = started();
    await evaluates[0]!.answer(answerOf(evaluates[0]!.request));
    const first = vars[0]!;
    first.tell({ place: MONTE_CARLO, answer: success(varOf(first.request[MONTE_CARLO]!, 50, 1)) });
    store.getState().setLegQuantity('a', -11);
    await evaluates[1]!.answer(answerOf(evaluates[1]!.request));
    store.getState().setLegQuantity('a', -12);
    await kepts[0]!.answer(success(varOf(kepts[0]!.request, 60, 2)));
    expect(store.getState().varReports['monte-carlo']!.progress).toBeNull();
  });

  it('marks each edit for whoever measures', async () => {
    performance.clearMarks('headroom:edit');
    const { store } = started();
    store.getState().setLegQuantity('a', -12);
    const marks = performance.getEntriesByName('headroom:edit') as PerformanceMark[];
    expect(marks.at(-1)?.detail).toEqual({ inputVersion: store.getState().inputVersion });
  });

  it('is silent after it was stopped', () => {
    const { store, stop, evaluates } = started();
    stop();
    store.getState().setLegQuantity('a', -12);
    expect(evaluates).toHaveLength(1);
  });
});

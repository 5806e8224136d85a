import { type Failure, failureOf } from '../engine/domain/failure.ts';
import type {
  EvaluateRequest,
  ExploreRequest,
  VarMethod,
  VarReport,
  VarRequest,
  VarTold,
} from '../engine/domain/riskReport.ts';
import type { AppStore } from '../state/store.ts';
import { evaluateRequest, exploreRequest, varRequest } from './buildRequest.ts';
import { latestWins } from './latestWins.ts';
import type { RiskClient } from './riskClient.ts';
import { surerProgress } from './surerProgress.ts';

/** The long question waits so long after the last edit, so that a drag does not start it again and again. */
const VAR_PAUSE_MS = 150;
/** Every figure of the coverage view. The first one is the surest, and goes on to be surer while the others are computed. */
const VAR_METHODS: readonly VarMethod[] = ['monte-carlo', 'parametric', 'historical', 'cornish-fisher', 'evt'];
/** Performance marks are dropped after so many edits: a day's work must not fill the memory. */
const MARKS_KEPT = 2000;

export interface CoordinatorOptions {
  readonly store: AppStore;
  readonly client: RiskClient;
  readonly now: () => number;
  /** Runs something once the frame with the new figures is on the screen. */
  readonly afterPaint: (run: () => void) => void;
}

/**
 * The only subscriber that turns inputs into questions, and the only writer of answers. Evaluate on each new `inputVersion`,
 * then curves and grid and Monte Carlo on the moves kept from the last run, then all value at risk once the user pauses; of each
 * kind, the latest wins. Answers the function that stops it.
 */
export function startRiskCoordinator({ store, client, now, afterPaint }: CoordinatorOptions): () => void {
  const ended = { value: false };

  /** The last `inputVersion` that was answered, well or badly. */
  let answered = -1;

  const askEvaluate = latestWins(
    (request: EvaluateRequest) => client.evaluate(request),
    (result, request) => {
      const state = store.getState();
      answered = request.inputVersion;
      if (result.ok) {
        // An older answer still shows where things go, except across keep and drop, where it would show the wrong book.
        if ((request.proposed === null) === (state.proposal === null)) state.setReport(result.value, now());
      } else if (request.inputVersion === state.inputVersion) state.setProblem('evaluate', result.failure);
      // What follows must not hold up the frame that brings the verdict.
      // The first worker to start is the one whose figure takes longest, and before the panels are loaded.
      if (!varWasAsked) afterPaint(() => client.prepareValueAtRisk(request.marketId));
      if (request.inputVersion === state.inputVersion) afterPaint(explore);
      afterPaint(askVarOnceEvaluated);
      afterPaint(askKeptVar);
    },
    (error) => store.getState().setProblem('evaluate', failureOf(error)),
  );

  const askExplore = latestWins(
    (request: ExploreRequest) => client.explore(request),
    (result, request) => {
      const state = store.getState();
      if (result.ok) {
        if ((request.proposed === null) === (state.proposal === null)) state.setExplore(result.value, now());
      } else if (request.inputVersion === state.exploreVersion) state.setProblem('explore', result.failure);
    },
    (error) => store.getState().setProblem('explore', failureOf(error)),
  );

  let explored = -1;
  function explore(): void {
    const state = store.getState();
    const request = exploreRequest(state);
    if (ended.value || request === null || explored === request.inputVersion) return;
    explored = request.inputVersion;
    askExplore(request);
  }

  function evaluate(): void {
    const state = store.getState();
    const request = evaluateRequest(state);
    if (request === null) return;
    if (state.inputVersion % MARKS_KEPT === 0) {
      performance.clearMarks('headroom:edit');
      performance.clearMarks('headroom:painted');
      performance.clearMarks('headroom:value-at-risk');
    }
    performance.mark('headroom:edit', { detail: { inputVersion: state.inputVersion } });
    askEvaluate(request);
  }

  let varTimer: ReturnType<typeof setTimeout> | undefined;
  let varIsDue = false;
  let varWasAsked = false;
  function askVarAfterPause(): void {
    clearTimeout(varTimer);
    varIsDue = false;
    client.cancelValueAtRisk();
    const due = () => {
      varIsDue = true;
      askVarOnceEvaluated();
    };
    // The first one follows no edit: nothing is to be waited for but its verdict.
    if (varWasAsked) varTimer = setTimeout(due, VAR_PAUSE_MS);
    else due();
  }

  /** The losses whose chances are asked for are the margins of this very book: they come first, however slow the machine. */
  function askVarOnceEvaluated(): void {
    if (!varIsDue || answered !== store.getState().inputVersion) return;
    varIsDue = false;
    varWasAsked = true;
    void askVar();
  }

  /** Of the newest edit; the run that follows begins with it. */
  let kept: VarReport | null = null;
  const askKept = latestWins(
    (request: VarRequest) => client.keptValueAtRisk(request),
    (result, { inputVersion, paths }) => {
      const state = store.getState();
      // Why there is none is told by the run that follows.
      if (ended.value || !result.ok || result.value === null || state.varVersion !== inputVersion) return;
      const { report, progress } = state.varReports['monte-carlo'] ?? { report: null, progress: null };
      if (report?.inputVersion === inputVersion) return;
      kept = result.value;
      const begun =
        progress?.inputVersion === inputVersion
          ? progress
          : { inputVersion, pathsDone: 0, pathsAsked: paths, soFar: null };
      state.setVarAnswer('monte-carlo', { progress: surerProgress(begun, kept), failure: null });
    },
    () => undefined,
  );

  /** The first figure of all is that of a run: an edit of its book has moves to be valued on. */
  function askKeptVar(): void {
    const state = store.getState();
    const request = varRequest(state, 'monte-carlo');
    if (ended.value || request === null || answered !== state.inputVersion) return;
    const before = state.varReports['monte-carlo']?.report ?? null;
    if (before === null || before.inputVersion === request.inputVersion || request.revaluation === 'delta-gamma')
      return;
    askKept(request);
  }

  /** All at once, so that none waits for a page that is busy with the one before. */
  async function askVar(): Promise<void> {
    const state = store.getState();
    const requests = VAR_METHODS.flatMap((method) => varRequest(state, method) ?? []);
    if (requests.length < VAR_METHODS.length) return;
    const waiting = new Set(VAR_METHODS);
    const current = () => !ended.value && store.getState().varVersion === state.varVersion;
    const take = (told: VarTold) => {
      if (!current()) return;
      const method = VAR_METHODS[told.place]!;
      const { setVarAnswer } = store.getState();
      if ('progress' in told)
        setVarAnswer(method, {
          progress: method === 'monte-carlo' ? surerProgress(told.progress, kept) : told.progress,
        });
      else {
        waiting.delete(method);
        if (told.answer.ok) setVarAnswer(method, { report: told.answer.value, progress: null, failure: null });
        else setVarAnswer(method, { progress: null, failure: told.answer.failure });
      }
    };
    const all = await client
      .valuesAtRisk(requests, take)
      .catch((error: unknown) => ({ ok: false as const, failure: failureOf(error) satisfies Failure }));
    if (all.ok || !current()) return;
    for (const method of waiting) store.getState().setVarAnswer(method, { progress: null, failure: all.failure });
  }

  const stops = [
    store.subscribe((state) => state.inputVersion, evaluate),
    // Rulebooks may arrive after the market; neither alone can be asked about. More of them change no figure.
    store.subscribe((state) => state.models.length > 0, evaluate),
    store.subscribe(
      (state) => state.exploreVersion,
      () => {
        const state = store.getState();
        // While the inputs themselves are being evaluated, the curves wait for that answer.
        if (answered === state.inputVersion) explore();
      },
    ),
    store.subscribe((state) => state.varVersion, askVarAfterPause),
  ];
  evaluate();
  if (store.getState().market !== null) askVarAfterPause();

  return () => {
    ended.value = true;
    clearTimeout(varTimer);
    for (const stop of stops) stop();
  };
}

import type { ExploreReport, RiskReport } from '../engine/domain/riskReport.ts';
import type { ReportKind, ResultsSlice, SetState } from './AppState.ts';
import { inputsChanged } from './versions.ts';

type Answered = Pick<ResultsSlice, 'problems' | 'answeredAt'>;

function answered(kind: ReportKind, state: Answered, at: number): Answered {
  const { [kind]: _solved, ...problems } = state.problems;
  return { problems, answeredAt: { ...state.answeredAt, [kind]: at } };
}

/** The state with a new report, which solves the problem that stood in its place. */
export function answeredReport(
  state: Answered,
  report: RiskReport,
  at: number,
): Answered & Pick<ResultsSlice, 'report'> {
  return { report, ...answered('evaluate', state, at) };
}

/** The same of curves and grid. */
export function answeredExplore(
  state: Answered,
  explore: ExploreReport,
  at: number,
): Answered & Pick<ResultsSlice, 'explore'> {
  return { explore, ...answered('explore', state, at) };
}

/** The engine's last answers and which inputs they answer. Written only by the coordinator. */
export function resultsSlice(set: SetState): ResultsSlice {
  return {
    inputVersion: 0,
    exploreVersion: 0,
    varVersion: 0,
    report: null,
    explore: null,
    answeredAt: {},
    varReports: {},
    problems: {},

    setReport: (report, at) => set((state) => answeredReport(state, report, at)),
    setExplore: (explore, at) => set((state) => answeredExplore(state, explore, at)),
    setProblem: (kind, failure) => set((state) => ({ problems: { ...state.problems, [kind]: failure } })),
    setVarAnswer: (method, change) =>
      set((state) => ({
        varReports: {
          ...state.varReports,
          [method]: { report: null, progress: null, failure: null, ...state.varReports[method], ...change },
        },
      })),
    recompute: () => set((state) => inputsChanged(state)),
  };
}

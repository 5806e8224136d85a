import type { ReportKind, ResultsSlice, SetState } from './AppState.ts';
import { inputsChanged } from './versions.ts';

/** The engine's last answers and which inputs they answer. Written only by the coordinator. */
export function resultsSlice(set: SetState): ResultsSlice {
  const answered = (kind: ReportKind, state: ResultsSlice, at: number) => {
    const { [kind]: _solved, ...problems } = state.problems;
    return { problems, answeredAt: { ...state.answeredAt, [kind]: at } };
  };
  return {
    inputVersion: 0,
    exploreVersion: 0,
    varVersion: 0,
    report: null,
    explore: null,
    answeredAt: {},
    varReports: {},
    problems: {},

    setReport: (report, at) => set((state) => ({ report, ...answered('evaluate', state, at) })),
    setExplore: (explore, at) => set((state) => ({ explore, ...answered('explore', state, at) })),
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

import { type Pace, shownStore } from './shownStore.ts';

export interface PaceOptions {
  /** An answer that takes longer than this is not waited for: the screen then shows the edit, and says that it is behind. */
  readonly patienceMs: number;
  /** When to follow an edit that has been answered. */
  readonly onceAnswered: (follow: () => void) => unknown;
}

/**
 * An edit and the report that answers it are seen together, in one frame: until then the old input stands beside the old
 * figures, which belong together too. What is no edit and no report (a pin, a unit, curves, a finished VaR) is seen at once.
 */
export function createPace(store: Pace, { patienceMs, onceAnswered }: PaceOptions): Pace {
  const pace = shownStore(store);
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isScheduled = false;

  function follow(): void {
    clearTimeout(patience);
    patience = undefined;
    isScheduled = false;
    pace.show(store.getState());
  }

  store.subscribe((state) => {
    const shown = pace.getState();
    const isSettled = state.inputVersion === shown.inputVersion && state.report === shown.report;
    // No figure will come of a failed question: the edit is seen with the reason.
    const hasFailed = state.problems.evaluate !== undefined && state.problems.evaluate !== shown.problems.evaluate;
    if (isSettled || hasFailed || state.report === null) follow();
    else if (state.report.inputVersion === state.inputVersion) {
      if (isScheduled) return;
      isScheduled = true;
      onceAnswered(follow);
    } else if (!isScheduled) patience ??= setTimeout(follow, patienceMs);
  });

  return pace;
}

import type { StoreApi } from 'zustand';
import type { AppState } from './AppState.ts';

/** The store as those see it who keep this pace. */
export type Pace = Pick<StoreApi<AppState>, 'getState' | 'getInitialState' | 'subscribe'>;

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
  let shown = store.getState();
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isScheduled = false;
  const listeners = new Set<(state: AppState, previous: AppState) => void>();

  function follow(): void {
    clearTimeout(patience);
    patience = undefined;
    isScheduled = false;
    const previous = shown;
    shown = store.getState();
    if (shown !== previous) for (const listener of listeners) listener(shown, previous);
  }

  store.subscribe((state) => {
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

  return {
    getState: () => shown,
    getInitialState: store.getInitialState,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import type { StoreApi } from 'zustand';
import type { AppState } from './AppState.ts';

/** An answer that takes longer than this is not waited for: the panels then say that they are behind. */
const PATIENCE_MS = 100;

/** The store as the panels see it. */
export type PanelPace = Pick<StoreApi<AppState>, 'getState' | 'getInitialState' | 'subscribe'>;

/**
 * The verdict first, the panels after. An edit and the report that answers it reach the panels together, once the verdict of
 * that report has been painted; while a number is dragged, the panels follow frame by frame as they can. What is no edit and
 * no report (a pin, a unit, curves, a finished VaR) reaches them at once.
 * @param afterPaint runs its argument once the next frame has been painted
 */
export function createPanelPace(store: PanelPace, afterPaint: (run: () => void) => unknown): PanelPace {
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
    if (isSettled || state.report === null) follow();
    else if (state.report.inputVersion === state.inputVersion) {
      if (isScheduled) return;
      isScheduled = true;
      afterPaint(follow);
    } else if (!isScheduled) patience ??= setTimeout(follow, PATIENCE_MS);
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

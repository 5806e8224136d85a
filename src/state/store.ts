import { temporal } from 'zundo';
import { createContext, useContext } from 'react';
import { create, useStore as useStoreApi } from 'zustand';
import { subscribeWithSelector } from 'zustand/middleware';
import type { AppState, HistorySlice, Undoable } from './AppState.ts';
import { bookSlice } from './bookSlice.ts';
import { decideSlice } from './decideSlice.ts';
import { marketSlice } from './marketSlice.ts';
import { messagesSlice } from './messagesSlice.ts';
import { createPace } from './pace.ts';
import { resultsSlice } from './resultsSlice.ts';
import type { Pace } from './shownStore.ts';
import { smileSlice } from './smileSlice.ts';
import { inputsChanged } from './versions.ts';
import { viewSlice } from './viewSlice.ts';
import { whySlice } from './whySlice.ts';

const HISTORY_LIMIT = 500;

function undoable({ book, parameters, editedSmiles }: Undoable): Undoable {
  return { book, parameters, editedSmiles };
}

/** What is named in `past` is what it is now. */
function isUnchanged(past: Partial<Undoable>, current: Undoable): boolean {
  return Object.entries(past).every(([name, value]) => current[name as keyof Undoable] === value);
}

/** A store of its own; the app has one, tests make as many as they like. */
export function createAppStore() {
  const store = create<AppState>()(
    subscribeWithSelector(
      temporal(
        (set, get) => ({
          ...bookSlice(set, get),
          ...smileSlice(set, get),
          ...marketSlice(set, get),
          ...viewSlice(set),
          ...resultsSlice(set),
          ...decideSlice(set),
          ...whySlice(set),
          ...messagesSlice(set),
          ...history(),
        }),
        {
          partialize: (state: AppState): Undoable => undoable(state),
          equality: (past, current) => isUnchanged(past, current),
          limit: HISTORY_LIMIT,
        },
      ),
    ),
  );

  function history(): HistorySlice {
    const step = (direction: 'undo' | 'redo') => {
      const steps = store.temporal.getState();
      if ((direction === 'undo' ? steps.pastStates : steps.futureStates).length === 0) return;
      store.getState().endGesture();
      store.getState().endSmileGesture();
      steps[direction]();
      store.setState((state) => ({
        proposal: null,
        toast: null,
        report: state.report === null ? null : { ...state.report, after: null },
        ...inputsChanged(state),
      }));
    };
    return {
      canUndo: false,
      canRedo: false,
      undo: () => step('undo'),
      redo: () => step('redo'),
      forgetHistory: () => store.temporal.getState().clear(),
      pauseHistory: () => store.temporal.getState().pause(),
      resumeHistory: (start) => {
        const current = undoable(store.getState());
        store.temporal.getState().resume();
        if (isUnchanged(start, current)) return;
        store.temporal.setState((steps) => ({
          pastStates: [...steps.pastStates, { ...current, ...start }].slice(-HISTORY_LIMIT),
          futureStates: [],
        }));
      },
    };
  }

  store.temporal.subscribe(({ pastStates, futureStates }) => {
    const [canUndo, canRedo] = [pastStates.length > 0, futureStates.length > 0];
    const state = store.getState();
    if (state.canUndo !== canUndo || state.canRedo !== canRedo) store.setState({ canUndo, canRedo });
  });
  return store;
}

export type AppStore = ReturnType<typeof createAppStore>;

/** The store as it is: for text that is being typed, and for whoever watches the edits themselves. */
export const useLiveStore: AppStore = createAppStore();

/** Two frames: longer than the engine needs for an edit, too short to be felt as a wait. */
const VERDICT_PATIENCE_MS = 40;

/** The pace of the verdict, and of the fields whose values it follows. */
const verdictPace = createPace(useLiveStore, { patienceMs: VERDICT_PATIENCE_MS, onceAnswered: (follow) => follow() });

/** Given around panels, which come after the verdict. */
export const PaceContext = createContext<Pace>(verdictPace);

/** The store at the verdict's pace, also inside panels. */
export function useVerdictStore<T>(selector: (state: AppState) => T): T {
  return useStoreApi(verdictPace, selector);
}

/** The state as it stands on the screen round here, for what is computed while it is drawn. */
export function useShownState(): () => AppState {
  return useContext(PaceContext).getState;
}

function usePacedStore<T>(selector: (state: AppState) => T): T {
  return useStoreApi(useContext(PaceContext), selector);
}

/**
 * The app's store. Edits raise `inputVersion`; nothing is computed here. As a hook it shows an edit together with its report,
 * inside panels once the verdict has been painted; `useStore.getState()` is the state as it is everywhere.
 */
export const useStore = Object.assign(usePacedStore, {
  getState: useLiveStore.getState,
  setState: useLiveStore.setState,
  subscribe: useLiveStore.subscribe,
  getInitialState: useLiveStore.getInitialState,
  temporal: useLiveStore.temporal,
}) as AppStore;

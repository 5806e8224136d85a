import { temporal } from 'zundo';
import { createContext, useContext } from 'react';
import { create, useStore as useStoreApi } from 'zustand';
import { subscribeWithSelector } from 'zustand/middleware';
import type { AppState, HistorySlice, Undoable } from './AppState.ts';
import { bookSlice } from './bookSlice.ts';
import { marketSlice } from './marketSlice.ts';
import { messagesSlice } from './messagesSlice.ts';
import type { PanelPace } from './panelPace.ts';
import { resultsSlice } from './resultsSlice.ts';
import { smileSlice } from './smileSlice.ts';
import { inputsChanged } from './versions.ts';
import { viewSlice } from './viewSlice.ts';

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

/** Given around panels; see `createPanelPace`. Everything else sees the store as it is. */
export const PanelPaceContext = createContext<PanelPace | null>(null);

/** The store as it is, also inside panels: for fields, which show at once what was put into them. */
export const useLiveStore: AppStore = createAppStore();

function usePacedStore<T>(selector: (state: AppState) => T): T {
  const source: PanelPace = useContext(PanelPaceContext) ?? useLiveStore;
  return useStoreApi(source, selector);
}

/**
 * The app's store. Edits raise `inputVersion`; nothing is computed here. As a hook inside panels it follows their pace;
 * `useStore.getState()` is the state as it is everywhere.
 */
export const useStore = Object.assign(usePacedStore, {
  getState: useLiveStore.getState,
  setState: useLiveStore.setState,
  subscribe: useLiveStore.subscribe,
  getInitialState: useLiveStore.getInitialState,
  temporal: useLiveStore.temporal,
}) as AppStore;

import type { StoreApi } from 'zustand';
import type { AppState } from './AppState.ts';

/** The store as those see it who keep a pace. */
export type Pace = Pick<StoreApi<AppState>, 'getState' | 'getInitialState' | 'subscribe'>;

/** A store that shows what it is given; `store` is where it begins. */
export function shownStore({ getState, getInitialState }: Pace) {
  let shown = getState();
  const listeners = new Set<(state: AppState, previous: AppState) => void>();
  return {
    getInitialState,
    getState: () => shown,
    isSeen: () => listeners.size > 0,
    subscribe: (listener: (state: AppState, previous: AppState) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(state: AppState): void {
      const previous = shown;
      shown = state;
      if (shown !== previous) for (const listener of listeners) listener(shown, previous);
    },
  };
}

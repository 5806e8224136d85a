import type { DecideSlice, SetState } from './AppState.ts';

/** What the Decide panel is asked. None of it changes the book, and none of it is undone. */
export function decideSlice(set: SetState): DecideSlice {
  return {
    decide: { view: 'cut', targetUsd: null, objective: 'premium', withFutures: true, order: 'exit', oneMore: 'bought' },
    decideOpened: 0,
    setDecide: (change) => set((state) => ({ decide: { ...state.decide, ...change } })),
    openDecide: (change) =>
      set((state) => ({ decide: { ...state.decide, ...change }, decideOpened: state.decideOpened + 1 })),
  };
}

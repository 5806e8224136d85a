import type { SetState, WhySlice } from './AppState.ts';

/** Questions about where a figure comes from, and what their answers light up elsewhere. */
export function whySlice(set: SetState): WhySlice {
  return {
    lit: null,
    askedFigure: null,
    whyOpened: 0,
    setLit: (lit) => set({ lit }),
    askFigure: (askedFigure) => set({ askedFigure }),
    openWhy: () => set((state) => ({ explained: 'margin', whyOpened: state.whyOpened + 1 })),
  };
}

import type { MessagesSlice, SetState } from './AppState.ts';

/** What the app has to say to the user. */
export function messagesSlice(set: SetState): MessagesSlice {
  return {
    toast: null,
    notices: [],
    saved: 'saved',
    showToast: (toast) => set({ toast }),
    showNotice: (notice) =>
      set((state) => ({ notices: [...state.notices.filter((other) => other.id !== notice.id), notice] })),
    dismissNotice: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
    setSaved: (saved) => set({ saved }),
  };
}

import { createContext, useContext } from 'react';
import type { AppActions } from './startApp.ts';

export const AppActionsContext = createContext<AppActions | null>(null);

/** What the screen may ask of the app around it. */
export function useAppActions(): AppActions {
  const actions = useContext(AppActionsContext);
  if (actions === null) throw new Error('The app has not been started');
  return actions;
}

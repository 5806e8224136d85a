import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RiskEngineContext } from '../compute/RiskEngineContext.ts';
import { useStore } from '../state/store.ts';
import { whenSettled } from '../ui/whenSettled.ts';
import { App } from './App.tsx';
import { AppActionsContext } from './AppActionsContext.ts';
import type { EarlyStart } from './earlyStart.ts';
import { followTheme } from './followTheme.ts';
import { startApp } from './startApp.ts';

/** Puts the screen up over what was started before it. */
export function mountApp(early: EarlyStart): void {
  followTheme(useStore);
  const actions = startApp(useStore, early);
  void whenSettled(actions.market);
  // Beside the panels, which do not wait for it.
  void whenSettled(() => import('../ui/chartLibrary.ts')).catch(() => undefined);
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={actions.engine.queryClient}>
        <RiskEngineContext value={actions.engine.client}>
          <AppActionsContext value={actions}>
            <App />
          </AppActionsContext>
        </RiskEngineContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}

import './ui/fonts.css';
import './ui/tokens.css';
import './ui/global.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { AppActionsContext } from './app/AppActionsContext.ts';
import { followTheme } from './app/followTheme.ts';
import { startApp } from './app/startApp.ts';
import { RiskEngineContext } from './compute/RiskEngineContext.ts';
import { useStore } from './state/store.ts';

followTheme(useStore);
const actions = startApp(useStore);
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

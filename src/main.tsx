import './ui/fonts.css';
import './ui/tokens.css';
import './ui/global.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readThemePreference, saveThemePreference } from './adapters/storage/themePreference.ts';
import { App } from './app/App.tsx';
import { AppActionsContext } from './app/AppActionsContext.ts';
import { startApp } from './app/startApp.ts';
import { RiskEngineContext } from './compute/useRiskTask.ts';
import { useStore } from './state/store.ts';

const light = window.matchMedia('(prefers-color-scheme: light)');
const systemTheme = () => (light.matches ? 'light' : 'dark');
const page = document.documentElement.dataset;

useStore.subscribe(
  (state) => [state.theme, state.colourScheme] as const,
  ([theme, scheme]) => {
    page.theme = theme;
    page.scheme = scheme;
    // A choice that equals the system's is none: it goes on following the system.
    saveThemePreference(theme === systemTheme() ? null : theme);
  },
  { equalityFn: (a, b) => a[0] === b[0] && a[1] === b[1] },
);
const theme = readThemePreference() ?? systemTheme();
useStore.getState().setTheme(theme);
page.theme = theme;
light.addEventListener('change', () => {
  // Whoever chose the other theme keeps it.
  const { theme: shown, setTheme } = useStore.getState();
  if (shown !== systemTheme()) setTheme(systemTheme());
});

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

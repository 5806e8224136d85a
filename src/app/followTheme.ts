import { readThemePreference, saveThemePreference } from '../adapters/storage/themePreference.ts';
import type { AppStore } from '../state/store.ts';

/** Puts the theme and the colour scheme on the page: the theme chosen here before, else the system's, and each change of either. */
export function followTheme(store: AppStore): void {
  const page = document.documentElement.dataset;
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const systemTheme = () => (light.matches ? 'light' : 'dark');
  store.subscribe(
    (state) => state.theme,
    (theme) => {
      page.theme = theme;
      // A choice that equals the system's is none: it goes on following the system.
      saveThemePreference(theme === systemTheme() ? null : theme);
    },
  );
  store.subscribe(
    (state) => state.colourScheme,
    (scheme) => {
      page.scheme = scheme;
    },
  );
  const theme = readThemePreference() ?? systemTheme();
  store.getState().setTheme(theme);
  page.theme = theme;
  light.addEventListener('change', () => {
    // Whoever chose the other theme keeps it.
    const { theme: shown, setTheme } = store.getState();
    if (shown !== systemTheme()) setTheme(systemTheme());
  });
}

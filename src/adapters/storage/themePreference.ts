const KEY = 'headroom-theme';

/**
 * The theme chosen on this device, null when the system's is followed. Kept apart from the workspace because it must be known
 * before the first paint, and the workspace's storage answers later.
 */
export function readThemePreference(): 'dark' | 'light' | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'dark' || kept === 'light' ? kept : null;
  } catch {
    return null;
  }
}

export function saveThemePreference(theme: 'dark' | 'light' | null): void {
  try {
    if (theme === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing shows the system's theme next time.
  }
}

import type { AppStore } from '../state/store.ts';

const NOTICE = 'missing-part';

/**
 * Tells once of a part of the screen whose file did not arrive, whoever asked for it. A browser does not fetch a file again that failed
 * within the same visit, so a reload is what brings it; what is on the screen goes on until then. It reloads once the work is saved, and
 * not into a page that could not open.
 */
export function tellMissingParts(store: AppStore, save: () => Promise<void>): void {
  const tell = (message: string) =>
    store.getState().showNotice({
      id: NOTICE,
      severity: 'problem',
      message,
      actions: [{ label: 'Reload', run: () => void reload() }],
    });
  const reload = async () => {
    if (!(await canOpenAgain())) {
      tell('Headroom cannot be reached now, so it was not reloaded. What is on the screen goes on.');
      return;
    }
    await save();
    location.reload();
  };
  // Vite's loader says so for every file that is asked for late.
  window.addEventListener('vite:preloadError', () =>
    tell(
      'A part of Headroom did not arrive: the network failed, or a newer version has taken its place. The rest goes on, and the book is kept.',
    ),
  );
}

/** A reload without a network ends the visit, unless a service worker keeps the app. */
async function canOpenAgain(): Promise<boolean> {
  if (navigator.serviceWorker?.controller) return true;
  try {
    return (await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

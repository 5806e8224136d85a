import { Workbox } from 'workbox-window';
import type { AppStore } from '../state/store.ts';

const NOTICE = 'new-version';

/**
 * Lets the app open without a network: a service worker keeps the whole build. A newer version of it is told by a notice; it
 * takes over when a person asks for it, and only their page reloads. Where the browser keeps nothing, the app works as it did.
 */
export async function keepOffline(store: AppStore): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const worker = new Workbox('./offline.worker.js', { type: 'classic' });
  let isReloadAsked = false;
  const say = (message: string, run: () => void) =>
    store.getState().showNotice({ id: NOTICE, severity: 'info', message, actions: [{ label: 'Reload', run }] });

  worker.addEventListener('waiting', () =>
    say('A newer version of Headroom is ready. The book is kept.', () => {
      isReloadAsked = true;
      worker.messageSkipWaiting();
    }),
  );
  worker.addEventListener('controlling', ({ isUpdate, isExternal }) => {
    // The first worker of all takes over a page that is of its own version.
    if (isUpdate !== true && isExternal !== true) return;
    if (isReloadAsked) location.reload();
    else say('A newer version of Headroom is in use in another tab.', () => location.reload());
  });
  try {
    await worker.register({ immediate: true });
  } catch {
    // A browser or a server that allows no service worker: the app needs its server, and nothing else is lost.
  }
}

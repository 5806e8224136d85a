import { messageSW, Workbox } from 'workbox-window';
import type { OfflineMessage } from '../../workers/OfflineMessage.ts';
import type { AppStore } from '../state/store.ts';

const NOTICE = 'new-version';
/** A worker that does not answer in this time does not know the question. */
const ANSWER_MS = 2_000;

/**
 * Lets the app open without a network: a service worker keeps the whole build. A newer version of it is told by a notice, and takes over
 * when a person asks for it; only their page reloads. A page that is of the newer version already has it take over at once, without a
 * word. Where the browser keeps nothing, the app works as it did.
 *
 * Called once the first figures are on the screen: a change of workers while a page still loads could lose a file of it.
 */
export async function keepOffline(store: AppStore): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const worker = new Workbox('./offline.worker.js', { type: 'classic' });
  let onTakenOver = () => say('A newer version of Headroom is in use in another tab.', () => location.reload());
  const takeOver = (then: () => void) => {
    onTakenOver = then;
    worker.messageSkipWaiting();
  };
  const say = (message: string, run: () => void) =>
    store.getState().showNotice({ id: NOTICE, severity: 'info', message, actions: [{ label: 'Reload', run }] });

  worker.addEventListener('waiting', async () => {
    if (await isNewerThan(navigator.serviceWorker.controller)) takeOver(() => undefined);
    else say('A newer version of Headroom is ready. The book is kept.', () => takeOver(() => location.reload()));
  });
  worker.addEventListener('controlling', ({ isUpdate, isExternal }) => {
    // The first worker of all takes over a page that is of its own version.
    if (isUpdate === true || isExternal === true) onTakenOver();
  });
  try {
    await worker.register({ immediate: true });
  } catch {
    // A browser or a server that allows no service worker: the app needs its server, and nothing else is lost.
  }
}

/** Whether that worker had this page from the server, which was ahead of it. */
async function isNewerThan(controller: ServiceWorker | null): Promise<boolean> {
  if (controller === null) return false;
  const question: OfflineMessage = { type: 'IS_PAGE_NEWER' };
  const silence = new Promise((resolve) => setTimeout(() => resolve(false), ANSWER_MS));
  return (await Promise.race([messageSW(controller, question), silence])) === true;
}

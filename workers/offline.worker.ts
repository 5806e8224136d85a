import { addRoute, cleanupOutdatedCaches, createHandlerBoundToURL, precache } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import type { OfflineMessage } from './OfflineMessage.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** The files of this build with their revisions, put in when the build is made. */
  readonly __WB_MANIFEST: Parameters<typeof precache>[0];
};

// Every file of the build is kept as its server gave it, headers included: the page stays isolated without a network, and goes
// on finding what it loads late when the server has moved on to another version. Nothing of any other host is ever kept.
precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();

/** Pages that the server gave while this version was behind it. */
const newerPages = new Set<string>();

self.addEventListener('message', ({ data, source, ports }) => {
  const type = (data as Partial<OfflineMessage> | null)?.type;
  if (type === 'SKIP_WAITING') void self.skipWaiting();
  if (type === 'IS_PAGE_NEWER') ports[0]?.postMessage(source !== null && 'id' in source && newerPages.has(source.id));
});

// What the first visit loads late is found without a network, too.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** Nobody waits longer for a network when there is a page at hand. */
const PATIENCE_MS = 2_000;
const keptPage = createHandlerBoundToURL('index.html');

/** The page as the server has it now; null where none, or something else, comes in time. */
async function servedPage(): Promise<Response | null> {
  try {
    const page = await fetch('index.html', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    // A network that asks to be signed in to answers every question with its own page.
    const isOurs = page.ok && !page.redirected && (await page.clone().text()).includes('<div id="root">');
    return isOurs ? page : null;
  } catch {
    return null;
  }
}

// A version that waits for the last old page to go need not wait when that page is loaded again: what is loaded is the newer page.
// It asks for the newer version once it is up, because what it loads until then comes through this one.
registerRoute(
  new NavigationRoute(async (options) => {
    const { waiting } = self.registration;
    if (waiting === null) return keptPage(options);
    const open = await self.clients.matchAll({ type: 'window' });
    const page = open.length > 1 ? null : await servedPage();
    if (page === null) return keptPage(options);
    newerPages.add((options.event as FetchEvent).resultingClientId);
    return page;
  }),
);
addRoute();

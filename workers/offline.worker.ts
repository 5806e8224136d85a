import { addRoute, cleanupOutdatedCaches, createHandlerBoundToURL, precache } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & {
  /** The files of this build with their revisions, put in when the build is made. */
  readonly __WB_MANIFEST: Parameters<typeof precache>[0];
};

// Every file of the build is kept as its server gave it, headers included: the page stays isolated without a network, and goes
// on finding what it loads late when the server has moved on to another version. Nothing of any other host is ever kept.
precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();

self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

// What the first visit loads late is found without a network, too.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** A newer version that does not take over when it is told to is not told for ever. */
const MOST_HANDOVERS = 3;
let handovers = 0;
const keptPage = createHandlerBoundToURL('index.html');

// A version that waits for the last old page to go need not wait when that page is loaded again.
registerRoute(
  new NavigationRoute(async (options) => {
    const { waiting } = self.registration;
    if (waiting === null || handovers === MOST_HANDOVERS) return keptPage(options);
    const open = await self.clients.matchAll({ type: 'window' });
    if (open.length > 1) return keptPage(options);
    handovers += 1;
    waiting.postMessage({ type: 'SKIP_WAITING' });
    return new Response('', { headers: { 'Content-Type': 'text/html', Refresh: '0' } });
  }),
);
addRoute();

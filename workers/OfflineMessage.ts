/** What a page may tell or ask the service worker of the app. */
export type OfflineMessage =
  /** The newer version takes over; no answer. */
  | { readonly type: 'SKIP_WAITING' }
  /** Whether the page that asks came from the server while that worker's version was behind it; answers a boolean. */
  | { readonly type: 'IS_PAGE_NEWER' };

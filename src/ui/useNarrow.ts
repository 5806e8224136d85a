import { useSyncExternalStore } from 'react';

const QUERY = '(max-width: 767px)';
let list: MediaQueryList | null = null;

/** The phone layout is on. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query().matches);
}

function query(): MediaQueryList {
  list ??= window.matchMedia(QUERY);
  return list;
}

function subscribe(onChange: () => void): () => void {
  query().addEventListener('change', onChange);
  return () => query().removeEventListener('change', onChange);
}

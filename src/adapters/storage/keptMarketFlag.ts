const KEY = 'headroom-market-kept';

/**
 * Whether a market other than the demo market is likely to be opened: known at once, when the workspace's storage has not
 * answered yet. A guess that proves wrong costs time, no figure.
 */
export function readKeptMarketFlag(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function saveKeptMarketFlag(isKept: boolean): void {
  try {
    if (isKept) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing starts with the demo market.
  }
}

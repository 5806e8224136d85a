const KEY = 'headroom-market-choice';

/** Which market was chosen on this device, as it was written; null for none. Whoever reads it has to judge it. */
export function readMarketChoice(): unknown {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? null : JSON.parse(kept);
  } catch {
    return null;
  }
}

/** Null forgets it. */
export function saveMarketChoice(choice: unknown): void {
  try {
    if (choice === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // A browser that keeps nothing starts with the demo market.
  }
}

/** Simulated replays that ship with the app. */
export type BundledReplayName = 'quiet-day' | 'crash' | 'vol-crush' | 'depeg';

/** Which market a person wants on the screen. */
export type MarketChoice =
  /** One that stands still: the bundled one, or a file. */
  | { readonly kind: 'still' }
  | { readonly kind: 'deribit'; readonly network: 'production' | 'test' }
  /** A server that speaks Deribit's protocol: `ws://` or `wss://`. */
  | { readonly kind: 'endpoint'; readonly url: string }
  /** `speed`: simulated seconds a second. */
  | { readonly kind: 'simulator'; readonly seed: number; readonly speed: number }
  | { readonly kind: 'replay'; readonly name: BundledReplayName }
  /** A recording that was opened from a file; it cannot be found again at the next visit. */
  | { readonly kind: 'recording'; readonly fileName: string };

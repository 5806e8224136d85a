import type { Usd } from './units.ts';

/** How far the P&L of a book by proxy may be from full revaluation, and what it took. */
export interface ProxyError {
  /**
   * The larger of what the series cut off and twice the largest difference from full revaluation at held-back points, added up over
   * the coins.
   */
  readonly maxUsd: Usd;
  /** The same over the gross premium: |quantity| x premium of every option. Null for a book without options, whose proxy is exact. */
  readonly shareOfGrossPremium: number | null;
  readonly grossPremiumUsd: Usd;
  /** Points at which the proxies were compared with full revaluation, none of them used to fit. */
  readonly heldBackPoints: number;
  /** Polynomials. */
  readonly pieces: number;
  /** Points at which an expiry was sampled. */
  readonly nodes: number;
  /** Null where nobody gave a clock. */
  readonly buildMs: number | null;
  /** How often a path is outside of a coin's box, and that coin then revalued in full: a share, of paths drawn to judge the boxes. */
  readonly outsideBox: number;
  /** Coins that are revalued in full in every path, since no proxy of them meets the error asked for. */
  readonly fullCoins: readonly string[];
}

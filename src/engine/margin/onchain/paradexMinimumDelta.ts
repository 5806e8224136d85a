/** Deltas of a book in coins: net with its sign, gross as the sum of absolute deltas. */
export interface ParadexDeltas {
  readonly netDelta: number;
  readonly grossDelta: number;
  readonly spot: number;
}

/** Charge on what is not hedged and on what is, fractions of the spot: 2 % and 1 % for BTC and ETH, 3 % and 1.5 % for others. */
export interface ParadexDeltaFactors {
  readonly unhedged: number;
  readonly hedged: number;
}

/**
 * Least margin for delta that Paradex's portfolio margin takes where the scan shows less, in USD:
 *
 *   ( a |net| + b (gross - |net|) / 2 ) S
 *
 * tradeparadex/paradex-docs, risk-system/portfolio-margin, commit 9b82a75a (2026-08-20).
 */
export function paradexMinimumDelta(
  { netDelta, grossDelta, spot }: ParadexDeltas,
  factors: ParadexDeltaFactors,
): number {
  const net = Math.abs(netDelta);
  return (factors.unhedged * net + (factors.hedged * (grossDelta - net)) / 2) * spot;
}

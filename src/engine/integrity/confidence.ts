/**
 * Confidence in [0, 1] from what speaks against a value. 1 within the limits, 0.5 as soon as one is passed, and less the
 * further beyond: age and disagreement never raise it. Several faults of one value: the least of their confidences.
 */

/** What is left of any value that is past a limit. */
export const PAST_LIMIT = 0.5;

/** 1 up to the limit, 0.5 just beyond, falling in a straight line to 0 at three times the limit. */
export function ageConfidence(ageMs: number, limitMs: number): number {
  if (!(ageMs > limitMs)) return 1;
  return Math.max(0, (PAST_LIMIT * (3 - ageMs / limitMs)) / 2);
}

/** 1 up to the limit; beyond, 0.5 times limit over disagreement. */
export function disagreementConfidence(share: number, limitShare: number): number {
  const amount = Math.abs(share);
  return amount <= limitShare ? 1 : (PAST_LIMIT * limitShare) / amount;
}

/** Of a smile: its age's, lowered by the share of its options whose vol was refused or contradicts the others. */
export function smileConfidence(freshness: number, options: number, doubtful: number): number {
  return options === 0 ? freshness : Math.min(freshness, 1 - doubtful / options);
}

/** In steps of 0.05, downward, so that a market does not move by its confidence alone at every look. */
export function steppedConfidence(confidence: number): number {
  return Math.floor(Math.min(1, Math.max(0, confidence)) * 20 + 1e-9) / 20;
}

import type { SmilePoint } from './smilePoints.ts';

/** Fewer points than this are too few to say which of them is wrong. */
const FEWEST_TO_JUDGE = 9;
/** At most one point in so many is thrown out: a smile that many contradict is not wrong at all of them. */
const ONE_IN = 10;
/** Neighbours to each side with whose errors a point's error is compared. */
const NEIGHBOURS = 2;
/** An error stands out beyond so many times the typical one, and by this share of the vol at least. */
const TYPICAL_ERRORS = 8;
const LEAST_SHARE = 0.06;

/**
 * The points whose vol contradicts their neighbours': by index, what a quote is off by, in vol. A point's error is compared
 * with the median error of the strikes beside it, so that where the whole smile bends away from its fit no quote is blamed.
 * A quote inside whose bid and ask the neighbours' smile lies is not blamed either. Worst first, at most one in ten.
 *
 * @param errors fitted minus quoted vol of each point.
 */
export function outlyingPoints(points: readonly SmilePoint[], errors: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  const n = points.length;
  if (n < FEWEST_TO_JUDGE) return found;
  const off = errors.map((error, i) => {
    const beside: number[] = [];
    for (let d = -NEIGHBOURS; d <= NEIGHBOURS; d++) if (d !== 0 && i + d >= 0 && i + d < n) beside.push(errors[i + d]!);
    return error - median(beside);
  });
  const typical = median(off.map(Math.abs));
  const stands = (i: number): boolean => {
    // At either end neighbours stand to one side only, and a bend of the smile looks like an error.
    const caution = i < NEIGHBOURS || i >= n - NEIGHBOURS ? 3 : 1;
    return Math.abs(off[i]!) > caution * Math.max(TYPICAL_ERRORS * typical, LEAST_SHARE * points[i]!.vol);
  };
  const isAdmitted = (i: number): boolean => {
    const { vol, bidVol, askVol } = points[i]!;
    const neighboursVol = vol + off[i]!;
    return bidVol !== null && askVol !== null && neighboursVol >= bidVol && neighboursVol <= askVol;
  };
  const worst = points
    .map((_, i) => i)
    .filter(stands)
    .sort((one, two) => Math.abs(off[two]!) - Math.abs(off[one]!));
  // The neighbour of a quote that stands out does so as well: of two side by side only the worse is looked at.
  const seen = new Set<number>();
  for (const i of worst) {
    if (found.size >= Math.floor(n / ONE_IN)) break;
    if (seen.has(i - 1) || seen.has(i + 1)) continue;
    seen.add(i);
    if (!isAdmitted(i)) found.set(i, -off[i]!);
  }
  return found;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, two) => one - two);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

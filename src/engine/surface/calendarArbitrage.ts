import type { SviParameters } from '../domain/marketSnapshot.ts';
import { sviTotalVariance } from './svi.ts';

/** Later minus earlier total variance where it is least: calendar spreads at that k are worth less than zero if it is negative. */
export interface CalendarGap {
  readonly logMoneyness: number;
  readonly gap: number;
}

const EVEN_POINTS = 120;
const POINTS_A_VERTEX = 24;

/**
 * The least difference of two smiles' total variance over [from, to] (Gatheral and Jacquier 2014, Lemma 2.1: it must not be
 * negative): a scan even over the range and dense around both vertices, the lowest point refined by golden section.
 */
export function calendarGap(earlier: SviParameters, later: SviParameters, from: number, to: number): CalendarGap {
  const grid = scanPoints([earlier, later], from, to);
  const gap = (k: number): number => sviTotalVariance(later, k) - sviTotalVariance(earlier, k);
  let best = { index: 0, gap: Number.POSITIVE_INFINITY };
  grid.forEach((k, index) => {
    const here = gap(k);
    if (here < best.gap) best = { index, gap: here };
  });
  let low = grid[Math.max(0, best.index - 1)]!;
  let high = grid[Math.min(grid.length - 1, best.index + 1)]!;
  const golden = (Math.sqrt(5) - 1) / 2;
  while (high - low > 1e-9 * (1 + Math.abs(low))) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (gap(left) < gap(right)) high = right;
    else low = left;
  }
  const refined = gap((low + high) / 2);
  return refined < best.gap
    ? { logMoneyness: (low + high) / 2, gap: refined }
    : { logMoneyness: grid[best.index]!, gap: best.gap };
}

/** Points over [from, to], ascending: even, and closer together around the vertices of the smiles. */
export function scanPoints(smiles: readonly SviParameters[], from: number, to: number): number[] {
  const grid: number[] = [];
  for (let i = 0; i <= EVEN_POINTS; i++) grid.push(from + ((to - from) * i) / EVEN_POINTS);
  for (const { m, sigma } of smiles) {
    for (let i = -POINTS_A_VERTEX; i <= POINTS_A_VERTEX; i++) {
      const k = m + 4 * sigma * (i / POINTS_A_VERTEX);
      if (k > from && k < to) grid.push(k);
    }
  }
  return grid.sort((one, two) => one - two);
}

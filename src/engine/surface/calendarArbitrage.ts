import type { SviParameters } from '../domain/marketSnapshot.ts';
import { sviTotalVariance } from './svi.ts';
import type { CalendarCrossing, SmileFit } from './VolSurface.ts';

/** Prices from 5 % to 20 times the forward: nothing is checked further out, except that wings do not cross. */
export const LOG_RANGE = 3;

/** Later minus earlier total variance where it is least: calendar spreads at that k are worth less than zero if it is negative. */
export interface CalendarGap {
  readonly logMoneyness: number;
  readonly gap: number;
}

/**
 * Neighbouring smiles whose total variance falls with time by more than the share `tolerance` of itself: first within what
 * both have quoted (LOG_RANGE to both sides for a smile that the market gives), then, where they are extrapolated, over
 * LOG_RANGE and in the slopes of their wings. At most one entry a pair, where the fall is largest.
 */
export function calendarCrossings(fits: readonly SmileFit[], tolerance: number): CalendarCrossing[] {
  const fitted = fits.filter((fit): fit is SmileFit & { svi: SviParameters } => fit.svi !== null);
  const crossings: CalendarCrossing[] = [];
  for (let i = 1; i < fitted.length; i++) {
    const [earlier, later] = [fitted[i - 1]!, fitted[i]!];
    const falls = ({ logMoneyness, gap }: CalendarGap): boolean =>
      gap < -tolerance * sviTotalVariance(earlier.svi, logMoneyness);
    const add = (where: CalendarCrossing['where'], { logMoneyness, gap }: CalendarGap): void =>
      void crossings.push({ earlier: earlier.expiry, later: later.expiry, logMoneyness, gap, where });
    const [one, two] = [quotedRange(earlier), quotedRange(later)];
    const [from, to] = [Math.max(one[0], two[0]), Math.min(one[1], two[1])];
    const quoted = from <= to ? calendarGap(earlier.svi, later.svi, from, to) : null;
    if (quoted !== null && falls(quoted)) {
      add('quotes', quoted);
      continue;
    }
    const wide = calendarGap(earlier.svi, later.svi, -LOG_RANGE, LOG_RANGE);
    if (falls(wide)) add('wings', wide);
    else if (wingsCross(earlier.svi, later.svi)) {
      const far = farCrossing(earlier.svi, later.svi);
      if (falls(far)) add('wings', far);
    }
  }
  return crossings;
}

/** Whether an earlier smile's wing is steeper than the later one's, so that they cross however far out. */
export function wingsCross(earlier: SviParameters, later: SviParameters): boolean {
  const rounding = 1e-14;
  return (
    later.b * (1 - later.rho) < earlier.b * (1 - earlier.rho) - rounding ||
    later.b * (1 + later.rho) < earlier.b * (1 + earlier.rho) - rounding
  );
}

/** The gap a hundred times LOG_RANGE out, on the side where it is lower. */
function farCrossing(earlier: SviParameters, later: SviParameters): CalendarGap {
  const [left, right] = [-100 * LOG_RANGE, 100 * LOG_RANGE].map((logMoneyness) => ({
    logMoneyness,
    gap: sviTotalVariance(later, logMoneyness) - sviTotalVariance(earlier, logMoneyness),
  })) as [CalendarGap, CalendarGap];
  return left.gap < right.gap ? left : right;
}

function quotedRange({ strikeRange, forward }: SmileFit): readonly [number, number] {
  if (strikeRange === null) return [-LOG_RANGE, LOG_RANGE];
  return [Math.log(strikeRange[0] / forward), Math.log(strikeRange[1] / forward)];
}

const EVEN_POINTS = 120;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const POINTS_A_VERTEX = 24;

/**
 * The least difference of two smiles' total variance over [from, to] (Gatheral and Jacquier 2014, Lemma 2.1: it must not be
 * negative): a scan even over the range and dense around both vertices, every valley refined by golden section.
 */
export function calendarGap(earlier: SviParameters, later: SviParameters, from: number, to: number): CalendarGap {
  const grid = scanPoints([earlier, later], from, to);
  const gapAt = (k: number): number => sviTotalVariance(later, k) - sviTotalVariance(earlier, k);
  const gaps = grid.map(gapAt);
  let best: CalendarGap = { logMoneyness: grid[0]!, gap: gaps[0]! };
  const consider = (logMoneyness: number, gap: number): void => {
    if (gap < best.gap) best = { logMoneyness, gap };
  };
  const last = grid.length - 1;
  for (let i = 0; i <= last; i++) {
    consider(grid[i]!, gaps[i]!);
    // The difference of two smiles may have more than one valley.
    if ((i > 0 && gaps[i]! > gaps[i - 1]!) || (i < last && gaps[i]! >= gaps[i + 1]!)) continue;
    let low = grid[Math.max(0, i - 1)]!;
    let high = grid[Math.min(last, i + 1)]!;
    while (high - low > 1e-9 * (1 + Math.abs(low))) {
      const left = high - GOLDEN * (high - low);
      const right = low + GOLDEN * (high - low);
      if (gapAt(left) < gapAt(right)) high = right;
      else low = left;
    }
    consider((low + high) / 2, gapAt((low + high) / 2));
  }
  return best;
}

/** Points over [from, to], ascending: even, and closer together around the vertices of the smiles. */
function scanPoints(smiles: readonly SviParameters[], from: number, to: number): number[] {
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

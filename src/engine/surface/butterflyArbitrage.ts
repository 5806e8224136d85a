import type { SviParameters } from '../domain/marketSnapshot.ts';
import { sviButterfly, sviButterflySlope, sviMinimumVariance, sviWingSlope } from './svi.ts';

/** Where butterflies are worth less than zero: g(k) < 0 between `lower` and `upper`; null where it goes on to infinity. */
export interface NegativeDensity {
  readonly lower: number | null;
  readonly upper: number | null;
  /** Where g is lowest, and how low; both null where it has no lowest point. */
  readonly lowest: { readonly k: number; readonly g: number } | null;
}

/** Points on each side of the vertex at which g is looked at, from 1e-4 of the smile's width to 1e6 of it. */
const POINTS_A_SIDE = 600;
/** A dip of g below this is the rounding of doubles, not arbitrage. */
const ROUNDING = 1e-12;

/**
 * Whether no butterfly at any strike whatsoever is worth less than zero: total variance above zero, g(k) >= 0 for all k,
 * and wings within Lee's bound, so that call prices fall to zero far out.
 */
export function isFreeOfButterflies(p: SviParameters): boolean {
  if (sviWingSlope(p) > 2 || sviMinimumVariance(p) < 0) return false;
  return vertexGrid(p).every((k) => sviButterfly(p, k) >= -ROUNDING) && negativeDensities(p).length === 0;
}

/**
 * Every interval of k in which g(k) < 0, ascending, each with its lowest point; edges and lowest points to the precision of
 * doubles. A dip narrower than 2 % of its distance from the vertex can be missed.
 */
export function negativeDensities(p: SviParameters): NegativeDensity[] {
  const grid = vertexGrid(p);
  const g = grid.map((k) => sviButterfly(p, k));
  // Between two points a dip shows as a turn of g: its lowest point joins the grid.
  const points = grid.map((k, i) => ({ k, g: g[i]! }));
  for (let i = 1; i < grid.length - 1; i++) {
    if (g[i]! <= g[i - 1]! && g[i]! <= g[i + 1]!) {
      const k = turningPoint(p, grid[i - 1]!, grid[i + 1]!);
      points.push({ k, g: sviButterfly(p, k) });
    }
  }
  points.sort((one, two) => one.k - two.k);

  const found: NegativeDensity[] = [];
  for (let i = 0; i < points.length; i++) {
    if (points[i]!.g >= -ROUNDING) continue;
    const from = i;
    while (i < points.length && points[i]!.g < 0) i++;
    const dip = points.slice(from, i);
    const lowest = dip.reduce((best, point) => (point.g < best.g ? point : best));
    const first = points[from - 1];
    const last = points[i];
    found.push({
      lower: first === undefined ? null : zero(p, points[from]!.k, first.k),
      upper: last === undefined ? null : zero(p, points[i - 1]!.k, last.k),
      lowest: Number.isFinite(lowest.g) ? lowest : null,
    });
  }
  return found;
}

/** Points ever wider apart with their distance from the vertex, which is where g turns quickly, and zero. */
function vertexGrid({ m, sigma }: SviParameters): number[] {
  const width = Math.max(sigma, 1e-6);
  const grid = [m, 0];
  for (let i = 0; i < POINTS_A_SIDE; i++) {
    const distance = width * 10 ** (-4 + (10 * i) / (POINTS_A_SIDE - 1));
    grid.push(m - distance, m + distance);
  }
  return grid.sort((one, two) => one - two);
}

/** Where g turns between two points that are both above it: a bisection of g'. */
function turningPoint(p: SviParameters, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) break;
    if (sviButterflySlope(p, middle) < 0) low = middle;
    else high = middle;
  }
  return low + (high - low) / 2;
}

/** The edge of a dip: a bisection of g between a point below zero and one that is not. */
function zero(p: SviParameters, below: number, above: number): number {
  let [inside, outside] = [below, above];
  for (let i = 0; i < 200; i++) {
    const middle = inside + (outside - inside) / 2;
    if (middle === inside || middle === outside) break;
    if (sviButterfly(p, middle) < 0) inside = middle;
    else outside = middle;
  }
  return inside + (outside - inside) / 2;
}

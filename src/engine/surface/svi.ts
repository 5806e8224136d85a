/**
 * Raw SVI, w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), total variance over k = ln(K / F), after
 * J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014), arXiv:1204.0646.
 */
import type { SviParameters } from '../domain/marketSnapshot.ts';

/** Total variance at log-moneyness k. */
export function sviTotalVariance(p: SviParameters, k: number): number {
  const x = k - p.m;
  return p.a + p.b * (p.rho * x + Math.sqrt(x * x + p.sigma * p.sigma));
}

/** dw/dk. At the kink of a smile with sigma = 0 it is the mean of the two slopes. */
export function sviSlope(p: SviParameters, k: number): number {
  const x = k - p.m;
  const root = Math.sqrt(x * x + p.sigma * p.sigma);
  return p.b * (p.rho + (root > 0 ? x / root : 0));
}

/** d2w/dk2. */
export function sviCurvature(p: SviParameters, k: number): number {
  const x = k - p.m;
  const root = Math.sqrt(x * x + p.sigma * p.sigma);
  return root > 0 ? (p.b * p.sigma * p.sigma) / (root * root * root) : 0;
}

/**
 * Durrleman's g(k) = (1 - k w' / (2 w))^2 - (w'^2 / 4)(1 / w + 1 / 4) + w'' / 2 (Gatheral and Jacquier, eq. 2.1). The
 * smile's density has the sign of g: butterflies are worth no less than zero exactly where g >= 0. Minus infinity where
 * the total variance is not above zero.
 */
export function sviButterfly(p: SviParameters, k: number): number {
  const w = sviTotalVariance(p, k);
  if (!(w > 0)) return Number.NEGATIVE_INFINITY;
  const slope = sviSlope(p, k);
  const first = 1 - (k * slope) / (2 * w);
  return first * first - ((slope * slope) / 4) * (1 / w + 0.25) + sviCurvature(p, k) / 2;
}

/** dg/dk. */
export function sviButterflySlope(p: SviParameters, k: number): number {
  const w = sviTotalVariance(p, k);
  const slope = sviSlope(p, k);
  const curvature = sviCurvature(p, k);
  const root = Math.hypot(k - p.m, p.sigma);
  const third = root > 0 ? (-3 * curvature * (k - p.m)) / (root * root) : 0;
  const first = 1 - (k * slope) / (2 * w);
  const firstSlope = -(slope + k * curvature - (k * slope * slope) / w) / (2 * w);
  return (
    2 * first * firstSlope -
    ((slope * curvature) / 2) * (1 / w + 0.25) +
    (slope * slope * slope) / (4 * w * w) +
    third / 2
  );
}

/** Least total variance over all k: a + b sigma sqrt(1 - rho^2). */
export function sviMinimumVariance(p: SviParameters): number {
  return p.a + p.b * p.sigma * Math.sqrt(Math.max(0, 1 - p.rho * p.rho));
}

/** The steeper of the two wings, b (1 + |rho|). Lee's moment formula allows at most 2. */
export function sviWingSlope(p: SviParameters): number {
  return p.b * (1 + Math.abs(p.rho));
}

/**
 * Least g and where it is over [from, to]: a scan fine against both the range and the width of the vertex, the lowest
 * point then refined by golden section. A dip narrower than the scan's step can be missed.
 */
export function sviButterflyMinimum(p: SviParameters, from: number, to: number): { k: number; g: number } {
  const steps = 400;
  const step = (to - from) / steps;
  let best = { k: from, g: sviButterfly(p, from) };
  const consider = (k: number): void => {
    if (k < from || k > to) return;
    const g = sviButterfly(p, k);
    if (g < best.g) best = { k, g };
  };
  for (let i = 1; i <= steps; i++) consider(from + i * step);
  // A sharp vertex turns within a few sigma of m, which can lie between two points of an even scan.
  for (let i = -40; i <= 40; i++) consider(p.m + (i / 8) * p.sigma);
  if (best.g === Number.NEGATIVE_INFINITY) return best;
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.max(from, best.k - step);
  let high = Math.min(to, best.k + step);
  while (high - low > 1e-10 * (1 + Math.abs(low))) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (sviButterfly(p, left) < sviButterfly(p, right)) high = right;
    else low = left;
  }
  consider((low + high) / 2);
  return best;
}

import type { SviParameters } from '../domain/marketSnapshot.ts';

/**
 * SVI as fits see it: [v, l, r, m, q] in units of the at-the-money standard deviation s = vol sqrt(T), x = k / s and
 * w / s^2, so that every expiry looks alike. v is the least total variance, l^2 and r^2 are the slopes of the left and the
 * right wing, m is the vertex, q = ln sigma. In them w > 0 and Lee's bound on the wings are plain bounds, and
 *   w(x) = v - sigma l r + (r^2 - l^2)/2 (x - m) + (r^2 + l^2)/2 sqrt((x - m)^2 + sigma^2).
 */
export type SviCoordinates = readonly number[];

/** Number of coordinates. */
export const COORDINATES = 5;

/** Wing slopes stay below Lee's 2. */
const STEEPEST_WING = 1.99;
const LEAST_VARIANCE = 1e-3;
const HIGHEST_VARIANCE = 100;
const SHARPEST_VERTEX = 0.05;
const WIDEST_VERTEX = 30;

/** Least and largest value of each coordinate. */
export interface CoordinateBounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Bounds of a fit to points from `first` to `last` in x; `scale` is s. */
export function coordinateBounds(first: number, last: number, scale: number): CoordinateBounds {
  const steepest = Math.sqrt(STEEPEST_WING / scale);
  return {
    low: [LEAST_VARIANCE, 0, 0, first - 2, Math.log(SHARPEST_VERTEX)],
    high: [HIGHEST_VARIANCE, steepest, steepest, last + 2, Math.log(WIDEST_VERTEX)],
  };
}

/** The nearest coordinates within the bounds. */
export function heldCoordinates(coordinates: SviCoordinates, { low, high }: CoordinateBounds): number[] {
  return coordinates.map((value, i) => Math.min(high[i]!, Math.max(low[i]!, value)));
}

export function sviOfCoordinates(coordinates: SviCoordinates, scale: number): SviParameters {
  const [v, l, r, m, q] = coordinates as [number, number, number, number, number];
  const sigma = Math.exp(q);
  const b = (l * l + r * r) / 2;
  return {
    a: (v - sigma * l * r) * scale * scale,
    b: b * scale,
    rho: b > 0 ? (r * r - l * l) / (2 * b) : 0,
    m: m * scale,
    sigma: sigma * scale,
  };
}

/** The inverse of sviOfCoordinates; a smile with sigma = 0 has no finite q and gets the sharpest vertex. */
export function coordinatesOfSvi({ a, b, rho, m, sigma }: SviParameters, scale: number): number[] {
  const slope = b / scale;
  const l = Math.sqrt(slope * Math.max(0, 1 - rho));
  const r = Math.sqrt(slope * Math.max(0, 1 + rho));
  const width = sigma / scale;
  return [a / (scale * scale) + width * l * r, l, r, m / scale, Math.log(Math.max(SHARPEST_VERTEX, width))];
}

/** w(x), in units of s^2. */
export function coordinateVariance(coordinates: SviCoordinates, x: number): number {
  const [v, l, r, m, q] = coordinates as [number, number, number, number, number];
  const sigma = Math.exp(q);
  const distance = x - m;
  const root = Math.sqrt(distance * distance + sigma * sigma);
  return v - sigma * l * r + ((r * r - l * l) / 2) * distance + ((r * r + l * l) / 2) * root;
}

/** `factor` times the derivatives of w(x) by each coordinate. */
export function varianceGradient(coordinates: SviCoordinates, x: number, factor: number): number[] {
  const [, l, r, m, q] = coordinates as [number, number, number, number, number];
  const sigma = Math.exp(q);
  const distance = x - m;
  const root = Math.sqrt(distance * distance + sigma * sigma);
  const curve = (l * l + r * r) / 2;
  return [
    factor,
    factor * (l * (root - distance) - sigma * r),
    factor * (r * (root + distance) - sigma * l),
    factor * (-(r * r - l * l) / 2 - (curve * distance) / root),
    factor * ((curve * sigma * sigma) / root - sigma * l * r),
  ];
}

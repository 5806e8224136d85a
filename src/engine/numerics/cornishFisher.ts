import { normalCdf, normalPdf } from './normal.ts';

/**
 * The Cornish-Fisher expansion to the fourth cumulant: the standard normal quantile z becomes
 * z + (z^2 - 1) S/6 + (z^3 - 3z) K/24 - (2z^3 - 5z) S^2/36 for skewness S and excess kurtosis K
 * (Cornish and Fisher 1938; Hull, Risk Management and Financial Institutions).
 */
export interface CornishFisherShape {
  readonly skewness: number;
  readonly excessKurtosis: number;
}

export function cornishFisherQuantile({ skewness: s, excessKurtosis: k }: CornishFisherShape, z: number): number {
  return z + ((z * z - 1) * s) / 6 + (z * (z * z - 3) * k) / 24 - (z * (2 * z * z - 5) * s * s) / 36;
}

/** Derivatives of the expansion in its skewness and its excess kurtosis. */
export function cornishFisherSensitivities({ skewness: s }: CornishFisherShape, z: number): [number, number] {
  return [(z * z - 1) / 6 - (z * (2 * z * z - 5) * s) / 18, (z * (z * z - 3)) / 24];
}

/**
 * The open interval around z = 0 on which the expansion increases; it is a quantile function only there. Both ends are infinite
 * where the expansion is monotone throughout (Maillard 2012, "A user's guide to the Cornish-Fisher expansion"); null where it
 * falls already at the median.
 */
export function cornishFisherRange({
  skewness: s,
  excessKurtosis: k,
}: CornishFisherShape): readonly [number, number] | null {
  // The slope is the parabola a z^2 + b z + c.
  const a = k / 8 - (s * s) / 6;
  const b = s / 3;
  const c = 1 - k / 8 + (5 * s * s) / 36;
  const discriminant = b * b - 4 * a * c;
  if (a >= 0 && c >= 0 && discriminant <= 0) return [-Infinity, Infinity];
  if (c <= 0) return null;
  // Roots without cancellation; with a = 0 the second is infinite.
  const q = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  const roots = [q / a, c / q].filter((root) => Number.isFinite(root));
  return [
    Math.max(-Infinity, ...roots.filter((root) => root < 0)),
    Math.min(Infinity, ...roots.filter((root) => root > 0)),
  ];
}

export function isCornishFisherMonotone(shape: CornishFisherShape): boolean {
  const range = cornishFisherRange(shape);
  return range !== null && range[0] === -Infinity && range[1] === Infinity;
}

/**
 * Integral of the expansion times the normal density from -Infinity to z: with it a mean over the tail is closed. Below
 * `heldBelow` the expansion counts as what it is there, so that a tail that turns does not enter.
 */
export function cornishFisherTailIntegral(shape: CornishFisherShape, z: number, heldBelow = -Infinity): number {
  if (heldBelow === -Infinity) return antiderivative(shape, z);
  const held = cornishFisherQuantile(shape, heldBelow) * normalCdf(heldBelow);
  return antiderivative(shape, z) - antiderivative(shape, heldBelow) + held;
}

/** Integrals of Hermite polynomials: He_n phi integrates to -He_(n-1) phi, and 2z^3 - 5z = 2 He_3 + He_1. */
function antiderivative({ skewness: s, excessKurtosis: k }: CornishFisherShape, z: number): number {
  return -normalPdf(z) * (1 + (z * s) / 6 + ((z * z - 1) * k) / 24 - ((2 * z * z - 1) * s * s) / 36);
}

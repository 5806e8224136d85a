import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import type { YearFraction } from '../domain/units.ts';
import type { SmilePoint } from './smilePoints.ts';
import { sviButterfly, sviButterflyMinimum } from './svi.ts';
import {
  type CoordinateBounds,
  coordinateBounds,
  coordinateVariance,
  heldCoordinates,
  type SviCoordinates,
  sviOfCoordinates,
  varianceGradient,
} from './sviCoordinates.ts';

/** g is kept above this at the points where butterflies are checked, so that it stays above zero between them. */
const BUTTERFLY_MARGIN = 0.01;
const BUTTERFLY_POINTS = 40;
/** Weights of the butterfly condition against relative vol errors, tried in turn. */
const BUTTERFLY_PENALTIES = [0.1, 1, 10, 100];

/** Levenberg-Marquardt goes on for so many rounds of so many steps, while a round lowers the error by LEAST_GAIN, relative. */
const MOST_ROUNDS = 10;
const STEPS_A_ROUND = 6;
const LEAST_GAIN = 1e-4;
const LEAST_ERROR = 1e-14;

/**
 * Raw SVI nearest to the points in weighted least squares of vol, found without arbitrary starting values: for vertices
 * (m, sigma) on a grid the other three parameters solve a linear problem (the quasi-explicit idea of Zeliade Systems,
 * "Quasi-explicit calibration of Gatheral's SVI model", 2009), and Levenberg-Marquardt with exact derivatives goes on
 * from the best. Where the result has g(k) < 0 between the outermost points, the fit is repeated with g >= 0 as a
 * penalty. Total variance is above zero and wing slopes below 2 for all k. Deterministic. At least five points, by
 * ascending strike.
 */
export function fitSvi(points: readonly SmilePoint[], timeToExpiryYears: YearFraction): SviParameters {
  const atmVol = volAtTheMoney(points);
  const scale = atmVol * Math.sqrt(timeToExpiryYears);
  const x = points.map((point) => point.logMoneyness / scale);
  const vol = points.map((point) => point.vol / atmVol);
  const weight = points.map((point) => point.weight);
  const bounds = coordinateBounds(x[0]!, x[x.length - 1]!, scale);

  const start = bestVertex(x, vol, weight, bounds);
  let coordinates = refined(start, x, vol, weight, bounds, scale, 0);
  const range = [points[0]!.logMoneyness, points[points.length - 1]!.logMoneyness] as const;
  for (const penalty of BUTTERFLY_PENALTIES) {
    if (sviButterflyMinimum(sviOfCoordinates(coordinates, scale), ...range).g >= 0) break;
    coordinates = refined(coordinates, x, vol, weight, bounds, scale, penalty);
  }
  return sviOfCoordinates(coordinates, scale);
}

/** Vol at k = 0 by linear interpolation between neighbouring points, the nearest point's outside. */
function volAtTheMoney(points: readonly SmilePoint[]): number {
  const right = points.findIndex((point) => point.logMoneyness >= 0);
  if (right === 0) return points[0]!.vol;
  if (right < 0) return points[points.length - 1]!.vol;
  const below = points[right - 1]!;
  const above = points[right]!;
  const share = below.logMoneyness / (below.logMoneyness - above.logMoneyness);
  return below.vol + share * (above.vol - below.vol);
}

/** Best of a grid of vertices, each with its linear least squares in the other three parameters. */
function bestVertex(
  x: readonly number[],
  vol: readonly number[],
  weight: readonly number[],
  bounds: CoordinateBounds,
): number[] {
  const first = x[0]!;
  const last = x[x.length - 1]!;
  let best: { cost: number; coordinates: number[] } | null = null;
  for (let i = 0; i <= 10; i++) {
    const m = first + ((last - first) * i) / 10;
    for (const sigma of [0.15, 0.4, 1, 2.5, 6]) {
      const coordinates = heldCoordinates(linearSolution(x, vol, weight, m, sigma), bounds);
      let cost = 0;
      for (let n = 0; n < x.length; n++) {
        const error = weight[n]! * (Math.sqrt(Math.max(0, coordinateVariance(coordinates, x[n]!))) - vol[n]!);
        cost += error * error;
      }
      if (best === null || cost < best.cost) best = { cost, coordinates };
    }
  }
  return best!.coordinates;
}

/** Weighted least squares of w over 1, x - m and sqrt((x - m)^2 + sigma^2), as coordinates. */
function linearSolution(
  x: readonly number[],
  vol: readonly number[],
  weight: readonly number[],
  m: number,
  sigma: number,
): number[] {
  // Normal equations of three unknowns, symmetric: [s00 s01 s02; s01 s11 s12; s02 s12 s22].
  let [s00, s01, s02, s11, s12, s22, t0, t1, t2] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let n = 0; n < x.length; n++) {
    const distance = x[n]! - m;
    const root = Math.sqrt(distance * distance + sigma * sigma);
    const target = vol[n]! * vol[n]!;
    // An error of w is an error of vol times 2 vol.
    const share = (weight[n]! / (2 * vol[n]!)) ** 2;
    s00 += share;
    s01 += share * distance;
    s02 += share * root;
    s11 += share * distance * distance;
    s12 += share * distance * root;
    s22 += share * root * root;
    t0 += share * target;
    t1 += share * target * distance;
    t2 += share * target * root;
  }
  // Far from the vertex the root is nearly linear and the system nearly singular: a trace of ridge keeps it solvable.
  const ridge = 1e-10;
  s00 *= 1 + ridge;
  s11 *= 1 + ridge;
  s22 *= 1 + ridge;
  const c00 = s11 * s22 - s12 * s12;
  const c01 = s02 * s12 - s01 * s22;
  const c02 = s01 * s12 - s02 * s11;
  const determinant = s00 * c00 + s01 * c01 + s02 * c02;
  const a = (c00 * t0 + c01 * t1 + c02 * t2) / determinant;
  const d = (c01 * t0 + (s00 * s22 - s02 * s02) * t1 + (s01 * s02 - s00 * s12) * t2) / determinant;
  const c = (c02 * t0 + (s01 * s02 - s00 * s12) * t1 + (s00 * s11 - s01 * s01) * t2) / determinant;
  const left = Math.max(0, c - d);
  const right = Math.max(0, c + d);
  return [a + sigma * Math.sqrt(left * right), Math.sqrt(left), Math.sqrt(right), m, Math.log(sigma)];
}

/**
 * Levenberg-Marquardt from a start. The library sees one residual an index: below `x.length` the weighted relative
 * error of vol, from there on `penalty` times the shortfall of g at points spread over the range.
 */
function refined(
  start: number[],
  x: readonly number[],
  vol: readonly number[],
  weight: readonly number[],
  bounds: CoordinateBounds,
  scale: number,
  penalty: number,
): number[] {
  const count = x.length;
  const first = x[0]! * scale;
  const step = ((x[count - 1]! - x[0]!) * scale) / (BUTTERFLY_POINTS - 1);
  const total = count + (penalty > 0 ? BUTTERFLY_POINTS : 0);

  const shortfall = (svi: SviParameters, index: number): number =>
    penalty * Math.max(0, BUTTERFLY_MARGIN - sviButterfly(svi, first + (index - count) * step));

  const residual = (coordinates: SviCoordinates) => {
    const svi = sviOfCoordinates(coordinates, scale);
    return (index: number) =>
      index < count
        ? weight[index]! * (Math.sqrt(coordinateVariance(coordinates, x[index]!)) - vol[index]!)
        : shortfall(svi, index);
  };

  const partials = (coordinates: SviCoordinates) => {
    // g has no short derivative in these coordinates: central differences, their smiles made once for all points.
    const neighbours =
      penalty === 0
        ? []
        : coordinates.map((value, i) => {
            const change = 1e-6 * Math.max(1, Math.abs(value));
            return {
              change,
              up: sviOfCoordinates(coordinates.with(i, value + change), scale),
              down: sviOfCoordinates(coordinates.with(i, value - change), scale),
            };
          });
    return (index: number): number[] => {
      if (index >= count) {
        return neighbours.map(({ change, up, down }) => (shortfall(up, index) - shortfall(down, index)) / (2 * change));
      }
      const factor = weight[index]! / (2 * Math.sqrt(coordinateVariance(coordinates, x[index]!)));
      return varianceGradient(coordinates, x[index]!, factor);
    };
  };

  const data = { x: Array.from({ length: total }, (_, i) => i), y: new Array<number>(total).fill(0) };
  let best = { parameterValues: start, parameterError: Number.POSITIVE_INFINITY };
  // The library stops at an absolute error only, which no fit of quotes reaches: a few steps at a time, while they help.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = levenbergMarquardt(data, residual, {
      initialValues: best.parameterValues,
      minValues: [...bounds.low],
      maxValues: [...bounds.high],
      jacobianFunction: partials,
      damping: 1e-3,
      maxIterations: STEPS_A_ROUND,
      errorTolerance: LEAST_ERROR,
    });
    const hasHelped = next.parameterError < best.parameterError * (1 - LEAST_GAIN);
    if (next.parameterError <= best.parameterError) best = next;
    if (!hasHelped) break;
  }
  return best.parameterValues;
}

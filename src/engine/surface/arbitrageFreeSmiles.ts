import type { SviParameters } from '../domain/marketSnapshot.ts';
import { bandSolution } from '../numerics/bandSolution.ts';
import { calendarGap, LOG_RANGE, wingsCross } from './calendarArbitrage.ts';
import { sviButterfly, sviButterflyMinimum, sviTotalVariance, sviWingSlope } from './svi.ts';
import {
  type CoordinateBounds,
  coordinateBounds,
  COORDINATES,
  coordinatesOfSvi,
  coordinateVariance,
  heldCoordinates,
  type SviCoordinates,
  sviOfCoordinates,
  varianceGradient,
} from './sviCoordinates.ts';

/** One expiry's smile and the vols it should stay near. */
export interface SmileTarget {
  readonly svi: SviParameters;
  /** Root of total variance at the money. */
  readonly deviation: number;
  /** Ascending k = ln(K / F), with the root of total variance wanted there and its say, above zero. */
  readonly points: readonly { readonly logMoneyness: number; readonly deviation: number; readonly weight: number }[];
}

/** What is aimed at, so that it holds between the points looked at: g above this, and total variance rising by this share. */
const BUTTERFLY_MARGIN = 2e-3;
const CALENDAR_MARGIN = 2e-4;
/** Weights of a violation against relative errors of vol, tried in turn. */
const PENALTIES = [1, 10, 100, 1000, 10_000];
/** Multiples of the range at which smiles are compared beyond it, where they bend into their wings. */
const FAR_OUT = Array.from({ length: 16 }, (_, i) => 1.6 ** (i + 1));
const MOST_STEPS = 120;
const LEAST_GAIN = 1e-7;
/** Roots of the least slope of a wing: at zero a wing has no gradient by which a crossing could raise it. */
const LEAST_WING = 0.005;
/** And close to zero it has little: the search starts with wings at least this steep. */
const STARTING_WING = 0.2;
const QUOTED_POINTS = 40;
const WING_POINTS = 12;
const VERTEX_POINTS = 8;

/**
 * The smiles nearest to their targets without butterfly arbitrage (g >= 0 for |k| <= LOG_RANGE, or further where quotes go
 * further) and without calendar arbitrage (total variance rising from smile to smile over that range, wings included). All
 * expiries move together: weighted least squares of relative vol errors with penalties that grow until both hold, by
 * Levenberg-Marquardt on normal equations that are banded, since only neighbours meet. What penalties leave is settled by
 * construction: a smile is drawn towards its predecessor raised to its own level, which crosses nothing, no further than
 * needed. Expects targets by ascending expiry.
 *
 * A general optimiser (ml-levenberg-marquardt) takes one dense function of all parameters, here sixty by some two
 * thousand residuals, which costs a hundred times as much.
 */
export function arbitrageFreeSmiles(targets: readonly SmileTarget[]): SviParameters[] {
  const range = checkedRange(targets);
  const given = targets.map(({ svi }) => svi);
  if (!violations(given, range).some(Boolean)) return given;
  const slices = targets.map((target) => slice(target, range));
  let coordinates = slices.map(({ start }) => start);
  for (const penalty of PENALTIES) {
    const smiles = smilesOf(slices, coordinates);
    if (!violations(smiles, range).some(Boolean)) break;
    coordinates = nearest(slices, coordinates, range, penalty);
  }
  return settled(smilesOf(slices, coordinates), range);
}

/** Whether a smile has butterfly arbitrage within the range, or crosses its predecessor there or anywhere beyond. */
function violatesArbitrage(
  earlier: SviParameters | undefined,
  smile: SviParameters,
  [from, to]: readonly [number, number],
): boolean {
  if (sviWingSlope(smile) >= 2 || sviButterflyMinimum(smile, from, to).g < 0) return true;
  if (earlier === undefined) return false;
  if (wingsCross(earlier, smile) || calendarGap(earlier, smile, from, to).gap < 0) return true;
  return FAR_OUT.some((far) =>
    [from * far, to * far].some((k) => sviTotalVariance(smile, k) < sviTotalVariance(earlier, k)),
  );
}

/** The range of k over which smiles are checked: LOG_RANGE, or all that is quoted. */
export function checkedRange(
  smiles: readonly { readonly points: readonly { readonly logMoneyness: number }[] }[],
): readonly [number, number] {
  let [from, to] = [-LOG_RANGE, LOG_RANGE];
  for (const { points } of smiles) {
    if (points.length === 0) continue;
    from = Math.min(from, points[0]!.logMoneyness);
    to = Math.max(to, points[points.length - 1]!.logMoneyness);
  }
  return [from, to];
}

interface Slice {
  readonly scale: number;
  readonly x: readonly number[];
  /** Root of total variance wanted, in units of `scale`. */
  readonly wanted: readonly number[];
  readonly weight: readonly number[];
  readonly bounds: CoordinateBounds;
  readonly start: number[];
  readonly quoted: readonly [number, number];
}

function slice({ svi, deviation, points }: SmileTarget, range: readonly [number, number]): Slice {
  const x = points.map(({ logMoneyness }) => logMoneyness / deviation);
  const quoted = [points[0]?.logMoneyness ?? range[0], points.at(-1)?.logMoneyness ?? range[1]] as const;
  const { low, high } = coordinateBounds(quoted[0] / deviation, quoted[1] / deviation, deviation);
  const bounds = { low: low.map((least, c) => (c === 1 || c === 2 ? LEAST_WING : least)), high };
  return {
    scale: deviation,
    x,
    wanted: points.map((point) => point.deviation / deviation),
    weight: points.map(({ weight }) => weight),
    bounds,
    start: heldCoordinates(
      coordinatesOfSvi(svi, deviation).map((value, c) => (c === 1 || c === 2 ? Math.max(value, STARTING_WING) : value)),
      bounds,
    ),
    quoted,
  };
}

function smilesOf(slices: readonly Slice[], coordinates: readonly SviCoordinates[]): SviParameters[] {
  return slices.map(({ scale }, i) => sviOfCoordinates(coordinates[i]!, scale));
}

function violations(smiles: readonly SviParameters[], range: readonly [number, number]): boolean[] {
  return smiles.map((smile, i) => violatesArbitrage(smiles[i - 1], smile, range));
}

/** Where violations are looked for: by slice its butterflies, and the crossings with its predecessor. */
interface Lookouts {
  readonly butterflies: readonly (readonly number[])[];
  readonly crossings: readonly (readonly number[])[];
}

function lookouts(
  slices: readonly Slice[],
  smiles: readonly SviParameters[],
  range: readonly [number, number],
): Lookouts {
  const points = slices.map(({ quoted }, i) => {
    const grid = evenPoints(quoted, QUOTED_POINTS);
    const { m, sigma } = smiles[i]!;
    for (let n = -VERTEX_POINTS; n <= VERTEX_POINTS; n++) grid.push(m + (4 * sigma * n) / VERTEX_POINTS);
    for (let n = 1; n <= WING_POINTS; n++) {
      // Ever wider apart from the last quote to the end of the range.
      const share = (n / WING_POINTS) ** 2;
      grid.push(quoted[0] + (range[0] - quoted[0]) * share, quoted[1] + (range[1] - quoted[1]) * share);
    }
    return grid.filter((k) => k >= range[0] && k <= range[1]);
  });
  return {
    butterflies: points.map((grid, i) => [...grid, sviButterflyMinimum(smiles[i]!, ...range).k]),
    crossings: points.map((grid, i) =>
      i === 0
        ? []
        : [
            ...grid,
            ...points[i - 1]!,
            ...FAR_OUT.flatMap((far) => [range[0] * far, range[1] * far]),
            calendarGap(smiles[i - 1]!, smiles[i]!, ...range).logMoneyness,
          ],
    ),
  };
}

function evenPoints([from, to]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** Sum of squares of all residuals, and with `equations` the normal equations' band and right-hand side. */
interface Equations {
  readonly matrix: Float64Array;
  readonly right: Float64Array;
}

const BAND = 2 * COORDINATES - 1;

/** Adds one residual and its gradient, which begins at the first coordinate of slice `at`. */
function addResidual(equations: Equations, at: number, residual: number, gradient: readonly number[]): void {
  const offset = at * COORDINATES;
  for (let i = 0; i < gradient.length; i++) {
    const row = offset + i;
    equations.right[row]! -= residual * gradient[i]!;
    for (let j = 0; j <= i; j++) equations.matrix[row * (BAND + 1) + (i - j)]! += gradient[i]! * gradient[j]!;
  }
}

function sumOfSquares(
  slices: readonly Slice[],
  coordinates: readonly SviCoordinates[],
  { butterflies, crossings }: Lookouts,
  penalty: number,
  equations: Equations | null,
): number {
  let sum = 0;
  const smiles = smilesOf(slices, coordinates);
  const add = (at: number, residual: number, gradient: () => readonly number[]): void => {
    sum += residual * residual;
    if (equations !== null) addResidual(equations, at, residual, gradient());
  };

  slices.forEach(({ x, wanted, weight, scale }, i) => {
    const here = coordinates[i]!;
    for (let n = 0; n < x.length; n++) {
      const root = Math.sqrt(coordinateVariance(here, x[n]!));
      add(i, weight[n]! * (root - wanted[n]!), () => varianceGradient(here, x[n]!, weight[n]! / (2 * root)));
    }
    const smile = smiles[i]!;
    let neighbours: { change: number; up: SviParameters; down: SviParameters }[] | null = null;
    for (const k of butterflies[i]!) {
      const g = sviButterfly(smile, k);
      if (g >= BUTTERFLY_MARGIN) continue;
      // g has no short derivative in these coordinates: central differences, their smiles made once for all points.
      neighbours ??= here.map((value, c) => {
        const change = 1e-6 * Math.max(1, Math.abs(value));
        return {
          change,
          up: sviOfCoordinates(here.with(c, value + change), scale),
          down: sviOfCoordinates(here.with(c, value - change), scale),
        };
      });
      const around = neighbours;
      add(i, penalty * (BUTTERFLY_MARGIN - g), () =>
        around.map(({ change, up, down }) => (penalty * (sviButterfly(down, k) - sviButterfly(up, k))) / (2 * change)),
      );
    }
    if (i === 0) return;

    const [before, earlier, earlierScale] = [coordinates[i - 1]!, smiles[i - 1]!, slices[i - 1]!.scale];
    for (const k of crossings[i]!) {
      const [one, two] = [sviTotalVariance(earlier, k), sviTotalVariance(smile, k)];
      const fall = one * (1 + CALENDAR_MARGIN) - two;
      if (fall <= 0) continue;
      // A fall of total variance over twice itself is a relative fall of vol.
      const factor = penalty / (one + two);
      add(i - 1, factor * fall, () => [
        ...varianceGradient(before, k / earlierScale, factor * (1 + CALENDAR_MARGIN) * earlierScale ** 2),
        ...varianceGradient(here, k / scale, -factor * scale ** 2),
      ]);
    }
    // The wings beyond: b (1 - rho) = l^2 scale on the left, b (1 + rho) = r^2 scale on the right.
    for (const wing of [1, 2]) {
      const [one, two] = [before[wing]! ** 2 * earlierScale, here[wing]! ** 2 * scale];
      const fall = one * (1 + CALENDAR_MARGIN) - two;
      if (fall <= 0) continue;
      const factor = penalty / (one + two);
      add(i - 1, factor * fall, () => {
        const gradient = new Array<number>(2 * COORDINATES).fill(0);
        gradient[wing] = factor * (1 + CALENDAR_MARGIN) * 2 * before[wing]! * earlierScale;
        gradient[COORDINATES + wing] = -factor * 2 * here[wing]! * scale;
        return gradient;
      });
    }
  });
  return sum;
}

/** Levenberg-Marquardt over all slices at one weight of the penalties. */
function nearest(
  slices: readonly Slice[],
  from: readonly SviCoordinates[],
  range: readonly [number, number],
  penalty: number,
): number[][] {
  let best = from.map((coordinates) => [...coordinates]);
  const size = slices.length * COORDINATES;
  const where = lookouts(slices, smilesOf(slices, best), range);
  let damping = 1e-3;
  let cost = sumOfSquares(slices, best, where, penalty, null);
  for (let step = 0; step < MOST_STEPS; step++) {
    const equations = { matrix: new Float64Array(size * (BAND + 1)), right: new Float64Array(size) };
    sumOfSquares(slices, best, where, penalty, equations);
    holdBounds(equations, slices, best);
    let gain = 0;
    for (let attempt = 0; attempt < 8; attempt++) {
      const damped = equations.matrix.slice();
      for (let i = 0; i < size; i++) damped[i * (BAND + 1)]! += damping * (equations.matrix[i * (BAND + 1)]! + 1e-9);
      const move = bandSolution(damped, BAND, equations.right);
      const next =
        move === null
          ? null
          : best.map((coordinates, i) =>
              heldCoordinates(
                coordinates.map((value, c) => value + move[i * COORDINATES + c]!),
                slices[i]!.bounds,
              ),
            );
      const after = next === null ? Number.POSITIVE_INFINITY : sumOfSquares(slices, next, where, penalty, null);
      if (next !== null && after < cost) {
        gain = (cost - after) / cost;
        [best, cost] = [next, after];
        damping = Math.max(1e-9, damping / 5);
        break;
      }
      damping *= 6;
    }
    if (gain < LEAST_GAIN) break;
  }
  return best;
}

/** Coordinates at a bound that the step would cross stay where they are. */
function holdBounds(
  { matrix, right }: Equations,
  slices: readonly Slice[],
  coordinates: readonly SviCoordinates[],
): void {
  const stride = BAND + 1;
  const size = right.length;
  slices.forEach(({ bounds }, i) => {
    for (let c = 0; c < COORDINATES; c++) {
      const value = coordinates[i]![c]!;
      const row = i * COORDINATES + c;
      const outward = (value <= bounds.low[c]! && right[row]! < 0) || (value >= bounds.high[c]! && right[row]! > 0);
      if (!outward) continue;
      right[row] = 0;
      for (let d = 0; d < stride; d++) {
        matrix[row * stride + d] = 0;
        if (row + d < size) matrix[(row + d) * stride + d] = 0;
      }
      matrix[row * stride] = 1;
    }
  });
}

/** What is still in violation, earliest first, drawn towards a smile that crosses nothing; all else as it is. */
function settled(smiles: readonly SviParameters[], range: readonly [number, number]): SviParameters[] {
  const done: SviParameters[] = [];
  for (const smile of smiles) {
    const earlier = done.at(-1);
    if (!violatesArbitrage(earlier, smile, range)) {
      done.push(smile);
      continue;
    }
    const safe = safeSmile(earlier, smile, range);
    let [kept, given] = [0, 1];
    for (let i = 0; i < 40; i++) {
      const share = (kept + given) / 2;
      if (violatesArbitrage(earlier, mixture(safe, smile, share), range)) given = share;
      else kept = share;
    }
    done.push(mixture(safe, smile, kept));
  }
  return done;
}

/** A smile at this one's level without arbitrage: the earlier one raised, or a flat one where there is none. */
function safeSmile(
  earlier: SviParameters | undefined,
  smile: SviParameters,
  range: readonly [number, number],
): SviParameters {
  const level = sviTotalVariance(smile, 0);
  if (earlier === undefined) return { a: level, b: 0, rho: 0, m: 0, sigma: smile.sigma };
  // By a trace more than nothing, which rounding does not eat up.
  let rise = Math.max(1e-6 * level, level - sviTotalVariance(earlier, 0));
  let raised = { ...earlier, a: earlier.a + rise };
  // Raising flattens the smile in relation to its level, until g >= 0 everywhere.
  while (violatesArbitrage(earlier, raised, range)) {
    rise = 2 * rise + 1e-6;
    raised = { ...earlier, a: earlier.a + rise };
  }
  return raised;
}

function mixture(one: SviParameters, two: SviParameters, share: number): SviParameters {
  const mixed = (name: keyof SviParameters): number => one[name] + share * (two[name] - one[name]);
  return { a: mixed('a'), b: mixed('b'), rho: mixed('rho'), m: mixed('m'), sigma: mixed('sigma') };
}

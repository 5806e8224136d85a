import type { Kernels } from '../kernels/Kernels.ts';
import { logMixingScale } from '../numerics/logMixingScale.ts';
import { scrambledDirections } from '../numerics/sobol.ts';
import { MODE_SLOTS, type SobolDraws, type SobolMode, type PathSampler } from './pathPlan.ts';

/** Standard normals behind a path: a Student-t one has a first one for its scale, then one a factor. */
export function sobolDimensions({ degreesOfFreedom }: Pick<SobolDraws, 'degreesOfFreedom'>, coins: number): number {
  return 2 * coins + (degreesOfFreedom === null ? 0 : 1);
}

/** Which replicate a path belongs to. */
export function replicateOf(path: number, replicates: number): number {
  return Math.floor(path / MODE_SLOTS) % replicates;
}

/** The paths of some draws: their moves, and the likelihood of each over the chance that it was drawn with. */
export function sobolSampler(draws: SobolDraws, coins: number, kernels: Kernels): PathSampler {
  const points = sobolNormals(draws, coins, kernels);
  const { degreesOfFreedom, factor } = draws;
  const logScale = degreesOfFreedom === null ? null : logMixingScale(degreesOfFreedom);
  const size = 2 * coins;
  const first = logScale === null ? 0 : 1;
  const block: PathSampler = (paths, moves, weights = new Float64Array(paths.length)) => {
    const count = paths.length;
    const { normals, stock } = points(paths, weights);
    const column = (k: number): Float64Array => stock(2 * normals.length + 1 + k).subarray(0, count);
    const scale = column(0);
    if (logScale === null) scale.fill(1);
    else {
      for (let s = 0; s < count; s += 1) scale[s] = logScale(normals[0]![s]!);
      kernels.exponentials(scale);
    }
    const combined = (i: number): Float64Array => {
      const x = column(1 + i).fill(0);
      for (let j = 0; j < size; j += 1) {
        const loading = factor[i * size + j]!;
        if (loading !== 0) kernels.addScaled(loading, normals[first + j]!, x);
      }
      return x;
    };
    moves.forEach((coin, u) => kernels.heldMoves(combined(u), combined(coins + u), scale, draws, coin));
  };
  return (paths, moves, weights) => {
    for (let from = 0; from < paths.length; from += PATHS_A_BLOCK) {
      const to = Math.min(from + PATHS_A_BLOCK, paths.length);
      const some = moves.map(({ growth, logGrowth, volShock }) => ({
        growth: growth.subarray(from, to),
        logGrowth: logGrowth.subarray(from, to),
        volShock: volShock.subarray(from, to),
      }));
      block(paths.subarray(from, to), some, weights?.subarray(from, to));
    }
  };
}

/** Paths drawn at once: whole batches of every kernel. */
const PATHS_A_BLOCK = 1920;

/** Normals behind a block of paths, one column a dimension, which the next call overwrites; and further columns like them. */
interface SobolBlock {
  readonly normals: readonly Float64Array[];
  stock(index: number): Float64Array;
}

/** Kernels keep their columns for life, so each has one stock of them. */
const stocks = new WeakMap<Kernels, Float64Array[]>();

/**
 * The normals behind up to `PATHS_A_BLOCK` paths, and the weights of the paths.
 *
 * Path i takes slot i mod 16 of its replicate, and with it the mode that owns the slot: so the share of each mode is exact, and the
 * weight is the density of the standard normal over that of the whole mixture (the balance heuristic of Veach and Guibas 1995; Owen
 * and Zhou 2000, "Safe and effective importance sampling"), at most 16 over the slots of the first mode.
 */
function sobolNormals(
  draws: SobolDraws,
  coins: number,
  kernels: Kernels,
): (paths: Int32Array, weights: Float64Array) => SobolBlock {
  const { modes } = draws;
  const d = sobolDimensions(draws, coins);
  const owned = modes.reduce((sum, { slots }) => sum + slots, 0);
  if (owned !== MODE_SLOTS) throw new RangeError(`The modes of a plan own ${owned} of ${MODE_SLOTS} slots`);
  const modeOfSlot = Uint8Array.from(modes.flatMap(({ slots }, m) => new Array<number>(slots).fill(m)));
  const fillUniforms = uniformsOf(draws, d, modeOfSlot);
  const spreads = modes.map(({ axes, deviations }) => axes.map((value, k) => value * deviations[k % d]!));
  const fillWeights = modes.length === 1 && isStandard(modes[0]!) ? null : mixtureWeights(modes, d, kernels);
  const columns = stocks.get(kernels) ?? [];
  stocks.set(kernels, columns);
  const stock = (k: number): Float64Array => (columns[k] ??= kernels.column(PATHS_A_BLOCK));
  return (paths, weights) => {
    const count = paths.length;
    const z = Array.from({ length: d }, (_, j) => stock(j).subarray(0, count));
    const standard = Array.from({ length: d }, (_, j) => stock(d + j).subarray(0, count));
    const grouped = stock(2 * d).subarray(0, count);
    // Paths of one mode stand together until their normals have been made, so that each step takes whole columns.
    const groups = groupedByMode(paths, modeOfSlot, modes.length);
    fillUniforms(paths, groups.places, standard);
    for (const column of standard) kernels.inverseNormals(column);
    for (let i = 0; i < d; i += 1) {
      modes.forEach(({ centre }, m) => {
        const [from, to] = [groups.starts[m]!, groups.starts[m + 1]!];
        const some = grouped.subarray(from, to).fill(centre[i]!);
        for (let j = 0; j < d; j += 1) {
          const loading = spreads[m]![i * d + j]!;
          if (loading !== 0) kernels.addScaled(loading, standard[j]!.subarray(from, to), some);
        }
      });
      for (let s = 0; s < count; s += 1) z[i]![s] = grouped[groups.places[s]!]!;
    }
    if (fillWeights === null) weights.fill(1, 0, count);
    else fillWeights(z, weights.subarray(0, count), standard[0]!, standard[1]!);
    return { normals: z, stock };
  };
}

/** The first `count` paths' normals, path-major, and weights. */
export function sobolPoints(
  draws: SobolDraws,
  coins: number,
  kernels: Kernels,
  count: number,
): { readonly normals: Float64Array; readonly weights: Float64Array } {
  const block = sobolNormals(draws, coins, kernels);
  const d = sobolDimensions(draws, coins);
  const normals = new Float64Array(count * d);
  const weights = new Float64Array(count);
  for (let from = 0; from < count; from += PATHS_A_BLOCK) {
    const paths = Int32Array.from({ length: Math.min(PATHS_A_BLOCK, count - from) }, (_, i) => from + i);
    const { normals: columns } = block(paths, weights.subarray(from, from + paths.length));
    columns.forEach((column, j) =>
      column.forEach((value, s) => {
        normals[(from + s) * d + j] = value;
      }),
    );
  }
  return { normals, weights };
}

/**
 * Fills in the Sobol coordinates of paths, at their places in a column a dimension. Points of one mode in one replicate mostly follow each
 * other, and then the next Gray code differs from the last in one digit.
 */
function uniformsOf(
  draws: SobolDraws,
  d: number,
  modeOfSlot: Uint8Array,
): (paths: Int32Array, places: Uint16Array, columns: readonly Float64Array[]) => void {
  const { modes, replicates } = draws;
  const scrambles = Array.from({ length: replicates * modes.length }, (_, k) =>
    scramble(draws, Math.floor(k / modes.length), k % modes.length, d),
  );
  const firstSlots = modes.map((_, m) => modes.slice(0, m).reduce((sum, { slots }) => sum + slots, 0));
  const points = scrambles.map(() => new Uint32Array(d));
  const following = new Float64Array(scrambles.length).fill(-1);
  return (paths, places, columns) => {
    for (let s = 0; s < paths.length; s += 1) {
      const path = paths[s]!;
      const slot = path % MODE_SLOTS;
      const cycle = Math.floor(path / MODE_SLOTS);
      const m = modeOfSlot[slot]!;
      const k = (cycle % replicates) * modes.length + m;
      const index = Math.floor(cycle / replicates) * modes[m]!.slots + slot - firstSlots[m]!;
      const [point, { words }] = [points[k]!, scrambles[k]!];
      if (index === following[k]) {
        // The digit in the place of the lowest zero of the index before.
        const digit = 31 - Math.clz32(~(index - 1) & index);
        for (let j = 0; j < d; j += 1) point[j] = point[j]! ^ words[digit * d + j]!;
      } else {
        gather(scrambles[k]!, index, point);
      }
      following[k] = index + 1;
      const place = places[s]!;
      for (let j = 0; j < d; j += 1) columns[j]![place] = (point[j]! + 0.5) * 2 ** -32;
    }
  };
}

function gather({ words, shifts }: Scramble, index: number, point: Uint32Array): void {
  const d = point.length;
  point.set(shifts);
  for (let gray = index ^ (index >>> 1), digit = 0; gray !== 0; gray >>>= 1, digit += 1)
    if (gray & 1) for (let j = 0; j < d; j += 1) point[j] = point[j]! ^ words[digit * d + j]!;
}

/** Where each path of a block stands when those of one mode stand together, and where those of each mode begin. */
function groupedByMode(
  paths: Int32Array,
  modeOfSlot: Uint8Array,
  modes: number,
): { readonly places: Uint16Array; readonly starts: readonly number[] } {
  const sizes = new Array<number>(modes).fill(0);
  const count = paths.length;
  const modeOf = (s: number): number => modeOfSlot[paths[s]! % MODE_SLOTS]!;
  for (let s = 0; s < count; s += 1) sizes[modeOf(s)]! += 1;
  const starts = [0];
  for (const size of sizes) starts.push(starts[starts.length - 1]! + size);
  const next = starts.slice();
  const places = new Uint16Array(count);
  for (let s = 0; s < count; s += 1) {
    const m = modeOf(s);
    places[s] = next[m]!;
    next[m]! += 1;
  }
  return { places, starts };
}

/** Directions of all dimensions, one after the other for each digit, and the flips: `words[digit * d + j]`. */
interface Scramble {
  readonly words: Uint32Array;
  readonly shifts: Uint32Array;
}

function scramble({ seed, stream, replicates, modes }: SobolDraws, replicate: number, m: number, d: number): Scramble {
  const words = new Uint32Array(32 * d);
  const shifts = new Uint32Array(d);
  const randomisation = 1 + (stream * replicates + replicate) * modes.length + m;
  for (let j = 0; j < d; j += 1) {
    const directions = scrambledDirections(seed, j + 1, randomisation);
    shifts[j] = directions.shift;
    for (let digit = 0; digit < 32; digit += 1) words[digit * d + j] = directions.words[digit]!;
  }
  return { words, shifts };
}

/**
 * Fills in 1 over the sum, over modes, of share x density relative to the standard normal's, exp(c + z'z / 2 - |inverse (z - centre)|^2 / 2):
 * for a mode as wide as the standard normal the exponent is a line in z, for others a quadratic form.
 */
function mixtureWeights(
  modes: readonly SobolMode[],
  d: number,
  kernels: Kernels,
): (z: readonly Float64Array[], weights: Float64Array, density: Float64Array, slope: Float64Array) => void {
  const standardShare = modes.filter(isStandard).reduce((sum, { slots }) => sum + slots / MODE_SLOTS, 0);
  const exponents = modes.filter((mode) => !isStandard(mode)).map((mode) => modeExponent(mode, d));
  return (z, weights, density, slope) => {
    weights.fill(standardShare);
    for (const exponent of exponents) {
      fillExponents(exponent, z, density, slope, kernels);
      kernels.exponentials(density);
      for (let s = 0; s < weights.length; s += 1) weights[s] = weights[s]! + density[s]!;
    }
    for (let s = 0; s < weights.length; s += 1) weights[s] = 1 / weights[s]!;
  };
}

interface ModeExponent {
  readonly constant: number;
  readonly slopes: Float64Array;
  /** Lower triangle by rows, doubled off the diagonal; null for a line. */
  readonly triangle: Float64Array | null;
}

function modeExponent({ slots, centre, axes, deviations }: SobolMode, d: number): ModeExponent {
  const isWide = deviations.every((deviation) => deviation === 1);
  const slopes = new Float64Array(d);
  const triangle = new Float64Array((d * (d + 1)) / 2);
  let constant = Math.log(slots / MODE_SLOTS) - deviations.reduce((sum, deviation) => sum + Math.log(deviation), 0);
  let entry = 0;
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j < d; j += 1) {
      let precision = i === j && isWide ? 1 : 0;
      if (!isWide)
        for (let k = 0; k < d; k += 1) precision += (axes[i * d + k]! * axes[j * d + k]!) / deviations[k]! ** 2;
      constant -= (centre[i]! * precision * centre[j]!) / 2;
      slopes[i] = slopes[i]! + precision * centre[j]!;
      if (j <= i) triangle[entry++] = i === j ? (1 - precision) / 2 : -precision;
    }
  }
  return { constant, slopes, triangle: isWide ? null : triangle };
}

/** Densities beyond e^700 either way are held there: nothing is drawn where they would count. */
const MOST_EXPONENT = 700;

function fillExponents(
  { constant, slopes, triangle }: ModeExponent,
  z: readonly Float64Array[],
  out: Float64Array,
  slope: Float64Array,
  kernels: Kernels,
): void {
  out.fill(constant);
  for (let i = 0, entry = 0; i < slopes.length; i += 1) {
    const column = z[i]!;
    if (triangle === null) {
      kernels.addScaled(slopes[i]!, column, out);
      continue;
    }
    slope.fill(slopes[i]!);
    for (let j = 0; j <= i; j += 1, entry += 1) kernels.addScaled(triangle[entry]!, z[j]!, slope);
    for (let s = 0; s < out.length; s += 1) out[s] = out[s]! + slope[s]! * column[s]!;
  }
  for (let s = 0; s < out.length; s += 1) out[s] = Math.min(Math.max(out[s]!, -MOST_EXPONENT), MOST_EXPONENT);
}

function isStandard({ centre, deviations }: SobolMode): boolean {
  return centre.every((value) => value === 0) && deviations.every((value) => value === 1);
}

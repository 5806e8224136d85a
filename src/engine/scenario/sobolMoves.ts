import { mixingScale } from '../numerics/mixingScale.ts';
import { inverseNormalCdf } from '../numerics/normal.ts';
import { scrambledDirections } from '../numerics/sobol.ts';
import { heldLogMove, heldVolShock } from './jointMoves.ts';
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
export function sobolSampler(draws: SobolDraws, coins: number): PathSampler {
  const normals = sobolNormals(draws, coins);
  const { degreesOfFreedom, factor, mostLogMove, volShockRange } = draws;
  const scaleOf = degreesOfFreedom === null ? null : mixingScale(degreesOfFreedom);
  const size = 2 * coins;
  const first = scaleOf === null ? 0 : 1;
  return (firstPath, count, moves, weights = new Float64Array(count)) => {
    const z = normals(firstPath, count, weights);
    for (let s = 0; s < count; s += 1) {
      const at = s * (size + first);
      const scale = scaleOf === null ? 1 : scaleOf(z[at]!);
      for (let i = 0; i < size; i += 1) {
        let x = 0;
        for (let j = 0; j < size; j += 1) x += factor[i * size + j]! * z[at + first + j]!;
        x *= scale;
        if (i < coins) {
          const held = heldLogMove(x, mostLogMove);
          moves[i]!.logGrowth[s] = held;
          moves[i]!.growth[s] = Math.exp(held);
        } else {
          moves[i - coins]!.volShock[s] = heldVolShock(x, volShockRange);
        }
      }
    }
  };
}

/**
 * The normals behind paths, path-major, and the weights of the paths. The array is overwritten by the next call.
 *
 * Path i takes slot i mod 16 of its replicate, and with it the mode that owns the slot: so the share of each mode is exact, and the
 * weight is the density of the standard normal over that of the whole mixture (the balance heuristic of Veach and Guibas 1995; Owen
 * and Zhou 2000, "Safe and effective importance sampling"), at most 16 over the slots of the first mode.
 */
export function sobolNormals(
  draws: SobolDraws,
  coins: number,
): (firstPath: number, count: number, weights: Float64Array) => Float64Array {
  const { modes, replicates } = draws;
  const d = sobolDimensions(draws, coins);
  const owned = modes.reduce((sum, { slots }) => sum + slots, 0);
  if (owned !== MODE_SLOTS) throw new RangeError(`The modes of a plan own ${owned} of ${MODE_SLOTS} slots`);
  const firstSlots = modes.map((_, m) => modes.slice(0, m).reduce((sum, { slots }) => sum + slots, 0));
  const scrambles = Array.from({ length: replicates }, (_, r) => modes.map((_mode, m) => scramble(draws, r, m, d)));
  const spreads = modes.map(({ axes, deviations }) => axes.map((value, k) => value * deviations[k % d]!));
  const fillWeights = modes.length === 1 && isStandard(modes[0]!) ? null : mixtureWeights(modes, d);
  const round = MODE_SLOTS * replicates;
  let z = new Float64Array(0);
  return (firstPath, count, weights) => {
    if (z.length < count * d) z = new Float64Array(count * d);
    // The points of one mode in one replicate follow each other from round to round.
    for (let r = 0; r < replicates; r += 1) {
      modes.forEach(({ slots, centre }, m) => {
        const first = r * MODE_SLOTS + firstSlots[m]!;
        const begin = Math.max(Math.floor((firstPath - first) / round), 0);
        const run: number[] = [];
        for (let path = begin * round + first; path < firstPath + count; path += round)
          for (let place = 0; place < slots; place += 1)
            if (path + place >= firstPath && path + place < firstPath + count) run.push(path + place - firstPath);
        if (run.length === 0) return;
        const at = firstPath + run[0]! - first;
        const index = Math.floor(at / round) * slots + (at % round);
        pointNormals(scrambles[r]![m]!, index, run, spreads[m]!, centre, z);
      });
    }
    if (fillWeights === null) weights.fill(1, 0, count);
    else fillWeights(z, count, weights);
    return z;
  };
}

/** Normals of points `index`, `index + 1`, ... of a mode, written to the listed places of `z`. */
function pointNormals(
  { words, shifts }: Scramble,
  index: number,
  places: readonly number[],
  spread: Float64Array,
  centre: Float64Array,
  z: Float64Array,
): void {
  const d = shifts.length;
  const point = shifts.slice();
  for (let gray = index ^ (index >>> 1), digit = 0; gray !== 0; gray >>>= 1, digit += 1)
    if (gray & 1) for (let j = 0; j < d; j += 1) point[j] = point[j]! ^ words[digit * d + j]!;
  const normals = new Float64Array(d);
  for (let k = 0; k < places.length; k += 1) {
    for (let j = 0; j < d; j += 1) normals[j] = inverseNormalCdf((point[j]! + 0.5) * 2 ** -32);
    const at = places[k]! * d;
    for (let i = 0; i < d; i += 1) {
      let x = centre[i]!;
      for (let j = 0; j < d; j += 1) x += spread[i * d + j]! * normals[j]!;
      z[at + i] = x;
    }
    // The next Gray code differs in the place of the lowest zero of the index.
    const next = index + k;
    const digit = 31 - Math.clz32(~next & (next + 1));
    for (let j = 0; j < d; j += 1) point[j] = point[j]! ^ words[digit * d + j]!;
  }
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
): (z: Float64Array, count: number, weights: Float64Array) => void {
  const standardShare = modes.filter(isStandard).reduce((sum, { slots }) => sum + slots / MODE_SLOTS, 0);
  const exponents = modes.filter((mode) => !isStandard(mode)).map((mode) => modeExponent(mode, d));
  return (z, count, weights) => {
    weights.fill(standardShare, 0, count);
    for (const exponent of exponents) addDensity(exponent, z, count, weights);
    for (let s = 0; s < count; s += 1) weights[s] = 1 / weights[s]!;
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

function addDensity(
  { constant, slopes, triangle }: ModeExponent,
  z: Float64Array,
  count: number,
  sums: Float64Array,
): void {
  const d = slopes.length;
  for (let s = 0; s < count; s += 1) {
    const at = s * d;
    let exponent = constant;
    if (triangle === null) {
      for (let i = 0; i < d; i += 1) exponent += slopes[i]! * z[at + i]!;
    } else {
      for (let i = 0, entry = 0; i < d; i += 1) {
        let slope = slopes[i]!;
        for (let j = 0; j <= i; j += 1) slope += triangle[entry++]! * z[at + j]!;
        exponent += slope * z[at + i]!;
      }
    }
    sums[s] = sums[s]! + Math.exp(exponent);
  }
}

function isStandard({ centre, deviations }: SobolMode): boolean {
  return centre.every((value) => value === 0) && deviations.every((value) => value === 1);
}

import { mixingScale } from '../numerics/mixingScale.ts';
import { inverseNormalCdf } from '../numerics/normal.ts';
import { scrambledDirections } from '../numerics/sobol.ts';
import { heldLogMove, heldVolShock } from './jointMoves.ts';
import { MODE_SLOTS, type SobolDraws, type SobolMode } from './pathPlan.ts';
import type { PathSampler } from './pathSampler.ts';

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
  const slots = modes.flatMap((mode, m) => Array.from({ length: mode.slots }, (_, place) => ({ m, place })));
  if (slots.length !== MODE_SLOTS)
    throw new RangeError(`The modes of a plan own ${slots.length} of ${MODE_SLOTS} slots`);
  const scrambles = Array.from({ length: replicates }, (_, r) => modes.map((_mode, m) => scramble(draws, r, m, d)));
  const densities = modes.length === 1 && isStandard(modes[0]!) ? null : modes.map((mode) => modeDensity(mode, d));
  const own = modes.map(({ axes, deviations }) => axes.map((value, k) => value * deviations[k % d]!));
  const words = new Uint32Array(d);
  let z = new Float64Array(0);
  return (firstPath, count, weights) => {
    if (z.length < count * d) z = new Float64Array(count * d);
    for (let s = 0; s < count; s += 1) {
      const path = firstPath + s;
      const { m, place } = slots[path % MODE_SLOTS]!;
      const cycle = Math.floor(path / MODE_SLOTS);
      const index = Math.floor(cycle / replicates) * modes[m]!.slots + place;
      gather(scrambles[cycle % replicates]![m]!, index, words);
      const { centre } = modes[m]!;
      const spread = own[m]!;
      const at = s * d;
      for (let i = 0; i < d; i += 1) z[at + i] = centre[i]!;
      for (let j = 0; j < d; j += 1) {
        const normal = inverseNormalCdf((words[j]! + 0.5) / 2 ** 32);
        for (let i = 0; i < d; i += 1) z[at + i] = z[at + i]! + spread[i * d + j]! * normal;
      }
      weights[s] = densities === null ? 1 : weight(densities, z, at);
    }
    return z;
  };
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

function gather({ words, shifts }: Scramble, index: number, out: Uint32Array): void {
  const d = out.length;
  out.set(shifts);
  for (let gray = index ^ (index >>> 1), digit = 0; gray !== 0; gray >>>= 1, digit += 1) {
    if ((gray & 1) === 0) continue;
    for (let j = 0; j < d; j += 1) out[j] = out[j]! ^ words[digit * d + j]!;
  }
}

/** Log of share x density of a mode over the standard normal's, as constant + z'z / 2 - |inverse (z - centre)|^2 / 2. */
interface ModeDensity {
  readonly constant: number;
  readonly centre: Float64Array;
  /** Null where the spread is that of the standard normal: the exponent is then linear in z. */
  readonly inverse: Float64Array | null;
}

function modeDensity({ slots, centre, axes, deviations }: SobolMode, d: number): ModeDensity {
  const logShare = Math.log(slots / MODE_SLOTS);
  if (deviations.every((deviation) => deviation === 1)) {
    const distance = centre.reduce((sum, value) => sum + value * value, 0);
    return { constant: logShare - distance / 2, centre, inverse: null };
  }
  const logDeterminant = deviations.reduce((sum, deviation) => sum + Math.log(deviation), 0);
  const inverse = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) for (let j = 0; j < d; j += 1) inverse[i * d + j] = axes[j * d + i]! / deviations[i]!;
  return { constant: logShare - logDeterminant, centre, inverse };
}

function weight(densities: readonly ModeDensity[], z: Float64Array, at: number): number {
  const d = densities[0]!.centre.length;
  let size = 0;
  for (let i = 0; i < d; i += 1) size += z[at + i]! * z[at + i]!;
  let sum = 0;
  for (const { constant, centre, inverse } of densities) {
    let exponent = 0;
    if (inverse === null) {
      for (let i = 0; i < d; i += 1) exponent += centre[i]! * z[at + i]!;
    } else {
      for (let i = 0; i < d; i += 1) {
        let t = 0;
        for (let j = 0; j < d; j += 1) t += inverse[i * d + j]! * (z[at + j]! - centre[j]!);
        exponent -= t * t;
      }
      exponent = (exponent + size) / 2;
    }
    sum += Math.exp(constant + exponent);
  }
  return 1 / sum;
}

function isStandard({ centre, deviations }: SobolMode): boolean {
  return centre.every((value) => value === 0) && deviations.every((value) => value === 1);
}

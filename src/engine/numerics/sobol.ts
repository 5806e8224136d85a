import { philoxBlock, seedKey } from './philox.ts';
import { DIRECTION_BITS } from './sobolDirectionBits.ts';

/** What makes one dimension of a Sobol sequence. */
export interface SobolDimension {
  /** Degree of the primitive polynomial; 0 for the first dimension, the van der Corput sequence. */
  readonly degree: number;
  /** Coefficients of the polynomial as binary digits, highest power first. */
  readonly polynomial: number;
  /** m_1 .. m_degree: odd, m_j below 2^j. */
  readonly initialNumbers: readonly number[];
}

/** Dimensions with direction numbers. */
export const MOST_DIMENSIONS = 1111;

const BITS = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** How many primitive polynomials of degree 1, 2, ... there are. */
const POLYNOMIALS_BY_DEGREE = [1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 630];

let dimensionsRead: readonly SobolDimension[] | undefined;

/** The polynomial and initial direction numbers of a dimension, counted from 1. Joe and Kuo 2008. */
export function sobolDimension(dimension: number): SobolDimension {
  if (!(Number.isInteger(dimension) && dimension >= 1 && dimension <= MOST_DIMENSIONS)) {
    throw new RangeError(
      `Sobol points have dimensions 1 to ${MOST_DIMENSIONS}, not ${dimension}: use fewer, or pseudo-random numbers`,
    );
  }
  dimensionsRead ??= readDimensions();
  return dimensionsRead[dimension - 1]!;
}

function readDimensions(): SobolDimension[] {
  let position = 0;
  const read = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i += 1, position += 1) {
      const character = ALPHABET.indexOf(DIRECTION_BITS[Math.floor(position / 6)]!);
      value = value * 2 + ((character >>> (5 - (position % 6))) & 1);
    }
    return value;
  };
  const dimensions: SobolDimension[] = [{ degree: 0, polynomial: 1, initialNumbers: [] }];
  for (const [i, polynomials] of POLYNOMIALS_BY_DEGREE.entries()) {
    const degree = i + 1;
    for (let count = 0; count < polynomials; count += 1) {
      const polynomial = 2 ** degree + 2 * read(degree - 1) + 1;
      const initialNumbers = Array.from({ length: degree }, (_, j) => 2 * read(j) + 1);
      dimensions.push({ degree, polynomial, initialNumbers });
    }
  }
  return dimensions;
}

const directionWords = new Map<number, Uint32Array>();

/**
 * The 32 direction numbers v_1 .. v_32 of a dimension, as words whose highest bit is worth one half. Bratley and Fox,
 * "Algorithm 659" (ACM TOMS 14, 1988): v_j = v_(j-s) >> s xor those v_(j-i) whose coefficient is one.
 */
export function sobolDirections(dimension: number): Uint32Array {
  const known = directionWords.get(dimension);
  if (known) return known;
  const { degree, polynomial, initialNumbers } = sobolDimension(dimension);
  const words = new Uint32Array(BITS);
  for (let j = 0; j < BITS; j += 1) {
    if (degree === 0 || j < degree) {
      words[j] = (initialNumbers[j] ?? 1) << (BITS - 1 - j);
      continue;
    }
    let word = words[j - degree]! ^ (words[j - degree]! >>> degree);
    for (let i = 1; i < degree; i += 1) if ((polynomial >>> (degree - i)) & 1) word ^= words[j - i]!;
    words[j] = word;
  }
  directionWords.set(dimension, words);
  return words;
}

/**
 * Coordinate of point `index` (0 to 2^32 - 1), in [0, 1), in Gray-code order (Antonov and Saleev 1979): point 0 is the
 * origin, and each block of 2^m points is the same set as in natural order.
 */
export function sobolCoordinate(index: number, dimension: number): number {
  requireIndex(index);
  return gather(sobolDirections(dimension), index) / 2 ** BITS;
}

/** The directions picked by the bits of the index's Gray code, added bit by bit. */
function gather(words: Uint32Array, index: number): number {
  let word = 0;
  for (let gray = index ^ (index >>> 1), j = 0; gray !== 0; gray >>>= 1, j += 1) if (gray & 1) word ^= words[j]!;
  return word >>> 0;
}

/** Philox streams below this one are free for others under the same seed. */
const SCRAMBLE_STREAM = 0xffff_ffff;

/**
 * Scrambled Sobol points in (0, 1), point-major: `out[i * dimensions + j]` is coordinate j + 1 of point `firstIndex + i`,
 * for i < count. A number depends on (seed, index, dimension) alone: work may be cut anywhere, and more dimensions or
 * points leave the earlier ones as they were.
 *
 * Each dimension's digits pass through a random lower triangular binary matrix and are then flipped by a random word
 * (Matousek, "On the L2-discrepancy for anchored boxes", 1998), which keeps every dyadic box as evenly filled, makes each point
 * uniform, and has the variance of Owen's nested scrambling (Hong and Hickernell 2003) at the price of one `xor`. Seeds give independent
 * replicates, so their spread is an error estimate. Points lie in the middles of cells of 2^-32, never on 0 or 1.
 */
export function scrambledSobol(
  seed: number,
  firstIndex: number,
  count: number,
  dimensions: number,
  out: Float64Array,
): void {
  requireIndex(firstIndex);
  requireIndex(firstIndex + count - 1);
  for (let j = 0; j < dimensions; j += 1) {
    const { words, shift } = scrambledDirections(seed, j + 1);
    let word = gather(words, firstIndex) ^ shift;
    for (let i = 0; i < count; i += 1) {
      out[i * dimensions + j] = ((word >>> 0) + 0.5) / 2 ** BITS;
      // The next Gray code differs in the place of the lowest zero of the index.
      word ^= words[trailingOnes(firstIndex + i)]!;
    }
  }
}

/**
 * The scrambled direction numbers of a dimension and the word that flips its digits: coordinate `index` is what the bits of the Gray code
 * `index ^ (index >>> 1)` pick of `words`, lowest first, added to `shift` bit by bit. Randomisations (0 to 2^32 - 1) of one seed are
 * independent; `scrambledSobol` is number 0.
 */
export function scrambledDirections(
  seed: number,
  dimension: number,
  randomisation = 0,
): { readonly words: Uint32Array; readonly shift: number } {
  const [k0, k1] = seedKey(seed);
  const block = new Uint32Array(4);
  const columns = new Uint32Array(BITS);
  for (let j = 0; j < BITS; j += 1) {
    if (j % 4 === 0) philoxBlock(dimension, j / 4, randomisation, SCRAMBLE_STREAM, k0, k1, block);
    // Column j of the matrix: one on the diagonal, chance below it.
    columns[j] = (0x8000_0000 >>> j) | (block[j % 4]! & (0x7fff_ffff >>> j));
  }
  philoxBlock(dimension, BITS / 4, randomisation, SCRAMBLE_STREAM, k0, k1, block);
  const words = sobolDirections(dimension).map((word) => {
    let scrambled = 0;
    for (let j = 0; j < BITS; j += 1) if ((word >>> (BITS - 1 - j)) & 1) scrambled ^= columns[j]!;
    return scrambled;
  });
  return { words, shift: block[0]! };
}

/** At most 31: past the last index there is no next point. */
function trailingOnes(index: number): number {
  return Math.min(31, 31 - Math.clz32(~index & (index + 1)));
}

function requireIndex(index: number): void {
  if (!(Number.isInteger(index) && index >= 0 && index < 2 ** BITS)) {
    throw new RangeError(`The index of a Sobol point is ${index}; give a whole number from 0 to 2^32 - 1`);
  }
}

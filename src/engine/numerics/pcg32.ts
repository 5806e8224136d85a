const MASK = 2n ** 64n - 1n;
const MULTIPLIER = 6_364_136_223_846_793_005n;

/**
 * The 32-bit words of PCG32 (XSH-RR 64/32) without end: O'Neill, "PCG: a family of simple fast space-efficient statistically good
 * algorithms for random number generation" (2014), seeded as `pcg32_srandom(seed, sequence)`.
 *
 * It is here to reproduce published examples; nothing is simulated with it. Integers of 64 bits are BigInt: slow,
 * and plainly right.
 */
export function* pcg32(seed: bigint, sequence: bigint): Generator<number, never> {
  const increment = ((sequence << 1n) | 1n) & MASK;
  const advanced = (state: bigint): bigint => (state * MULTIPLIER + increment) & MASK;
  for (let state = advanced(advanced(0n) + seed); ; state = advanced(state)) {
    const word = Number((((state >> 18n) ^ state) >> 27n) & 0xffff_ffffn);
    const turn = Number(state >> 59n);
    yield ((word >>> turn) | (word << (-turn & 31))) >>> 0;
  }
}

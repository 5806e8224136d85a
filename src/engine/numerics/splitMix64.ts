const MASK = 2n ** 64n - 1n;

/**
 * The 64-bit words of SplitMix64 without end: Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
 * (OOPSLA 2014). The usual way to fill the state of a larger generator from one word.
 *
 * It is here to reproduce published examples; nothing is simulated with it. Integers of 64 bits are BigInt: slow,
 * and plainly right.
 */
export function* splitMix64(seed: bigint): Generator<bigint, never> {
  for (let state = seed; ; ) {
    state = (state + 0x9e37_79b9_7f4a_7c15n) & MASK;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
    yield z ^ (z >> 31n);
  }
}

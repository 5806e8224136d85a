const MASK = 2n ** 64n - 1n;

/**
 * The 64-bit words of xoshiro256** without end, from four words of state: Blackman and Vigna, "Scrambled linear pseudorandom
 * number generators" (ACM TOMS 47, 2021). A state of zeros never leaves zero and is refused.
 *
 * It is here to reproduce published examples; nothing is simulated with it. Integers of 64 bits are BigInt: slow,
 * and plainly right.
 */
export function* xoshiro256(state: readonly bigint[]): Generator<bigint, never> {
  if (state.length !== 4 || state.every((word) => word === 0n)) {
    throw new RangeError('The state of xoshiro256** is four words of 64 bits, not all of them zero');
  }
  let [a, b, c, d] = state as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield (rotated((b * 5n) & MASK, 7n) * 9n) & MASK;
    const shifted = (b << 17n) & MASK;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 45n);
  }
}

function rotated(word: bigint, bits: bigint): bigint {
  return ((word << bits) | (word >> (64n - bits))) & MASK;
}

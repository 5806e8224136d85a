const SIZE = 624;
const SHIFT = 397;

/**
 * The 32-bit words of MT19937 without end: Matsumoto and Nishimura, "Mersenne twister" (ACM TOMS 8, 1998), seeded as in their
 * code of 2002, by `init_genrand` for a number and by `init_by_array` for a list of words.
 *
 * It is here to reproduce published examples that were drawn with it; nothing is simulated with it, since its numbers
 * come only in order (Philox does that). Own code: it is forty lines, and the packages that offer both seedings are
 * no longer kept or bring hundreds of files.
 */
export function* mersenneTwister(seed: number | readonly number[]): Generator<number, never> {
  const state = typeof seed === 'number' ? stateOfSeed(seed) : stateOfKey(seed);
  for (;;) {
    for (let i = 0; i < SIZE; i += 1) {
      const bits = (state[i]! & 0x8000_0000) | (state[(i + 1) % SIZE]! & 0x7fff_ffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908_b0df : 0);
    }
    for (const word of state) yield tempered(word);
  }
}

function tempered(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c_5680;
  y ^= (y << 15) & 0xefc6_0000;
  return (y ^ (y >>> 18)) >>> 0;
}

function stateOfSeed(seed: number): Uint32Array {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i += 1) state[i] = Math.imul(1_812_433_253, mixed(state[i - 1]!)) + i;
  return state;
}

function stateOfKey(key: readonly number[]): Uint32Array {
  const state = stateOfSeed(19_650_218);
  let i = 1;
  const step = (multiplier: number, addend: number): void => {
    state[i] = (state[i]! ^ Math.imul(mixed(state[i - 1]!), multiplier)) + addend;
    i += 1;
    if (i === SIZE) {
      state[0] = state[SIZE - 1]!;
      i = 1;
    }
  };
  for (let k = 0; k < Math.max(SIZE, key.length); k += 1) step(1_664_525, key[k % key.length]! + (k % key.length));
  for (let k = 1; k < SIZE; k += 1) step(1_566_083_941, -i);
  state[0] = 0x8000_0000;
  return state;
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}

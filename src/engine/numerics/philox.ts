/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011). Four random words are a pure function of a 128-bit counter and a 64-bit key, so any worker can
 * compute any part of a sequence, in any order, and the numbers are the same.
 */

/**
 * Writes the four 32-bit words of block (c0, c1, c2, c3) under key (k0, k1) to `out`. Arguments are read modulo 2^32.
 */
export function philoxBlock(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  let a = c0 | 0;
  let b = c1 | 0;
  let c = c2 | 0;
  let d = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, a);
    const low0 = Math.imul(0xd2511f53, a);
    const high1 = highProduct(0xcd9e8d57, c);
    const low1 = Math.imul(0xcd9e8d57, c);
    a = high1 ^ b ^ key0;
    b = low1;
    c = high0 ^ d ^ key1;
    d = low0;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** The upper 32 bits of the 64-bit product of two words. */
function highProduct(x: number, y: number): number {
  const xLow = x & 0xffff;
  const xHigh = x >>> 16;
  const yLow = y & 0xffff;
  const yHigh = y >>> 16;
  // No partial sum passes 2^32, so 32-bit arithmetic, which is the fast kind, loses nothing.
  const middle = (Math.imul(xHigh, yLow) + (Math.imul(xLow, yLow) >>> 16)) | 0;
  const cross = (Math.imul(xLow, yHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(xHigh, yHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/**
 * A double strictly between 0 and 1 from 52 bits of two words: an odd multiple of 2^-53, so that u and 1 - u are both
 * exact and equally likely.
 */
export function uniformOf(high: number, low: number): number {
  return ((high >>> 6) * 67108864 + (low >>> 6) + 0.5) * 2 ** -52;
}

/** The key of a seed: its low and its high 32 bits. A seed is an integer from 0 to 2^53 - 1; others are truncated. */
export function seedKey(seed: number): readonly [number, number] {
  const whole = Math.abs(Math.trunc(seed));
  return [whole >>> 0, Math.floor(whole / 2 ** 32) >>> 0];
}

/** Values that differ by less than this share of the largest magnitude differ by rounding only. */
const ROUNDING = 1e-12;

/**
 * Index of the largest value, the first of equal ones. Scenarios that are equal by the rule come out of the arithmetic a few last digits
 * apart, a box under three vols for one; which of them binds must not hang on those digits. -1 without values.
 */
export function firstLargest(values: ArrayLike<number>): number {
  let largest = -Infinity;
  let magnitude = 0;
  for (let i = 0; i < values.length; i += 1) {
    largest = Math.max(largest, values[i]!);
    magnitude = Math.max(magnitude, Math.abs(values[i]!));
  }
  const enough = largest - ROUNDING * magnitude;
  for (let i = 0; i < values.length; i += 1) if (values[i]! >= enough) return i;
  return -1;
}

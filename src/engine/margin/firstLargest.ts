/** Values that differ by less than this share of the largest magnitude differ by rounding only. */
const ROUNDING = 1e-12;

/**
 * Index of the largest value, the first of equal ones. Scenarios that are equal by the rule come out of the arithmetic a few last digits
 * apart, a box under three vols for one; which of them binds must not hang on those digits. -1 without values.
 */
export function firstLargest(values: readonly number[]): number {
  let largest = -Infinity;
  let magnitude = 0;
  for (const value of values) {
    largest = Math.max(largest, value);
    magnitude = Math.max(magnitude, Math.abs(value));
  }
  return values.findIndex((value) => value >= largest - ROUNDING * magnitude);
}

/** @param {readonly number[]} values */
export function median(values) {
  return percentile(values, 0.5);
}

/**
 * The smallest value that at least the given share of the values does not exceed.
 * @param {readonly number[]} values
 * @param {number} share
 */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('There is nothing to take a percentile of.');
  return value;
}

/**
 * 1 - confidence as it is meant: a confidence is a decimal, and 0.9999 leaves 0.0001, not the 0.00009999999999998899 that
 * binary subtraction leaves. Where the confidence is no short decimal the plain difference, which is exact, stands.
 */
export function tailProbability(confidence: number): number {
  const difference = 1 - confidence;
  const decimal = Number(difference.toFixed(15));
  // Half a unit in the last place of numbers below 1: what rounding the decimal to a double may have cost.
  return decimal > 0 && Math.abs(decimal - difference) <= 2 ** -53 ? decimal : difference;
}

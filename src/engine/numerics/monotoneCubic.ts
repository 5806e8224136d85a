/**
 * Cubic Hermite interpolation that overshoots nowhere: between two nodes it stays between their values where the data are monotone.
 * Slopes by Fritsch and Butland, "A method for constructing local monotone piecewise cubic interpolants" (SIAM J. Sci. Stat. Comput. 5,
 * 1984), one-sided three-point ones at the ends. Beyond the ends it goes on as a straight line.
 *
 * @param nodes ascending, at least two.
 */
export function monotoneCubic(nodes: ArrayLike<number>, values: ArrayLike<number>): (x: number) => number {
  const n = nodes.length;
  const steps = Float64Array.from({ length: n - 1 }, (_, i) => nodes[i + 1]! - nodes[i]!);
  const secants = steps.map((step, i) => (values[i + 1]! - values[i]!) / step);
  const slopes = new Float64Array(n);
  if (n === 2) slopes.fill(secants[0]!);
  else {
    for (let i = 1; i < n - 1; i += 1) {
      const [a, b] = [secants[i - 1]!, secants[i]!];
      if (a * b <= 0) continue;
      const [h, k] = [steps[i - 1]!, steps[i]!];
      slopes[i] = (3 * (h + k)) / ((2 * k + h) / a + (k + 2 * h) / b);
    }
    slopes[0] = endSlope(steps[0]!, steps[1]!, secants[0]!, secants[1]!);
    slopes[n - 1] = endSlope(steps[n - 2]!, steps[n - 3]!, secants[n - 2]!, secants[n - 3]!);
  }
  let at = 0;
  return (x) => {
    if (x <= nodes[0]!) return values[0]! + slopes[0]! * (x - nodes[0]!);
    if (x >= nodes[n - 1]!) return values[n - 1]! + slopes[n - 1]! * (x - nodes[n - 1]!);
    // Mostly asked in ascending order.
    if (x < nodes[at]!) at = 0;
    while (x > nodes[at + 1]!) at += 1;
    const step = steps[at]!;
    const t = (x - nodes[at]!) / step;
    const rest = 1 - t;
    return (
      values[at]! * (1 + 2 * t) * rest * rest +
      values[at + 1]! * t * t * (3 - 2 * t) +
      step * t * rest * (slopes[at]! * rest - slopes[at + 1]! * t)
    );
  };
}

/** Three-point slope at an end, held so that the piece stays monotone. */
function endSlope(near: number, next: number, secant: number, nextSecant: number): number {
  const slope = ((2 * near + next) * secant - near * nextSecant) / (near + next);
  if (slope * secant <= 0) return 0;
  return secant * nextSecant <= 0 && Math.abs(slope) > 3 * Math.abs(secant) ? 3 * secant : slope;
}

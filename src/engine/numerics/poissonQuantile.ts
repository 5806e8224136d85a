/** Least k with P(N <= k) >= u for N Poisson with a mean, by adding up its probabilities. */
export function poissonQuantile(u: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = probability;
  let k = 0;
  // The probabilities stop adding up to u when rounding has eaten the rest; no draw is that far out.
  while (below < u && probability > 0) {
    k += 1;
    probability *= mean / k;
    below += probability;
  }
  return k;
}

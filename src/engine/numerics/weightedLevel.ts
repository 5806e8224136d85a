/** So few values are sorted. */
const FEW = 48;
/** Values of which the middle one cuts. */
const SAMPLE = 15;

/**
 * The smallest value at which the weights of all values no larger come to `enough`; the largest value where they never do. Neither
 * array changes, and nothing is sorted but the last few: each pass keeps the side of a cut on which the level lies, about half of what
 * was left. No value may be NaN, no weight below zero.
 */
export function weightedLevel(values: Float64Array, weights: Float64Array, enough: number): number {
  let left = values;
  let own = weights;
  let below = 0;
  while (left.length > FEW) {
    const cut = middleOf(left);
    let less = 0;
    let lessWeight = 0;
    let equalWeight = 0;
    let more = 0;
    for (let i = 0; i < left.length; i += 1) {
      const value = left[i]!;
      if (value < cut) {
        less += 1;
        lessWeight += own[i]!;
      } else if (value === cut) equalWeight += own[i]!;
      else more += 1;
    }
    const isBelow = below + lessWeight >= enough && less > 0;
    if (!isBelow) {
      below += lessWeight + equalWeight;
      if (below >= enough || more === 0) return cut;
    }
    const keptValues = new Float64Array(isBelow ? less : more);
    const keptWeights = new Float64Array(keptValues.length);
    let kept = 0;
    for (let i = 0; i < left.length; i += 1) {
      const value = left[i]!;
      if (isBelow ? value < cut : value > cut) {
        keptValues[kept] = value;
        keptWeights[kept] = own[i]!;
        kept += 1;
      }
    }
    left = keptValues;
    own = keptWeights;
  }
  const order = Array.from(left, (_, i) => i).sort((a, b) => left[a]! - left[b]!);
  for (const i of order) {
    below += own[i]!;
    if (below >= enough) return left[i]!;
  }
  return left[order.at(-1)!]!;
}

/** The middle one of a sample, whose places fall in with no period that the values may have: steps of the golden ratio. */
function middleOf(values: Float64Array): number {
  const sample = Float64Array.from(
    { length: SAMPLE },
    (_, i) => values[Math.floor((((i + 1) * 0.618033988749895) % 1) * values.length)]!,
  );
  return sample.sort()[SAMPLE >> 1]!;
}

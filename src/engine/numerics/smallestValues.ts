/** Values that are looked at to guess where the wanted ones end: of many more, of fewer less. */
const SAMPLE = { few: 512, many: 4096, manyFrom: 65_536 } as const;
/** With fewer values, or more than this share of them wanted, all are sorted. */
const FEWEST = 4 * SAMPLE.few;
const MOST_WANTED = 0.25;
/** Standard deviations of a sample's rank by which the guess is set too high. */
const MARGIN = 5;

/**
 * The `count` smallest of some values, ascending, in one pass over them: a sample says below which level they lie, all values up to it
 * are gathered, and these are sorted. The level is set high enough to be too low once in three million times; then, and where ties or
 * an order made to mislead leave too many, all values are sorted. No value may be NaN.
 */
export function smallestValues(values: Float64Array, count: number): Float64Array {
  const n = values.length;
  const gathered = n < FEWEST || count > MOST_WANTED * n ? null : gatheredBelow(values, count);
  if (gathered === null) return values.slice().sort().slice(0, count);
  return gathered.sort().slice(0, count);
}

/** At least `count` values that all others are not below; null where the guess was bad. */
function gatheredBelow(values: Float64Array, count: number): Float64Array | null {
  const n = values.length;
  const size = n < SAMPLE.manyFrom ? SAMPLE.few : SAMPLE.many;
  const sample = new Float64Array(size);
  // Not evenly spaced: a stride could fall in with one of the values' own. Steps of the golden ratio fall in with none.
  let place = 0.5;
  for (let i = 0; i < size; i += 1) {
    sample[i] = values[Math.floor(place * n)]!;
    place += 0.618033988749895;
    if (place >= 1) place -= 1;
  }
  const expected = (count / n) * size;
  const rank = Math.ceil(expected + MARGIN * Math.sqrt(expected) + MARGIN);
  const level = smallestValues(sample, Math.min(rank + 1, size)).at(-1)!;
  const room = Math.ceil((2 * (rank + MARGIN * Math.sqrt(rank)) * n) / size);
  const gathered = new Float64Array(Math.min(room, n));
  let found = 0;
  for (let i = 0; i < n; i += 1) {
    const value = values[i]!;
    if (value <= level) {
      if (found === gathered.length) return null;
      gathered[found] = value;
      found += 1;
    }
  }
  return found < count ? null : gathered.subarray(0, found);
}

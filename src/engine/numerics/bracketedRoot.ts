/** More halvings than doubles have bits are never needed. */
const MOST_STEPS = 80;

/**
 * Where a function changes sign between two ends, to `error` in its argument: false position with the Illinois weight, quick on
 * smooth functions, and a halving after two steps that have not halved the bracket, sure on kinks and jumps. At a jump the answer
 * is the jump. Zero counts as positive. Null when the function has no value at a point on the way.
 *
 * @param ends in any order.
 * @param values the function there, of different signs.
 */
export function bracketedRoot(
  f: (x: number) => number | null,
  ends: readonly [number, number],
  values: readonly [number, number],
  error: number,
): number | null {
  let [a, b] = ends;
  let [atA, atB] = values;
  let moved: 'a' | 'b' | null = null;
  let stalled = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const width = Math.abs(b - a);
    if (width <= error) break;
    // Never nearer to an end than half the error: a guess that has arrived then closes the bracket.
    const share = Math.min(Math.max(atA / (atA - atB), error / (2 * width)), 1 - error / (2 * width));
    const x = a + (b - a) * (stalled >= 2 ? 0.5 : share);
    const value = f(x);
    if (value === null) return null;
    if (value === 0) return x;
    if (value < 0 === atA < 0) {
      a = x;
      atA = value;
      if (moved === 'a') atB /= 2;
      moved = 'a';
    } else {
      b = x;
      atB = value;
      if (moved === 'b') atA /= 2;
      moved = 'b';
    }
    stalled = Math.abs(b - a) > width / 2 ? stalled + 1 : 0;
  }
  return (a + b) / 2;
}

/** Nobody waits longer than this for a verdict: what is wrong is then read in the panels. */
const LONGEST_MS = 4_000;

let settle: () => void = () => {};
const settled = new Promise<void>((resolve) => {
  settle = resolve;
});
setTimeout(settle, LONGEST_MS);

/**
 * Loads a part of the screen once the first verdict is painted, or known not to come: until then the processor belongs to
 * the verdict.
 */
export function whenSettled<T>(load: () => Promise<T>): Promise<T> {
  return settled.then(load);
}

/** The first verdict is on the screen, or will not be. */
export function screenSettled(): void {
  settle();
}

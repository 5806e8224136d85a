/** Where a function is least, as far as a search without derivatives can tell. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  /** Whether a fresh start from `at` found nothing lower. */
  readonly converged: boolean;
}

/** Most evaluations, by the number of unknowns. */
const EVALUATIONS = 2000;
/** Fresh simplexes, each from the best point so far, smaller than the one before. */
const STARTS = 8;
/** A simplex has closed when its values and its points lie within these of each other. */
const VALUE_SPREAD = 1e-11;
const POINT_SPREAD = 1e-7;
/** A fresh start that gains less than this, relative to the value, has found nothing lower. */
const GAIN = 1e-9;

/**
 * The least value of a smooth function of a few unknowns, by Nelder and Mead (1965) with the coefficients that Gao and Han (2012)
 * adapt to the number of unknowns, restarted until a fresh simplex finds nothing lower (Kelley 1999: a simplex may collapse
 * early). `f` may answer Infinity for what is not allowed. Unknowns should be of the order of one: `steps` are the first
 * simplex's edges.
 *
 * Our own, since the one widely used package (fmin 0.0.4) throws at its shrink step when loaded as a module, and does not say
 * whether it has converged, which decides here between an estimate and a refusal.
 */
export function minimum(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
): Minimum {
  let best: Vertex = { x: start, value: f(start) };
  let size = 1;
  for (let restart = 0; restart < STARTS; restart += 1) {
    const found = descent(
      f,
      best,
      steps.map((step) => step * size),
    );
    const gain = best.value - found.value;
    best = found.value < best.value ? found : best;
    if (restart > 0 && gain <= GAIN * (1 + Math.abs(best.value)))
      return { at: best.x, value: best.value, converged: Number.isFinite(best.value) };
    size = Math.max(size * 0.3, 1e-3);
  }
  return { at: best.x, value: best.value, converged: false };
}

interface Vertex {
  readonly x: readonly number[];
  readonly value: number;
}

function descent(f: (x: readonly number[]) => number, start: Vertex, steps: readonly number[]): Vertex {
  const n = start.x.length;
  const expansion = 1 + 2 / n;
  const contraction = 0.75 - 1 / (2 * n);
  const shrinkage = n === 1 ? 0.5 : 1 - 1 / n;
  const vertex = (x: readonly number[]): Vertex => ({ x, value: f(x) });
  let simplex = [start, ...steps.map((step, i) => vertex(start.x.map((value, j) => (i === j ? value + step : value))))];
  const byValue = (a: Vertex, b: Vertex): number => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  simplex.sort(byValue);
  for (let evaluations = n + 1; evaluations < EVALUATIONS * n; ) {
    const [best, worst, nextWorst] = [simplex[0]!, simplex[n]!, simplex[n - 1]!];
    if (hasClosed(simplex)) break;
    const centre = best.x.map((_, j) => simplex.slice(0, n).reduce((sum, { x }) => sum + x[j]!, 0) / n);
    const along = (t: number): Vertex => vertex(centre.map((value, j) => value + t * (value - worst.x[j]!)));
    const reflected = along(1);
    evaluations += 1;
    let accepted: Vertex | null = null;
    if (reflected.value < best.value) {
      const expanded = along(expansion);
      evaluations += 1;
      accepted = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < nextWorst.value) accepted = reflected;
    else {
      const outside = reflected.value < worst.value;
      const contracted = along(outside ? contraction : -contraction);
      evaluations += 1;
      if (contracted.value < (outside ? reflected.value : worst.value)) accepted = contracted;
    }
    if (accepted === null) {
      simplex = simplex.map((each, i) =>
        i === 0 ? each : vertex(each.x.map((value, j) => best.x[j]! + shrinkage * (value - best.x[j]!))),
      );
      evaluations += n;
    } else simplex[n] = accepted;
    simplex.sort(byValue);
  }
  return simplex[0]!;
}

function hasClosed(simplex: readonly Vertex[]): boolean {
  const best = simplex[0]!;
  const worst = simplex[simplex.length - 1]!;
  const near = VALUE_SPREAD * (1 + Math.abs(best.value));
  return (
    worst.value - best.value <= near &&
    simplex.every(({ x }) =>
      x.every((value, j) => Math.abs(value - best.x[j]!) <= POINT_SPREAD * (1 + Math.abs(value))),
    )
  );
}

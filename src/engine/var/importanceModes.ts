import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { MODE_SLOTS, type SobolMode } from '../scenario/pathPlan.ts';

/** Points of a pilot, path-major, the weight of each, and what a book makes of them. */
export interface PilotPoints {
  readonly dimensions: number;
  readonly normals: Float64Array;
  readonly weights: Float64Array;
}

/** Slots of the standard normal itself, which bounds every weight by 16 / 4. */
const SAFE_SLOTS = 4;
/** Groups of points that a book's tail is taken apart into: a short strangle loses on two sides. */
const GROUPS = 2;
/** Fewer points than this do not make a tail. */
const LEAST_POINTS = 20;
/** A group's covariance counts like its own number of points against so many of the standard normal's. */
const PRIOR_POINTS = 10;
/** Spread of a mode over that of the points it was made of: a mode too wide costs little, one too narrow much. */
const WIDER = 1.3;
const LEAST_VARIANCE = 0.05;

/**
 * Where to draw from, so that tails of some books are seen more often: a mixture of the standard normal (a quarter, Hesterberg's
 * defensive part, 1995) and, for each group of points in the worst `tail` of a pilot run, two normals about the group's centre, one
 * as wide as the standard normal, which reaches the far tail, and one as wide as the group, which fills its edge. The mean and covariance
 * of the tail's points are what minimises the cross-entropy to the best density of all (Rubinstein and Kroese 2004, "The
 * Cross-Entropy Method"); of the first Sobol dimension each mode makes its most telling axis.
 *
 * Any mixture gives right figures: a poor pilot costs paths, not correctness. The same pilot makes the same modes.
 */
export function importanceModes(pilot: PilotPoints, books: readonly Float64Array[], tail: number): SobolMode[] {
  const d = pilot.dimensions;
  const groups = books.flatMap((pnl) => groupsOf(pilot, worstPoints(pilot, pnl, tail)));
  const total = groups.reduce((sum, group) => sum + group.weight, 0);
  const centre = new Float64Array(d);
  for (const group of groups)
    for (let j = 0; j < d; j += 1) centre[j] = centre[j]! + (group.weight / total) * group.centre[j]!;
  const slots = sharedSlots(
    groups.flatMap(({ weight }) => [weight, weight]),
    MODE_SLOTS - SAFE_SLOTS,
  );
  return [
    { slots: SAFE_SLOTS, ...standardMode(d, centre) },
    ...groups.flatMap((group, g) => [
      { slots: slots[2 * g]!, ...standardMode(d, group.centre), centre: group.centre },
      { slots: slots[2 * g + 1]!, ...fittedMode(pilot, group) },
    ]),
  ];
}

/** The standard normal, its first axis along a direction. */
export function standardMode(d: number, direction: Float64Array): Omit<SobolMode, 'slots'> {
  return { centre: new Float64Array(d), axes: axesFrom(direction), deviations: new Float64Array(d).fill(1) };
}

interface Group {
  readonly points: readonly number[];
  readonly weight: number;
  readonly centre: Float64Array;
}

/** The worst points that weigh `tail` of all together. */
function worstPoints({ weights }: PilotPoints, pnl: Float64Array, tail: number): number[] {
  const order = Array.from(pnl.keys()).sort((a, b) => pnl[a]! - pnl[b]! || a - b);
  const enough = tail * weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  let count = 0;
  while (count < order.length && (reached < enough || count < LEAST_POINTS)) {
    reached += weights[order[count]!]!;
    count += 1;
  }
  return order.slice(0, count);
}

/** Lloyd's algorithm on weighted points, begun from the points that stand farthest apart. */
function groupsOf(pilot: PilotPoints, points: readonly number[]): Group[] {
  const d = pilot.dimensions;
  const distance = (point: number, centre: Float64Array): number => {
    let sum = 0;
    for (let j = 0; j < d; j += 1) sum += (pilot.normals[point * d + j]! - centre[j]!) ** 2;
    return sum;
  };
  const farthest = (centres: readonly Float64Array[]): Float64Array => {
    const far = (point: number): number =>
      pilot.weights[point]! * Math.min(...centres.map((centre) => distance(point, centre)));
    const found = points.reduce((best, point) => (far(point) > far(best) ? point : best));
    return pilot.normals.slice(found * d, (found + 1) * d);
  };
  let groups: Group[] = [groupOf(pilot, points)];
  const first = farthest([groups[0]!.centre]);
  let centres = [first];
  while (centres.length < GROUPS) centres = [...centres, farthest(centres)];
  for (let round = 0; round < 30; round += 1) {
    const owners = points.map((point) =>
      centres.reduce((best, centre, c) => (distance(point, centre) < distance(point, centres[best]!) ? c : best), 0),
    );
    groups = centres
      .map((_, c) => points.filter((_point, k) => owners[k] === c))
      .filter((members) => members.length > 0)
      .map((members) => groupOf(pilot, members));
    const next = groups.map((group) => group.centre);
    if (next.length === centres.length && next.every((centre, c) => centre.every((x, j) => x === centres[c]![j])))
      break;
    centres = next;
  }
  return groups;
}

function groupOf({ dimensions: d, normals, weights }: PilotPoints, points: readonly number[]): Group {
  const weight = points.reduce((sum, point) => sum + weights[point]!, 0);
  const centre = new Float64Array(d);
  for (const point of points)
    for (let j = 0; j < d; j += 1) centre[j] = centre[j]! + (weights[point]! / weight) * normals[point * d + j]!;
  return { points, weight, centre };
}

/** About a group's centre, as wide as the group and a little more. */
function fittedMode(
  { dimensions: d, normals, weights }: PilotPoints,
  { points, weight, centre }: Group,
): Omit<SobolMode, 'slots'> {
  const own = points.length / (points.length + PRIOR_POINTS);
  const covariance = Matrix.eye(d).mul(1 - own);
  for (const point of points) {
    const share = (own * weights[point]!) / weight;
    const x = Array.from(centre, (c, j) => normals[point * d + j]! - c);
    for (let i = 0; i < d; i += 1)
      for (let j = 0; j < d; j += 1) covariance.set(i, j, covariance.get(i, j) + share * x[i]! * x[j]!);
  }
  const eigen = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const vectors = eigen.eigenvectorMatrix;
  // The widest axis first.
  const order = Array.from({ length: d }, (_, j) => j).sort(
    (a, b) => eigen.realEigenvalues[b]! - eigen.realEigenvalues[a]! || a - b,
  );
  const axes = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) for (let j = 0; j < d; j += 1) axes[i * d + j] = vectors.get(i, order[j]!);
  const deviations = Float64Array.from(order, (j) =>
    Math.sqrt(Math.max(WIDER * eigen.realEigenvalues[j]!, LEAST_VARIANCE)),
  );
  return { centre, axes, deviations };
}

/** An orthogonal matrix whose first column is along a direction (Householder's reflection); the identity for none. */
function axesFrom(direction: Float64Array): Float64Array {
  const d = direction.length;
  const axes = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) axes[i * d + i] = 1;
  const length = Math.hypot(...direction);
  if (length < 1e-9) return axes;
  const sign = direction[0]! > 0 ? -1 : 1;
  const mirror = direction.map((x) => x / length);
  mirror[0] = mirror[0]! - sign;
  const square = mirror.reduce((sum, x) => sum + x * x, 0);
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j < d; j += 1)
      axes[i * d + j] = (axes[i * d + j]! - (2 * mirror[i]! * mirror[j]!) / square) * (j === 0 ? sign : 1);
  }
  return axes;
}

/** Whole slots in proportion to shares, one each at least (largest remainders). */
function sharedSlots(shares: readonly number[], slots: number): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const free = slots - shares.length;
  const exact = shares.map((share) => (free * share) / total);
  const found = exact.map((value) => 1 + Math.floor(value));
  const order = shares.map((_, i) => i).sort((a, b) => (exact[b]! % 1) - (exact[a]! % 1) || a - b);
  let left = slots - found.reduce((sum, value) => sum + value, 0);
  for (const i of order) if (left-- > 0) found[i] = found[i]! + 1;
  return found;
}

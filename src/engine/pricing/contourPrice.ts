import { RiskError } from '../domain/failure.ts';
import { add, type Complex, divide, exponential, expm1, multiply } from '../numerics/complex.ts';

/** The law of the terminal price S with forward F, by its moments M(p) = E[(S/F)^p]; M(0) = M(1) = 1. */
export interface MomentFunction {
  /** Whether the moment of real order p exists. The orders that exist form an interval that holds [0, 1]. */
  isFinite(order: number): boolean;
  /**
   * A function that gives ln M at the points of one path through the upper half-plane, asked in the order of the path,
   * which begins on or next to the real axis among the finite moments. It follows the branch of the logarithm.
   */
  logMomentAlong(): (order: Complex) => Complex;
  /**
   * Angles in (-pi/2, pi/2) worth trying, by which the wings of a contour may lean to the left of the vertical so that
   * M(p) exp(-p logStrike) falls without oscillating. Only a law without singularities off the real axis has any.
   */
  leans(logStrike: number): readonly number[];
}

/**
 * Undiscounted price, as a share of the forward, of the out-of-the-money option with strike F exp(logStrike): the call
 * where logStrike >= 0, else the put.
 *
 * With k = logStrike and phi(p) = (1 - p) k + ln M(p) - ln(p (p - 1)), the integral of exp(phi) / (2 pi i) along a
 * contour that crosses the real axis at a is the call for a > 1, the put for a < 0, and minus the worth of min(S, K)
 * for 0 < a < 1 (Lewis, Option Valuation under Stochastic Volatility, 2000). The contour crosses at the saddle point,
 * the minimum of phi on that part of the axis, where phi is convex: there the integrand does not cancel, so a price of
 * 1e-200 keeps its digits (for Heston: Andersen and Lake, "Robust high-precision option pricing by Fourier transforms",
 * 2018). Where the option is worth most of its bound, min(S, K) is the smaller number and is taken from the bound; so it
 * is where the saddle is so near the pole that the digits of p - 1 run out.
 * The contour is
 *
 *   p(y) = a + i b (sinh(y + i w) - i sin w),
 *
 * steep at the saddle, with wings that lean by w to where oscillation turns into decay (Boyarchenko and Levendorskii,
 * "Sinh-acceleration", 2019). Along it the midpoint rule converges like exp(-c/h). The step h is halved until two grids,
 * which share no node, agree to 1e-12; the finer one, some fifty nodes, is then exact up to rounding, about 1e-16 times
 * the size of the exponent.
 *
 * A law that hardly leaves the forward (next to no variance today, much vol of vol) has M near 1, and the integral of
 * that 1, which is zero, would drown the rest. There M - 1 is integrated instead: the transform of the price over all k, which is positive.
 *
 * Throws a RiskError (`unsupported`) where no two grids agree to 1e-9.
 */
export function outOfTheMoneyShare(moments: MomentFunction, logStrike: number): number {
  const outer = logStrike >= 0 ? 'aboveOne' : 'belowZero';
  const option = saddle(moments, logStrike, outer, 'whole');
  const covered = saddle(moments, logStrike, 'between', 'whole');
  if (option.height < UNDERFLOW) return 0;
  const bound = Math.min(1, Math.exp(logStrike));
  // To within a factor: the integral of a peak of this height and width.
  const share = Math.exp(option.height) * option.width;
  const isMostOfBound = Math.exp(covered.height) * covered.width < share || option.distance * bound < share / 3;
  if (isMostOfBound && covered.height < UNDERFLOW) return bound;
  const value = contourIntegral(moments, logStrike, isMostOfBound ? covered : option, 'whole');
  if (value !== undefined) return isMostOfBound ? bound + value : value;

  const outside = saddle(moments, logStrike, outer, 'centred');
  const inside = saddle(moments, logStrike, 'between', 'centred');
  const centred = contourIntegral(moments, logStrike, inside.height < outside.height ? inside : outside, 'centred');
  if (centred !== undefined) return centred;
  throw new RiskError(
    'unsupported',
    `No contour converges for the strike at ${Math.exp(logStrike)} of the forward: take parameters that are less extreme`,
  );
}

/** What is integrated against 1 / (p (p - 1)): M, or M - 1. */
type Form = 'whole' | 'centred';

/** Parts of the real axis between the poles of the integrand. */
type Part = 'belowZero' | 'between' | 'aboveOne';

interface Saddle {
  readonly order: number;
  /** To the nearest pole. */
  readonly distance: number;
  /** phi, with the logarithm of |p (p - 1)|. */
  readonly height: number;
  /** 1 / sqrt(phi''): the half-width of the integrand's peak. */
  readonly width: number;
}

/** exp of this is zero, whatever the width of a peak. */
const UNDERFLOW = -800;

/**
 * The search runs over t, the logarithm of the distance to the pole. Below e^-36 the pole's own digits are gone; past
 * e^300 no double is left for p^2.
 */
const NEAREST = -36;
const FARTHEST = 300;
const SEARCH_STEPS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

function orderAt(part: Part, t: number): number {
  if (part === 'between') return 1 / (1 + Math.exp(-t));
  return part === 'aboveOne' ? 1 + Math.exp(t) : -Math.exp(t);
}

/** The minimum of phi on one part of the axis, by golden section: phi is convex in p, so it has one valley in t. */
function saddle(moments: MomentFunction, logStrike: number, part: Part, form: Form): Saddle {
  const heightOf = (order: number): number => {
    if (!moments.isFinite(order)) return Infinity;
    const logMoment = moments.logMomentAlong()({ re: order, im: 0 }).re;
    const logForm = form === 'whole' ? logMoment : Math.max(logMoment, 0) + Math.log(-Math.expm1(-Math.abs(logMoment)));
    const height = (1 - order) * logStrike + logForm - Math.log(Math.abs(order)) - Math.log(Math.abs(order - 1));
    // A moment too large for a double is as good as none.
    return Number.isNaN(height) ? Infinity : height;
  };
  const heightAt = (t: number): number => heightOf(orderAt(part, t));

  let low = NEAREST;
  let high = part === 'between' ? -NEAREST : FARTHEST;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let leftHeight = heightAt(left);
  let rightHeight = heightAt(right);
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    // What is infinite lies beyond the last finite moment: the valley is nearer to the pole.
    if (rightHeight === Infinity || leftHeight <= rightHeight) {
      high = right;
      right = left;
      rightHeight = leftHeight;
      left = high - GOLDEN * (high - low);
      leftHeight = heightAt(left);
    } else {
      low = left;
      left = right;
      leftHeight = rightHeight;
      right = low + GOLDEN * (high - low);
      rightHeight = heightAt(right);
    }
  }
  const order = orderAt(part, leftHeight <= rightHeight ? left : right);
  const height = Math.min(leftHeight, rightHeight);
  const distance = part === 'belowZero' ? -order : part === 'aboveOne' ? order - 1 : Math.min(order, 1 - order);
  return { order, distance, height, width: peakWidth(heightOf, order, height, distance) };
}

/** 1 / sqrt(phi'') by a second difference. The pole alone makes it at most the distance to the pole. */
function peakWidth(heightOf: (order: number) => number, order: number, height: number, distance: number): number {
  for (let step = 0.02 * distance; step > 1e-6 * distance; step /= 8) {
    const bend = (heightOf(order + step) + heightOf(order - step) - 2 * height) / (step * step);
    if (bend > 0 && bend < Infinity) return Math.min(distance, 1 / Math.sqrt(bend));
  }
  return distance;
}

const COARSEST_STEP = 0.2;
const HALVINGS = 5;
/** Two grids that agree to this end the search; at worst the last two are taken if they agree to SUFFICIENT. */
const AGREEMENT = 1e-12;
const SUFFICIENT = 1e-9;
/** Nodes smaller than this share of the largest no longer count. */
const NEGLIGIBLE = 1e-18;
/** The most a contour may lose to cancellation. */
const CANCELLATION = 30;
const MOST_NODES = 4000;

/** exp(phi) integrated over the contour through the saddle, by itself negative where the saddle is between the poles. */
function contourIntegral(
  moments: MomentFunction,
  logStrike: number,
  { order, height, width }: Saddle,
  form: Form,
): number | undefined {
  const leans = [0, ...moments.leans(logStrike)];
  // Against M - 1 the strike alone has to make the wings fall: to the right for a call.
  if (form === 'centred') leans.push(logStrike >= 0 ? -0.6 : 0.6, logStrike >= 0 ? -1.2 : 1.2);
  const coarser = leans.map(() => Number.NaN);
  let nearest = { value: Number.NaN, gap: SUFFICIENT };
  let step = COARSEST_STEP;
  for (let halving = 0; halving <= HALVINGS; halving += 1) {
    for (const [i, lean] of leans.entries()) {
      const value = midpointSum(moments, logStrike, order, height, 2 * width, lean, step, form) * step;
      const gap = Math.abs(value / coarser[i]! - 1);
      if (gap <= nearest.gap) nearest = { value, gap };
      if (gap <= AGREEMENT) return scaledByExp(value / Math.PI, height);
      coarser[i] = value;
    }
    step /= 2;
  }
  return nearest.gap < SUFFICIENT ? scaledByExp(nearest.value / Math.PI, height) : undefined;
}

/** x exp(height), without underflow on the way. */
function scaledByExp(x: number, height: number): number {
  const half = Math.exp(height / 2);
  return half * (x * half);
}

/** The integrand at the midpoints y = (j + 1/2) step, relative to its height at the saddle; NaN where it cancels. */
function midpointSum(
  moments: MomentFunction,
  logStrike: number,
  order: number,
  height: number,
  reach: number,
  lean: number,
  step: number,
  form: Form,
): number {
  const logMoment = moments.logMomentAlong();
  const sine = Math.sin(lean);
  const cosine = Math.cos(lean);
  let total = 0;
  let size = 0;
  let largest = 0;
  let smallSince = 0;
  for (let j = 0; j < MOST_NODES; j += 1) {
    const y = (j + 0.5) * step;
    const sinh = Math.sinh(y);
    const cosh = Math.cosh(y);
    const p = { re: order - reach * sine * (cosh - 1), im: reach * cosine * sinh };
    const tangent = { re: -reach * sine * sinh, im: reach * cosine * cosh };
    const log = logMoment(p);
    const shift = { re: (1 - p.re) * logStrike - height, im: -p.im * logStrike };
    const value = form === 'whole' ? exponential(add(shift, log)) : multiply(exponential(shift), expm1(log));
    const node = divide(multiply(value, tangent), multiply(p, { re: p.re - 1, im: p.im }));
    const nodeSize = Math.hypot(node.re, node.im);
    if (!(nodeSize < Infinity)) return Number.NaN;
    total += node.im;
    size += nodeSize;
    largest = Math.max(largest, nodeSize);
    smallSince = nodeSize < NEGLIGIBLE * largest ? smallSince + step : 0;
    if (smallSince > 0.5) return size < CANCELLATION * Math.abs(total) ? total : Number.NaN;
  }
  return Number.NaN;
}

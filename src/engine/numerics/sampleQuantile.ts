/**
 * Quantiles of a sample by every convention in use. `sorted` is ascending and holds at least one number; 0 <= probability <= 1.
 *
 * Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): types 1 to 3 step, types 4
 * to 9 interpolate between the order statistics around n p + m.
 */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export function sampleQuantile(sorted: ArrayLike<number>, probability: number, type: QuantileType): number {
  const n = sorted.length;
  const [j, g] = wholeAndRest(n * probability + offset(type, probability));
  const step = g > 0 ? 1 : 0;
  switch (type) {
    case 1:
      return orderStatistic(sorted, j + step);
    case 2:
      return step === 1
        ? orderStatistic(sorted, j + 1)
        : (orderStatistic(sorted, j) + orderStatistic(sorted, j + 1)) / 2;
    case 3:
      // The nearest order statistic, the even one of two that are equally near.
      return orderStatistic(sorted, step === 0 && j % 2 === 0 ? j : j + 1);
    default:
      return between(sorted, j, g);
  }
}

function offset(type: QuantileType, p: number): number {
  switch (type) {
    case 3:
      return -0.5;
    case 5:
      return 0.5;
    case 6:
      return p;
    case 7:
      return 1 - p;
    case 8:
      return (p + 1) / 3;
    case 9:
      return p / 4 + 3 / 8;
    default:
      return 0;
  }
}

/** The rules of OpenGamma Strata (`QuantileCalculationMethod`), held at the ends of the sample as its extrapolation does. */
export type StrataRule =
  | 'index-above'
  | 'nearest-index'
  | 'sample-plus-one-nearest-index'
  | 'sample-interpolation'
  | 'sample-plus-one-interpolation'
  | 'midway-interpolation';

export function strataQuantile(sorted: ArrayLike<number>, probability: number, rule: StrataRule): number {
  const n = sorted.length;
  const interpolated = (position: number): number => between(sorted, ...wholeAndRest(position));
  const nearest = (position: number): number => {
    const [j, g] = wholeAndRest(position);
    return orderStatistic(sorted, g >= 0.5 - FUZZ * Math.max(1, position) ? j + 1 : j);
  };
  switch (rule) {
    case 'index-above': {
      const [j, g] = wholeAndRest(n * probability);
      return orderStatistic(sorted, g > 0 ? j + 1 : j);
    }
    case 'nearest-index':
      return nearest(n * probability);
    case 'sample-plus-one-nearest-index':
      return nearest((n + 1) * probability);
    case 'sample-interpolation':
      return interpolated(n * probability);
    case 'sample-plus-one-interpolation':
      return interpolated((n + 1) * probability);
    case 'midway-interpolation':
      return interpolated(n * probability + 0.5);
  }
}

/** A rank this near (relative) to a whole number is that number: n p of decimals is seldom exact in binary. */
const FUZZ = 4 * Number.EPSILON;

function wholeAndRest(position: number): [number, number] {
  const whole = Math.round(position);
  if (Math.abs(position - whole) <= FUZZ * Math.max(1, position)) return [whole, 0];
  const below = Math.floor(position);
  return [below, position - below];
}

/** The j-th smallest, held at the ends. */
function orderStatistic(sorted: ArrayLike<number>, j: number): number {
  return sorted[Math.min(Math.max(j, 1), sorted.length) - 1]!;
}

function between(sorted: ArrayLike<number>, j: number, g: number): number {
  const low = orderStatistic(sorted, j);
  return g === 0 ? low : low + g * (orderStatistic(sorted, j + 1) - low);
}

import { inverseNormalCdf, normalCdf, normalPdf } from './numerics/normal.ts';
import { uniforms } from './numerics/sampling.ts';
import { scrambledSobol } from './numerics/sobol.ts';
import { undiscountedBlack } from './pricing/black76.ts';

/** Fills `out` with points of the unit cube, point-major; seeds give independent replicates. */
type Points = (seed: number, count: number, dimensions: number, out: Float64Array) => void;

const pseudoRandom: Points = (seed, count, dimensions, out) => uniforms(seed, 0, 0, 1, count * dimensions, out);
const quasiRandom: Points = (seed, count, dimensions, out) => scrambledSobol(seed, 0, count, dimensions, out);

/** The most numbers drawn for one figure beyond the replicates that a case asks for. */
const MOST_NUMBERS = 2 ** 24;

/**
 * Seeds to measure with: up to four times the replicates of the reference figure, so that the error of ours is half of
 * its. A root mean square of 32 errors is itself off by an eighth.
 */
function seedsFor(replicates: number, numbersEach: number): number[] {
  const count = Math.max(replicates, Math.min(4 * replicates, Math.floor(MOST_NUMBERS / numbersEach)));
  return Array.from({ length: count }, (_, i) => i + 1);
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0) / values.length);
}

/** Errors of a Monte Carlo call price, measured, beside what theory says of them. */
export function callConvergence(
  spot: number,
  strike: number,
  volatility: number,
  years: number,
  count: number,
  replicates: number,
) {
  const totalVol = volatility * Math.sqrt(years);
  const price = undiscountedBlack(1, spot, strike, totalVol);
  const d2 = Math.log(spot / strike) / totalVol - totalVol / 2;
  const square =
    spot * spot * Math.exp(totalVol * totalVol) * normalCdf(d2 + 2 * totalVol) -
    2 * spot * strike * normalCdf(d2 + totalVol) +
    strike * strike * normalCdf(d2);
  const deviation = Math.sqrt(square - price * price);
  const error = (points: Points) => (seed: number) => {
    const out = new Float64Array(count);
    points(seed, count, 1, out);
    let total = 0;
    for (const u of out) {
      total += Math.max(0, spot * Math.exp(totalVol * inverseNormalCdf(u) - (totalVol * totalVol) / 2) - strike);
    }
    return total / count - price;
  };
  const seeds = seedsFor(replicates, count);
  return {
    exact_price: price,
    payoff_sd: deviation,
    theory_rmse_mc: deviation / Math.sqrt(count),
    measured_rmse_mc: rootMeanSquare(seeds.map(error(pseudoRandom))),
    measured_rmse_scrambled_sobol: rootMeanSquare(seeds.map(error(quasiRandom))),
  };
}

/**
 * Relative errors of the VaR and expected shortfall of a linear portfolio of normals, measured. VaR is the ceil(n (1 - alpha))-th worst loss, the shortfall the mean up to it.
 */
export function portfolioConvergence(
  exposure: readonly number[],
  covariance: readonly (readonly number[])[],
  alpha: number,
  count: number,
  replicates: number,
) {
  const loadings = factorLoadings(exposure, covariance);
  const deviation = Math.hypot(...loadings);
  const z = inverseNormalCdf(alpha);
  const exactVar = deviation * z;
  const exactShortfall = (deviation * normalPdf(z)) / (1 - alpha);
  const rank = Math.ceil(count * (1 - alpha));
  const errors = (points: Points) => (seed: number) => {
    const out = new Float64Array(count * loadings.length);
    points(seed, count, loadings.length, out);
    const losses = new Float64Array(count);
    for (let i = 0, position = 0; i < count; i += 1) {
      for (const loading of loadings) losses[i]! -= loading * inverseNormalCdf(out[position++]!);
    }
    losses.sort();
    const worst = losses.subarray(count - rank);
    const shortfall = worst.reduce((total, loss) => total + loss, 0) / rank;
    return { valueAtRisk: worst[0]! / exactVar - 1, shortfall: shortfall / exactShortfall - 1 };
  };
  const seeds = seedsFor(replicates, count * loadings.length);
  const random = seeds.map(errors(pseudoRandom));
  const quasi = seeds.map(errors(quasiRandom));
  return {
    exact_var: exactVar,
    exact_es: exactShortfall,
    var_rel_rmse_mc: rootMeanSquare(random.map((each) => each.valueAtRisk)),
    var_rel_rmse_sobol: rootMeanSquare(quasi.map((each) => each.valueAtRisk)),
    es_rel_rmse_mc: rootMeanSquare(random.map((each) => each.shortfall)),
    es_rel_rmse_sobol: rootMeanSquare(quasi.map((each) => each.shortfall)),
    theory_var_mc: Math.sqrt((alpha * (1 - alpha)) / count) / (normalPdf(z) * z),
  };
}

/** The exposure to each independent normal of the covariance's Cholesky factor. */
function factorLoadings(exposure: readonly number[], covariance: readonly (readonly number[])[]): number[] {
  const factor: number[][] = [];
  for (const [i, row] of covariance.entries()) {
    const line: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      let rest = row[j]!;
      for (let k = 0; k < j; k += 1) rest -= line[k]! * (i === j ? line[k]! : factor[j]![k]!);
      line.push(i === j ? Math.sqrt(rest) : rest / factor[j]![j]!);
    }
    factor.push(line);
  }
  return exposure.map((_, j) => factor.reduce((total, line, i) => total + exposure[i]! * (line[j] ?? 0), 0));
}

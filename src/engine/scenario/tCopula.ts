import { inverse, type Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { CopulaMargins } from '../domain/riskReport.ts';
import type { EstimateOverrides } from '../domain/scenarioEstimates.ts';
import { minimum } from '../numerics/minimum.ts';
import { normalCdf } from '../numerics/normal.ts';
import { estimateCovariance } from '../numerics/observedInformation.ts';
import { studentTPdf, studentTQuantile } from '../numerics/studentT.ts';
import { consistentCorrelation, correlationMatrix, factorPairs } from './correlation.ts';
import { INCONSISTENT } from './covarianceEstimates.ts';
import { covarianceFactor } from './covarianceFactor.ts';
import { annualPercent, EstimateList, factorId, factorMoves, factorName, movingFactors } from './EstimateList.ts';
import { type JointMoves, MOVE_LIMITS } from './jointMoves.ts';
import { type MonteCarloRequest, rowMajor, type ScenarioGenerator } from './monteCarloScenarios.ts';
import { chiSquareDraws, normalDraws } from './pathDraws.ts';
import type { CopulaDraws, CopulaMargin } from './pathPlan.ts';

/** A t copula and t margins of the factors that move, with standard errors where the fit has them. */
export interface TCopulaFit {
  readonly moving: readonly number[];
  readonly degreesOfFreedom: Fitted;
  /** Below the diagonal of the moving factors, row by row. */
  readonly correlations: readonly Fitted[];
  readonly margins: readonly TMargin[];
}

interface Fitted {
  readonly value: number;
  readonly standardError: number | null;
}

/** x = scale * t with these degrees of freedom, per step. */
export interface TMargin {
  readonly degreesOfFreedom: Fitted;
  readonly scale: Fitted;
}

/** Of margins and copula alike: below, moves have no variance; above, they cannot be told from normal. */
export const DEGREES_RANGE = [2.05, 100] as const;

/**
 * Estimated in three steps (the pseudo-likelihood of Genest, Ghoudi and Rivest 1995; Demarta and McNeil 2005, "The t copula and
 * related copulas"): margins each by maximum likelihood, with centre zero; correlations from Kendall's tau, rho = sin(pi tau / 2),
 * which holds for every elliptical copula; the copula's degrees of freedom by maximum likelihood given these, on ranks / (n + 1).
 * Standard errors: of margins and degrees of freedom from the observed information, without the error of the steps before; of
 * correlations from the variance of Kendall's tau (Hajek's projection) by the delta method. Days are taken as independent.
 */
export function tCopulaFit(moves: JointMoves): TCopulaFit {
  const moving = movingFactors(moves);
  const rows = moving.map((i) => factorMoves(moves, i));
  const correlations = factorPairs(rows.length).map(([i, j]) => {
    const tau = kendallTau(rows[i]!, rows[j]!);
    return {
      value: Math.sin((Math.PI / 2) * tau.value),
      standardError: (Math.PI / 2) * Math.cos((Math.PI / 2) * tau.value) * tau.standardError,
    };
  });
  const { matrix } = consistentCorrelation(
    correlationMatrix(
      rows.length,
      correlations.map(({ value }) => value),
    ),
  );
  return {
    moving,
    degreesOfFreedom: copulaDegrees(rows, matrix),
    correlations,
    margins: rows.map((row, k) => tMarginFit(row, factorName(moves, moving[k]!))),
  };
}

/** Centre zero, scale and degrees of freedom by maximum likelihood. @throws RiskError when the search does not settle. */
export function tMarginFit(values: Float64Array, name: string): TMargin {
  const [low, high] = DEGREES_RANGE;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
  const logLikelihood = ([degrees, scale]: readonly number[]): number => {
    if (!(degrees! >= low && degrees! <= high && scale! > 0)) return -Infinity;
    const constant = Math.log(studentTPdf(0, degrees!) / (scale! * deviation));
    let sum = values.length * constant;
    for (const x of values) sum -= ((degrees! + 1) / 2) * Math.log1p((x / (scale! * deviation)) ** 2 / degrees!);
    return sum;
  };
  const fit = minimum(
    ([x, s]) => -logLikelihood([Math.exp(x!), Math.exp(s!)]) / values.length,
    [Math.log(5), Math.log(0.8)],
    [0.4, 0.2],
  );
  if (!fit.converged) {
    throw new RiskError(
      'bad-value',
      `A Student-t cannot be fitted to ${name}: its likelihood has no maximum that a search settles on; choose empirical margins or another distribution`,
    );
  }
  const [degrees, scale] = fit.at.map(Math.exp) as [number, number];
  const inside = degrees > low + 1e-3 && degrees < high - 1e-1;
  const covariance = inside
    ? estimateCovariance(logLikelihood, [degrees, scale], [1e-3 * degrees, 1e-3 * scale])
    : null;
  return {
    degreesOfFreedom: { value: degrees, standardError: covariance && Math.sqrt(covariance.get(0, 0)) },
    scale: { value: scale * deviation, standardError: covariance && Math.sqrt(covariance.get(1, 1)) * deviation },
  };
}

/**
 * Kendall's tau-b, and its standard error: twice the deviation of each observation's own concordance over root n (Hajek's projection
 * of the U-statistic). All pairs are counted: n of a few thousand takes milliseconds.
 */
export function kendallTau(x: Float64Array, y: Float64Array): { value: number; standardError: number } {
  const n = x.length;
  const own = new Float64Array(n);
  let [ties, otherTies] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const a = Math.sign(x[i]! - x[j]!);
      const b = Math.sign(y[i]! - y[j]!);
      if (a === 0) ties += 1;
      if (b === 0) otherTies += 1;
      own[i] = own[i]! + a * b;
      own[j] = own[j]! + a * b;
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const untied = Math.sqrt((pairs - ties) * (pairs - otherTies));
  const value = untied > 0 ? own.reduce((sum, each) => sum + each, 0) / 2 / untied : 0;
  const mean = (value * untied) / pairs;
  const variance = own.reduce((sum, each) => sum + (each / (n - 1) - mean) ** 2, 0) / n;
  return { value, standardError: 2 * Math.sqrt(variance / n) };
}

/** Log-density of the t copula at t scores z (quantiles of ranks), summed over the observations; `z[k]` is factor k. */
export function tCopulaLogLikelihood(z: readonly Float64Array[], correlation: Matrix, degrees: number): number {
  const d = z.length;
  const inverted = inverse(correlation).to2DArray();
  const logDeterminant =
    2 *
    covarianceFactor(correlation)
      .diagonal()
      .reduce((sum, value) => sum + Math.log(value), 0);
  // Gamma((n + d) / 2) / Gamma(n / 2) as a product of ratios of neighbours, each read off a t density at zero.
  let constant = (-d / 2) * Math.log(degrees * Math.PI) - logDeterminant / 2 - d * Math.log(studentTPdf(0, degrees));
  for (let k = 0; k < d; k += 1) constant += Math.log(studentTPdf(0, degrees + k) * Math.sqrt((degrees + k) * Math.PI));
  let sum = z[0]!.length * constant;
  for (let t = 0; t < z[0]!.length; t += 1) {
    let square = 0;
    for (let i = 0; i < d; i += 1) {
      const zi = z[i]![t]!;
      let product = 0;
      for (let j = 0; j < d; j += 1) product += inverted[i]![j]! * z[j]![t]!;
      square += zi * product;
      sum += ((degrees + 1) / 2) * Math.log1p((zi * zi) / degrees);
    }
    sum -= ((degrees + d) / 2) * Math.log1p(square / degrees);
  }
  return sum;
}

function copulaDegrees(rows: readonly Float64Array[], correlation: Matrix): Fitted {
  const n = rows[0]!.length;
  const ranks = rows.map(rankOf);
  const [low, high] = DEGREES_RANGE;
  const logLikelihood = (degrees: number): number => {
    if (!(degrees >= low && degrees <= high)) return -Infinity;
    // Ranks come in halves; every factor reads the same few quantiles.
    const quantiles = Float64Array.from({ length: 2 * n + 1 }, (_, twice) =>
      twice < 2 || twice > 2 * n ? 0 : Number.NaN,
    );
    const quantile = (rank: number): number => {
      const twice = Math.round(2 * rank);
      if (Number.isNaN(quantiles[twice]!)) quantiles[twice] = studentTQuantile(rank / (n + 1), degrees);
      return quantiles[twice]!;
    };
    return tCopulaLogLikelihood(
      ranks.map((each) => each.map(quantile)),
      correlation,
      degrees,
    );
  };
  const fit = minimum(([x]) => -logLikelihood(Math.exp(x!)) / n, [Math.log(6)], [0.5]);
  if (!fit.converged) {
    throw new RiskError(
      'bad-value',
      'The degrees of freedom of the t copula cannot be fitted to this history; choose another distribution',
    );
  }
  const value = Math.exp(fit.at[0]!);
  const inside = value > low + 1e-3 && value < high - 1e-1;
  const covariance = inside
    ? estimateCovariance(([degrees]) => logLikelihood(degrees!), [value], [1e-2 * value])
    : null;
  return { value, standardError: covariance && Math.sqrt(covariance.get(0, 0)) };
}

/** Ranks from 1, ties sharing their mean. */
function rankOf(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j + 1 < order.length && values[order[j + 1]!] === values[order[i]!]) j += 1;
    for (let k = i; k <= j; k += 1) ranks[order[k]!] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return ranks;
}

// ---- moves drawn from it -------------------------------------------------------------------------------------------

/** Streams of one seed, apart from those of the other generators. */
const STREAM = { normal: 16, chiSquare: 17, unexplained: 18 } as const;

export interface TCopulaRequest extends MonteCarloRequest {
  readonly margins: CopulaMargins;
  readonly estimates: EstimateOverrides;
}

/**
 * Joint moves with a t copula: each factor has tails of its own, and extreme days are extreme for several at once, however their
 * tails differ (lower and upper tail dependence of a pair: 2 t_(n+1)(-root((n + 1)(1 - rho) / (1 + rho)))). A vector of multivariate
 * t is drawn, each component sent through its own distribution function and the quantile function of its margin: Student-t as
 * fitted, or the history's own moves about their mean, linear between them and never beyond the largest. Over h steps moves are a
 * step's times root h, with its tails: the sum of several would have thinner ones. Where a vol has no index, what its estimate leaves
 * unexplained is added as one normal move common to all vols.
 */
export function tCopulaGenerator(
  moves: JointMoves,
  fit: TCopulaFit,
  request: TCopulaRequest,
): ScenarioGenerator<CopulaDraws> {
  const list = new EstimateList(request.estimates);
  const { moving } = fit;
  const [least, most] = DEGREES_RANGE;
  const freedom = { unit: '', min: least, max: most };
  const degrees = list.use({
    ...freedom,
    id: 'copula.degrees',
    group: 'Copula',
    name: 'Degrees of freedom ν',
    estimated: fit.degreesOfFreedom.value,
    standardError: fit.degreesOfFreedom.standardError,
  });
  const annual = annualPercent(moves.stepDays);
  const margins = moving.map((i, k): CopulaMargin => {
    if (request.margins === 'empirical') return { kind: 'empirical', moves: factorMoves(moves, i) };
    const group = factorName(moves, i);
    const fitted = fit.margins[k]!;
    const own = list.use({
      ...freedom,
      id: `${factorId(moves, i)}.degrees`,
      group,
      name: 'Degrees of freedom ν',
      estimated: fitted.degreesOfFreedom.value,
      standardError: fitted.degreesOfFreedom.standardError,
    });
    const scale = list.use({
      id: `${factorId(moves, i)}.scale`,
      group,
      name: 'Scale',
      unit: '% a year',
      estimated: fitted.scale.value * annual,
      standardError: fitted.scale.standardError && fitted.scale.standardError * annual,
      min: 0,
      max: 10_000,
    });
    return { kind: 't', degreesOfFreedom: own, scale: scale / annual };
  });
  const values = factorPairs(moving.length).map(([a, b], k) => {
    const [i, j] = [moving[a]!, moving[b]!];
    return list.use({
      id: `${factorId(moves, j)}:${factorId(moves, i)}`,
      group: 'Correlations',
      name: `${factorName(moves, j)}, ${factorName(moves, i)}`,
      unit: '',
      estimated: fit.correlations[k]!.value,
      standardError: fit.correlations[k]!.standardError,
      min: -1,
      max: 1,
    });
  });
  const { matrix, isRepaired } = consistentCorrelation(correlationMatrix(moving.length, values));
  const byHand = isRepaired && Object.keys(request.estimates).some((id) => id.includes(':'));
  const notices: Notice[] = byHand ? [INCONSISTENT] : [];
  const steps = request.horizonDays / moves.stepDays;
  return {
    notices,
    estimates: list.report(
      request.margins === 'empirical' ? 't copula, empirical margins' : 't copula, Student-t margins',
      'Margins and ν by maximum likelihood, correlations from Kendall’s tau; standard errors step by step',
      moves,
    ),
    draws: {
      kind: 't-copula',
      seed: request.seed,
      moving,
      factor: rowMajor(covarianceFactor(matrix)),
      degreesOfFreedom: degrees,
      margins,
      scale: Math.sqrt(steps),
      unexplained: Math.sqrt(moves.unexplainedVolVariance * steps),
      ...MOVE_LIMITS,
    },
  };
}

/** Log-moves of chosen paths of so many coins, `[factor * paths + path]`. The tables of the margins are made once. */
export function copulaMoves(draws: CopulaDraws, coins: number): (paths: Int32Array) => Float64Array {
  const { seed, moving, factor, degreesOfFreedom, scale, unexplained } = draws;
  const size = moving.length;
  const margins = draws.margins.map((margin) =>
    margin.kind === 't'
      ? tMargin(margin.degreesOfFreedom, margin.scale, degreesOfFreedom)
      : empiricalMargin(margin.moves, degreesOfFreedom),
  );
  return (paths) => {
    const count = paths.length;
    const normal = normalDraws(seed, STREAM.normal, paths, size);
    const chi = chiSquareDraws(seed, STREAM.chiSquare, paths, degreesOfFreedom);
    const common = unexplained > 0 ? normalDraws(seed, STREAM.unexplained, paths, 1) : null;
    const moved = new Float64Array(2 * coins * count);
    for (let s = 0; s < count; s += 1) {
      const stretch = Math.sqrt(degreesOfFreedom / chi[s]!);
      for (let k = 0; k < size; k += 1) {
        let z = 0;
        for (let j = 0; j < size; j += 1) z += factor[k * size + j]! * normal[s * size + j]!;
        moved[moving[k]! * count + s] = margins[k]!(z * stretch) * scale;
      }
      if (common !== null) {
        for (let i = coins; i < 2 * coins; i += 1)
          moved[i * count + s] = moved[i * count + s]! + unexplained * common[s]!;
      }
    }
    return moved;
  };
}

/** Move of a step for a t score of the copula. */
type Margin = (z: number) => number;

/** Nodes of the tables below: normal scores from 0 to 12 (a chance of 2e-33), so many to one. */
const NODES = { reach: 12, perScore: 32 };

/** Lower-tail chances of the nodes, from one half down. */
function nodeChances(): Float64Array {
  return Float64Array.from({ length: NODES.reach * NODES.perScore + 1 }, (_, k) => normalCdf(-k / NODES.perScore));
}

/**
 * Quantile of a t margin at the chance that the copula's t gives z. Quantiles are dear and drawn by the million, so asinh of the one
 * is tabulated against asinh of the other, nearly a straight line since both tails are powers, with its exact slope, and read by cubic
 * Hermite interpolation (relative error below 1e-7); beyond the table the straight line goes on.
 */
export function tMargin(degrees: number, scale: number, copulaDegrees: number): Margin {
  if (degrees === copulaDegrees) return (z) => z * scale;
  const chances = nodeChances();
  const x = new Float64Array(chances.length);
  const y = new Float64Array(chances.length);
  const slope = new Float64Array(chances.length);
  chances.forEach((chance, k) => {
    const from = k === 0 ? 0 : -studentTQuantile(chance, copulaDegrees);
    const to = k === 0 ? 0 : -studentTQuantile(chance, degrees);
    x[k] = Math.asinh(from);
    y[k] = Math.asinh(to);
    slope[k] =
      (studentTPdf(from, copulaDegrees) / studentTPdf(to, degrees)) * Math.sqrt((1 + from * from) / (1 + to * to));
  });
  return (z) => Math.sign(z) * Math.sinh(hermite(x, y, slope, Math.asinh(Math.abs(z)))) * scale;
}

/** Quantile of the history's own moves less their mean, at the chance that the copula's t gives z. */
export function empiricalMargin(values: Float64Array, copulaDegrees: number): Margin {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sorted = values.map((value) => value - mean).sort();
  const chances = nodeChances();
  const x = chances.map((chance, k) => (k === 0 ? 0 : Math.asinh(-studentTQuantile(chance, copulaDegrees))));
  // The log of the chance runs straight against asinh in the tail, and exp keeps its digits.
  const y = chances.map(Math.log);
  const slope = x.map((at, k) => (-studentTPdf(Math.sinh(at), copulaDegrees) * Math.cosh(at)) / chances[k]!);
  return (z) => {
    const tail = Math.exp(hermite(x, y, slope, Math.asinh(Math.abs(z))));
    // Order statistic i (from 0) stands at (i + 1) / (n + 1); beyond the first and the last there is nothing known.
    const at = Math.min(Math.max(tail * (n + 1) - 1, 0), n - 1);
    const below = Math.floor(at);
    const read = (i: number): number => (z < 0 ? sorted[i]! : sorted[n - 1 - i]!);
    return below + 1 < n ? read(below) + (at - below) * (read(below + 1) - read(below)) : read(below);
  };
}

/** Cubic Hermite interpolation over ascending x; beyond the last node, the line of its slope. */
function hermite(x: Float64Array, y: Float64Array, slope: Float64Array, at: number): number {
  const last = x.length - 1;
  if (at >= x[last]!) return y[last]! + slope[last]! * (at - x[last]!);
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  const width = x[high]! - x[low]!;
  const t = (at - x[low]!) / width;
  const rest = 1 - t;
  return (
    rest * rest * ((1 + 2 * t) * y[low]! + t * width * slope[low]!) +
    t * t * ((3 - 2 * t) * y[high]! - rest * width * slope[high]!)
  );
}

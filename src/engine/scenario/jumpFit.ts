import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import { scoreCovariance } from '../numerics/observedInformation.ts';

/**
 * Joint moves of d factors over a step as a diffusion with common jumps (Merton 1976, in d dimensions):
 * x = m + e + sum of N jumps, e ~ N(0, D S D), N ~ Poisson(intensity), each jump ~ N(mean, J). D is the diagonal of the step's own
 * deviations where the diffusion has a volatility that is known by step, else the unit matrix.
 */
export interface JumpParameters {
  /** Expected jumps a step. */
  readonly intensity: number;
  /** m; zero where D is given. */
  readonly drift: Float64Array;
  /** S. */
  readonly diffusion: Matrix;
  /** Mean of one jump, by factor. */
  readonly jumpMean: Float64Array;
  /** J. */
  readonly jumpCovariance: Matrix;
}

export interface JumpFit extends JumpParameters {
  readonly logLikelihood: number;
  /** Of the same moves without jumps. */
  readonly logLikelihoodWithoutJumps: number;
  /** Chance that step t had a jump, given all that was seen. */
  readonly jumpChance: Float64Array;
  /** Expected jump part of each step's move, by factor. */
  readonly jumpPart: readonly Float64Array[];
}

/** More jumps than this in a step are not told apart; at the largest intensity their chance is 1e-6. */
const MOST_JUMPS = 8;
/**
 * Most jumps a step. Jumps as frequent as steps are no jumps; and where the diffusion has a volatility of its own, which explains
 * stretches of large moves, more than one in ten steps would be a second diffusion.
 */
export const MOST_INTENSITY = { plain: 1, scaled: 0.1 } as const;
/** Numbers of jumps that are less likely than this, before the move is seen, are left out. */
const LEAST_LOG_CHANCE = -20;
/** Likewise once it is seen. */
const NEGLIGIBLE = 1e-12;
const MOST_CYCLES = 1000;
/** EM has settled when a step raises the log-likelihood by less than this: a hundredth of a standard error is fifty times as much. */
const SETTLED = 1e-6;
/** A diffusion whose determinant falls by this factor below the sample's has collapsed onto a few moves. */
const COLLAPSE = 1e-9;
/** With less than this gained over no jumps at all, there are none. */
const NO_GAIN = 1e-3;

/**
 * Maximum likelihood by EM (Dempster, Laird and Rubin 1977), with the number of jumps of each step and their sum as what is not
 * seen: given N = n, the sum is normal with mean n mean + n J V^-1 (x - m - n mean), V = D S D + n J, and all updates are moments.
 * Each step of it raises the likelihood; every third is lengthened (Varadhan and Roland 2008) where that raises it more. Two starts, days beyond four robust deviations and a neutral one; the better is kept.
 * Intensity 0, and no jump sizes, where jumps explain nothing.
 *
 * @param rows one a factor, equally long; factors must move.
 * @param scales D by factor and step, or null.
 * @param names whose moves, for the message.
 * @throws RiskError when the search does not settle, or settles on a collapsed diffusion, where the likelihood has no maximum.
 */
export function jumpFit(rows: readonly Float64Array[], scales: readonly Float64Array[] | null, names: string): JumpFit {
  const sample: Sample = { rows, scales, count: rows[0]!.length, size: rows.length };
  const plain = withoutJumps(sample);
  const plainLikelihood = sum(jumpLogLikelihoods(sample, plain));
  const fits = starts(sample, plain).map((start) => expectationMaximization(sample, start, plain, names));
  const best = fits.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  if (best.logLikelihood - plainLikelihood < NO_GAIN) {
    return {
      ...plain,
      logLikelihood: plainLikelihood,
      logLikelihoodWithoutJumps: plainLikelihood,
      jumpChance: new Float64Array(sample.count),
      jumpPart: rows.map(() => new Float64Array(sample.count)),
    };
  }
  return { ...best, logLikelihoodWithoutJumps: plainLikelihood };
}

export interface Sample {
  readonly rows: readonly Float64Array[];
  readonly scales: readonly Float64Array[] | null;
  readonly count: number;
  readonly size: number;
}

/** Log-likelihood of each step, constants included. */
export function jumpLogLikelihoods(sample: Sample, parameters: JumpParameters): Float64Array {
  const components = componentsOf(sample, parameters);
  const out = new Float64Array(sample.count);
  const terms = new Float64Array(MOST_JUMPS + 1);
  for (let t = 0; t < sample.count; t += 1) out[t] = stepLikelihood(sample, parameters, components, t, terms);
  return out;
}

/** Standard errors in the order intensity, deviations of the diffusion, jump means, jump deviations; null where there are none. */
export function jumpStandardErrors(
  rows: readonly Float64Array[],
  scales: readonly Float64Array[] | null,
  fit: JumpParameters,
): { intensity: number; diffusion: number[]; jumpMean: number[]; jumpDeviation: number[] } | null {
  if (fit.intensity === 0) return null;
  const sample: Sample = { rows, scales, count: rows[0]!.length, size: rows.length };
  const d = rows.length;
  const diffusion = deviationsAndCorrelations(fit.diffusion);
  const jump = deviationsAndCorrelations(fit.jumpCovariance);
  const drift = scales === null ? [...fit.drift] : [];
  const at = [
    fit.intensity,
    ...diffusion.deviations,
    ...fit.jumpMean,
    ...jump.deviations,
    ...diffusion.correlations,
    ...jump.correlations,
    ...drift,
  ];
  const pairs = (d * (d - 1)) / 2;
  const parametersAt = (x: readonly number[]): JumpParameters => {
    const part = (from: number, length: number): number[] => x.slice(from, from + length);
    return {
      intensity: x[0]!,
      diffusion: covarianceOf(part(1, d), part(1 + 3 * d, pairs)),
      jumpMean: Float64Array.from(part(1 + d, d)),
      jumpCovariance: covarianceOf(part(1 + 2 * d, d), part(1 + 3 * d + pairs, pairs)),
      drift: scales === null ? Float64Array.from(part(1 + 3 * d + 2 * pairs, d)) : fit.drift,
    };
  };
  const steps = at.map((value, k) => {
    const i = (k - 1) % d;
    if (k === 0) return 1e-4 * value;
    if (k < 1 + 3 * d) return 1e-4 * (k < 1 + d ? diffusion.deviations[i]! : jump.deviations[i]!);
    return k < 1 + 3 * d + 2 * pairs
      ? 1e-4 * (1 - Math.abs(value))
      : 1e-4 * diffusion.deviations[(k - 1 - 3 * d - 2 * pairs) % d]!;
  });
  const covariance = scoreCovariance((x) => jumpLogLikelihoods(sample, parametersAt(x)), at, steps);
  if (covariance === null) return null;
  const error = (k: number): number => Math.sqrt(covariance.get(k, k));
  const errors = (from: number): number[] => Array.from({ length: d }, (_, i) => error(from + i));
  return { intensity: error(0), diffusion: errors(1), jumpMean: errors(1 + d), jumpDeviation: errors(1 + 2 * d) };
}

/** Roots of the diagonal, and the correlations below it, row by row; zero where a factor does not move. */
export function deviationsAndCorrelations(covariance: Matrix): { deviations: number[]; correlations: number[] } {
  const deviations = covariance.diagonal().map((value) => Math.sqrt(Math.max(value, 0)));
  const correlations: number[] = [];
  for (let i = 0; i < covariance.rows; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const scale = deviations[i]! * deviations[j]!;
      correlations.push(scale > 0 ? Math.min(Math.max(covariance.get(i, j) / scale, -1), 1) : 0);
    }
  }
  return { deviations, correlations };
}

/** The covariance of `deviationsAndCorrelations`. */
export function covarianceOf(deviations: readonly number[], correlations: readonly number[]): Matrix {
  const d = deviations.length;
  const covariance = new Matrix(d, d);
  let k = 0;
  for (let i = 0; i < d; i += 1) {
    covariance.set(i, i, deviations[i]! ** 2);
    for (let j = 0; j < i; j += 1) {
      const value = correlations[k]! * deviations[i]! * deviations[j]!;
      k += 1;
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    }
  }
  return covariance;
}

// ---- expectation and maximization ----------------------------------------------------------------------------------

function expectationMaximization(
  sample: Sample,
  start: JumpParameters,
  plain: JumpParameters,
  names: string,
): Omit<JumpFit, 'logLikelihoodWithoutJumps'> {
  const floor = COLLAPSE * determinant(plain.diffusion);
  const units = plain.diffusion.diagonal().map(Math.sqrt);
  const most = sample.scales === null ? MOST_INTENSITY.plain : MOST_INTENSITY.scaled;
  let current = { ...start, intensity: Math.min(start.intensity, most) };
  let now = expectationStep(sample, current);
  for (let cycle = 0; cycle < MOST_CYCLES; cycle += 1) {
    if (!(determinant(current.diffusion) > floor)) throw unfit(names, 'its likelihood has no maximum');
    // Without jumps left their sizes are not determined, and the likelihood is that of none.
    const none = current.intensity * sample.count < 1e-3;
    const once = none ? now : expectationStep(sample, now.parameters);
    if (none || once.logLikelihood - now.logLikelihood < SETTLED) {
      const { logLikelihood, jumpChance, jumpPart } = now;
      return { ...(none ? plain : current), logLikelihood, jumpChance, jumpPart };
    }
    // Two steps of EM say where it is going; a long one there is taken if the likelihood agrees.
    const path = [current, now.parameters, once.parameters].map((each) => vectorOf(each, units));
    const far = parametersOf(extrapolated(path), units);
    const leap = isPossible(far, floor, most) ? expectationStep(sample, far) : null;
    if (leap !== null && leap.logLikelihood > once.logLikelihood) {
      current = far;
      now = leap;
    } else {
      current = now.parameters;
      now = once;
    }
  }
  throw unfit(names, `its likelihood still rises after ${MOST_CYCLES} steps`);
}

/** Where three points of a slow geometric approach lead to: scheme S3 of Varadhan and Roland (2008), "SQUAREM". */
function extrapolated([from, once, twice]: readonly (readonly number[])[]): number[] {
  const first = from!.map((value, k) => once![k]! - value);
  const second = once!.map((value, k) => twice![k]! - value - first[k]!);
  const length = Math.max(Math.hypot(...first) / Math.max(Math.hypot(...second), 1e-300), 1);
  return from!.map((value, k) => value + 2 * length * first[k]! + length * length * second[k]!);
}

/** Parameters as one vector without units: intensity, drift, jump mean, and the lower triangles of both covariances. */
function vectorOf(parameters: JumpParameters, units: readonly number[]): number[] {
  const { intensity, drift, jumpMean, diffusion, jumpCovariance } = parameters;
  const out = [intensity];
  for (const mean of [drift, jumpMean]) mean.forEach((value, i) => out.push(value / units[i]!));
  for (const matrix of [diffusion, jumpCovariance])
    units.forEach((unit, i) => {
      for (let j = 0; j <= i; j += 1) out.push(matrix.get(i, j) / (unit * units[j]!));
    });
  return out;
}

/** The parameters of `vectorOf`. */
function parametersOf(vector: readonly number[], units: readonly number[]): JumpParameters {
  let k = 1;
  const means = (): Float64Array => Float64Array.from(units, (unit) => vector[k++]! * unit);
  const covariance = (): Matrix => {
    const out = new Matrix(units.length, units.length);
    units.forEach((unit, i) => {
      for (let j = 0; j <= i; j += 1) {
        const value = vector[k++]! * unit * units[j]!;
        out.set(i, j, value);
        out.set(j, i, value);
      }
    });
    return out;
  };
  return {
    intensity: vector[0]!,
    drift: means(),
    jumpMean: means(),
    diffusion: covariance(),
    jumpCovariance: covariance(),
  };
}

function isPossible({ intensity, diffusion, jumpCovariance }: JumpParameters, floor: number, most: number): boolean {
  return intensity > 0 && intensity <= most && determinant(diffusion) > floor && determinant(jumpCovariance) > 0;
}

function unfit(names: string, reason: string): RiskError {
  return new RiskError(
    'bad-value',
    `Jumps cannot be told from the diffusion in the history of ${names}: ${reason}; choose another distribution`,
  );
}

/** One step of EM: the likelihood of `parameters`, and parameters at which it is not lower. */
function expectationStep(
  sample: Sample,
  parameters: JumpParameters,
): { logLikelihood: number; parameters: JumpParameters; jumpChance: Float64Array; jumpPart: Float64Array[] } {
  const { rows, scales, count, size: d } = sample;
  const components = componentsOf(sample, parameters);
  const jumpChance = new Float64Array(count);
  const jumpPart = rows.map(() => new Float64Array(count));
  const terms = new Float64Array(MOST_JUMPS + 1);
  const residual = new Float64Array(d);
  const solved = new Float64Array(d);
  const conditional = new Float64Array(d);
  const jumps = parameters.jumpCovariance.to2DArray();
  let [logLikelihood, expectedJumps, jumpSteps] = [0, 0, 0];
  const jumpSum = new Float64Array(d);
  const jumpMoments = new Float64Array(d * d);
  const diffusionMoments = new Float64Array(d * d);
  const driftSum = new Float64Array(d);
  for (let t = 0; t < count; t += 1) {
    const likelihood = stepLikelihood(sample, parameters, components, t, terms);
    logLikelihood += likelihood;
    for (let n = 0; n <= MOST_JUMPS; n += 1) {
      const chance = Math.exp(terms[n]! - likelihood);
      if (chance < NEGLIGIBLE) continue;
      const component = components(t, n);
      const { root } = component;
      const spread = component.spread();
      for (let i = 0; i < d; i += 1) residual[i] = rows[i]![t]! - parameters.drift[i]! - n * parameters.jumpMean[i]!;
      solveCholesky(root, residual, solved, d);
      for (let i = 0; i < d; i += 1) {
        let value = n * parameters.jumpMean[i]!;
        for (let j = 0; j < d; j += 1) value += n * jumps[i]![j]! * solved[j]!;
        conditional[i] = value;
      }
      if (n > 0) {
        jumpChance[t] = jumpChance[t]! + chance;
        jumpSteps += chance;
        expectedJumps += chance * n;
      }
      for (let i = 0; i < d; i += 1) {
        jumpSum[i] = jumpSum[i]! + chance * conditional[i]!;
        jumpPart[i]![t] = jumpPart[i]![t]! + chance * conditional[i]!;
        const di = rows[i]![t]! - conditional[i]!;
        driftSum[i] = driftSum[i]! + chance * di;
        const scaleI = scales === null ? 1 : scales[i]![t]!;
        for (let j = 0; j <= i; j += 1) {
          const dj = rows[j]![t]! - conditional[j]!;
          const scale = scaleI * (scales === null ? 1 : scales[j]![t]!);
          const k = i * d + j;
          diffusionMoments[k] = diffusionMoments[k]! + (chance * (di * dj + spread[k]!)) / scale;
          if (n > 0) jumpMoments[k] = jumpMoments[k]! + (chance * (conditional[i]! * conditional[j]! + spread[k]!)) / n;
        }
      }
    }
  }
  const drift = scales === null ? driftSum.map((value) => value / count) : parameters.drift;
  const most = scales === null ? MOST_INTENSITY.plain : MOST_INTENSITY.scaled;
  const intensity = Math.min(expectedJumps / count, most);
  const jumpMean = expectedJumps > 0 ? jumpSum.map((value) => value / expectedJumps) : jumpSum;
  const diffusion = new Matrix(d, d);
  const jumpCovariance = new Matrix(d, d);
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const k = i * d + j;
      // sum w (a - m)(b - m)' = sum w a b' - count m m' when m is the mean of a; D is not given together with a drift.
      const own = diffusionMoments[k]! / count - drift[i]! * drift[j]!;
      diffusion.set(i, j, own);
      diffusion.set(j, i, own);
      // sum w (y - n mean)(y - n mean)' / n = sum w y y' / n - (sum w n) mean mean'.
      const jump = jumpSteps > 0 ? (jumpMoments[k]! - expectedJumps * jumpMean[i]! * jumpMean[j]!) / jumpSteps : 0;
      jumpCovariance.set(i, j, jump);
      jumpCovariance.set(j, i, jump);
    }
  }
  return { logLikelihood, parameters: { intensity, drift, diffusion, jumpMean, jumpCovariance }, jumpChance, jumpPart };
}

/** Cholesky root of V given n jumps at step t, and the covariance of their sum given the move, n J - n J V^-1 n J. */
interface Component {
  readonly root: Float64Array;
  readonly logDeterminant: number;
  spread(): Float64Array;
}

type Components = (t: number, n: number) => Component;

function componentsOf({ scales, size: d }: Sample, parameters: JumpParameters): Components {
  const jumps = Float64Array.from(parameters.jumpCovariance.to1DArray());
  const diffusion = Float64Array.from(parameters.diffusion.to1DArray());
  const make = (n: number, t: number | null): Component => {
    const total = jumps.map((value) => n * value);
    for (let i = 0; i < d; i += 1) {
      for (let j = 0; j < d; j += 1) {
        const scale = t === null ? 1 : scales![i]![t]! * scales![j]![t]!;
        total[i * d + j] = total[i * d + j]! + diffusion[i * d + j]! * scale;
      }
    }
    const root = cholesky(total, d);
    let logDeterminant = 0;
    for (let i = 0; i < d; i += 1) logDeterminant += 2 * Math.log(root[i * d + i]!);
    let spread: Float64Array | null = null;
    return {
      root,
      logDeterminant,
      spread: () => {
        spread ??= spreadOf(root, jumps, n, d);
        return spread;
      },
    };
  };
  if (scales === null) {
    const fixed = Array.from({ length: MOST_JUMPS + 1 }, (_, n) => make(n, null));
    return (_, n) => fixed[n]!;
  }
  const remembered = new Map<number, Component>();
  return (t, n) => {
    const key = t * (MOST_JUMPS + 1) + n;
    let found = remembered.get(key);
    if (found === undefined) {
      found = make(n, t);
      remembered.set(key, found);
    }
    return found;
  };
}

function spreadOf(root: Float64Array, jumps: Float64Array, n: number, d: number): Float64Array {
  const spread = new Float64Array(d * d);
  const solved = new Float64Array(d);
  const column = new Float64Array(d);
  for (let j = 0; n > 0 && j < d; j += 1) {
    for (let i = 0; i < d; i += 1) column[i] = n * jumps[i * d + j]!;
    solveCholesky(root, column, solved, d);
    for (let i = 0; i < d; i += 1) {
      let product = 0;
      for (let k = 0; k < d; k += 1) product += n * jumps[i * d + k]! * solved[k]!;
      spread[i * d + j] = n * jumps[i * d + j]! - product;
    }
  }
  return spread;
}

/** Log-likelihood of step t; `terms[n]` is the part with n jumps. */
function stepLikelihood(
  { rows, size: d }: Sample,
  { intensity, drift, jumpMean }: JumpParameters,
  components: Components,
  t: number,
  terms: Float64Array,
): number {
  let logChance = -intensity;
  let largest = -Infinity;
  terms.fill(-Infinity);
  for (let n = 0; n <= MOST_JUMPS; n += 1) {
    if (n > 0) logChance += Math.log(intensity / n);
    if (!(logChance > LEAST_LOG_CHANCE)) break;
    const { root, logDeterminant } = components(t, n);
    let square = 0;
    for (let i = 0; i < d; i += 1) {
      let value = rows[i]![t]! - drift[i]! - n * jumpMean[i]!;
      for (let j = 0; j < i; j += 1) value -= root[i * d + j]! * work[j]!;
      value /= root[i * d + i]!;
      work[i] = value;
      square += value * value;
    }
    terms[n] = logChance - 0.5 * (square + logDeterminant + d * LOG_TWO_PI);
    if (terms[n]! > largest) largest = terms[n]!;
  }
  let total = 0;
  for (let n = 0; n <= MOST_JUMPS; n += 1) total += Math.exp(terms[n]! - largest);
  return largest + Math.log(total);
}

const LOG_TWO_PI = Math.log(2 * Math.PI);
/** Forward substitution's own vector, reused from step to step. */
const work = new Float64Array(256);

function cholesky(matrix: Float64Array, d: number): Float64Array {
  const root = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let value = matrix[i * d + j]!;
      for (let k = 0; k < j; k += 1) value -= root[i * d + k]! * root[j * d + k]!;
      root[i * d + j] = i === j ? Math.sqrt(Math.max(value, 0)) : value / root[j * d + j]!;
    }
  }
  return root;
}

/** out = (L L')^-1 right. */
function solveCholesky(root: Float64Array, right: Float64Array, out: Float64Array, d: number): void {
  for (let i = 0; i < d; i += 1) {
    let value = right[i]!;
    for (let j = 0; j < i; j += 1) value -= root[i * d + j]! * out[j]!;
    out[i] = value / root[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i -= 1) {
    let value = out[i]!;
    for (let j = i + 1; j < d; j += 1) value -= root[j * d + i]! * out[j]!;
    out[i] = value / root[i * d + i]!;
  }
}

// ---- where it starts -----------------------------------------------------------------------------------------------

function withoutJumps({ rows, scales, count, size: d }: Sample): JumpParameters {
  const drift = Float64Array.from({ length: d }, (_, i) => (scales === null ? sum(rows[i]!) / count : 0));
  return {
    intensity: 0,
    drift,
    diffusion: moments(rows, scales, drift, null),
    jumpMean: new Float64Array(d),
    jumpCovariance: new Matrix(d, d),
  };
}

/** A move beyond this many robust deviations (1.4826 x median size) starts as a jump. */
const JUMP_THRESHOLD = 4;
const ROBUST_DEVIATION = 1.4826;

function starts(sample: Sample, plain: JumpParameters): JumpParameters[] {
  const { rows, scales, count, size: d } = sample;
  const neutral: JumpParameters = {
    ...plain,
    intensity: 0.05,
    diffusion: Matrix.mul(plain.diffusion, 0.7),
    jumpCovariance: Matrix.mul(plain.diffusion, 6),
  };
  const flags = new Uint8Array(count);
  rows.forEach((row, i) => {
    const sizes = row.map((value, t) => Math.abs(value) / (scales === null ? 1 : scales[i]![t]!));
    const limit = JUMP_THRESHOLD * ROBUST_DEVIATION * sizes.slice().sort()[Math.floor(count / 2)]!;
    sizes.forEach((size, t) => {
      if (limit > 0 && size > limit) flags[t] = 1;
    });
  });
  const jumps = sum(flags);
  // Fewer jumps than dimensions have no covariance of their own.
  if (jumps < 2 || jumps > count / 2) return [neutral];
  const mean = Float64Array.from(
    { length: d },
    (_, i) => rows[i]!.reduce((total, value, t) => total + value * flags[t]!, 0) / jumps,
  );
  const calm = moments(
    rows,
    scales,
    plain.drift,
    flags.map((flag) => 1 - flag),
  );
  const large = moments(rows, null, mean, flags);
  // Half of the neutral size keeps it definite however few the jumps.
  const jumpCovariance = large.add(Matrix.mul(plain.diffusion, 0.5));
  return [
    { ...plain, intensity: Math.min(jumps / count, 0.5), diffusion: calm, jumpMean: mean, jumpCovariance },
    neutral,
  ];
}

/** Second moments of the chosen steps about `centre`, in units of the scales. */
function moments(
  rows: readonly Float64Array[],
  scales: readonly Float64Array[] | null,
  centre: Float64Array,
  chosen: Uint8Array | null,
): Matrix {
  const d = rows.length;
  const value = (i: number, t: number): number => (rows[i]![t]! - centre[i]!) / (scales === null ? 1 : scales[i]![t]!);
  const out = new Matrix(d, d);
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let [total, used] = [0, 0];
      for (let t = 0; t < rows[i]!.length; t += 1) {
        if (chosen !== null && chosen[t] !== 1) continue;
        total += value(i, t) * value(j, t);
        used += 1;
      }
      out.set(i, j, total / Math.max(used, 1));
      out.set(j, i, total / Math.max(used, 1));
    }
  }
  return out;
}

/** Zero where the matrix is not positive definite. */
function determinant(matrix: Matrix): number {
  const decomposition = new CholeskyDecomposition(matrix);
  if (!decomposition.isPositiveDefinite()) return 0;
  return decomposition.lowerTriangularMatrix.diagonal().reduce((product, value) => product * value * value, 1);
}

function sum(values: Float64Array | Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

import { Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import type { Usd } from '../domain/units.ts';
import {
  cornishFisherQuantile,
  cornishFisherRange,
  cornishFisherSensitivities,
  cornishFisherTailIntegral,
} from '../numerics/cornishFisher.ts';
import { inverseNormalCdf, normalCdf } from '../numerics/normal.ts';
import { tailProbability } from '../numerics/tailProbability.ts';
import { factorQuadratic } from './exposures.ts';
import type { ParametricInputs, ParametricVar } from './parametricVar.ts';
import { summingTo } from './tailRisk.ts';

/** Mean, standard deviation and shape of a quadratic form. */
export interface QuadraticMoments {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
}

/** What stands between the factors and the cumulants: powers of B = Gamma Sigma and what they do to delta. */
interface CumulantParts {
  readonly cumulants: readonly [number, number, number, number];
  /** B^0 ... B^3. */
  readonly powers: readonly Matrix[];
  /** d = Sigma delta, then B'^j... applied so that `vectors[j]` = Sigma (Gamma Sigma)^j delta. */
  readonly vectors: readonly Matrix[];
}

/**
 * First four cumulants of delta.u + u.Gamma.u / 2 for u ~ N(0, Sigma): tr(Gamma Sigma) / 2, and for r >= 2
 * (r-1)!/2 tr((Gamma Sigma)^r) + r!/2 delta' Sigma (Gamma Sigma)^(r-2) delta (Mathai and Provost 1992, Quadratic Forms in
 * Random Variables, 3.2b; in VaR Britten-Jones and Schaefer 1999).
 */
function cumulantParts(delta: Matrix, gamma: Matrix, covariance: Matrix): CumulantParts {
  const b = gamma.mmul(covariance);
  const b2 = b.mmul(b);
  const powers = [Matrix.eye(b.rows), b, b2, b2.mmul(b)];
  const vectors = [covariance.mmul(delta)];
  for (let j = 1; j < 3; j += 1) vectors.push(covariance.mmul(gamma).mmul(vectors[j - 1]!));
  const along = (j: number): number => delta.dot(vectors[j]!);
  return {
    cumulants: [
      b.trace() / 2,
      b2.trace() / 2 + along(0),
      powers[3]!.trace() + 3 * along(1),
      3 * b2.mmul(b2).trace() + 12 * along(2),
    ],
    powers,
    vectors,
  };
}

const LEAST_VARIANCE = 1e-60;
/** Beyond so many deviations the normal distribution has no mass that a double could hold. */
const REACH = 38;

function momentsOf([mean, variance, third, fourth]: CumulantParts['cumulants']): QuadraticMoments {
  // Powers of a smaller variance would be no numbers any more; a billionth of a dollar is far above it.
  const spread = variance > LEAST_VARIANCE ? variance : 0;
  return {
    mean,
    deviation: Math.sqrt(spread),
    skewness: spread > 0 ? third / spread ** 1.5 : 0,
    excessKurtosis: spread > 0 ? fourth / (spread * spread) : 0,
  };
}

/** Moments of the P&L delta.u + u.Gamma.u / 2 for u ~ N(0, covariance). `gamma` is symmetric. */
export function quadraticMoments(delta: readonly number[], gamma: Matrix, covariance: Matrix): QuadraticMoments {
  return momentsOf(cumulantParts(Matrix.columnVector([...delta]), gamma, covariance).cumulants);
}

/** The P&L that is not reached with a probability, by the Cornish-Fisher expansion of the moments. */
export function cornishFisherPnl(moments: QuadraticMoments, probability: number): number {
  return moments.mean + moments.deviation * cornishFisherQuantile(moments, inverseNormalCdf(probability));
}

/** A position's part of the quadratic book. */
interface OwnQuadratic {
  readonly delta: Matrix;
  readonly gamma: Matrix;
}

export interface CornishFisherVar extends ParametricVar {
  readonly moments: QuadraticMoments;
  /** Whether the expansion increases as far as any outcome reaches. */
  readonly monotone: boolean;
  /** The confidence beyond which its losses would fall again; null where they never do. */
  readonly turnsAtConfidence: number | null;
}

/** A book's expansion at the confidence asked for. */
interface Expansion {
  readonly own: readonly OwnQuadratic[];
  readonly parts: CumulantParts;
  readonly moments: QuadraticMoments;
  /** Where it increases. */
  readonly range: readonly [number, number];
  readonly turnsAtConfidence: number | null;
  /** Its P&L at a normal point, held at the ends of the range. */
  readonly at: (point: number) => number;
  /** Normal points of VaR and of the edge of ES. */
  readonly z: number;
  readonly edge: number;
}

function expansionOf(inputs: ParametricInputs): Expansion {
  const { positions, underlyings, covariance, confidence } = inputs;
  const own = positions.map((position) => {
    const { delta, gamma } = factorQuadratic(position, underlyings);
    return { delta: Matrix.columnVector(delta), gamma };
  });
  const size = covariance.rows;
  const delta: Matrix = Matrix.zeros(size, 1);
  const gamma: Matrix = Matrix.zeros(size, size);
  for (const each of own) {
    delta.add(each.delta);
    gamma.add(each.gamma);
  }
  const parts = cumulantParts(delta, gamma, covariance);
  const moments = momentsOf(parts.cumulants);
  const { mean, deviation } = moments;
  const range = rangeInReach(moments);
  const z = inverseNormalCdf(tailProbability(confidence));
  const edge = inverseNormalCdf(tailProbability(inputs.shortfallConfidence ?? confidence));
  const turnsAtConfidence = Number.isFinite(range[0]) ? normalCdf(-range[0]) : null;
  const at = (point: number): number =>
    mean + deviation * cornishFisherQuantile(moments, Math.min(Math.max(point, range[0]), range[1]));
  return { own, parts, moments, range, turnsAtConfidence, at, z, edge };
}

function isPastTurn({ z, edge, range }: Expansion): boolean {
  return z <= range[0] || edge <= range[0];
}

/**
 * Delta-gamma VaR by the Cornish-Fisher expansion of the book's first four cumulants, losses positive. ES is the mean of the
 * expansion over the tail, in closed form; where the expansion turns back inside the tail, its loss is held at the turning
 * point from there on, and `turnsAtConfidence` says where. A position's share is its Euler derivative, so shares add up.
 * @throws RiskError `unsupported` where the expansion is past its turning point at the confidence asked for.
 */
export function cornishFisherVar(inputs: ParametricInputs): CornishFisherVar {
  const expansion = expansionOf(inputs);
  const { own, parts, moments, range, turnsAtConfidence, at, z, edge } = expansion;
  if (moments.deviation === 0) {
    return {
      valueAtRiskUsd: 0,
      expectedShortfallUsd: 0,
      components: inputs.positions.map(() => 0),
      exceedance: (lossUsd) => (lossUsd < 0 ? 1 : 0),
      lossQuantile: () => 0,
      moments,
      monotone: true,
      turnsAtConfidence: null,
    };
  }
  if (isPastTurn(expansion)) {
    throw new RiskError(
      'unsupported',
      `The Cornish-Fisher expansion of this book (skewness ${moments.skewness.toFixed(2)}, excess kurtosis ${moments.excessKurtosis.toFixed(2)}) turns at ${percentText(turnsAtConfidence ?? 0.5)} %, before the confidence asked for; use parametric VaR, which inverts the distribution itself`,
    );
  }
  const valueAtRiskUsd = -at(z);
  const tailMean = cornishFisherTailIntegral(moments, edge, range[0]) / normalCdf(edge);
  const components = own.map((each) => -pnlDerivative(parts, moments, inputs.covariance, each, z));
  return {
    valueAtRiskUsd,
    expectedShortfallUsd: -(moments.mean + moments.deviation * tailMean),
    // Degree-one homogeneous, so they add up; this settles the rounding.
    components: summingTo(components, valueAtRiskUsd),
    exceedance: (lossUsd) => normalCdf(pointAt(at, range, -lossUsd)),
    lossQuantile: (probability) => -at(inverseNormalCdf(probability)),
    moments,
    monotone: range.every((end) => !Number.isFinite(end)),
    turnsAtConfidence,
  };
}

/** VaR alone, for a book without one of its positions; null where the expansion is past its turning point. */
export function cornishFisherLoss(inputs: ParametricInputs): Usd | null {
  const expansion = expansionOf(inputs);
  if (expansion.moments.deviation === 0) return 0;
  return isPastTurn(expansion) ? null : -expansion.at(expansion.z);
}

/** Where the expansion increases; a turning point that no outcome reaches is none. */
function rangeInReach(moments: QuadraticMoments): readonly [number, number] {
  const [low, high] = cornishFisherRange(moments) ?? [0, 0];
  return [low < -REACH ? -Infinity : low, high > REACH ? Infinity : high];
}

function percentText(share: number): string {
  return String(Number((100 * share).toPrecision(4)));
}

/** The normal point whose expansion is `pnl`, by halving; -Infinity below all of the range, Infinity above. */
function pointAt(at: (z: number) => number, range: readonly [number, number], pnl: number): number {
  let low = Math.max(range[0], -REACH);
  let high = Math.min(range[1], REACH);
  if (pnl <= at(low)) return -Infinity;
  if (pnl > at(high)) return Infinity;
  for (let i = 0; i < 100 && high - low > 1e-14 * Math.max(1, Math.abs(low)); i += 1) {
    const middle = (low + high) / 2;
    if (at(middle) < pnl) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Derivative of the expansion's P&L at z when a position's own delta and Gamma are added in proportion. */
function pnlDerivative(
  { powers, vectors, cumulants }: CumulantParts,
  moments: QuadraticMoments,
  covariance: Matrix,
  own: OwnQuadratic,
  z: number,
): number {
  const bOwn = own.gamma.mmul(covariance);
  const trace = (r: number): number => bOwn.mmul(powers[r - 1]!).trace();
  // vectors[j]' Gamma_own vectors[k]: one of the factors Gamma between delta and delta replaced.
  const between = (j: number, k: number): number => vectors[j]!.dot(own.gamma.mmul(vectors[k]!));
  const along = (j: number): number => 2 * own.delta.dot(vectors[j]!);
  const [d1, d2, d3, d4] = [
    trace(1) / 2,
    trace(2) + along(0),
    3 * trace(3) + 3 * (along(1) + between(0, 0)),
    12 * trace(4) + 12 * (along(2) + 2 * between(0, 1)),
  ];
  const [, variance, third, fourth] = cumulants;
  const { deviation } = moments;
  const dDeviation = d2 / (2 * deviation);
  const dSkewness = d3 / deviation ** 3 - (1.5 * third * d2) / (variance * deviation ** 3);
  const dKurtosis = d4 / variance ** 2 - (2 * fourth * d2) / variance ** 3;
  const [bySkewness, byKurtosis] = cornishFisherSensitivities(moments, z);
  return (
    d1 + dDeviation * cornishFisherQuantile(moments, z) + deviation * (bySkewness * dSkewness + byKurtosis * dKurtosis)
  );
}

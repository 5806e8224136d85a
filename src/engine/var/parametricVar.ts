import { Matrix } from 'ml-matrix';
import type { Usd } from '../domain/units.ts';
import { inverseNormalCdf, normalCdf, normalPdf } from '../numerics/normal.ts';
import { covarianceFactor } from '../scenario/covarianceFactor.ts';
import { factorQuadratic, type Sensitivity } from './exposures.ts';
import {
  conditionalMoments,
  formMean,
  formStandardDeviation,
  type QuadraticForm,
  quadraticForm,
  upperQuantile,
  upperTail,
} from './quadraticForm.ts';
import { summingTo } from './tailRisk.ts';

/** VaR and ES of a book whose risk factors are jointly normal, with what each position contributes. Losses are positive. */
export interface ParametricVar {
  readonly valueAtRiskUsd: Usd;
  readonly expectedShortfallUsd: Usd;
  /** Euler allocation of VaR, in the order of the positions; rows add up to it. */
  readonly components: readonly Usd[];
  /** P(loss > level). */
  exceedance(lossUsd: Usd): number;
  /** Loss that is exceeded with a probability. */
  lossQuantile(probability: number): Usd;
}

/** What the two parametric methods take: positions, the order of the factors, and the covariance of relative moves over the horizon. */
export interface ParametricInputs {
  readonly positions: readonly Sensitivity[];
  readonly underlyings: readonly string[];
  /** Spots first, then vols. */
  readonly covariance: Matrix;
  readonly confidence: number;
  /** The same as `confidence` unless given. */
  readonly shortfallConfidence?: number;
}

/**
 * Variance-covariance VaR: P&L = delta.u with u ~ N(0, covariance), so VaR = z sd, ES = sd phi(z) / (1 - c), and a position's
 * share is z cov(position, book) / sd (RiskMetrics 1996; Euler allocation). Options count with delta and vega alone.
 */
export function deltaNormalVar(inputs: ParametricInputs): ParametricVar {
  const { positions, underlyings, covariance, confidence } = inputs;
  const rows = positions.map((position) => Matrix.rowVector(factorQuadratic(position, underlyings).delta));
  const book = rows.reduce((sum, row) => sum.add(row), Matrix.zeros(1, covariance.rows));
  const spread = covariance.mmul(book.transpose());
  const deviation = Math.sqrt(Math.max(book.mmul(spread).get(0, 0), 0));
  const z = inverseNormalCdf(confidence);
  const shortfall = inputs.shortfallConfidence ?? confidence;
  const valueAtRiskUsd = z * deviation;
  return {
    valueAtRiskUsd,
    expectedShortfallUsd: (deviation * normalPdf(inverseNormalCdf(shortfall))) / (1 - shortfall),
    components: rows.map((row) => (deviation === 0 ? 0 : (z * row.mmul(spread).get(0, 0)) / deviation)),
    exceedance: (lossUsd) => (deviation === 0 ? (lossUsd < 0 ? 1 : 0) : normalCdf(-lossUsd / deviation)),
    lossQuantile: (probability) => -inverseNormalCdf(probability) * deviation,
  };
}

/**
 * Delta-gamma-normal VaR with vega, vanna and volga: P&L = delta.u + u.Gamma.u / 2 with u ~ N(0, covariance). Quantile and tail mean
 * are those of the quadratic form itself, by inversion of its transform (`quadraticForm`): no moments are matched and no
 * Cornish-Fisher expansion is cut off, so strongly curved books are right too. A position's share is its expected loss given
 * that the book loses its VaR.
 */
export function deltaGammaNormalVar(inputs: ParametricInputs): ParametricVar {
  const { positions, underlyings, confidence } = inputs;
  const quadratics = positions.map((position) => factorQuadratic(position, underlyings));
  const form = lossForm(inputs);
  if (formStandardDeviation(form) === 0) {
    return {
      valueAtRiskUsd: 0,
      expectedShortfallUsd: 0,
      components: positions.map(() => 0),
      exceedance: (lossUsd) => (lossUsd < formMean(form) ? 1 : 0),
      lossQuantile: () => 0,
    };
  }
  const valueAtRiskUsd = upperQuantile(form, 1 - confidence);
  const shortfall = inputs.shortfallConfidence ?? confidence;
  const edge = shortfall === confidence ? valueAtRiskUsd : upperQuantile(form, 1 - shortfall);
  const moments = conditionalMoments(form, valueAtRiskUsd);
  const components = quadratics.map((own) => {
    const linear = Matrix.rowVector(own.delta).mmul(moments.mean).get(0, 0);
    return -(linear + own.gamma.mmul(moments.second).trace() / 2);
  });
  return {
    valueAtRiskUsd,
    expectedShortfallUsd: edge + upperTail(form, edge).excess / (1 - shortfall),
    // They add up already to about twelve digits; this settles the rounding.
    components: summingTo(components, valueAtRiskUsd),
    exceedance: (lossUsd) => upperTail(form, lossUsd).probability,
    lossQuantile: (probability) => upperQuantile(form, probability),
  };
}

/** VaR alone, for a book without one of its positions; near `guess` it is found sooner. */
export function deltaGammaNormalLoss(inputs: ParametricInputs, guess: Usd): Usd {
  const form = lossForm(inputs);
  return formStandardDeviation(form) === 0 ? 0 : upperQuantile(form, 1 - inputs.confidence, guess);
}

/** The form of the loss, so that its upper tail is the one that hurts. */
function lossForm({ positions, underlyings, covariance }: ParametricInputs): QuadraticForm {
  const size = covariance.rows;
  const delta = new Float64Array(size);
  const gamma = Matrix.zeros(size, size);
  for (const position of positions) {
    const own = factorQuadratic(position, underlyings);
    own.delta.forEach((value, i) => {
      delta[i] = delta[i]! - value;
    });
    gamma.sub(own.gamma);
  }
  return quadraticForm(delta, gamma, covarianceFactor(covariance));
}

import { Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import { inverseNormalCdf, normalPdf } from '../numerics/normal.ts';
import { studentTPdf, studentTQuantile } from '../numerics/studentT.ts';
import { tailProbability } from '../numerics/tailProbability.ts';

/** VaR and ES in the units of the mean and deviation they were made of; losses are positive. */
export interface TailFigures {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/** The standard loss of a distribution: its VaR, and the mean of what lies beyond. */
export function standardNormalTail(confidence: number): TailFigures {
  const tail = tailProbability(confidence);
  const quantile = -inverseNormalCdf(tail);
  return { valueAtRisk: quantile, expectedShortfall: normalPdf(quantile) / tail };
}

/**
 * The same for the standard Student-t distribution, of variance nu / (nu - 2): ES = f(q) (nu + q^2) / ((nu - 1) (1 - c))
 * (McNeil, Frey and Embrechts 2015, example 2.15). ES is infinite for nu <= 1.
 */
export function standardStudentTTail(degreesOfFreedom: number, confidence: number): TailFigures {
  const nu = degreesOfFreedom;
  if (!(nu > 0)) throw new RiskError('bad-value', `Degrees of freedom must be above 0; got ${nu}`);
  const tail = tailProbability(confidence);
  const quantile = -studentTQuantile(tail, nu);
  return {
    valueAtRisk: quantile,
    expectedShortfall: nu > 1 ? ((studentTPdf(quantile, nu) / tail) * (nu + quantile * quantile)) / (nu - 1) : Infinity,
  };
}

/** P&L = mean + deviation X for a symmetric X with these figures. */
export function locatedTail(standard: TailFigures, mean: number, deviation: number): TailFigures {
  return {
    valueAtRisk: deviation * standard.valueAtRisk - mean,
    expectedShortfall: deviation * standard.expectedShortfall - mean,
  };
}

/** The factor that gives a Student-t variable a standard deviation of 1; NaN where it has no variance (nu <= 2). */
export function studentTUnitScale(degreesOfFreedom: number): number {
  return Math.sqrt((degreesOfFreedom - 2) / degreesOfFreedom);
}

/** Positions that are linear in returns whose distribution is elliptical. */
export interface LinearPortfolio {
  /** P&L per 1.00 of return, one a position. */
  readonly exposures: readonly number[];
  /** Mean and covariance of the returns over the horizon. */
  readonly means: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  /** Of a variable with standard deviation 1. */
  readonly standard: TailFigures;
}

export interface LinearTail extends TailFigures {
  readonly mean: number;
  readonly deviation: number;
  /** Euler shares: each sums to its total. */
  readonly componentVar: readonly number[];
  readonly componentEs: readonly number[];
  /** Derivative of VaR in each exposure. */
  readonly marginalVar: readonly number[];
}

/**
 * VaR and ES of a linear portfolio: k sd - mean with k of the standard distribution. A position's marginal VaR is
 * k (covariance e)_i / sd - mean_i, its component that times its exposure (Euler; Tasche 1999).
 */
export function linearTail({ exposures, means, covariance, standard }: LinearPortfolio): LinearTail {
  const e = Matrix.columnVector([...exposures]);
  const spread = new Matrix(covariance.map((row) => [...row])).mmul(e);
  const deviation = Math.sqrt(Math.max(e.dot(spread), 0));
  const mean = exposures.reduce((sum, exposure, i) => sum + exposure * means[i]!, 0);
  const slopes = exposures.map((_, i) => (deviation > 0 ? spread.get(i, 0) / deviation : 0));
  const marginal = (k: number): number[] => slopes.map((slope, i) => k * slope - means[i]!);
  const marginalVar = marginal(standard.valueAtRisk);
  return {
    ...locatedTail(standard, mean, deviation),
    mean,
    deviation,
    marginalVar,
    componentVar: marginalVar.map((each, i) => each * exposures[i]!),
    componentEs: marginal(standard.expectedShortfall).map((each, i) => each * exposures[i]!),
  };
}

/** VaR of all less VaR without one position. */
export function linearIncrementalVar(portfolio: LinearPortfolio, position: number): number {
  const exposures = portfolio.exposures.map((exposure, i) => (i === position ? 0 : exposure));
  return linearTail(portfolio).valueAtRisk - linearTail({ ...portfolio, exposures }).valueAtRisk;
}

import { Matrix } from 'ml-matrix';
import { covarianceFactor } from '../scenario/covarianceFactor.ts';
import { cornishFisherPnl, type QuadraticMoments, quadraticMoments } from './cornishFisherVar.ts';
import { quadraticForm, upperQuantile } from './quadraticForm.ts';

/** The P&L delta.u + u.Gamma.u / 2 for u ~ N(0, covariance), from plain rows of numbers. `gamma` is symmetric. */
export interface QuadraticDistribution {
  readonly moments: QuadraticMoments;
  /** The P&L that is not reached with a probability: exact, and by the Cornish-Fisher expansion. */
  quantile(probability: number): number;
  cornishFisherQuantile(probability: number): number;
}

type Rows = readonly (readonly number[])[];

export function quadraticDistribution(delta: readonly number[], gamma: Rows, covariance: Rows): QuadraticDistribution {
  const matrix = (rows: Rows): Matrix => new Matrix(rows.map((row) => [...row]));
  const moments = quadraticMoments(delta, matrix(gamma), matrix(covariance));
  const form = quadraticForm(Float64Array.from(delta), matrix(gamma), covarianceFactor(matrix(covariance)));
  return {
    moments,
    quantile: (probability) => upperQuantile(form, 1 - probability),
    cornishFisherQuantile: (probability) => cornishFisherPnl(moments, probability),
  };
}

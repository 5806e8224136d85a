import { Matrix } from 'ml-matrix';
import { cornishFisherQuantile, isCornishFisherMonotone } from '../../engine/numerics/cornishFisher.ts';
import { inverseNormalCdf } from '../../engine/numerics/normal.ts';
import { tailProbability } from '../../engine/numerics/tailProbability.ts';
import { covarianceFactor } from '../../engine/scenario/covarianceFactor.ts';
import { cornishFisherPnl, quadraticMoments } from '../../engine/var/cornishFisherVar.ts';
import { quadraticForm, upperQuantile } from '../../engine/var/quadraticForm.ts';
import { type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';
import { matrixInput, numbersInput } from './sampleInputs.ts';

function quadratic(inputs: CaseInputs) {
  return {
    delta: numbersInput(inputs, 'delta'),
    gamma: new Matrix(matrixInput(inputs, 'gamma')),
    covariance: new Matrix(matrixInput(inputs, 'cov')),
  };
}

const PERCENTS = [0.1, 0.5, 1, 2.5, 5, 10, 50, 90, 95, 97.5, 99, 99.5, 99.9];

function quantiles(inputs: CaseInputs) {
  const { delta, gamma, covariance } = quadratic(inputs);
  const moments = quadraticMoments(delta, gamma, covariance);
  const form = quadraticForm(Float64Array.from(delta), gamma, covarianceFactor(covariance));
  return {
    mean: moments.mean,
    sd: moments.deviation,
    skew: moments.skewness,
    excess_kurtosis: moments.excessKurtosis,
    ...Object.fromEntries(
      PERCENTS.flatMap((percent) => [
        [`q${percent}`, upperQuantile(form, 1 - percent / 100)],
        [`cf${percent}`, cornishFisherPnl(moments, percent / 100)],
      ]),
    ),
  };
}

export const deltaGammaCornishFisher: FamilyAdapters = {
  'cornish_fisher.z': (inputs) => {
    const shape = {
      skewness: numberInput(inputs, 'skew'),
      excessKurtosis: numberInput(inputs, 'excess_kurtosis'),
    };
    return {
      z: cornishFisherQuantile(shape, inverseNormalCdf(tailProbability(numberInput(inputs, 'alpha')))),
      monotone: isCornishFisherMonotone(shape),
    };
  },
  'delta_gamma.quantiles': quantiles,
  'delta_gamma.cornish_fisher_quantile': (inputs) => {
    const { delta, gamma, covariance } = quadratic(inputs);
    return cornishFisherPnl(quadraticMoments(delta, gamma, covariance), numberInput(inputs, 'p'));
  },
};

import { cornishFisherQuantile, isCornishFisherMonotone } from '../../engine/numerics/cornishFisher.ts';
import { inverseNormalCdf } from '../../engine/numerics/normal.ts';
import { tailProbability } from '../../engine/numerics/tailProbability.ts';
import { type QuadraticDistribution, quadraticDistribution } from '../../engine/var/quadraticDistribution.ts';
import { type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';
import { matrixInput, numbersInput } from './sampleInputs.ts';

function distribution(inputs: CaseInputs): QuadraticDistribution {
  return quadraticDistribution(numbersInput(inputs, 'delta'), matrixInput(inputs, 'gamma'), matrixInput(inputs, 'cov'));
}

const PERCENTS = [0.1, 0.5, 1, 2.5, 5, 10, 50, 90, 95, 97.5, 99, 99.5, 99.9];

function quantiles(inputs: CaseInputs) {
  const pnl = distribution(inputs);
  return {
    mean: pnl.moments.mean,
    sd: pnl.moments.deviation,
    skew: pnl.moments.skewness,
    excess_kurtosis: pnl.moments.excessKurtosis,
    ...Object.fromEntries(
      PERCENTS.flatMap((percent) => [
        [`q${percent}`, pnl.quantile(percent / 100)],
        [`cf${percent}`, pnl.cornishFisherQuantile(percent / 100)],
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
  'delta_gamma.cornish_fisher_quantile': (inputs) =>
    distribution(inputs).cornishFisherQuantile(numberInput(inputs, 'p')),
};

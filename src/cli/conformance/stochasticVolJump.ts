import { hestonOutOfTheMoneyPrice, hestonPrice } from '../../engine/pricing/heston.ts';
import { mertonPrice } from '../../engine/pricing/merton.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, optionTypeInput } from './ConformanceAdapter.ts';

function market(inputs: CaseInputs) {
  const years = numberInput(inputs, 'T');
  const rate = numberInput(inputs, 'r');
  return {
    years,
    strike: numberInput(inputs, 'K'),
    forward: numberInput(inputs, 'S') * Math.exp((rate - numberInput(inputs, 'q')) * years),
    discount: Math.exp(-rate * years),
  };
}

function hestonParameters(inputs: CaseInputs) {
  return {
    initialVariance: numberInput(inputs, 'v0'),
    longRunVariance: numberInput(inputs, 'theta'),
    meanReversion: numberInput(inputs, 'kappa'),
    volOfVol: numberInput(inputs, 'sigma'),
    correlation: numberInput(inputs, 'rho'),
  };
}

/** The jumps' share of the total variance is `gamma`; a jump leaves the forward where it is on average. */
function mertonInputs(inputs: CaseInputs) {
  const totalVol = numberInput(inputs, 'total_vol');
  const intensity = numberInput(inputs, 'intensity');
  const gamma = numberInput(inputs, 'gamma');
  const deviation = intensity > 0 ? totalVol * Math.sqrt(gamma / intensity) : 0;
  return {
    volatility: totalVol * Math.sqrt(1 - gamma),
    jumps: { intensity, logMean: -0.5 * deviation * deviation, logDeviation: deviation },
  };
}

export const stochasticVolJump: FamilyAdapters = {
  'heston.price': (inputs) => {
    const { forward, strike, years, discount } = market(inputs);
    return hestonPrice(optionTypeInput(inputs), forward, strike, years, hestonParameters(inputs), discount);
  },
  'merton76.price': (inputs) => {
    const { forward, strike, years, discount } = market(inputs);
    const { volatility, jumps } = mertonInputs(inputs);
    return mertonPrice(optionTypeInput(inputs), forward, strike, years, volatility, jumps, discount);
  },
  'heston.otm_price': (inputs) => {
    const { forward, strike, years, discount } = market(inputs);
    return discount * hestonOutOfTheMoneyPrice(forward, strike, years, hestonParameters(inputs));
  },
};

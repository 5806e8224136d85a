import { deribitGreeks } from '../../engine/pricing/deribitGreeks.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, optionTypeInput } from './ConformanceAdapter.ts';

function figures(inputs: CaseInputs) {
  return deribitGreeks(
    optionTypeInput(inputs),
    numberInput(inputs, 'underlying'),
    numberInput(inputs, 'strike'),
    numberInput(inputs, 'T'),
    numberInput(inputs, 'iv'),
  );
}

export const cexDeribitMarks: FamilyAdapters = {
  'deribit.blackMark': (inputs) => ({ markPriceCoin: figures(inputs).markPrice }),
  'deribit.blackGreeks': (inputs) => {
    const { delta, gamma, vega, theta, rho } = figures(inputs);
    return { delta, gamma, vegaPer1Pct: vega, thetaPerDay: theta, rhoPer1Pct: rho };
  },
};

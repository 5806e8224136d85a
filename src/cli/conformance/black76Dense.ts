import { black76Greeks } from '../../engine/pricing/greeks.ts';
import { type FamilyAdapters, numberInput, optionTypeInput } from './ConformanceAdapter.ts';

export const black76Dense: FamilyAdapters = {
  'black76.all': (inputs) => {
    const years = numberInput(inputs, 'T');
    const rate = numberInput(inputs, 'r');
    const greeks = black76Greeks(
      optionTypeInput(inputs),
      numberInput(inputs, 'F'),
      numberInput(inputs, 'K'),
      years,
      numberInput(inputs, 'sigma'),
      Math.exp(-rate * years),
      rate,
    );
    const { dualDelta, dualGamma, ...rest } = greeks;
    return { ...rest, dual_delta: dualDelta, dual_gamma: dualGamma };
  },
};

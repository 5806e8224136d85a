import { RiskError } from '../../engine/domain/failure.ts';
import { impliedVolatility } from '../../engine/pricing/impliedVolatility.ts';
import { type FamilyAdapters, numberInput, optionTypeInput } from './ConformanceAdapter.ts';

export const black76ImpliedVol: FamilyAdapters = {
  'black76.implied_vol': (inputs) => {
    const outcome = impliedVolatility(
      optionTypeInput(inputs),
      numberInput(inputs, 'F'),
      numberInput(inputs, 'K'),
      numberInput(inputs, 'T'),
      numberInput(inputs, 'price'),
    );
    if (!outcome.ok) throw new RiskError(outcome.failure.code, outcome.failure.message);
    return outcome.value;
  },
};

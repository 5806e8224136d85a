import { yearFraction } from '../../engine/domain/units.ts';
import { black76Price } from '../../engine/pricing/black76.ts';
import { black76Greeks } from '../../engine/pricing/greeks.ts';
import { deriveLogMoneyness, deriveSviVol } from '../../engine/surface/deriveSvi.ts';
import { type CaseInputs, type FamilyAdapters, numberInput } from './ConformanceAdapter.ts';

function years(inputs: CaseInputs, name: string): number {
  return yearFraction(0, 1000 * numberInput(inputs, name));
}

function sviParameters(inputs: CaseInputs) {
  return {
    a: numberInput(inputs, 'a'),
    b: numberInput(inputs, 'b'),
    rho: numberInput(inputs, 'rho'),
    m: numberInput(inputs, 'm'),
    sigma: numberInput(inputs, 'sigma'),
  };
}

export const derivePricing: FamilyAdapters = {
  sviVol: (inputs) =>
    deriveSviVol(
      sviParameters(inputs),
      numberInput(inputs, 'tau'),
      numberInput(inputs, 'forward'),
      numberInput(inputs, 'strike'),
    ),
  sviLogMoneynessClamped: (inputs) =>
    deriveLogMoneyness(sviParameters(inputs), numberInput(inputs, 'forward'), numberInput(inputs, 'strike')),
  black76: (inputs) => {
    const market = [
      numberInput(inputs, 'forward'),
      numberInput(inputs, 'strike'),
      years(inputs, 'secToExpiry'),
      numberInput(inputs, 'vol'),
    ] as const;
    const discount = numberInput(inputs, 'discount');
    return {
      call: black76Price('C', ...market, discount),
      put: black76Price('P', ...market, discount),
      callDeltaUndiscounted: black76Greeks('C', ...market).delta,
    };
  },
  annualise: (inputs) => years(inputs, 'seconds'),
};

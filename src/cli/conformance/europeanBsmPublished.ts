import { DAYS_PER_YEAR } from '../../engine/domain/units.ts';
import {
  assetOrNothingPrice,
  blackScholesMertonGreeks,
  cashOrNothingPrice,
  gapOptionPrice,
  type SpotGreeks,
  type SpotOption,
} from '../../engine/pricing/blackScholesMerton.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  optionTypeInput,
} from './ConformanceAdapter.ts';

function spotOption(inputs: CaseInputs): SpotOption {
  return {
    type: optionTypeInput(inputs),
    spot: numberInput(inputs, 'S'),
    strike: numberInput(inputs, 'K'),
    rate: numberInput(inputs, 'r'),
    dividendYield: optionalInput(inputs, 'q', 0),
    timeToExpiryYears: numberInput(inputs, 'T'),
    volatility: numberInput(inputs, 'sigma'),
  };
}

function greek(name: keyof SpotGreeks, per = 1) {
  return (inputs: CaseInputs) => blackScholesMertonGreeks(spotOption(inputs))[name] / per;
}

const SPOT_OPTION_INPUTS: ReadonlySet<string> = new Set(['type', 'S', 'K', 'q', 'r', 'T', 'sigma']);

/** The second strike of a gap option. Sources name it differently; it is the one input that plain options lack. */
function payoffStrike(inputs: CaseInputs): number {
  const name = Object.keys(inputs).find((key) => !SPOT_OPTION_INPUTS.has(key));
  return numberInput(inputs, name ?? 'payoff_strike');
}

export const europeanBsmPublished: FamilyAdapters = {
  'bsm.price': greek('price'),
  'bsm.delta': greek('delta'),
  'bsm.gamma': greek('gamma'),
  'bsm.vega': greek('vega'),
  'bsm.vega_per_1pct': greek('vega', 100),
  'bsm.theta': greek('theta'),
  'bsm.theta_per_day': greek('theta', DAYS_PER_YEAR),
  'bsm.rho': greek('rho'),
  'bsm.rho_per_1pct': greek('rho', 100),
  'bsm.dividend_rho': greek('dividendRho'),
  'bsm.elasticity': greek('elasticity'),
  'bsm.dual_delta': greek('dualDelta'),
  'bsm.dual_gamma': greek('dualGamma'),
  'bsm.vanna': greek('vanna'),
  'bsm.volga': greek('volga'),
  'bsm.cash_or_nothing': (inputs) => cashOrNothingPrice(spotOption(inputs), numberInput(inputs, 'cash')),
  'bsm.asset_or_nothing': (inputs) => assetOrNothingPrice(spotOption(inputs)),
  'bsm.gap': (inputs) => gapOptionPrice(spotOption(inputs), payoffStrike(inputs)),
};

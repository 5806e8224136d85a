import { DAYS_PER_YEAR } from '../../engine/domain/units.ts';
import { black76Price, optionSign, undiscountedBlack } from '../../engine/pricing/black76.ts';
import { type DeribitGreeks, deribitGreeks } from '../../engine/pricing/deribitGreeks.ts';
import { type FxDeltas, fxDeltas } from '../../engine/pricing/fxDelta.ts';
import { type Black76Greeks, black76Greeks } from '../../engine/pricing/greeks.ts';
import {
  inverseOptionGreeks,
  inverseOptionStress,
  inversePayoff,
  inverseSettlementPnl,
  settlementDelta,
} from '../../engine/pricing/inverseOption.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  optionTypeInput,
} from './ConformanceAdapter.ts';

function option(inputs: CaseInputs) {
  return [
    optionTypeInput(inputs),
    numberInput(inputs, 'F'),
    numberInput(inputs, 'K'),
    numberInput(inputs, 'T'),
    numberInput(inputs, 'sigma'),
  ] as const;
}

function greeks(inputs: CaseInputs): Black76Greeks {
  const rate = optionalInput(inputs, 'r', 0);
  return black76Greeks(...option(inputs), Math.exp(-rate * numberInput(inputs, 'T')), rate);
}

function displayed(name: keyof DeribitGreeks) {
  return (inputs: CaseInputs) => deribitGreeks(...option(inputs))[name];
}

function fxDelta(name: keyof FxDeltas) {
  return (inputs: CaseInputs) =>
    fxDeltas(
      optionTypeInput(inputs),
      numberInput(inputs, 'S'),
      numberInput(inputs, 'K'),
      numberInput(inputs, 'df_domestic'),
      numberInput(inputs, 'df_foreign'),
      numberInput(inputs, 'total_vol'),
    )[name];
}

function inverseAll(inputs: CaseInputs) {
  const now = inverseOptionGreeks(...option(inputs));
  const move = numberInput(inputs, 'stress_move');
  const stress = inverseOptionStress(...option(inputs), move, numberInput(inputs, 'stress_vol_rel'));
  return {
    price_coin: now.priceCoin,
    price_usd: now.priceUsd,
    delta_bs: now.delta,
    net_transaction_delta: now.netTransactionDelta,
    dcoin_dF: now.coinDelta,
    d2coin_dF2: now.coinGamma,
    vega_usd_per_1pct: now.vegaUsd / 100,
    vega_coin_per_1pct: now.vegaCoin / 100,
    theta_usd_per_day: now.thetaUsd / DAYS_PER_YEAR,
    theta_coin_per_day: now.thetaCoin / DAYS_PER_YEAR,
    stress_price_coin: stress.priceCoin,
    stress_pnl_coin: stress.pnlCoin,
    stress_pnl_usd: stress.pnlUsd,
  };
}

export const black76Inverse: FamilyAdapters = {
  'black76.price': (inputs) => greeks(inputs).price,
  'black76.price_undiscounted': (inputs) => black76Price(...option(inputs)),
  'black76.delta': (inputs) => greeks(inputs).delta,
  'black76.gamma': (inputs) => greeks(inputs).gamma,
  'black76.vega': (inputs) => greeks(inputs).vega,
  'black76.vega_per_1pct': (inputs) => greeks(inputs).vega / 100,
  'black76.theta': (inputs) => greeks(inputs).theta,
  'black76.theta_per_day': (inputs) => greeks(inputs).theta / DAYS_PER_YEAR,
  'black76.rho': (inputs) => greeks(inputs).rho,
  'black76.rho_per_1pct': (inputs) => greeks(inputs).rho / 100,
  // Jaeckel's units: price over sqrt(F K), so forward exp(x/2) and strike exp(-x/2).
  'black76.normalised': (inputs) => {
    const half = numberInput(inputs, 'x') / 2;
    return undiscountedBlack(
      optionSign(optionTypeInput(inputs)),
      Math.exp(half),
      Math.exp(-half),
      numberInput(inputs, 's'),
    );
  },
  'delta.spot': fxDelta('spot'),
  'delta.forward': fxDelta('forward'),
  'delta.premium_adjusted_spot': fxDelta('premiumAdjustedSpot'),
  'delta.premium_adjusted_forward': fxDelta('premiumAdjustedForward'),
  'inverse.all': inverseAll,
  'inverse.mark_coin': displayed('markPrice'),
  'inverse.delta': displayed('delta'),
  'inverse.gamma': displayed('gamma'),
  'inverse.vega_per_1pct': displayed('vega'),
  'inverse.theta_per_day': displayed('theta'),
  'inverse.rho_per_1pct_spot': displayed('rho'),
  'inverse.net_transaction_delta': (inputs) =>
    settlementDelta(numberInput(inputs, 'delta'), numberInput(inputs, 'mark_coin'), 0, 1),
  'inverse.net_transaction_delta_in_settlement': (inputs) =>
    settlementDelta(
      numberInput(inputs, 'delta'),
      numberInput(inputs, 'mark_coin'),
      numberInput(inputs, 'minutes_into_settlement'),
      numberInput(inputs, 'window_minutes'),
    ),
  'inverse.payoff_coin': (inputs) =>
    inversePayoff(optionTypeInput(inputs), numberInput(inputs, 'K'), numberInput(inputs, 'settlement')),
  'inverse.pnl_coin': (inputs) =>
    inverseSettlementPnl(
      optionTypeInput(inputs),
      numberInput(inputs, 'K'),
      numberInput(inputs, 'settlement'),
      numberInput(inputs, 'premium_coin'),
      optionalInput(inputs, 'quantity', 1),
    ),
};

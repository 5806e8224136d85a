import {
  accountDeltaTotal,
  accountTotals,
  netTransactionDelta,
} from '../../engine/margin/deribit/accountIdentities.ts';
import {
  futureStandardMargin,
  inverseOptionStandardMargin,
  linearOptionStandardMargin,
  type StandardOption,
} from '../../engine/margin/deribit/standardMargin.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, optionTypeInput } from './ConformanceAdapter.ts';
import { signedSizeInput } from './signedSizeInput.ts';

function standardOption(inputs: CaseInputs): StandardOption {
  return {
    type: optionTypeInput(inputs),
    quantity: signedSizeInput(inputs),
    underlying: numberInput(inputs, 'underlying'),
    strike: numberInput(inputs, 'strike'),
    mark: numberInput(inputs, 'mark'),
  };
}

export const cexDeribitStandard: FamilyAdapters = {
  'deribit.sm.perpetual': (inputs) => {
    const margin = futureStandardMargin(numberInput(inputs, 'size'), numberInput(inputs, 'price'), {
      initialBase: numberInput(inputs, 'initialBase'),
      maintenanceBase: numberInput(inputs, 'maintenanceBase'),
      perCoin: numberInput(inputs, 'perCoin'),
    });
    return {
      imRate: margin.initialRate,
      mmRate: margin.maintenanceRate,
      imCoin: margin.initialCoin,
      mmCoin: margin.maintenanceCoin,
      imQuote: margin.initialQuote,
      mmQuote: margin.maintenanceQuote,
    };
  },
  'deribit.sm.optionInverse': (inputs) => {
    const { initial, maintenance } = inverseOptionStandardMargin(standardOption(inputs));
    return { im: initial, mm: maintenance };
  },
  'deribit.sm.optionLinear': (inputs) => {
    const { initial, maintenance } = linearOptionStandardMargin(standardOption(inputs));
    return { im: initial, mm: maintenance };
  },
  'deribit.account.identities': (inputs) =>
    accountTotals({
      balance: numberInput(inputs, 'balance'),
      futuresSessionUpl: numberInput(inputs, 'futuresSessionUpl'),
      futuresSessionRpl: numberInput(inputs, 'futuresSessionRpl'),
      optionsValue: numberInput(inputs, 'optionsValue'),
      initialMargin: numberInput(inputs, 'initialMargin'),
    }),
  'deribit.account.deltaTotal': (inputs) =>
    accountDeltaTotal(numberInput(inputs, 'deltaTotalMapSum'), numberInput(inputs, 'optionsValue')),
  'deribit.netTransactionDelta': (inputs) =>
    netTransactionDelta(numberInput(inputs, 'blackDelta'), numberInput(inputs, 'markCoin')),
};

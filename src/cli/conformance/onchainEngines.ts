import {
  type DydxAccount,
  dydxInitialMarginFraction,
  dydxIsLiquidatable,
} from '../../engine/margin/onchain/dydxMargin.ts';
import { opynNakedMargin, opynSpreadMargin } from '../../engine/margin/onchain/opynMargin.ts';
import { paradexMinimumDelta } from '../../engine/margin/onchain/paradexMinimumDelta.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, recordInput, recordsInput } from './ConformanceAdapter.ts';

function nakedMargin(inputs: CaseInputs): number {
  const bounds = recordInput(inputs, 'upperBounds');
  return opynNakedMargin({
    isPut: inputs.isPut === true,
    strike: numberInput(inputs, 'strike'),
    spot: numberInput(inputs, 'spot'),
    daysToExpiry: numberInput(inputs, 'daysToExpiry'),
    contracts: numberInput(inputs, 'contracts'),
    spotShock: numberInput(inputs, 'spotShock'),
    upperBounds: new Map(Object.keys(bounds).map((days) => [Number(days), numberInput(bounds, days)])),
  });
}

function dydxAccount(inputs: CaseInputs): DydxAccount {
  const prices = recordInput(inputs, 'oraclePrices');
  const maintenanceMarginFraction = numberInput(inputs, 'maintenanceMarginFraction');
  return {
    quoteBalance: numberInput(inputs, 'quoteBalance'),
    positions: recordsInput(inputs, 'positions').map((position) => ({
      size: numberInput(position, 'size'),
      oraclePrice: numberInput(prices, String(position.market)),
      maintenanceMarginFraction,
    })),
  };
}

/** The margin rules of the family; what it asks about a liquidation under way is not answered. */
export const onchainEngines: FamilyAdapters = {
  opynNakedMargin: nakedMargin,
  opynNakedExcess: (inputs) => numberInput(inputs, 'collateral') - nakedMargin(inputs),
  opynSpreadMargin: (inputs) =>
    opynSpreadMargin({
      isPut: inputs.isPut === true,
      shortStrike: numberInput(inputs, 'shortStrike'),
      longStrike: numberInput(inputs, 'longStrike'),
      shortContracts: numberInput(inputs, 'shortContracts'),
      longContracts: numberInput(inputs, 'longContracts'),
    }),
  dydxOpenInterestInitialMargin: (inputs) =>
    dydxInitialMarginFraction(numberInput(inputs, 'baseInitialMarginFraction'), numberInput(inputs, 'openInterest'), {
      lower: numberInput(inputs, 'lowerCap'),
      upper: numberInput(inputs, 'upperCap'),
    }),
  dydxIsLiquidatable: (inputs) => dydxIsLiquidatable(dydxAccount(inputs)),
  paradexMinDelta: (inputs) =>
    paradexMinimumDelta(
      {
        netDelta: numberInput(inputs, 'netDelta'),
        grossDelta: numberInput(inputs, 'grossDelta'),
        spot: numberInput(inputs, 'spot'),
      },
      { unhedged: numberInput(inputs, 'unhedgedFactor'), hedged: numberInput(inputs, 'hedgedFactor') },
    ),
};

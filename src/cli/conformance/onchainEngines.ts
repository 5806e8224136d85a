import { RiskError } from '../../engine/domain/failure.ts';
import {
  type DriftShortage,
  driftBaseToCoverShortage,
  driftInsuranceFundFee,
  driftLiquidationFee,
  driftSocialisedDepositDelta,
  driftSocialisedFundingDelta,
} from '../../engine/margin/onchain/driftLiquidation.ts';
import {
  dydxBankruptcyCash,
  dydxFillablePrice,
  dydxInsuranceFundDelta,
} from '../../engine/margin/onchain/dydxLiquidation.ts';
import {
  type DydxAccount,
  dydxInitialMarginFraction,
  dydxIsLiquidatable,
} from '../../engine/margin/onchain/dydxMargin.ts';
import { opynLiquidationPrice } from '../../engine/margin/onchain/opynLiquidation.ts';
import { opynNakedMargin, opynSpreadMargin } from '../../engine/margin/onchain/opynMargin.ts';
import {
  type ParadexAccount,
  paradexLiquidatedShare,
  paradexMarginRatioAfter,
  paradexPenalty,
  paradexSocialisedLossFactor,
} from '../../engine/margin/onchain/paradexLiquidation.ts';
import { paradexMinimumDelta } from '../../engine/margin/onchain/paradexMinimumDelta.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  recordInput,
  recordsInput,
} from './ConformanceAdapter.ts';

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

/** The account of a case, and its position in the market that the case names. */
function dydxPosition(inputs: CaseInputs) {
  const account = dydxAccount(inputs);
  const index = recordsInput(inputs, 'positions').findIndex(({ market }) => market === inputs.market);
  const position = account.positions[index];
  if (position === undefined)
    throw new RiskError('bad-value', `The case has no position in its market "${String(inputs.market)}"`);
  return [account, position] as const;
}

function driftShortage(inputs: CaseInputs): DriftShortage {
  return {
    marginShortage: numberInput(inputs, 'marginShortage'),
    marginRatio: numberInput(inputs, 'marginRatio'),
    liquidatorFee: numberInput(inputs, 'liquidatorFee'),
    oraclePrice: numberInput(inputs, 'oraclePrice'),
    quoteOraclePrice: numberInput(inputs, 'quoteOraclePrice'),
  };
}

function paradexAccount(inputs: CaseInputs): ParadexAccount {
  return {
    accountValue: numberInput(inputs, 'accountValue'),
    maintenanceRequirement: numberInput(inputs, 'maintenanceRequirement'),
    liquidationFee: numberInput(inputs, 'liquidationFee'),
  };
}

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
  opynLiquidationPrice: (inputs) =>
    opynLiquidationPrice({
      isPut: inputs.isPut === true,
      collateral: numberInput(inputs, 'collateral'),
      debt: numberInput(inputs, 'debt'),
      cashValue: numberInput(inputs, 'cashValue'),
      spot: numberInput(inputs, 'spot'),
      oracleDeviation: numberInput(inputs, 'oracleDeviation'),
      elapsedSeconds: numberInput(inputs, 'elapsed'),
    }),
  dydxBankruptcyCash: (inputs) => dydxBankruptcyCash(...dydxPosition(inputs), numberInput(inputs, 'delta')),
  dydxFillablePrice: (inputs) =>
    dydxFillablePrice(...dydxPosition(inputs), {
      bankruptcyAdjustment: numberInput(inputs, 'bankruptcyAdjustment'),
      spreadToMaintenanceMarginRatio: numberInput(inputs, 'spreadToMaintenanceMarginRatio'),
    }),
  dydxInsuranceFundDelta: (inputs) =>
    dydxInsuranceFundDelta(
      ...dydxPosition(inputs),
      numberInput(inputs, 'delta'),
      numberInput(inputs, 'fillPrice'),
      numberInput(inputs, 'maxLiquidationFee'),
    ),
  driftBaseToCoverShortage: (inputs) =>
    driftBaseToCoverShortage(driftShortage(inputs), numberInput(inputs, 'insuranceFundFee')),
  driftInsuranceFundFee: (inputs) =>
    driftInsuranceFundFee(driftShortage(inputs), numberInput(inputs, 'base'), numberInput(inputs, 'maxFee')),
  driftLiquidationFee: (inputs) =>
    driftLiquidationFee(
      {
        baseFee: numberInput(inputs, 'baseFee'),
        maxFee: numberInput(inputs, 'maxFee'),
        gracePeriodSlots: numberInput(inputs, 'gracePeriodSlots'),
        increasePerSlot: numberInput(inputs, 'increasePerSlot'),
      },
      numberInput(inputs, 'slotsSinceActive'),
    ),
  driftSocialisedDepositDelta: (inputs) =>
    driftSocialisedDepositDelta(
      numberInput(inputs, 'loss'),
      numberInput(inputs, 'totalDeposits'),
      numberInput(inputs, 'depositIndex'),
    ),
  driftSocialisedFundingDelta: (inputs) =>
    driftSocialisedFundingDelta(
      numberInput(inputs, 'loss'),
      numberInput(inputs, 'longOpenInterest'),
      numberInput(inputs, 'shortOpenInterest'),
    ),
  paradexPenalty: (inputs) => paradexPenalty(paradexAccount(inputs), numberInput(inputs, 'share')),
  paradexMarginRatioAfter: (inputs) => paradexMarginRatioAfter(paradexAccount(inputs), numberInput(inputs, 'share')),
  paradexShareChosen: (inputs) =>
    paradexLiquidatedShare(
      paradexAccount(inputs),
      optionalInput(inputs, 'shareStep', 0.2),
      optionalInput(inputs, 'target', 0.9),
    ),
  paradexSocialisedLossFactor: (inputs) =>
    paradexSocialisedLossFactor(numberInput(inputs, 'bankruptcyLoss'), numberInput(inputs, 'totalUsdc')),
};

import { outOfTheMoneyAmount } from '../../engine/margin/optionMoneyness.ts';
import { aevoShockedSpot, aevoShockedVol, aevoStandardMargin } from '../../engine/margin/venues/aevo.ts';
import {
  BYBIT_TAKER_RATE,
  bybitAccountMaintenanceRate,
  bybitLongOptionCost,
  bybitOptionMaintenance,
} from '../../engine/margin/venues/bybit.ts';
import {
  dederiForward,
  dederiFutureProfits,
  dederiFuturesContingency,
  dederiIvChange,
} from '../../engine/margin/venues/dederi.ts';
import { gateOptionPremium } from '../../engine/margin/venues/gate.ts';
import { hyperliquidBorrowRate, hyperliquidRatio } from '../../engine/margin/venues/hyperliquid.ts';
import {
  okxAccountTotals,
  okxBasisCharge,
  okxDeltaUsd,
  okxExtremeMove,
  okxLinearProfits,
  okxMinimumCharge,
  okxUnitRequirement,
} from '../../engine/margin/venues/okx.ts';
import { paradexRequirement } from '../../engine/margin/venues/paradex.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  optionTypeInput,
} from './ConformanceAdapter.ts';
import { numbersInput } from './sampleInputs.ts';
import { signedSizeInput } from './signedSizeInput.ts';

const okx: FamilyAdapters = {
  'okx.pm.aggregate': (inputs) => {
    const { maintenance, initial } = okxUnitRequirement({
      mr1: numberInput(inputs, 'mr1'),
      mr2: numberInput(inputs, 'mr2'),
      mr3: numberInput(inputs, 'mr3'),
      mr4: numberInput(inputs, 'mr4'),
      mr5: numberInput(inputs, 'mr5'),
      mr6: numberInput(inputs, 'mr6'),
      mr7: numberInput(inputs, 'mr7'),
    });
    return { mmr: maintenance, imr: initial };
  },
  'okx.pm.mr1Linear': (inputs) => {
    const moves = numbersInput(inputs, 'moves');
    const profits = okxLinearProfits(numberInput(inputs, 'signedIndexNotionalUsd'), moves);
    return Object.fromEntries(moves.map((move, i) => [String(move), profits[i]]));
  },
  'okx.pm.mr6': (inputs) => {
    const { profit, mr6 } = okxExtremeMove(
      numberInput(inputs, 'signedIndexNotionalUsd'),
      numberInput(inputs, 'move'),
      numberInput(inputs, 'fraction'),
    );
    return { pnl: profit, mr6 };
  },
  'okx.pm.deltaUsd': (inputs) =>
    okxDeltaUsd(
      numberInput(inputs, 'contracts'),
      numberInput(inputs, 'contractValue'),
      numberInput(inputs, 'markPx'),
      numberInput(inputs, 'usdtUsd'),
    ),
  'okx.pm.mr4mr7': (inputs) => {
    const deltaUsd = numberInput(inputs, 'deltaUsd');
    return {
      mr4: okxBasisCharge(deltaUsd, numberInput(inputs, 'mr4Rate')),
      mr7: okxMinimumCharge(deltaUsd, numberInput(inputs, 'mr7Rate'), numberInput(inputs, 'tierMultiplier')),
    };
  },
  'okx.pm.accountTotals': (inputs) => {
    const initials = numbersInput(inputs, 'riskUnitImr');
    const totals = okxAccountTotals(
      numbersInput(inputs, 'riskUnitMmr').map((maintenance, i) => ({ maintenance, initial: initials[i]! })),
      numberInput(inputs, 'borrowMmr'),
      numberInput(inputs, 'borrowImr'),
    );
    return { derivMmr: totals.derivativesMaintenance, totalMmr: totals.maintenance, totalImr: totals.initial };
  },
};

const bybit: FamilyAdapters = {
  'bybit.sm.optionMaintenance': (inputs) => {
    const positionMm = bybitOptionMaintenance(
      numberInput(inputs, 'index'),
      numberInput(inputs, 'mark'),
      numberInput(inputs, 'size'),
      {
        mmFactor: numberInput(inputs, 'mmFactor'),
        liquidationFeeRate: numberInput(inputs, 'liquidationFeeRate'),
      },
    );
    if (inputs.marginBalance === undefined) return { positionMm };
    const accountMmRate = bybitAccountMaintenanceRate(positionMm, numberInput(inputs, 'marginBalance'));
    return { positionMm, accountMmRate };
  },
  'bybit.sm.longOptionCost': (inputs) =>
    bybitLongOptionCost(
      numberInput(inputs, 'index'),
      numberInput(inputs, 'price'),
      numberInput(inputs, 'size'),
      optionalInput(inputs, 'takerFeeRate', BYBIT_TAKER_RATE),
    ),
};

const aevo: FamilyAdapters = {
  'aevo.pm.shockedSpot': (inputs) =>
    aevoShockedSpot(numberInput(inputs, 'spot'), numberInput(inputs, 'up'), numberInput(inputs, 'down')),
  'aevo.pm.shockedVol': (inputs) =>
    aevoShockedVol(numberInput(inputs, 'iv'), numberInput(inputs, 'up'), numberInput(inputs, 'down')),
  'aevo.sm.option': (inputs) => {
    const { initial, maintenance } = aevoStandardMargin({
      type: optionTypeInput(inputs),
      quantity: signedSizeInput(inputs),
      spot: numberInput(inputs, 'underlying'),
      strike: numberInput(inputs, 'strike'),
      mark: numberInput(inputs, 'mark'),
    });
    return { im: initial, mm: maintenance };
  },
};

const dederi: FamilyAdapters = {
  'dederi.pm.future': (inputs) => {
    const index = numberInput(inputs, 'index');
    return {
      forward: dederiForward(index, numberInput(inputs, 'annualisedBasis'), numberInput(inputs, 'daysToExpiry')),
      contingency: dederiFuturesContingency(
        index,
        [numberInput(inputs, 'size')],
        numberInput(inputs, 'contingencyFactor'),
      ),
    };
  },
  'dederi.pm.futureGrid': (inputs) =>
    dederiFutureProfits(numberInput(inputs, 'size'), numberInput(inputs, 'forward'), numbersInput(inputs, 'moves')),
  'dederi.pm.ivChange': (inputs) =>
    dederiIvChange(numberInput(inputs, 'factor'), numberInput(inputs, 'power'), numberInput(inputs, 'daysToExpiry')),
};

const hyperliquid: FamilyAdapters = {
  'hyperliquid.pm.ratio': (inputs) =>
    hyperliquidRatio({
      balanceUsdc: numberInput(inputs, 'balanceUsdc'),
      crossMaintenanceUsd: numberInput(inputs, 'crossMaintenanceUsd'),
      borrowedUsd: numberInput(inputs, 'borrowedUsd'),
      collateralBalance: numberInput(inputs, 'collateralBalance'),
      collateralPrice: numberInput(inputs, 'collateralPrice'),
      ltv: numberInput(inputs, 'ltv'),
      borrowCapUsd: numberInput(inputs, 'borrowCapUsd'),
      supplyCap: numberInput(inputs, 'supplyCap'),
    }),
  'hyperliquid.borrowApy': (inputs) => hyperliquidBorrowRate(numberInput(inputs, 'utilization')),
};

function paradex(inputs: CaseInputs) {
  const requirement = paradexRequirement({
    spot: numberInput(inputs, 'spot'),
    perpetuals: numbersInput(inputs, 'perps'),
    options: (inputs.options as CaseInputs[]).map((option) => ({
      type: optionTypeInput({ type: option.cp }),
      strike: numberInput(option, 'K'),
      timeToExpiryYears: numberInput(option, 'T'),
      volatility: numberInput(option, 'iv'),
      quantity: numberInput(option, 'qty'),
    })),
    feeProvision: optionalInput(inputs, 'feeProvision', 0),
    fundingProvision: optionalInput(inputs, 'fundingProvision', 0),
  });
  return {
    scanRisk: requirement.scanRisk,
    scanScenario1: requirement.worstIndex + 1,
    minDelta: requirement.minimumDelta,
    imr: requirement.initial,
    mmr: requirement.maintenance,
  };
}

const gate: FamilyAdapters = {
  'options.otmAmount': (inputs) =>
    outOfTheMoneyAmount(optionTypeInput(inputs), numberInput(inputs, 'underlying'), numberInput(inputs, 'strike')),
  'options.premium': (inputs) =>
    gateOptionPremium(
      numberInput(inputs, 'price'),
      numberInput(inputs, 'size'),
      optionalInput(inputs, 'multiplier', 1),
    ),
};

export const cexVenues: FamilyAdapters = {
  ...okx,
  ...bybit,
  ...aevo,
  ...dederi,
  ...gate,
  ...hyperliquid,
  'paradex.pm.requirement': paradex,
};

import { portfolioManager2Margin } from '../../engine/margin/derive/portfolioManager2.ts';
import { PORTFOLIO_MANAGER_2_TABLE } from '../../engine/margin/derive/portfolioManager2Parameters.ts';
import { scenarioKind } from '../../engine/margin/derive/ScenarioShock.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, recordInput, recordsInput } from './ConformanceAdapter.ts';
import { parameterGroups, perpetualInput, portfolioExpiryInput, scenariosInput, tableInput } from './deriveInputs.ts';

function collateral(held: CaseInputs, stablePrice: number) {
  return {
    value: (numberInput(held, 'amount') * numberInput(held, 'price')) / stablePrice,
    confidence: numberInput(held, 'confidence'),
    riskCancelling: held.riskCancelling === true,
    maintenanceHaircut: numberInput(held, 'mmHaircut'),
    initialHaircut: numberInput(held, 'imHaircut'),
  };
}

export const derivePm2: FamilyAdapters = {
  'derive.pmrm2': (inputs, _data, file) => {
    const portfolio = recordInput(inputs, 'portfolio');
    const scenarios = scenariosInput(inputs, file);
    const stablePrice = numberInput(portfolio, 'stablePrice');
    const margin = portfolioManager2Margin(
      {
        spot: numberInput(portfolio, 'spot'),
        spotConfidence: numberInput(portfolio, 'spotConfidence'),
        stablePrice,
        cash: numberInput(portfolio, 'cash'),
        perpetual: perpetualInput(portfolio),
        collaterals: recordsInput(portfolio, 'collaterals').map((held) => collateral(held, stablePrice)),
        expiries: recordsInput(portfolio, 'expiries').map(portfolioExpiryInput),
      },
      tableInput(PORTFOLIO_MANAGER_2_TABLE, parameterGroups(inputs, file)),
      scenarios,
    );
    return {
      im: margin.initialMarginBalance,
      mm: margin.maintenanceMarginBalance,
      mtm: margin.markToMarket,
      optionMtm: margin.optionMarkToMarket,
      collateralMtm: margin.collateralMarkToMarket,
      scenarioPnl: margin.scenarioPnl,
      basisContingency: margin.basisContingency,
      mmPerp: margin.maintenancePerpetual,
      imPerp: margin.initialPerpetual,
      mmOption: margin.maintenanceOption,
      imOption: margin.initialOption,
      mmCollateral: margin.maintenanceCollateral,
      imCollateral: margin.initialCollateral,
      confidenceContingency: margin.confidenceContingency,
      mmFactor: margin.maintenanceFactor,
      imFactor: margin.initialFactor,
      worst: margin.worst === 'basis' ? 'basis' : scenarioKind(scenarios[margin.worst]!),
      optionMtmByExpiry: margin.expiries.map(({ markToMarket }) => markToMarket),
      staticDiscountByExpiry: margin.expiries.map(({ staticDiscounts }) => staticDiscounts),
      volMultiplierByExpiry: margin.expiries.map(({ volFactors }) => volFactors),
    };
  },
};

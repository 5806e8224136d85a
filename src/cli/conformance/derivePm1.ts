import { portfolioManagerMargin } from '../../engine/margin/derive/portfolioManager.ts';
import { PORTFOLIO_MANAGER_TABLE } from '../../engine/margin/derive/portfolioManagerParameters.ts';
import { type FamilyAdapters, numberInput, recordInput, recordsInput } from './ConformanceAdapter.ts';
import { parameterGroups, perpetualInput, portfolioExpiryInput, scenariosInput, tableInput } from './deriveInputs.ts';

export const derivePm1: FamilyAdapters = {
  'derive.pmrm': (inputs, _data, file) => {
    const portfolio = recordInput(inputs, 'portfolio');
    const margin = portfolioManagerMargin(
      {
        spot: numberInput(portfolio, 'spot'),
        spotConfidence: numberInput(portfolio, 'spotConfidence'),
        stablePrice: numberInput(portfolio, 'stablePrice'),
        cash: numberInput(portfolio, 'cash'),
        base: numberInput(portfolio, 'base'),
        baseValue:
          (numberInput(portfolio, 'base') * numberInput(portfolio, 'spot')) / numberInput(portfolio, 'stablePrice'),
        perpetual: perpetualInput(portfolio),
        expiries: recordsInput(portfolio, 'expiries').map(portfolioExpiryInput),
      },
      tableInput(PORTFOLIO_MANAGER_TABLE, parameterGroups(inputs, file)),
      scenariosInput(inputs, file),
    );
    return {
      im: margin.initialMarginBalance,
      mm: margin.maintenanceMarginBalance,
      mtm: margin.markToMarket,
      scenarioPnl: margin.scenarioPnl,
      basisContingency: margin.basisContingency,
      perpContingency: margin.perpetualContingency,
      baseContingency: margin.baseContingency,
      optionContingency: margin.optionContingency,
      confidenceContingency: margin.confidenceContingency,
      worstScenarioPnl: margin.worstScenarioPnl,
      imFactor: margin.initialFactor,
      worst: margin.worst === 'basis' ? 'basis' : 'scenario',
    };
  },
};

import { standardManagerMargin } from '../../engine/margin/derive/standardManager.ts';
import type { StandardManagerParameters } from '../../engine/margin/derive/standardManagerParameters.ts';
import { type CaseInputs, type FamilyAdapters, numberInput, recordInput, recordsInput } from './ConformanceAdapter.ts';
import { optionsInput, parameterGroups, perpetualInput, yearsInput } from './deriveInputs.ts';

function parameters(groups: CaseInputs): StandardManagerParameters {
  const number = (group: string, name: string) => numberInput(recordInput(groups, group), name);
  return {
    perpMM: number('perp', 'mm'),
    perpIM: number('perp', 'im'),
    maxSpotReq: number('option', 'maxSpotReq'),
    minSpotReq: number('option', 'minSpotReq'),
    mmCallSpotReq: number('option', 'mmCallSpotReq'),
    mmPutSpotReq: number('option', 'mmPutSpotReq'),
    MMPutMtMReq: number('option', 'MMPutMtMReq'),
    unpairedIMScale: number('option', 'unpairedIMScale'),
    unpairedMMScale: number('option', 'unpairedMMScale'),
    mmOffsetScale: number('option', 'mmOffsetScale'),
    baseMarginFactor: number('base', 'marginFactor'),
    baseIMScale: number('base', 'IMScale'),
    perpThreshold: number('confidence', 'perpThreshold'),
    optionThreshold: number('confidence', 'optionThreshold'),
    baseThreshold: number('confidence', 'baseThreshold'),
    OCFactor: number('confidence', 'OCFactor'),
    depegThreshold: number('depeg', 'threshold'),
    depegFactor: number('depeg', 'factor'),
  };
}

function market(held: CaseInputs) {
  return {
    name: String(held.name),
    spot: numberInput(held, 'spot'),
    spotConfidence: numberInput(held, 'spotConfidence'),
    perpetual: perpetualInput(held),
    base: numberInput(held, 'base'),
    expiries: recordsInput(held, 'expiries').map((expiry) => ({
      timeToExpiryYears: yearsInput(expiry),
      forward: numberInput(expiry, 'forward'),
      forwardConfidence: numberInput(expiry, 'forwardConfidence'),
      volConfidence: numberInput(expiry, 'volConfidence'),
      options: optionsInput(expiry),
    })),
  };
}

export const deriveSrm: FamilyAdapters = {
  'derive.standard': (inputs, _data, file) => {
    const portfolio = recordInput(inputs, 'portfolio');
    const values = parameters(parameterGroups(inputs, file));
    const margin = standardManagerMargin(
      {
        cash: numberInput(portfolio, 'cash'),
        stablePrice: numberInput(portfolio, 'stablePrice'),
        markets: recordsInput(portfolio, 'markets').map(market),
      },
      () => values,
    );
    return {
      im: margin.initialMarginBalance,
      mm: margin.maintenanceMarginBalance,
      mtm: margin.markToMarket,
      confidencePenalty: margin.confidencePenalty,
      depegPenalty: margin.depegPenalty,
      baseMargin: margin.base.maintenance,
      optionMargin: Object.fromEntries(
        margin.markets.map(({ name, options }) => [name, { optionIM: options.initial, optionMM: options.maintenance }]),
      ),
    };
  },
};

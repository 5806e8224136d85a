import { RiskError } from '../../engine/domain/failure.ts';
import {
  legacyFuturesContingency,
  legacyIvChange,
  legacyOptionContingency,
} from '../../engine/margin/deribit/legacyPortfolioMargin.ts';
import {
  type PortfolioMargin,
  type PortfolioPosition,
  portfolioMargin,
} from '../../engine/margin/deribit/portfolioMargin.ts';
import type { PortfolioMarginParameters } from '../../engine/margin/deribit/portfolioMarginParameters.ts';
import { EXTENDED_MOVES } from '../../engine/margin/deribit/riskMatrix.ts';
import { shockedVol, type VolShockParameters } from '../../engine/margin/deribit/shockedVol.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  optionTypeInput,
} from './ConformanceAdapter.ts';

function volShockParameters(inputs: CaseInputs): VolShockParameters {
  return {
    volatilityRangeUp: numberInput(inputs, 'volatilityRangeUp'),
    volatilityRangeDown: numberInput(inputs, 'volatilityRangeDown'),
    minVolatilityForShockUp: numberInput(inputs, 'minVolatilityForShockUp'),
    shortTermVegaPower: numberInput(inputs, 'shortTermVegaPower'),
    longTermVegaPower: numberInput(inputs, 'longTermVegaPower'),
  };
}

function marginParameters(inputs: CaseInputs): PortfolioMarginParameters {
  return {
    ...volShockParameters(inputs),
    priceRange: numberInput(inputs, 'priceRange'),
    bucketsCount: numberInput(inputs, 'bucketsCount'),
    extendedTableFactor: numberInput(inputs, 'extendedTableFactor'),
    extendedDampenerUsd: numberInput(inputs, 'extendedDampenerUsd'),
    mInc: numberInput(inputs, 'mInc'),
    maxDeltaShock: numberInput(inputs, 'maxDeltaShock'),
    deltaTotalLiqShockThresholdUsd: numberInput(inputs, 'deltaTotalLiqShockThresholdUsd'),
    annualisedMoveRisk: numberInput(inputs, 'annualisedMoveRisk'),
    minAnnualisedMove: numberInput(inputs, 'minAnnualisedMove'),
    pnlOffset: numberInput(inputs, 'pnlOffset'),
    maxOffsetablePnlUsd: numberInput(inputs, 'maxOffsetablePnlUsd'),
    mmFactor: numberInput(inputs, 'mmFactor'),
  };
}

function position(inputs: CaseInputs): PortfolioPosition {
  const expiry = String(inputs.expiry);
  if (inputs.kind === 'option') {
    return {
      kind: 'option',
      type: optionTypeInput({ type: inputs.cp }),
      strike: numberInput(inputs, 'K'),
      timeToExpiryYears: numberInput(inputs, 'T'),
      volatility: numberInput(inputs, 'iv'),
      quantity: numberInput(inputs, 'qty'),
      underlying: numberInput(inputs, 'underlying'),
      expiry,
    };
  }
  if (inputs.kind !== 'future') {
    throw new RiskError('bad-value', `The case has a position of the kind "${String(inputs.kind)}"`);
  }
  const isPerpetual = expiry === 'PERP' || inputs.T === null;
  const timeToExpiryYears = isPerpetual ? null : numberInput(inputs, 'T');
  return { kind: 'future', sizeCoin: numberInput(inputs, 'sizeCoin'), expiry, timeToExpiryYears };
}

/** Sum of the vectors of the positions that `chosen` names, standard and extended. */
function vectorsOf(
  margin: PortfolioMargin,
  positions: readonly PortfolioPosition[],
  chosen: (position: PortfolioPosition) => boolean,
) {
  const vectors = margin.positions.filter((_, i) => chosen(positions[i]!));
  const total = (table: 'standard' | 'extended', length: number) =>
    Array.from({ length }, (_, i) => vectors.reduce((sum, vector) => sum + vector[table][i]!, 0));
  return {
    standard: total('standard', margin.preAggregated.standard.length),
    extended: total('extended', EXTENDED_MOVES.length),
  };
}

function simulation(inputs: CaseInputs) {
  const positions = (inputs.positions as CaseInputs[]).map(position);
  const margin = portfolioMargin(
    positions,
    numberInput(inputs, 'index'),
    marginParameters(inputs.params as CaseInputs),
    {
      spotMargin: optionalInput(inputs, 'spotMargin', 0),
      mmpMargin: optionalInput(inputs, 'mmpMargin', 0),
      openOrdersMargin: optionalInput(inputs, 'openOrdersMargin', 0),
      correlationContingency: optionalInput(inputs, 'correlationContingency', 0),
    },
  );
  const perpetuals = vectorsOf(margin, positions, (p) => p.kind === 'future' && p.timeToExpiryYears === null);
  const futures = vectorsOf(margin, positions, (p) => p.kind === 'future' && p.timeToExpiryYears !== null);
  const options = vectorsOf(margin, positions, (p) => p.kind === 'option');
  return {
    perpStandard: perpetuals.standard,
    perpExtended: perpetuals.extended,
    futureStandard: futures.standard,
    futureExtended: futures.extended,
    optionStandard: options.standard,
    optionExtended: options.extended,
    preStandard: margin.preAggregated.standard,
    preExtended: margin.preAggregated.extended,
    aggregatedStandard: margin.aggregated.standard,
    aggregatedExtended: margin.aggregated.extended,
    aggStandard: margin.aggregated.standard,
    aggExtended: margin.aggregated.extended,
    worstCase: margin.worstCase,
    worstIndex1: margin.worstIndex + 1,
    deltaForShock: margin.deltaForShock,
    deltaShock: margin.deltaShock,
    rollShock: margin.rollShock,
    riskMatrixMargin: margin.riskMatrixMargin,
    initialMargin: margin.initialMargin,
    maintenanceMargin: margin.maintenanceMargin,
  };
}

export const cexDeribitPm: FamilyAdapters = {
  'deribit.pm.simulate': simulation,
  'deribit.pm.shockedVol': (inputs) =>
    shockedVol(
      numberInput(inputs, 'iv'),
      numberInput(inputs, 'daysToExpiry'),
      volShockParameters(inputs.params as CaseInputs),
    ),
  'deribit.legacyPm.ivChange': (inputs) =>
    legacyIvChange(
      numberInput(inputs, 'maxIvChange'),
      numberInput(inputs, 'power'),
      numberInput(inputs, 'daysToExpiry'),
    ),
  'deribit.legacyPm.futuresContingency': (inputs) =>
    legacyFuturesContingency(
      numberInput(inputs, 'rate'),
      numberInput(inputs, 'longCoin'),
      numberInput(inputs, 'shortCoin'),
    ),
  'deribit.legacyPm.optionContingency': (inputs) =>
    legacyOptionContingency(numberInput(inputs, 'rate'), numberInput(inputs, 'optionsCoin')),
};

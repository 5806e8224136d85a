import { RiskError } from '../../engine/domain/failure.ts';
import { spanInterCommodityCredit } from '../../engine/margin/span/spanInterCommodityCredit.ts';
import { spanRequirement } from '../../engine/margin/span/spanRequirement.ts';
import {
  combinedRiskArray,
  futureRiskArray,
  optionRiskArray,
  type SpanRiskArray,
  spanScanRisk,
} from '../../engine/margin/span/spanRiskArray.ts';
import { spanScenarios } from '../../engine/margin/span/spanScenarios.ts';
import { type TimsLeg, timsRequirement } from '../../engine/margin/tims/timsRequirement.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  optionTypeInput,
  recordsInput,
} from './ConformanceAdapter.ts';
import { numbersInput } from './sampleInputs.ts';

function scenarios(inputs: CaseInputs) {
  return spanScenarios({
    extremeMultiple: numberInput(inputs, 'extremeMultiple'),
    extremeCover: numberInput(inputs, 'extremeCover'),
  });
}

/** Losses of `position` units of what has this profit and loss per long unit. */
function losses(pnlPerLongUnit: readonly number[], position: number): SpanRiskArray {
  return pnlPerLongUnit.map((pnl) => 0 - pnl * position);
}

/** Profit and loss of a position, and the requirement; scenarios are counted from 1. */
function positionFigures(array: SpanRiskArray) {
  const { scanRisk, worstScenario } = spanScanRisk(array);
  return { pnl: array.map((loss) => 0 - loss), spanRequirement: scanRisk, worstScenario1: worstScenario + 1 };
}

function timsLeg(leg: CaseInputs, multiplier: number): TimsLeg {
  const quantity = numberInput(leg, 'qty');
  switch (leg.kind) {
    case 'option':
      return {
        kind: 'option',
        type: optionTypeInput({ type: leg.cp }),
        strike: numberInput(leg, 'K'),
        timeToExpiryYears: numberInput(leg, 'T'),
        volatility: numberInput(leg, 'iv'),
        quantity,
      };
    case 'stock':
    case 'underlying':
    case 'spot':
      return { kind: 'underlying', quantity };
    case 'future':
      return { kind: 'underlying', quantity: quantity * multiplier };
    default:
      throw new RiskError('bad-value', `The case has a leg of the unknown kind "${String(leg.kind)}"`);
  }
}

export const cexSpanTims: FamilyAdapters = {
  'span.scenarios': (inputs) =>
    scenarios(inputs).map(({ priceFraction, volDirection, weight }) => [priceFraction, volDirection, weight]),

  'span.futureArray': (inputs) => {
    const array = futureRiskArray(numberInput(inputs, 'priceScanRange'), scenarios(inputs));
    return positionFigures(combinedRiskArray([{ array, quantity: optionalInput(inputs, 'position', 1) }]));
  },

  'span.optionArray': (inputs) => {
    const array = optionRiskArray(
      {
        type: optionTypeInput(inputs),
        forward: numberInput(inputs, 'forward'),
        strike: numberInput(inputs, 'strike'),
        timeToExpiryYears: numberInput(inputs, 'T'),
        volatility: numberInput(inputs, 'iv'),
        multiplier: numberInput(inputs, 'multiplier'),
        priceScanRange: numberInput(inputs, 'priceScanRangePoints'),
        volScanRange: numberInput(inputs, 'volScanRange'),
        lookAheadDays: numberInput(inputs, 'lookAheadDays'),
      },
      scenarios(inputs),
    );
    return {
      lossPerLongUnit: array,
      spanRequirementLong: spanScanRisk(array).scanRisk,
      spanRequirementShort: spanScanRisk(combinedRiskArray([{ array, quantity: -1 }])).scanRisk,
    };
  },

  'span.requirementFromArray': (inputs) =>
    positionFigures(losses(numbersInput(inputs, 'pnlPerLongUnit'), optionalInput(inputs, 'position', 1))),

  'span.combineArrays': (inputs) =>
    positionFigures(
      combinedRiskArray(
        recordsInput(inputs, 'legs').map((leg) => ({
          array: losses(numbersInput(leg, 'pnlPerLongUnit'), 1),
          quantity: optionalInput(leg, 'position', 1),
        })),
      ),
    ),

  'span.total': (inputs) =>
    spanRequirement({
      scanRisk: numberInput(inputs, 'scanRisk'),
      intraCommodityCharge: numberInput(inputs, 'intraCommodityCharge'),
      deliveryCharge: numberInput(inputs, 'deliveryCharge'),
      interCommodityCredit: numberInput(inputs, 'interCommodityCredit'),
      shortOptionMinimum: numberInput(inputs, 'shortOptionMinimum'),
      netOptionValue: numberInput(inputs, 'netOptionValue'),
    }),

  'span.weightedFuturesPriceRisk': (inputs) =>
    spanInterCommodityCredit({
      activeScenarioLoss: numberInput(inputs, 'activeScenarioLoss'),
      pairedScenarioLoss: numberInput(inputs, 'pairedScenarioLoss'),
      scenario1Loss: numberInput(inputs, 'scenario1Loss'),
      scenario2Loss: numberInput(inputs, 'scenario2Loss'),
      netDelta: numberInput(inputs, 'netDelta'),
      spreadDelta: numberInput(inputs, 'spreadDelta'),
      creditRate: numberInput(inputs, 'creditRate'),
    }),

  'tims.requirement': (inputs) => {
    const band = numberInput(inputs, 'band');
    const multiplier = numberInput(inputs, 'multiplier');
    return timsRequirement({
      spot: numberInput(inputs, 'spot'),
      legs: recordsInput(inputs, 'legs').map((leg) => timsLeg(leg, multiplier)),
      band: { down: band, up: band },
      multiplier,
      minimumPerContract: numberInput(inputs, 'minimumPerContract'),
    });
  },
};

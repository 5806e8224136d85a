import { RiskError } from '../../engine/domain/failure.ts';
import { europeanLongBoxPerUnit, limitedRiskRequirement, type RegTLeg } from '../../engine/margin/regT/limitedRisk.ts';
import { longOptionPerUnit } from '../../engine/margin/regT/longOption.ts';
import { parseUnderlyingClass, type RegTPhase } from '../../engine/margin/regT/regTRates.ts';
import { type RegTUnderlying, shortOptionPerUnit, shortStranglePerUnit } from '../../engine/margin/regT/shortOption.ts';
import {
  collarPerShare,
  conversionPerShare,
  coveredCallPerShare,
  protectivePutPerShare,
  reverseConversionPerShare,
  shortPutShortStockPerShare,
} from '../../engine/margin/regT/stockStrategies.ts';
import {
  type CaseInputs,
  type FamilyAdapters,
  numberInput,
  optionalInput,
  optionTypeInput,
  recordInput,
  recordsInput,
} from './ConformanceAdapter.ts';

/** Of 100 shares, and an equity, where the case does not say. */
function underlying(inputs: CaseInputs): RegTUnderlying {
  return {
    price: numberInput(inputs, 'underlying'),
    underlyingClass: parseUnderlyingClass(inputs.class === undefined ? 'equity' : String(inputs.class)),
    leverage: optionalInput(inputs, 'leverage', 1),
  };
}

function units(inputs: CaseInputs): number {
  return optionalInput(inputs, 'multiplier', 100) * Math.abs(optionalInput(inputs, 'quantity', 1));
}

function premiumAndStrike(inputs: CaseInputs) {
  return { strike: numberInput(inputs, 'strike'), premium: numberInput(inputs, 'premium') };
}

function phase(inputs: CaseInputs): RegTPhase {
  if (inputs.phase === 'initial' || inputs.phase === 'maintenance') return inputs.phase;
  throw new RiskError('bad-value', `The case's phase is "${String(inputs.phase)}", neither initial nor maintenance`);
}

function shares(inputs: CaseInputs): number {
  return numberInput(inputs, 'shares');
}

type PerShare = (phase: RegTPhase, stockPrice: number, strike: number) => number;

function stockStrategy(perShare: PerShare) {
  return (inputs: CaseInputs) =>
    shares(inputs) * perShare(phase(inputs), numberInput(inputs, 'stockPrice'), numberInput(inputs, 'strike'));
}

export const cexRegtCboe: FamilyAdapters = {
  'regt.shortOption': (inputs) =>
    units(inputs) *
    shortOptionPerUnit({ type: optionTypeInput(inputs), ...premiumAndStrike(inputs) }, underlying(inputs)),

  'regt.shortStrangle': (inputs) =>
    units(inputs) *
    shortStranglePerUnit(
      premiumAndStrike(recordInput(inputs, 'call')),
      premiumAndStrike(recordInput(inputs, 'put')),
      underlying(inputs),
    ),

  'regt.limitedRisk': (inputs) => {
    const legs = recordsInput(inputs, 'legs').map(
      (leg): RegTLeg => ({
        type: optionTypeInput(leg),
        ...premiumAndStrike(leg),
        quantity: numberInput(leg, 'quantity'),
      }),
    );
    const { requirement, proceeds, netCall } = limitedRiskRequirement(legs, underlying(inputs));
    const money = units(inputs);
    return { requirement: money * requirement, proceeds: money * proceeds, netCall: money * netCall };
  },

  'regt.longBox': (inputs) =>
    units(inputs) * europeanLongBoxPerUnit(numberInput(inputs, 'lowStrike'), numberInput(inputs, 'highStrike')),

  'regt.longOption': (inputs) => {
    const { cash, margin } = longOptionPerUnit(
      numberInput(inputs, 'premium'),
      numberInput(inputs, 'monthsToExpiry'),
      inputs.listed !== false,
    );
    return { cash: units(inputs) * cash, margin: units(inputs) * margin };
  },

  'regt.coveredCall': stockStrategy(coveredCallPerShare),
  'regt.shortPutShortStock': stockStrategy(shortPutShortStockPerShare),
  'regt.protectivePut': stockStrategy(protectivePutPerShare),
  'regt.reverseConversion': stockStrategy(reverseConversionPerShare),

  'regt.collar': (inputs) =>
    shares(inputs) *
    collarPerShare(
      phase(inputs),
      numberInput(inputs, 'stockPrice'),
      numberInput(inputs, 'putStrike'),
      numberInput(inputs, 'callStrike'),
    ),

  'regt.conversion': (inputs) => {
    const strike = numberInput(inputs, 'strike');
    // Its maintenance does not depend on the price, which cases leave out then.
    const stockPrice =
      phase(inputs) === 'initial' ? numberInput(inputs, 'stockPrice') : optionalInput(inputs, 'stockPrice', strike);
    return shares(inputs) * conversionPerShare(phase(inputs), stockPrice, strike);
  },
};

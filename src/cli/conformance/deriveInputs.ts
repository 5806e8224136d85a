import { RiskError } from '../../engine/domain/failure.ts';
import { DAYS_PER_YEAR } from '../../engine/domain/units.ts';
import type { HeldOption, HeldPerpetual, PortfolioExpiry } from '../../engine/margin/derive/optionExpiry.ts';
import type { ParameterTable, TableValues } from '../../engine/margin/derive/parameterTable.ts';
import type { ScenarioShock, VolMove } from '../../engine/margin/derive/ScenarioShock.ts';
import { type CaseFile, type CaseInputs, numberInput, recordInput, recordsInput } from './ConformanceAdapter.ts';

const SECONDS_PER_YEAR = 86_400 * DAYS_PER_YEAR;

/** The parameter set that a case names in its own file, group by group. */
export function parameterGroups(inputs: CaseInputs, file: CaseFile): CaseInputs {
  return recordInput(recordInput(file, 'paramSets'), String(inputs.params));
}

/** The values of a table out of groups whose keys are the table's. */
export function tableInput<Table extends ParameterTable>(table: Table, groups: CaseInputs): TableValues<Table> {
  const flat = Object.assign({}, ...Object.values(groups)) as CaseInputs;
  return Object.fromEntries(table.map(({ key }) => [key, numberInput(flat, key)])) as TableValues<Table>;
}

const VOL_MOVES: readonly VolMove[] = ['up', 'none', 'down', 'linear', 'abs'];

/** The scenario set that a case names, or the only one of its file. */
export function scenariosInput(inputs: CaseInputs, file: CaseFile): ScenarioShock[] {
  const list =
    inputs.scenarios === undefined
      ? recordsInput(file, 'scenarios')
      : recordsInput(recordInput(file, 'scenarioSets'), String(inputs.scenarios));
  return list.map((shock) => {
    const volMove = VOL_MOVES.find((move) => move === String(shock.volShock).toLowerCase());
    if (volMove === undefined) throw new RiskError('bad-value', `No vol shock is named "${String(shock.volShock)}"`);
    const dampening = shock.dampening === undefined ? 1 : numberInput(shock, 'dampening');
    return { spotFactor: numberInput(shock, 'spotShock'), volMove, dampening };
  });
}

export function yearsInput(expiry: CaseInputs): number {
  return numberInput(expiry, 'secToExpiry') / SECONDS_PER_YEAR;
}

export function optionsInput(expiry: CaseInputs): HeldOption[] {
  return recordsInput(expiry, 'options').map((option) => ({
    type: option.isCall === true ? 'C' : 'P',
    strike: numberInput(option, 'strike'),
    quantity: numberInput(option, 'amount'),
    volatility: numberInput(option, 'vol'),
  }));
}

/** An expiry of a portfolio manager; confidence in vol is given for the expiry or for each option, where the least counts. */
export function portfolioExpiryInput(expiry: CaseInputs): PortfolioExpiry {
  const volConfidence =
    expiry.volConfidence === undefined
      ? Math.min(1, ...recordsInput(expiry, 'options').map((option) => numberInput(option, 'volConfidence')))
      : numberInput(expiry, 'volConfidence');
  return {
    timeToExpiryYears: yearsInput(expiry),
    settledForward: numberInput(expiry, 'forwardFixed'),
    liveForward: numberInput(expiry, 'forwardVariable'),
    forwardConfidence: numberInput(expiry, 'forwardConfidence'),
    rate: numberInput(expiry, 'rate'),
    rateConfidence: numberInput(expiry, 'rateConfidence'),
    volConfidence,
    options: optionsInput(expiry),
  };
}

export function perpetualInput(holder: CaseInputs): HeldPerpetual {
  const perp = recordInput(holder, 'perp');
  const quantity = numberInput(perp, 'position');
  return {
    quantity,
    notional: quantity * numberInput(perp, 'price'),
    confidence: numberInput(perp, 'confidence'),
    unsettledCash: numberInput(perp, 'unsettledCash'),
  };
}

import type { ParameterSet } from '../../domain/riskParameters.ts';
import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import type { ComponentScan, MarginBook, MarginRequirement, ScannedPosition } from '../MarginModel.ts';
import { edgeScenario, type HistoricalTail, historicalTail } from './historicalTail.ts';
import { unwindingCharges } from './unwindingCharges.ts';

/** What a rule makes of the tail. */
export interface TailMeasure {
  /** `Value at risk`; the component's name. */
  readonly name: string;
  /** Loss of the book, USD, positive when money is at risk. */
  lossUsd(tail: HistoricalTail): Usd;
  /** Each position's part of it; the parts add up. */
  partUsd(tail: HistoricalTail, position: ScannedPosition): Usd;
  /** Where the measure is the loss in one outcome. */
  scan?(tail: HistoricalTail, multiplier: number): ComponentScan;
}

/**
 * Margin = multiplier x tail measure of the book's P&L in the history's newest moves, never below zero, + liquidity add-on +
 * concentration add-on. A position's row is its own part of the measure (Euler's rule, on the very outcomes that make the figure)
 * and its own part of the add-ons.
 * @throws RiskError `missing-data` naming the coin without history.
 */
export function tailRequirement(
  book: MarginBook,
  parameters: ParameterSet,
  measure: TailMeasure,
  purpose: string,
): MarginRequirement {
  const tail = historicalTail(book, parameters, purpose);
  const charges = unwindingCharges(book, parameters);
  const multiplier = parameters.multiplier!;
  const atRisk = tail !== null && measure.lossUsd(tail) > 0 ? tail : null;
  const lossUsd = atRisk === null ? 0 : multiplier * measure.lossUsd(atRisk);
  const components = [
    {
      name: measure.name,
      usd: lossUsd,
      ...(tail === null || measure.scan === undefined ? {} : { scan: measure.scan(tail, multiplier) }),
    },
    { name: 'Liquidity add-on', usd: sum(charges.liquidity) },
    { name: 'Concentration add-on', usd: sum(charges.concentration) },
  ];
  const initialMarginUsd = sum(components.map(({ usd }) => usd));
  return {
    initialMarginUsd,
    maintenanceMarginUsd: parameters.maintenanceFactor! * initialMarginUsd,
    worstScenario: tail === null ? null : edgeScenario(tail),
    components,
    positions: book.positions.map(({ id }, row) => ({
      id,
      initialMarginUsd:
        (atRisk === null ? 0 : multiplier * measure.partUsd(atRisk, atRisk.positions[row]!)) +
        charges.liquidity[row]! +
        charges.concentration[row]!,
    })),
    approximations: [
      'Moves over the horizon are applied at once: no time passes, and every strike keeps its vol but for the move of vol itself.',
      ...(tail?.moves.notices ?? []),
      ...(charges.lacksOpenInterest
        ? ['Options whose open interest this market does not tell are not judged for concentration.']
        : []),
    ],
  };
}

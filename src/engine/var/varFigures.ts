import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { PositionVar, VarReport, VarRequest } from '../domain/riskReport.ts';
import type { ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import type { OutcomeReader, OutcomeReading } from './outcomeReader.ts';
import { componentVar } from './tailRisk.ts';

/** What a report holds beside its request. */
export type VarFigures = Pick<
  VarReport,
  | 'valueAtRiskUsd'
  | 'expectedShortfallUsd'
  | 'standardError'
  | 'confidenceInterval95'
  | 'estimates'
  | 'observations'
  | 'byPosition'
  | 'histogram'
  | 'exceedance'
  | 'incremental'
  | 'extremeValue'
  | 'cornishFisher'
  | 'ageWeights'
  | 'sampling'
> &
  Partial<Pick<VarReport, 'proxyError'>>;

/** Of a book that nothing moves. */
export function withoutExposure(request: VarRequest): VarFigures {
  const sampled = request.method === 'monte-carlo';
  return {
    valueAtRiskUsd: 0,
    expectedShortfallUsd: 0,
    standardError: sampled ? { valueAtRiskUsd: 0, expectedShortfallUsd: 0 } : null,
    confidenceInterval95: sampled ? { valueAtRiskUsd: [0, 0], expectedShortfallUsd: [0, 0] } : null,
    estimates: null,
    observations: 0,
    byPosition: [],
    histogram: { edgesUsd: [-1, 1], counts: [0] },
    exceedance: request.lossLevelsUsd.map((lossUsd) => ({ lossUsd, probability: lossUsd < 0 ? 1 : 0 })),
    ...(request.before === undefined ? {} : { incremental: { valueAtRiskUsd: 0, expectedShortfallUsd: 0 } }),
  };
}

/** Figures of outcomes drawn or taken from history. `meanPnl` is the mean P&L of each position over the outcomes around VaR. */
export function outcomeFigures(
  positions: readonly Held[],
  meanPnl: readonly number[],
  outcomes: { readonly count: number; readonly estimates: ScenarioEstimates | null },
  reading: OutcomeReading,
  request: VarRequest,
): VarFigures {
  const { valueAtRiskUsd, expectedShortfallUsd, errors } = reading;
  return {
    valueAtRiskUsd,
    expectedShortfallUsd,
    standardError: errors && {
      valueAtRiskUsd: errors.var.standardError,
      expectedShortfallUsd: errors.es.standardError,
    },
    confidenceInterval95: errors && {
      valueAtRiskUsd: errors.var.interval95,
      expectedShortfallUsd: errors.es.interval95,
    },
    estimates: outcomes.estimates,
    observations: outcomes.count,
    byPosition: positionRows(positions, componentVar(valueAtRiskUsd, meanPnl)),
    histogram: reading.histogram,
    exceedance: request.lossLevelsUsd.map((lossUsd) => ({ lossUsd, probability: reading.exceedance(lossUsd) })),
    ...reading.detail,
  };
}

/** A position as the rows of a report name it. */
interface Held {
  readonly id: string;
  readonly quantity: number;
}

/** A row a position, before the book has been looked at without it. */
export function positionRows(positions: readonly Held[], components: readonly number[]): PositionVar[] {
  return positions.map(({ id, quantity }, i) => ({
    id,
    valueAtRiskUsd: components[i]!,
    marginalVaRUsd: quantity === 0 ? 0 : components[i]! / quantity,
    incrementalVaRUsd: null,
  }));
}

/**
 * VaR of the book in some outcomes less VaR without one position in the same ones; null where the rest has no figure.
 *
 * @param own P&L of the position in the first outcomes. @param alone Whether the book has no other.
 */
export function incrementalVar(
  pnl: Float64Array,
  own: Float64Array,
  alone: boolean,
  valueAtRiskUsd: number,
  reader: OutcomeReader,
): number | null {
  // Without its only position a book is worth the same whatever happens, not the rounding of a difference.
  const rest = new Float64Array(pnl.length);
  if (!alone) for (let s = 0; s < rest.length; s += 1) rest[s] = pnl[s]! - own[s]!;
  const without = reader.valueAtRisk(rest);
  return without === null ? null : valueAtRiskUsd - without;
}

export function addedBy(
  { valueAtRiskUsd, expectedShortfallUsd }: Pick<VarFigures, 'valueAtRiskUsd' | 'expectedShortfallUsd'>,
  before: Pick<VarFigures, 'valueAtRiskUsd' | 'expectedShortfallUsd'> | null,
): NonNullable<VarReport['incremental']> {
  if (before === null) {
    throw new RiskError(
      'unsupported',
      'The book without the proposal has no figure by this method, so what the proposal adds cannot be told; ask without it',
    );
  }
  return {
    valueAtRiskUsd: valueAtRiskUsd - before.valueAtRiskUsd,
    expectedShortfallUsd: expectedShortfallUsd - before.expectedShortfallUsd,
  };
}

/** What the method itself has to say of its figures. */
export function tailNotices(figures: VarFigures, request: VarRequest): Notice[] {
  return [...ageNotices(figures, request), ...paretoNotices(figures)];
}

function ageNotices({ ageWeights }: Pick<VarFigures, 'ageWeights'>, { confidence }: VarRequest): Notice[] {
  if (ageWeights === undefined) return [];
  const { decay, effectiveObservations } = ageWeights;
  const message = `With a decay of ${decay} the history counts as ${Math.round(effectiveObservations)} equally weighted days`;
  return [
    effectiveObservations * (1 - confidence) < 2
      ? { severity: 'warning', message: `${message}; this VaR hangs on one or two of the worst` }
      : { severity: 'info', message },
  ];
}

function paretoNotices({ extremeValue }: Pick<VarFigures, 'extremeValue'>): Notice[] {
  if (extremeValue === undefined) return [];
  const { exceedances, thresholdUsd, shape, shapeError } = extremeValue.fit;
  const tail = `Pareto tail over ${exceedances} losses beyond ${Math.round(thresholdUsd)} USD: xi ${shape.toFixed(2)}`;
  return [
    shapeError === null
      ? { severity: 'warning', message: `${tail}, too short a tail for maximum likelihood to have standard errors` }
      : { severity: 'info', message: `${tail}, standard error ${shapeError.toFixed(2)}` },
  ];
}

import type { Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarRequest } from '../domain/riskReport.ts';
import type { CornishFisherReport } from '../domain/tailReport.ts';
import type { JointMoves } from '../scenario/jointMoves.ts';
import { cornishFisherLoss, type CornishFisherVar, cornishFisherVar } from './cornishFisherVar.ts';
import { type Exposure, sensitivity } from './exposures.ts';
import {
  deltaGammaNormalLoss,
  deltaGammaNormalVar,
  type ParametricInputs,
  type ParametricVar,
} from './parametricVar.ts';
import { histogramEdges } from './tailRisk.ts';
import { addedBy, positionRows, type VarFigures } from './varFigures.ts';

export const PARAMETRIC_NOTICES = {
  parametric:
    'Parametric VaR takes moves as normal and the book as quadratic in them (delta, gamma, vega, vanna, volga)',
  'cornish-fisher':
    'Cornish-Fisher VaR takes moves as normal and the book as quadratic in them, and knows the first four moments of that',
} as const;

/** Figures of normal moves and a book quadratic in them, by its distribution or by the four moments of that. Adds to the notices. */
export function parametricFigures(
  positions: readonly Exposure[],
  former: readonly Exposure[],
  moves: JointMoves,
  covariance: Matrix,
  request: VarRequest,
  notices: Notice[],
): Omit<VarFigures, 'estimates'> {
  const { confidence } = request;
  const inputsOf = (all: readonly Exposure[]): ParametricInputs => {
    const sensitivities = all.map((position) => sensitivity(position, request.smile));
    // Their squares must be numbers too: variances are made of them.
    checkFinite(sensitivities.reduce((sum, { delta, gamma, volga }) => sum + delta ** 2 + gamma ** 2 + volga ** 2, 0));
    return {
      positions: sensitivities,
      underlyings: moves.underlyings,
      covariance,
      confidence,
      shortfallConfidence: request.expectedShortfallConfidence ?? confidence,
    };
  };
  const inputs = inputsOf(positions);
  const expansion = request.method === 'cornish-fisher' ? cornishFisherVar(inputs) : null;
  const figuresOf = expansion === null ? deltaGammaNormalVar : cornishFisherVar;
  const result: ParametricVar = expansion ?? deltaGammaNormalVar(inputs);
  if (expansion !== null) notices.push(...monotonyNotices(expansion));
  const edgesUsd = histogramEdges(-result.lossQuantile(0.001), -result.lossQuantile(0.999));
  // Cumulative probability of P&L at each inner edge; the outer bins take the tails.
  const below = edgesUsd.map((edge, i) =>
    i === 0 ? 0 : i === edgesUsd.length - 1 ? 1 : result.exceedance(edge === 0 ? 0 : -edge),
  );
  return {
    valueAtRiskUsd: result.valueAtRiskUsd,
    expectedShortfallUsd: result.expectedShortfallUsd,
    standardError: null,
    confidenceInterval95: null,
    observations: moves.count,
    byPosition: positionRows(positions, result.components).map((row, i) => {
      const rest = { ...inputs, positions: inputs.positions.filter((_, j) => j !== i) };
      const guess = result.valueAtRiskUsd - result.components[i]!;
      const without = expansion === null ? deltaGammaNormalLoss(rest, guess) : cornishFisherLoss(rest);
      return { ...row, incrementalVaRUsd: without === null ? null : result.valueAtRiskUsd - without };
    }),
    histogram: {
      edgesUsd,
      counts: edgesUsd.slice(1).map((_, i) => Math.max(below[i + 1]! - below[i]!, 0) * moves.count),
    },
    exceedance: request.lossLevelsUsd.map((lossUsd) => ({ lossUsd, probability: result.exceedance(lossUsd) })),
    ...(request.before === undefined ? {} : { incremental: addedBy(result, figuresOf(inputsOf(former))) }),
    ...(expansion === null ? {} : { cornishFisher: cornishFisherReport(expansion) }),
  };
}

function monotonyNotices({ monotone, turnsAtConfidence }: CornishFisherVar): Notice[] {
  if (monotone) return [];
  if (turnsAtConfidence === null) {
    const message =
      'The Cornish-Fisher expansion of this book is not monotone on the side of gains; losses are not concerned';
    return [{ severity: 'info', message }];
  }
  const share = Number((100 * turnsAtConfidence).toPrecision(5));
  return [
    {
      severity: 'warning',
      message: `The Cornish-Fisher expansion of this book is not monotone beyond ${share} % of outcomes: losses further out are held at that level, and expected shortfall with them`,
    },
  ];
}

function cornishFisherReport({ moments, monotone, turnsAtConfidence }: CornishFisherVar): CornishFisherReport {
  const { mean, deviation, skewness, excessKurtosis } = moments;
  return { meanUsd: mean, standardDeviationUsd: deviation, skewness, excessKurtosis, monotone, turnsAtConfidence };
}

function checkFinite(value: number): void {
  if (!Number.isFinite(value))
    throw new RiskError('bad-value', 'The losses of this book are too large to compute; check its quantities');
}

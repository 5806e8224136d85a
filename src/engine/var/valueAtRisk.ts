import type { Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarMethod, VarProgress, VarReport, VarRequest } from '../domain/riskReport.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { covarianceEstimates } from '../scenario/covarianceEstimates.ts';
import { EstimateList } from '../scenario/EstimateList.ts';
import { jointMoves, type JointMoves } from '../scenario/jointMoves.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { deltaGammaExposure, type Exposure, exposures, sensitivity, totalPnl, underlyingsOf } from './exposures.ts';
import { deltaGammaNormalVar } from './parametricVar.ts';
import { type ScenarioSource, scenarioSource } from './scenarioSource.ts';
import {
  componentVar,
  exceedanceOf,
  expectedShortfallError,
  expectedShortfallOf,
  histogramEdges,
  pnlHistogram,
  sortedPnl,
  valueAtRiskError,
  valueAtRiskOf,
  valueAtRiskWindow,
} from './tailRisk.ts';

/** What a caller may watch and steer while a figure is computed. */
export interface VarControl {
  /** After each block of paths; `soFar` is the newest figure. */
  onProgress?(progress: VarProgress): void;
  /** Asked between blocks; true ends the computation, which then answers null. */
  cancelled?(): boolean;
  /** Awaited between blocks, so that a worker can hear a cancel. */
  pause?(): Promise<void>;
  /** Milliseconds of any clock, for `elapsedMs`; without one it is 0. */
  now?(): number;
  /** Paths a block; the figures do not depend on it. */
  readonly blockPaths?: number;
}

const BLOCK_PATHS = 4096;
/** Monte Carlo shows its first figure after this many paths, and again each time they have doubled. */
const FIRST_FIGURE_PATHS = 10_000;
/** With fewer outcomes than this beyond VaR, the report says that they are few. */
const FEW_IN_TAIL = 10;

const LIMITS = {
  horizonDays: [1, 365],
  paths: [1_000, 5_000_000],
  seed: [0, Number.MAX_SAFE_INTEGER],
} as const;

const METHOD_NAMES: Readonly<Record<VarMethod, string>> = {
  historical: 'historical VaR',
  'filtered-historical': 'filtered historical VaR',
  parametric: 'parametric VaR',
  'monte-carlo': 'Monte Carlo VaR',
};

/**
 * VaR and ES of a portfolio in a market, with component VaR, a histogram and the share of outcomes beyond given losses.
 *
 * Moves of the market are applied at once, whatever the horizon: no time passes and nothing expires, so theta is not counted.
 * Historical and filtered historical revalue the book in each of the history's moves; parametric is delta-gamma-normal with
 * vega; Monte Carlo revalues it on drawn moves (`revaluation: 'full'`) or on its second-order sensitivities
 * (`'delta-gamma'`, which the historical methods honour as well). A path depends on the seed and its number alone, so the
 * figures are the same to the bit however the paths are cut into blocks.
 *
 * Legs that have no price are left out, each with a notice. A book without exposure has zero VaR and needs no history.
 * Answers null when cancelled.
 * @throws RiskError `bad-value` or `unsupported` for a request that cannot be met, `missing-data` when the market lacks history.
 */
export async function valueAtRisk(
  market: PreparedMarket,
  request: VarRequest,
  control: VarControl = {},
): Promise<VarReport | null> {
  const started = control.now?.() ?? 0;
  checkRequest(request);
  const book = bookPositions(market, request.portfolio);
  const priced = exposures(book);
  const notices: Notice[] = [...book.notices];
  const finish = (figures: Figures): VarReport => ({
    inputVersion: request.inputVersion,
    marketId: request.marketId,
    method: request.method,
    confidence: request.confidence,
    horizonDays: request.horizonDays,
    ...figures,
    elapsedMs: control.now ? control.now() - started : 0,
    proxyError: null,
    notices,
  });
  if (priced.length === 0) return finish(withoutExposure(request));

  const moves = jointMoves(market.snapshot, underlyingsOf(priced), METHOD_NAMES[request.method]);
  notices.push(...moves.notices);
  if (request.horizonDays > 1) {
    notices.push({
      severity: 'info',
      message: `Moves over ${request.horizonDays} days are applied at once; time decay over the horizon is not counted`,
    });
  }
  if (request.method === 'parametric') {
    notices.push({
      severity: 'info',
      message:
        'Parametric VaR takes moves as normal and the book as quadratic in them (delta, gamma, vega, vanna, volga)',
    });
    const list = new EstimateList(request.estimates);
    const { covariance, notices: repairs } = covarianceEstimates(moves, request.horizonDays, list);
    notices.push(...repairs);
    const estimates = list.report('Normal moves', 'Second moments of the moves about zero', moves);
    return finish({ ...parametricFigures(priced, moves, covariance, request), estimates });
  }

  const positions =
    request.revaluation === 'delta-gamma'
      ? priced.map((position) => deltaGammaExposure(position, request.smile))
      : priced;
  const source = await scenarioSource(market, moves, request);
  notices.push(...source.notices);
  const beyond = source.count * (1 - request.confidence);
  if (beyond < FEW_IN_TAIL) {
    notices.push({
      severity: 'warning',
      message: `Only ${Math.ceil(beyond - 1e-9)} of ${source.count} outcomes lie at or beyond this VaR; it is little more than the worst one`,
    });
  }

  const pnl = new Float64Array(source.count);
  const block = control.blockPaths ?? BLOCK_PATHS;
  let soFar: VarReport | null = null;
  let milestone = Math.min(FIRST_FIGURE_PATHS, source.count);
  for (let from = 0; from < source.count; ) {
    if (control.cancelled?.()) return null;
    const to = Math.min(from + block, milestone);
    pnl.set(totalPnl(positions, source.range(from, to)), from);
    from = to;
    if (from === milestone) {
      soFar = finish(sampleFigures(positions, pnl.subarray(0, from), source, request));
      milestone = Math.min(milestone * 2, source.count);
    }
    control.onProgress?.({ inputVersion: request.inputVersion, pathsDone: from, pathsAsked: source.count, soFar });
    await control.pause?.();
  }
  return control.cancelled?.() ? null : soFar;
}

// ---- figures -------------------------------------------------------------------------------------------------------

type Figures = Pick<
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
>;

function withoutExposure(request: VarRequest): Figures {
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
  };
}

/** Figures of outcomes drawn or taken from history. `pnl[i]` is the P&L of the book in outcome i of the source. */
function sampleFigures(
  positions: readonly Exposure[],
  pnl: Float64Array,
  source: ScenarioSource,
  request: VarRequest,
): Figures {
  const sorted = sortedPnl(pnl);
  const { confidence } = request;
  const shortfallConfidence = request.expectedShortfallConfidence ?? confidence;
  const valueAtRiskUsd = valueAtRiskOf(sorted, confidence);
  const window = source.chosen(valueAtRiskWindow(pnl, sorted, confidence));
  const means = positions.map((position) => mean(position.pnl(window)));
  const rows = componentVar(valueAtRiskUsd, means);
  const errors =
    request.method === 'monte-carlo'
      ? { var: valueAtRiskError(sorted, confidence), es: expectedShortfallError(sorted, shortfallConfidence) }
      : null;
  return {
    valueAtRiskUsd,
    expectedShortfallUsd: expectedShortfallOf(sorted, shortfallConfidence),
    standardError: errors && {
      valueAtRiskUsd: errors.var.standardError,
      expectedShortfallUsd: errors.es.standardError,
    },
    confidenceInterval95: errors && {
      valueAtRiskUsd: errors.var.interval95,
      expectedShortfallUsd: errors.es.interval95,
    },
    estimates: source.estimates,
    observations: pnl.length,
    byPosition: positions.map(({ id }, i) => ({ id, valueAtRiskUsd: rows[i]! })),
    histogram: pnlHistogram(sorted),
    exceedance: request.lossLevelsUsd.map((lossUsd) => ({ lossUsd, probability: exceedanceOf(sorted, lossUsd) })),
  };
}

function parametricFigures(
  positions: readonly Exposure[],
  moves: JointMoves,
  covariance: Matrix,
  request: VarRequest,
): Omit<Figures, 'estimates'> {
  const { confidence } = request;
  const sensitivities = positions.map((position) => sensitivity(position, request.smile));
  // Their squares must be numbers too: variances are made of them.
  checkFinite(sensitivities.reduce((sum, { delta, gamma, volga }) => sum + delta ** 2 + gamma ** 2 + volga ** 2, 0));
  const result = deltaGammaNormalVar({
    positions: sensitivities,
    underlyings: moves.underlyings,
    covariance,
    confidence,
    shortfallConfidence: request.expectedShortfallConfidence ?? confidence,
  });
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
    byPosition: positions.map(({ id }, i) => ({ id, valueAtRiskUsd: result.components[i]! })),
    histogram: {
      edgesUsd,
      counts: edgesUsd.slice(1).map((_, i) => Math.max(below[i + 1]! - below[i]!, 0) * moves.count),
    },
    exceedance: request.lossLevelsUsd.map((lossUsd) => ({ lossUsd, probability: result.exceedance(lossUsd) })),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// ---- the request ---------------------------------------------------------------------------------------------------

function checkRequest(request: VarRequest): void {
  if (request.revaluation === 'proxy') {
    throw new RiskError('unsupported', 'Revaluation by a fitted proxy is not available; use full or delta-gamma');
  }
  checkConfidence('Confidence', request.confidence);
  if (request.expectedShortfallConfidence !== undefined)
    checkConfidence('Expected shortfall confidence', request.expectedShortfallConfidence);
  checkWhole('The horizon', request.horizonDays, LIMITS.horizonDays, ' days');
  if (request.lossLevelsUsd.some((level) => !Number.isFinite(level)))
    throw new RiskError('bad-value', 'Each loss level must be a number of USD');
  if (request.method !== 'monte-carlo') return;
  checkWhole('The number of paths', request.paths, LIMITS.paths, '');
  checkWhole('The seed', request.seed, LIMITS.seed, '');
  if (request.distribution === 'student-t' && !(request.degreesOfFreedom > 2 && request.degreesOfFreedom <= 1000)) {
    throw new RiskError(
      'bad-value',
      `Degrees of freedom must be above 2, so that moves have a variance, and at most 1000; got ${request.degreesOfFreedom}`,
    );
  }
}

function checkConfidence(name: string, value: number): void {
  if (!(value > 0.5 && value < 1))
    throw new RiskError('bad-value', `${name} must be above 0.5 and below 1, like 0.99; got ${value}`);
}

function checkWhole(name: string, value: number, [least, most]: readonly [number, number], unit: string): void {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw new RiskError('bad-value', `${name} must be a whole number from ${least} to ${most}${unit}; got ${value}`);
  }
}

function checkFinite(value: number): void {
  if (!Number.isFinite(value))
    throw new RiskError('bad-value', 'The losses of this book are too large to compute; check its quantities');
}

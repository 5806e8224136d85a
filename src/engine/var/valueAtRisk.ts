import type { Matrix } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { RunControl } from '../domain/RunControl.ts';
import type { CornishFisherReport } from '../domain/tailReport.ts';
import type { PositionVar, VarMethod, VarProgress, VarReport, VarRequest } from '../domain/riskReport.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { covarianceEstimates } from '../scenario/covarianceEstimates.ts';
import { EstimateList } from '../scenario/EstimateList.ts';
import { jointMoves, type JointMoves } from '../scenario/jointMoves.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { type CornishFisherVar, cornishFisherVar } from './cornishFisherVar.ts';
import { deltaGammaExposure, type Exposure, exposures, sensitivity, totalPnl, underlyingsOf } from './exposures.ts';
import { ageWeightedReader, empiricalReader, extremeValueReader, type OutcomeReader } from './outcomeReader.ts';
import {
  deltaGammaNormalLoss,
  deltaGammaNormalVar,
  type ParametricInputs,
  type ParametricVar,
} from './parametricVar.ts';
import { type ScenarioSource, scenarioSource } from './scenarioSource.ts';
import { componentVar, histogramEdges } from './tailRisk.ts';

/** Progress comes after each block of paths; `soFar` is the newest figure. */
export interface VarControl extends RunControl<VarProgress> {
  /** Paths a block; the figures do not depend on it. */
  readonly blockPaths?: number;
}

const BLOCK_PATHS = 4096;
/** Monte Carlo shows its first figure after this many paths, and again each time they have doubled. */
const FIRST_FIGURE_PATHS = 10_000;
/** With fewer outcomes than this beyond VaR, the report says that they are few. */
const FEW_IN_TAIL = 10;
/** Position P&Ls kept for incremental VaR, 64 MB of them; a longer run computes them once more instead. */
const MOST_KEPT = 8_000_000;
/** Decay of age weights unless asked for, between the 0.97 and 0.99 of Boudoukh, Richardson and Whitelaw (1998). */
const AGE_DECAY = 0.98;

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
  'age-weighted': 'age-weighted VaR',
  'cornish-fisher': 'Cornish-Fisher VaR',
  evt: 'extreme value VaR',
};

/**
 * VaR and ES of a portfolio in a market, with component VaR, a histogram and the share of outcomes beyond given losses.
 *
 * Moves of the market are applied at once, whatever the horizon: no time passes and nothing expires, so theta is not counted.
 * Historical and filtered historical revalue the book in each of the history's moves, age-weighted too, with weights that fall
 * with age; parametric is delta-gamma-normal with vega, Cornish-Fisher the same book by its first four cumulants; Monte Carlo
 * revalues it on drawn moves (`revaluation: 'full'`) or on its second-order sensitivities (`'delta-gamma'`, which the
 * historical methods honour as well); EVT fits a Pareto tail to the losses of one of these. A path depends on the seed and its
 * number alone, so the figures are the same to the bit however the paths are cut into blocks.
 *
 * Each position has its component VaR (Euler; rows add up), its marginal VaR (the component per unit held) and its incremental
 * VaR (the same outcomes without it, revalued exactly). `before` asks the same of the whole proposal; coins that only it holds
 * take part in the joint moves.
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
  const former = request.before === undefined ? [] : exposures(bookPositions(market, request.before));
  if (priced.length + former.length === 0) return finish(withoutExposure(request));

  const moves = jointMoves(market.snapshot, underlyingsOf([...priced, ...former]), METHOD_NAMES[request.method]);
  notices.push(...moves.notices);
  if (request.horizonDays > 1) {
    notices.push({
      severity: 'info',
      message: `Moves over ${request.horizonDays} days are applied at once; time decay over the horizon is not counted`,
    });
  }
  if (request.method === 'parametric' || request.method === 'cornish-fisher') {
    notices.push({ severity: 'info', message: PARAMETRIC_NOTICES[request.method] });
    const list = new EstimateList(request.estimates);
    const { covariance, notices: repairs } = covarianceEstimates(moves, request.horizonDays, list);
    notices.push(...repairs);
    const estimates = list.report('Normal moves', 'Second moments of the moves about zero', moves);
    return finish({ ...parametricFigures(priced, former, moves, covariance, request, notices), estimates });
  }

  const valued = (all: readonly Exposure[]): readonly Exposure[] =>
    request.revaluation === 'delta-gamma' ? all.map((position) => deltaGammaExposure(position, request.smile)) : all;
  const positions = valued(priced);
  const others = valued(former);
  const source = await scenarioSource(market, moves, { ...request, method: outcomesOf(request) });
  notices.push(...source.notices);
  const beyond = source.count * (1 - request.confidence);
  if (beyond < FEW_IN_TAIL && request.method !== 'evt') {
    notices.push({
      severity: 'warning',
      message: `Only ${Math.ceil(beyond - 1e-9)} of ${source.count} outcomes lie at or beyond this VaR; it is little more than the worst one`,
    });
  }

  const reader = outcomeReader(request);
  const pnl = new Float64Array(source.count);
  const formerPnl = request.before === undefined ? null : new Float64Array(source.count);
  const rows =
    positions.length * source.count <= MOST_KEPT ? positions.map(() => new Float64Array(source.count)) : null;
  const block = control.blockPaths ?? BLOCK_PATHS;
  let soFar: VarReport | null = null;
  let milestone = Math.min(FIRST_FIGURE_PATHS, source.count);
  for (let from = 0; from < source.count; ) {
    if (control.cancelled?.()) return null;
    const to = Math.min(from + block, milestone);
    const scenarios = source.range(from, to);
    positions.forEach((position, i) => {
      const row = position.pnl(scenarios);
      rows?.[i]!.set(row, from);
      for (let s = 0; s < row.length; s += 1) pnl[from + s] = pnl[from + s]! + row[s]!;
    });
    formerPnl?.set(totalPnl(others, scenarios), from);
    from = to;
    if (from === milestone) {
      const figures = sampleFigures(positions, pnl.subarray(0, from), source, request, reader);
      soFar = finish(figures);
      if (from === source.count) {
        notices.push(...ageNotices(figures, request), ...tailNotices(figures));
        const row = (i: number): Float64Array => rows?.[i] ?? blockwisePnl(positions[i]!, source, block);
        const byPosition = await incrementalRows(figures, pnl, row, reader, control);
        if (byPosition === null) return null;
        const incremental = formerPnl === null ? {} : { incremental: addedBy(figures, reader.figures(formerPnl)) };
        soFar = finish({ ...figures, ...incremental, byPosition });
      }
      milestone = Math.min(milestone * 2, source.count);
    }
    control.onProgress?.({ inputVersion: request.inputVersion, pathsDone: from, pathsAsked: source.count, soFar });
    await control.pause?.();
  }
  return control.cancelled?.() ? null : soFar;
}

/** The method whose outcomes are read. */
function outcomesOf({ method, tailOf }: VarRequest): VarMethod {
  if (method === 'age-weighted') return 'historical';
  return method === 'evt' ? (tailOf ?? 'historical') : method;
}

const PARAMETRIC_NOTICES = {
  parametric:
    'Parametric VaR takes moves as normal and the book as quadratic in them (delta, gamma, vega, vanna, volga)',
  'cornish-fisher':
    'Cornish-Fisher VaR takes moves as normal and the book as quadratic in them, and knows the first four moments of that',
} as const;

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
  | 'incremental'
  | 'extremeValue'
  | 'cornishFisher'
  | 'ageWeights'
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
    ...(request.before === undefined ? {} : { incremental: { valueAtRiskUsd: 0, expectedShortfallUsd: 0 } }),
  };
}

function outcomeReader(request: VarRequest): OutcomeReader {
  const { confidence, method } = request;
  const shortfallConfidence = request.expectedShortfallConfidence ?? confidence;
  if (method === 'age-weighted')
    return ageWeightedReader(confidence, shortfallConfidence, request.ageDecay ?? AGE_DECAY);
  if (method === 'evt') {
    const question = { confidence, shortfallConfidence, thresholdQuantile: request.thresholdQuantile ?? null };
    return extremeValueReader(question, request.tailOf ?? 'historical');
  }
  return empiricalReader(confidence, shortfallConfidence, method === 'monte-carlo');
}

/** Figures of outcomes drawn or taken from history. `pnl[i]` is the P&L of the book in outcome i of the source. */
function sampleFigures(
  positions: readonly Exposure[],
  pnl: Float64Array,
  source: ScenarioSource,
  request: VarRequest,
  reader: OutcomeReader,
): Figures {
  const reading = reader.read(pnl);
  const { valueAtRiskUsd, expectedShortfallUsd, errors } = reading;
  const window = source.chosen(reading.window.outcomes);
  const means = positions.map((position) => weightedMean(position.pnl(window), reading.window.weights));
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
    estimates: source.estimates,
    observations: pnl.length,
    byPosition: positionRows(positions, componentVar(valueAtRiskUsd, means)),
    histogram: reading.histogram,
    exceedance: request.lossLevelsUsd.map((lossUsd) => ({ lossUsd, probability: reading.exceedance(lossUsd) })),
    ...reading.detail,
  };
}

/** A row a position, before the book has been looked at without it. */
function positionRows(positions: readonly Exposure[], components: readonly number[]): PositionVar[] {
  return positions.map(({ id, quantity }, i) => ({
    id,
    valueAtRiskUsd: components[i]!,
    marginalVaRUsd: quantity === 0 ? 0 : components[i]! / quantity,
    incrementalVaRUsd: null,
  }));
}

/** The rows with what VaR would lack without each position, in the same outcomes; null when cancelled. */
async function incrementalRows(
  { byPosition, valueAtRiskUsd }: Pick<Figures, 'byPosition' | 'valueAtRiskUsd'>,
  pnl: Float64Array,
  row: (position: number) => Float64Array,
  reader: OutcomeReader,
  control: VarControl,
): Promise<PositionVar[] | null> {
  const rows: PositionVar[] = [];
  for (const [i, position] of byPosition.entries()) {
    if (control.cancelled?.()) return null;
    const own = row(i);
    // Without its only position a book is worth the same whatever happens, not the rounding of a difference.
    const rest = byPosition.length === 1 ? new Float64Array(pnl.length) : pnl.map((value, s) => value - own[s]!);
    const without = reader.valueAtRisk(rest);
    rows.push({ ...position, incrementalVaRUsd: without === null ? null : valueAtRiskUsd - without });
    await control.pause?.();
  }
  return rows;
}

function blockwisePnl(position: Exposure, source: ScenarioSource, block: number): Float64Array {
  const pnl = new Float64Array(source.count);
  for (let from = 0; from < source.count; from += block)
    pnl.set(position.pnl(source.range(from, Math.min(from + block, source.count))), from);
  return pnl;
}

function addedBy(
  { valueAtRiskUsd, expectedShortfallUsd }: Pick<Figures, 'valueAtRiskUsd' | 'expectedShortfallUsd'>,
  before: Pick<Figures, 'valueAtRiskUsd' | 'expectedShortfallUsd'> | null,
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

function ageNotices({ ageWeights }: Pick<Figures, 'ageWeights'>, { confidence }: VarRequest): Notice[] {
  if (ageWeights === undefined) return [];
  const { decay, effectiveObservations } = ageWeights;
  const message = `With a decay of ${decay} the history counts as ${Math.round(effectiveObservations)} equally weighted days`;
  return [
    effectiveObservations * (1 - confidence) < 2
      ? { severity: 'warning', message: `${message}; this VaR hangs on one or two of the worst` }
      : { severity: 'info', message },
  ];
}

function tailNotices({ extremeValue }: Pick<Figures, 'extremeValue'>): Notice[] {
  if (extremeValue === undefined) return [];
  const { exceedances, thresholdUsd, shape, shapeError } = extremeValue.fit;
  const tail = `Pareto tail over ${exceedances} losses beyond ${Math.round(thresholdUsd)} USD: xi ${shape.toFixed(2)}`;
  return [
    shapeError === null
      ? { severity: 'warning', message: `${tail}, too short a tail for maximum likelihood to have standard errors` }
      : { severity: 'info', message: `${tail}, standard error ${shapeError.toFixed(2)}` },
  ];
}

function parametricFigures(
  positions: readonly Exposure[],
  former: readonly Exposure[],
  moves: JointMoves,
  covariance: Matrix,
  request: VarRequest,
  notices: Notice[],
): Omit<Figures, 'estimates'> {
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
      const without = expansion === null ? deltaGammaNormalLoss(rest) : cornishFisherLoss(rest);
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

/** VaR alone; null where the expansion has turned before the confidence. */
function cornishFisherLoss(inputs: ParametricInputs): number | null {
  try {
    return cornishFisherVar(inputs).valueAtRiskUsd;
  } catch (error) {
    if (error instanceof RiskError && error.failure.code === 'unsupported') return null;
    throw error;
  }
}

function weightedMean(values: Float64Array, weights: Float64Array | null): number {
  if (weights === null) return values.reduce((sum, value) => sum + value, 0) / values.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total;
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
  if (outcomesOf(request) !== 'monte-carlo') return;
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

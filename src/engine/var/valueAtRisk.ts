import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarMethod, VarReport, VarRequest } from '../domain/riskReport.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { covarianceEstimates } from '../scenario/covarianceEstimates.ts';
import { EstimateList } from '../scenario/EstimateList.ts';
import { jointMoves } from '../scenario/jointMoves.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { deltaGammaExposure, type Exposure, exposures, underlyingsOf } from './exposures.ts';
import { listedVar } from './listedVar.ts';
import { monteCarloVar } from './monteCarloVar.ts';
import { ageWeightedReader, empiricalReader, extremeValueReader, type OutcomeReader } from './outcomeReader.ts';
import { PARAMETRIC_NOTICES, parametricFigures } from './parametricFigures.ts';
import { samplingMethod } from './samplingMethod.ts';
import { listedOutcomes, scenarioGenerator } from './scenarioSource.ts';
import { FEW_IN_TAIL } from './tailRisk.ts';
import type { VarControl } from './VarControl.ts';
import { checkTargets } from './targetError.ts';
import { tailNotices, type VarFigures, withoutExposure } from './varFigures.ts';

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
 * revalues it on drawn moves (`revaluation: 'full'`), by a fitted polynomial of known error (`'proxy'`, which `'auto'` chooses where it pays) or on its second-order
 * sensitivities (`'delta-gamma'`, which the historical methods honour as well); EVT fits a Pareto tail to the losses of one of these. A path depends on the seed and its
 * number alone, so the figures are the same to the bit however the paths are cut and whoever computes them (`control.pool`).
 *
 * Each position has its component VaR (Euler; rows add up), its marginal VaR (the component per unit held) and its incremental
 * VaR (the same outcomes without it, revalued exactly; of a large book's Monte Carlo on its first paths, which a notice says). `before` asks the same of the whole proposal; coins that only it holds
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
  const priced = exposures(book, market.kernels);
  const notices: Notice[] = [...book.notices];
  const finish = (figures: VarFigures): VarReport => ({
    inputVersion: request.inputVersion,
    marketId: request.marketId,
    method: request.method,
    confidence: request.confidence,
    horizonDays: request.horizonDays,
    proxyError: null,
    ...figures,
    elapsedMs: control.now ? control.now() - started : 0,
    notices,
  });
  const formerBook = request.before === undefined ? null : bookPositions(market, request.before);
  const former = formerBook === null ? [] : exposures(formerBook, market.kernels);
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

  const fewNotice = (count: number): void => {
    const beyond = count * (1 - request.confidence);
    if (beyond >= FEW_IN_TAIL || request.method === 'evt') return;
    notices.push({
      severity: 'warning',
      message: `Only ${Math.ceil(beyond - 1e-9)} of ${count} outcomes lie at or beyond this VaR; it is little more than the worst one`,
    });
  };
  const reader = outcomeReader(request, market);
  const outcomes = outcomesOf(request);
  if (outcomes === 'monte-carlo') {
    const generator = await scenarioGenerator(market, moves, request);
    notices.push(...generator.notices);
    if (samplingMethod(request, generator.draws) !== 'importance') fewNotice(request.paths);
    const books = { held: { book, exposures: priced }, former: formerBook && { book: formerBook, exposures: former } };
    const run = { books, underlyings: moves.underlyings, generator, reader, notices, finish };
    return monteCarloVar(market, request, run, control);
  }

  const valued = (all: readonly Exposure[]): readonly Exposure[] =>
    request.revaluation === 'delta-gamma' ? all.map((position) => deltaGammaExposure(position, request.smile)) : all;
  const listed = await listedOutcomes(moves, request, outcomes === 'filtered-historical');
  notices.push(...listed.notices);
  fewNotice(listed.set.count);
  const figures = await listedVar(valued(priced), valued(former), listed, request, reader, control);
  if (figures === null || control.cancelled?.()) return null;
  notices.push(...tailNotices(figures, request));
  return finish(figures);
}

/** The method whose outcomes are read. */
function outcomesOf({ method, tailOf }: VarRequest): VarMethod {
  if (method === 'age-weighted') return 'historical';
  return method === 'evt' ? (tailOf ?? 'historical') : method;
}

function outcomeReader(request: VarRequest, { kernels }: PreparedMarket): OutcomeReader {
  const { confidence, method } = request;
  const shortfallConfidence = request.expectedShortfallConfidence ?? confidence;
  if (method === 'age-weighted')
    return ageWeightedReader(confidence, shortfallConfidence, request.ageDecay ?? AGE_DECAY);
  if (method === 'evt') {
    const question = { confidence, shortfallConfidence, thresholdQuantile: request.thresholdQuantile ?? null };
    return extremeValueReader(question, request.tailOf ?? 'historical', kernels);
  }
  return empiricalReader(confidence, shortfallConfidence, method === 'monte-carlo', kernels);
}

// ---- the request ---------------------------------------------------------------------------------------------------

function checkRequest(request: VarRequest): void {
  if (request.revaluation === 'proxy' && outcomesOf(request) !== 'monte-carlo') {
    throw new RiskError(
      'unsupported',
      'Proxy revaluation is for the many paths of Monte Carlo; use full or delta-gamma for this method',
    );
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
  checkTargets(request);
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

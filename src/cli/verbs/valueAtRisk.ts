import { RiskError } from '../../engine/domain/failure.ts';
import type { VarReport, VarRequest } from '../../engine/domain/riskReport.ts';
import type { EstimateOverrides, ScenarioEstimates } from '../../engine/domain/scenarioEstimates.ts';
import type { PreparedMarket } from '../../engine/scenario/preparedMarket.ts';
import { proxyVerification } from '../../engine/var/proxyVerification.ts';
import { valueAtRisk } from '../../engine/var/valueAtRisk.ts';
import type { VarControl } from '../../engine/var/VarControl.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { excerpt, jsonPointer } from '../../formats/jsonDocument.ts';
import type { CommandIo } from '../CommandIo.ts';
import { readJson, readPortfolioAt } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import { drawChoices, PATH_OPTIONS, pathsLog, VAR_METHODS, withThreads } from '../pathOptions.ts';
import { BOOK_OPTIONS, logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

const SAMPLINGS = ['plain', 'sobol', 'importance'] as const;

const DISTRIBUTIONS = ['normal', 'student-t', 't-copula', 'jump-diffusion', 'heston', 'bates'] as const;

/** Paths times legs: about a second of one thread. A thread takes a third of one to start. */
const WORTH_THREADS = 1e8;

export const valueAtRiskVerb: Verb = {
  usage: '--market F --portfolio F [options]',
  help: `
  --market F               headroom/market@1, with history
  --portfolio F            headroom/portfolio@1, or CSV
  --smile-edits F          headroom/smile-edits@1: level, skew, wings an expiry
  --method METHOD          ${VAR_METHODS.slice(0, 4).join(', ')},
                           ${VAR_METHODS.slice(4).join(', ')} (historical)
  --confidence P           above 0.5 and below 1 (0.99)
  --shortfall-confidence P confidence of the expected shortfall (the same)
  --horizon-days N         (1)
  --smile RULE             sticky-strike or sticky-delta (sticky-strike)
  --revaluation HOW        full, delta-gamma, or proxy: Monte Carlo paths by a fitted polynomial a coin, whose error is in proxyError{};
                           it pays from about 50 legs x 100000 paths on (full)
  --verify                 of proxy: revalues the same paths in full too, for verification{}; --before and --target-error do not count
  --before F               the portfolio without what is proposed: the answer then has incremental{}, what the rest adds
age-weighted, historical outcomes that count less with age:
  --age-decay X            of the weight, per day (0.98)
evt, a generalised Pareto tail fitted to the losses of another method:
  --tail-of METHOD         historical, filtered-historical or monte-carlo (historical)
  --threshold-quantile Q   share of outcomes below the threshold, 0.5 to 1 (0.9; lower where fewer than 50 outcomes, or less than
                           twice the tail asked for, would lie beyond it, at least 0.75)
Monte Carlo:
  --paths N                at most; the figures are refined as their number doubles (100000)
  --target-error USD       fewer paths will do once the standard errors of VaR and ES are both at most this
  --seed N                 same seed, same figures (1)
  --distribution NAME      normal, student-t, t-copula, jump-diffusion, heston or bates (student-t)
  --degrees-of-freedom N   of student-t (4)
  --sampling HOW           plain, sobol: even points, or importance: even points, more of them where the book loses
                           (importance for normal and student-t moves, plain for others)
  --workers N              threads (as many as there are processors, where the paths are worth their start); the figures do not
                           depend on it
  --margins KIND           of t-copula: t, fitted by factor, or empirical, the history's own (t)
filtered-historical:
  --filter NAME            riskmetrics (weights fall by 0.94 a day), ewma (decay fitted) or garch (GARCH(1,1) fitted) (riskmetrics)
  --filter-fallback NAME   riskmetrics: stands in for a filter that cannot be fitted to a factor; without it that is an error
  --estimates F            JSON object {"ID": number} of numbers to use in place of estimates; the answer's estimates has the ids

Answer: asOf, method, confidence, horizonDays, valueAtRiskUsd and expectedShortfallUsd (positive when money is at risk),
standardError{} and confidenceInterval95{} (valueAtRiskUsd, expectedShortfallUsd; null where the method has none),
observations (days of history, or paths), byPosition[] (id, valueAtRiskUsd: component VaR, adds up to the total;
marginalVaRUsd: per further unit held; incrementalVaRUsd: VaR less VaR without the position, null where the rest has no figure),
histogram (edgesUsd[], counts[]), sampling{} of Monte Carlo (method, replicates, effectivePaths{}: as many plain paths would
have the same standard error, by this run's own estimate), estimates (null where moves are the history's own: generator,
method, observations, from, to, stepDays, values[] with id, group, name, unit, estimated, standardError, value, isOverridden,
min, max), elapsedMs, proxyError{} (null unless revaluation is proxy: maxUsd, shareOfGrossPremium,
grossPremiumUsd, heldBackPoints, pieces, nodes, buildMs, outsideBox: share of paths revalued in full, fullCoins[]), notices[]; with
--verify verification{} (full{}, paths, largestDifferenceUsd and its path, shareOfGrossPremium); with --before
incremental{} (valueAtRiskUsd, expectedShortfallUsd); for evt extremeValue{} (rule, fit{} and thresholds[] with thresholdUsd,
exceedances, shape xi, scaleUsd beta, their errors, meanExcessUsd and both figures; losses[]); for cornish-fisher
cornishFisher{} (moments, monotone, turnsAtConfidence); for age-weighted ageWeights{}. Progress goes to stderr.`,
  options: {
    ...BOOK_OPTIONS,
    method: { type: 'string' },
    confidence: { type: 'string' },
    'shortfall-confidence': { type: 'string' },
    'horizon-days': { type: 'string' },
    before: { type: 'string' },
    'age-decay': { type: 'string' },
    'tail-of': { type: 'string' },
    'threshold-quantile': { type: 'string' },
    smile: { type: 'string' },
    revaluation: { type: 'string' },
    verify: { type: 'boolean' },
    ...PATH_OPTIONS,
    'target-error': { type: 'string' },
    sampling: { type: 'string' },
    margins: { type: 'string' },
    filter: { type: 'string' },
    'filter-fallback': { type: 'string' },
    estimates: { type: 'string' },
  },
  async run(options, io) {
    const thresholdQuantile = options.optionalNumber('threshold-quantile');
    const shortfallConfidence = options.optionalNumber('shortfall-confidence');
    const targetStandardErrorUsd = options.optionalNumber('target-error');
    const choices = {
      method: options.choice('method', VAR_METHODS, 'historical'),
      confidence: options.number('confidence', 0.99),
      ...(shortfallConfidence === undefined ? {} : { expectedShortfallConfidence: shortfallConfidence }),
      horizonDays: options.number('horizon-days', 1),
      ageDecay: options.number('age-decay', 0.98),
      tailOf: options.choice('tail-of', ['historical', 'filtered-historical', 'monte-carlo'], 'historical'),
      ...(thresholdQuantile === undefined ? {} : { thresholdQuantile }),
      ...drawChoices(options, 100_000, DISTRIBUTIONS),
      ...(targetStandardErrorUsd === undefined ? {} : { targetStandardErrorUsd }),
      copulaMargins: options.choice('margins', ['t', 'empirical'], 't'),
      filter: options.choice('filter', ['riskmetrics', 'ewma', 'garch'], 'riskmetrics'),
      ...(options.text('filter-fallback') === undefined
        ? {}
        : { filterFallback: options.choice('filter-fallback', ['riskmetrics'], 'riskmetrics') }),
      ...(options.text('sampling') === undefined
        ? {}
        : { sampling: options.choice('sampling', SAMPLINGS, 'importance') }),
      revaluation: options.choice('revaluation', ['full', 'proxy', 'delta-gamma'], 'full'),
      smile: options.choice('smile', ['sticky-strike', 'sticky-delta'], 'sticky-strike'),
    } satisfies Partial<VarRequest>;
    const isVerified = options.flag('verify');
    if (isVerified && choices.revaluation !== 'proxy')
      throw new RiskError('bad-value', '--verify is for --revaluation proxy; say both, or neither');
    const file = options.text('estimates');
    const estimates = file === undefined ? {} : await readEstimates(file, io);
    const { market, portfolio } = await readPricedBook(options, io);
    const { id: marketId, asOf } = market.snapshot;
    const beforePath = options.text('before');
    const before = beforePath === undefined ? {} : { before: await readPortfolioAt(beforePath, io) };
    const request: VarRequest = {
      inputVersion: 0,
      marketId,
      portfolio,
      lossLevelsUsd: [],
      estimates,
      ...before,
      ...choices,
    };
    const found = await inFile(file, () =>
      withThreads(options, isWorthThreads(isVerified ? { ...request, revaluation: 'full' } : request), (threads) => {
        const control = { onProgress: pathsLog(io), now: () => io.now(), ...threads };
        return isVerified ? proxyVerification(market, request, control) : reported(market, request, control);
      }),
    );
    if (found === null) throw new RiskError('internal', 'The computation was abandoned');
    const { report: answer, ...verification } = found;
    if (file !== undefined) checkNames(file, estimates, answer.estimates ?? null);
    const { inputVersion: _version, marketId: _id, exceedance: _levels, ...report } = answer;
    logNotices(report.notices, io);
    io.write(jsonText({ asOf: isoTime(asOf), ...report, ...(isVerified && { verification }) }));
  },
};

/** As a verification has it. */
async function reported(
  market: PreparedMarket,
  request: VarRequest,
  control: VarControl,
): Promise<{ readonly report: VarReport } | null> {
  const report = await valueAtRisk(market, request, control);
  return report && { report };
}

function isWorthThreads({ method, tailOf, revaluation, paths, portfolio, before }: VarRequest): boolean {
  const drawn = (method === 'evt' ? tailOf : method) === 'monte-carlo';
  const legs = portfolio.legs.length + (before?.legs.length ?? 0);
  return drawn && revaluation === 'full' && paths * legs >= WORTH_THREADS;
}

/** Numbers by estimate id. */
async function readEstimates(file: string, io: CommandIo): Promise<EstimateOverrides> {
  const value = await readJson(file, io);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RiskError('bad-value', `${file}: The document must be an object of numbers by estimate id`, '');
  const numbers = new Map<string, number>();
  for (const [id, number] of Object.entries(value)) {
    if (typeof number !== 'number')
      throw new RiskError('bad-value', `${file}: ${excerpt(id)} must be a number`, jsonPointer([id]));
    numbers.set(id, number);
  }
  return Object.fromEntries(numbers);
}

/** What an override is refused for stands in its file. */
async function inFile<T>(file: string | undefined, compute: () => Promise<T>): Promise<T> {
  try {
    return await compute();
  } catch (error) {
    const prefix = '/estimates/';
    if (file === undefined || !(error instanceof RiskError) || !error.failure.path?.startsWith(prefix)) throw error;
    throw new RiskError(
      error.failure.code,
      `${file}: ${error.message}`,
      jsonPointer([error.failure.path.slice(prefix.length)]),
    );
  }
}

/** A name that nothing asked for would be a number without effect. */
function checkNames(file: string, overrides: EstimateOverrides, estimates: ScenarioEstimates | null): void {
  const known = estimates?.values.map(({ id }) => id) ?? [];
  const unknown = Object.keys(overrides).find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const choices = known.length === 0 ? 'this method has none' : `there are ${known.join(', ')}`;
  throw new RiskError(
    'bad-value',
    `${file}: There is no estimate ${excerpt(unknown)}; ${choices}`,
    jsonPointer([unknown]),
  );
}

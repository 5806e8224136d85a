import { RiskError } from '../../engine/domain/failure.ts';
import type { VarProgress, VarRequest } from '../../engine/domain/riskReport.ts';
import { valueAtRisk } from '../../engine/var/valueAtRisk.ts';
import { isoTime } from '../../formats/isoTime.ts';
import type { CommandIo } from '../CommandIo.ts';
import { readPortfolioAt } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import { logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

const METHODS = [
  'historical',
  'filtered-historical',
  'age-weighted',
  'parametric',
  'cornish-fisher',
  'monte-carlo',
  'evt',
] as const;

export const valueAtRiskVerb: Verb = {
  name: 'var',
  summary: 'value at risk and expected shortfall of a portfolio',
  usage: '--market F --portfolio F [options]',
  help: `
  --market F               headroom/market@1, with history
  --portfolio F            headroom/portfolio@1, or CSV
  --method METHOD          ${METHODS.slice(0, 4).join(', ')},
                           ${METHODS.slice(4).join(', ')} (historical)
  --confidence P           above 0.5 and below 1 (0.99)
  --shortfall-confidence P confidence of the expected shortfall (the same)
  --horizon-days N         (1)
  --smile RULE             sticky-strike or sticky-delta (sticky-strike)
  --revaluation HOW        full, proxy or delta-gamma (full)
  --before F               the portfolio without what is proposed: the answer then has incremental{}, what the rest adds
age-weighted, historical outcomes that count less with age:
  --age-decay X            of the weight, per day (0.99)
evt, a generalised Pareto tail fitted to the losses of another method:
  --tail-of METHOD         historical, filtered-historical or monte-carlo (historical)
  --threshold-quantile Q   share of outcomes below the threshold, 0.5 to 1 (0.9; lower where fewer than 50 outcomes, or less than
                           twice the tail asked for, would lie beyond it, at least 0.75)
Monte Carlo:
  --paths N                (100000)
  --seed N                 same seed, same figures (1)
  --distribution NAME      normal, student-t or jump-diffusion (student-t)
  --degrees-of-freedom N   of student-t (4)

Answer: asOf, method, confidence, horizonDays, valueAtRiskUsd and expectedShortfallUsd (positive when money is at risk),
standardError{} and confidenceInterval95{} (valueAtRiskUsd, expectedShortfallUsd; null where the method has none),
observations (days of history, or paths), byPosition[] (id, valueAtRiskUsd: component VaR, adds up to the total;
marginalVaRUsd: per further unit held; incrementalVaRUsd: VaR less VaR without the position, null where the rest has no figure),
histogram (edgesUsd[], counts[]), elapsedMs, proxyError (null unless revaluation is proxy), notices[]; with --before
incremental{} (valueAtRiskUsd, expectedShortfallUsd); for evt extremeValue{} (rule, fit{} and thresholds[] with thresholdUsd,
exceedances, shape xi, scaleUsd beta, their errors, meanExcessUsd and both figures; losses[]); for cornish-fisher
cornishFisher{} (moments, monotone, turnsAtConfidence); for age-weighted ageWeights{}. Progress goes to stderr.`,
  options: {
    market: { type: 'string' },
    portfolio: { type: 'string' },
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
    paths: { type: 'string' },
    seed: { type: 'string' },
    distribution: { type: 'string' },
    'degrees-of-freedom': { type: 'string' },
  },
  async run(options, io) {
    const thresholdQuantile = options.optionalNumber('threshold-quantile');
    const shortfallConfidence = options.optionalNumber('shortfall-confidence');
    const choices = {
      method: options.choice('method', METHODS, 'historical'),
      confidence: options.number('confidence', 0.99),
      ...(shortfallConfidence === undefined ? {} : { expectedShortfallConfidence: shortfallConfidence }),
      horizonDays: options.number('horizon-days', 1),
      ageDecay: options.number('age-decay', 0.99),
      tailOf: options.choice('tail-of', ['historical', 'filtered-historical', 'monte-carlo'], 'historical'),
      ...(thresholdQuantile === undefined ? {} : { thresholdQuantile }),
      paths: options.number('paths', 100_000),
      seed: options.number('seed', 1),
      distribution: options.choice('distribution', ['normal', 'student-t', 'jump-diffusion'], 'student-t'),
      degreesOfFreedom: options.number('degrees-of-freedom', 4),
      revaluation: options.choice('revaluation', ['full', 'proxy', 'delta-gamma'], 'full'),
      smile: options.choice('smile', ['sticky-strike', 'sticky-delta'], 'sticky-strike'),
    } satisfies Partial<VarRequest>;
    const { market, portfolio } = await readPricedBook(options, io);
    const { id: marketId, asOf } = market.snapshot;
    const beforePath = options.text('before');
    const before = beforePath === undefined ? {} : { before: await readPortfolioAt(beforePath, io) };
    const request: VarRequest = { inputVersion: 0, marketId, portfolio, lossLevelsUsd: [], ...before, ...choices };
    const answer = await valueAtRisk(market, request, { onProgress: progressLog(io), now: () => io.now() });
    if (answer === null) throw new RiskError('internal', 'The computation was abandoned');
    const { inputVersion: _version, marketId: _id, exceedance: _levels, ...report } = answer;
    logNotices(report.notices, io);
    io.write(jsonText({ asOf: isoTime(asOf), ...report }));
  },
};

/** A line each time another tenth of the paths is done. */
function progressLog(io: CommandIo): (progress: VarProgress) => void {
  let tenths = 0;
  return ({ pathsDone, pathsAsked }) => {
    const done = Math.floor((10 * pathsDone) / pathsAsked);
    if (done <= tenths) return;
    tenths = done;
    io.log(`${pathsDone} of ${pathsAsked}\n`);
  };
}

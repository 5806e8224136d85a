import { RiskError } from '../../engine/domain/failure.ts';
import type { VarProgress, VarRequest } from '../../engine/domain/riskReport.ts';
import { valueAtRisk } from '../../engine/var/valueAtRisk.ts';
import { isoTime } from '../../formats/isoTime.ts';
import type { CommandIo } from '../CommandIo.ts';
import { jsonText } from '../jsonText.ts';
import { logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

const METHODS = ['historical', 'filtered-historical', 'parametric', 'monte-carlo'] as const;

export const valueAtRiskVerb: Verb = {
  name: 'var',
  summary: 'value at risk and expected shortfall of a portfolio',
  usage: '--market F --portfolio F [options]',
  help: `
  --market F               headroom/market@1, with history
  --portfolio F            headroom/portfolio@1, or CSV
  --method METHOD          ${METHODS.join(', ')} (historical)
  --confidence P           above 0.5 and below 1 (0.99)
  --shortfall-confidence P confidence of the expected shortfall (the same)
  --horizon-days N         (1)
  --smile RULE             sticky-strike or sticky-delta (sticky-strike)
  --revaluation HOW        full, proxy or delta-gamma (full)
Monte Carlo:
  --paths N                (100000)
  --seed N                 same seed, same figures (1)
  --distribution NAME      normal, student-t or jump-diffusion (student-t)
  --degrees-of-freedom N   of student-t (4)

Answer: asOf, method, confidence, horizonDays, valueAtRiskUsd and expectedShortfallUsd (positive when money is at risk),
standardError{} and confidenceInterval95{} (valueAtRiskUsd, expectedShortfallUsd; null where the method has none),
observations (days of history, or paths), byPosition[] (id, valueAtRiskUsd: component VaR, adds up to the total), histogram
(edgesUsd[], counts[]), elapsedMs, proxyError (null unless revaluation is proxy), notices[]. Progress goes to stderr.`,
  options: {
    market: { type: 'string' },
    portfolio: { type: 'string' },
    method: { type: 'string' },
    confidence: { type: 'string' },
    'shortfall-confidence': { type: 'string' },
    'horizon-days': { type: 'string' },
    smile: { type: 'string' },
    revaluation: { type: 'string' },
    paths: { type: 'string' },
    seed: { type: 'string' },
    distribution: { type: 'string' },
    'degrees-of-freedom': { type: 'string' },
  },
  async run(options, io) {
    const shortfallConfidence = options.optionalNumber('shortfall-confidence');
    const choices = {
      method: options.choice('method', METHODS, 'historical'),
      confidence: options.number('confidence', 0.99),
      ...(shortfallConfidence === undefined ? {} : { expectedShortfallConfidence: shortfallConfidence }),
      horizonDays: options.number('horizon-days', 1),
      paths: options.number('paths', 100_000),
      seed: options.number('seed', 1),
      distribution: options.choice('distribution', ['normal', 'student-t', 'jump-diffusion'], 'student-t'),
      degreesOfFreedom: options.number('degrees-of-freedom', 4),
      revaluation: options.choice('revaluation', ['full', 'proxy', 'delta-gamma'], 'full'),
      smile: options.choice('smile', ['sticky-strike', 'sticky-delta'], 'sticky-strike'),
    } satisfies Partial<VarRequest>;
    const { market, portfolio } = await readPricedBook(options, io);
    const { id: marketId, asOf } = market.snapshot;
    const request: VarRequest = { inputVersion: 0, marketId, portfolio, lossLevelsUsd: [], ...choices };
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

import type { BacktestMethod, BacktestProgress, MethodBacktest } from '../../engine/domain/backtestReport.ts';
import { RiskError } from '../../engine/domain/failure.ts';
import { backtest } from '../../engine/var/backtest.ts';
import { isoTime } from '../../formats/isoTime.ts';
import type { CommandIo } from '../CommandIo.ts';
import { jsonText } from '../jsonText.ts';
import { logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

const METHODS = [
  'historical',
  'age-weighted',
  'filtered-historical',
  'parametric',
] as const satisfies readonly BacktestMethod[];

export const backtestVerb: Verb = {
  usage: '--market F --portfolio F [options]',
  help: `
  --market F       headroom/market@1, with history
  --portfolio F    headroom/portfolio@1, or CSV
  --method METHOD  ${METHODS.join(', ')} or all (historical)
  --confidence P   of VaR and ES, 0.75 to 0.9999 (0.99)
  --window N       moves that each forecast is made from, 30 to 5000 (250)
  --smile RULE     sticky-strike or sticky-delta (sticky-strike)

A forecast is for the next move of the history, a day as a rule; P&L is that of today's book, fully revalued under that move.
Forecasts know nothing later than the day before.

Example: risk backtest --market market.json --portfolio book.json --method all --confidence 0.975 --window 250

Answer: asOf, confidence, window, stepDays, observations (tested days), elapsedMs, notices[], and methods[], each with method,
exceptions, expectedExceptions, coverage{} (Kupiec: likelihoodRatio, pValue), independence{} (Christoffersen: the same, and n00,
n01, n10, n11), conditional{} (both), trafficLight{} (zone, starts, probability, probabilityAtMost, probabilityAtLeast, addOn:
null but for 250 days at 0.99), shortfall{} (Acerbi-Szekely: z1, z2, minimallyBiasedUsd, pValue, criticalValue and
criticalValueFatTails at 5 %, basis; or code and message where it has no meaning), and series[] (date, pnlUsd signed,
valueAtRiskUsd and expectedShortfallUsd positive when money is at risk, exception). Progress goes to stderr.`,
  options: {
    market: { type: 'string' },
    portfolio: { type: 'string' },
    method: { type: 'string' },
    confidence: { type: 'string' },
    window: { type: 'string' },
    smile: { type: 'string' },
  },
  async run(options, io) {
    const method = options.choice('method', [...METHODS, 'all'], 'historical');
    const choices = {
      methods: method === 'all' ? METHODS : [method],
      confidence: options.number('confidence', 0.99),
      window: options.number('window', 250),
      smile: options.choice('smile', ['sticky-strike', 'sticky-delta'], 'sticky-strike'),
    };
    const { market, portfolio } = await readPricedBook(options, io);
    const { id: marketId, asOf } = market.snapshot;
    const request = { marketId, portfolio, ...choices };
    const answer = await backtest(market, request, { onProgress: progressLog(io), now: () => io.now() });
    if (answer === null) throw new RiskError('internal', 'The computation was abandoned');
    const { marketId: _id, dates, pnlUsd, methods, ...report } = answer;
    logNotices(report.notices, io);
    io.write(
      jsonText({
        asOf: isoTime(asOf),
        ...report,
        observations: dates.length,
        methods: methods.map((tested) => methodAnswer(tested, dates, pnlUsd)),
      }),
    );
  },
};

function methodAnswer(
  { valueAtRiskUsd, expectedShortfallUsd, exceptions, ...tests }: MethodBacktest,
  dates: readonly number[],
  pnlUsd: readonly number[],
) {
  const exceptional = new Set(exceptions);
  return {
    ...tests,
    exceptions: exceptions.length,
    series: dates.map((date, day) => ({
      date: isoTime(date),
      pnlUsd: pnlUsd[day]!,
      valueAtRiskUsd: valueAtRiskUsd[day]!,
      expectedShortfallUsd: expectedShortfallUsd[day]!,
      exception: exceptional.has(day),
    })),
  };
}

/** A line each time another tenth of the days is done. */
function progressLog(io: CommandIo): (progress: BacktestProgress) => void {
  let tenths = 0;
  return ({ daysDone, daysAsked }) => {
    const done = Math.floor((10 * daysDone) / daysAsked);
    if (done <= tenths) return;
    tenths = done;
    io.log(`${daysDone} of ${daysAsked} days\n`);
  };
}

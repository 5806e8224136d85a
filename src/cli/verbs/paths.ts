import { RiskError } from '../../engine/domain/failure.ts';
import { FAN_LEVELS, type MarginPathsRequest, TOUCH_LEVELS } from '../../engine/domain/marginPaths.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { marginPaths } from '../../engine/marginPaths/marginPaths.ts';
import { isoTime } from '../../formats/isoTime.ts';
import { type CommandOptions, refuse } from '../commandOptions.ts';
import { jsonText } from '../jsonText.ts';
import { drawChoices, PATH_OPTIONS, pathsLog, withThreads } from '../pathOptions.ts';
import { BOOK_OPTIONS, logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

export const paths: Verb = {
  usage: '--market F --portfolio F [--model ID] [--days N] [--steps-per-day N] [--paths N]',
  help: `
  --market F               headroom/market@1, with history
  --portfolio F            headroom/portfolio@1, or CSV
  --smile-edits F          headroom/smile-edits@1: level, skew, wings an expiry
  --model ID               the rulebook that asks for margin, one of risk models (portfolio)
  --days N                 length of the paths, 1 to 90 (30)
  --steps-per-day N        how often equity is looked at, 1 to 48; each expiry besides (24)
  --paths N                1000 to 200000 (10000)
  --seed N                 same seed, same figures (1)
  --distribution NAME      of a day's moves, normal or student-t (student-t)
  --degrees-of-freedom N   of student-t (4)
  --smile RULE             sticky-strike or sticky-delta (sticky-strike)
  --workers N              threads (as many as there are processors, where the paths are worth their start); the figures do not
                           depend on it

  risk paths --market market.json --portfolio book.json --model portfolio --days 30

Nobody acts on the way: time passes, what expires settles at its intrinsic value at the index and is held in dollars, coin collateral
moves with its index. Equity touches where it is at or below maintenance at a look (below zero where nothing is required).
Answer: asOf, model, days, stepsPerDay, paths, now{} (equityUsd, initialMarginUsd, maintenanceMarginUsd), touchByDay[] (day,
probability of a touch by its end, standardError: binomial), atTouch (null where no path touches: paths; timeQuantilesDays[] at
levels[]; belowMaintenanceUsd{} mean of maintenance less equity at the first touch and equityLostUsd{} mean of equity now less
equity there, with standardError), fan{} (levels[], days[], then equityUsd[][], initialMarginUsd[][], maintenanceMarginUsd[][]: a
row a level), discretisation{} (watched[]: the same paths looked at stepsPerDay times; continuous: extrapolated to looking
without pause by the root of the step, null unless the steps a day divide by four), interpolation{} (the rule is asked at nodes
and interpolated: evaluations, then against the rule itself on held-back states: states, rootMeanSquareUsd, largestUsd,
boundUsd of 95 %, toleranceUsd of 0.5 % of initial margin, isMet, misjudged: states on the wrong side of a touch),
settlements[] (expiry, days, legs[]), estimates (as in risk var), leftOut[], elapsedMs, notices[]. Progress goes to stderr.`,
  options: {
    ...BOOK_OPTIONS,
    model: { type: 'string' },
    days: { type: 'string' },
    'steps-per-day': { type: 'string' },
    ...PATH_OPTIONS,
    smile: { type: 'string' },
  },
  async run(options, io) {
    const choices = pathChoices(options);
    const { market, portfolio } = await readPricedBook(options, io);
    const { id: marketId, asOf } = market.snapshot;
    const request: MarginPathsRequest = { ...choices, marketId, book: portfolio, parameters: {} };
    const { paths: count, days, stepsPerDay } = request;
    const answer = await withThreads(options, count * days * stepsPerDay >= WORTH_THREADS, (threads) =>
      marginPaths(market, request, marginModels, { onProgress: pathsLog(io), now: () => io.now(), ...threads }),
    );
    if (answer === null) throw new RiskError('internal', 'The computation was abandoned');
    const { marketId: _id, pathsAsked: _asked, atTouch, fan, settlements, ...report } = answer;
    logNotices(report.notices, io);
    io.write(
      jsonText({
        asOf: isoTime(asOf),
        ...report,
        atTouch: atTouch && { levels: TOUCH_LEVELS, ...atTouch },
        fan: { levels: FAN_LEVELS, ...fan },
        settlements: settlements.map((settled) => ({ ...settled, expiry: isoTime(settled.expiry) })),
      }),
    );
  },
};

/** Steps of all paths: about a second of one thread. */
const WORTH_THREADS = 1e6;

const LIMITS = {
  days: [1, 90],
  'steps-per-day': [1, 48],
  paths: [1000, 200_000],
  seed: [0, Number.MAX_SAFE_INTEGER],
} as const;

function pathChoices(options: CommandOptions): Omit<MarginPathsRequest, 'marketId' | 'book' | 'parameters'> {
  const whole = (name: keyof typeof LIMITS, value: number): number => {
    const [least, most] = LIMITS[name];
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    return refuse(name, `must be a whole number between ${least} and ${most}`);
  };
  const { paths: count, seed, distribution, degreesOfFreedom } = drawChoices(options, 10_000, ['normal', 'student-t']);
  if (!(degreesOfFreedom > 2 && degreesOfFreedom <= 1000))
    refuse('degrees-of-freedom', 'must be above 2 and at most 1000');
  return {
    model: options.text('model') ?? 'portfolio',
    days: whole('days', options.number('days', 30)),
    stepsPerDay: whole('steps-per-day', options.number('steps-per-day', 24)),
    paths: whole('paths', count),
    seed: whole('seed', seed),
    distribution,
    degreesOfFreedom,
    smile: options.choice('smile', ['sticky-strike', 'sticky-delta'], 'sticky-strike'),
  };
}

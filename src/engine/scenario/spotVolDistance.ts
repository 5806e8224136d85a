import { failureOf } from '../domain/failure.ts';
import type { FrontierDistance } from '../domain/liquidationFrontier.ts';
import type { SmileRule } from '../domain/scenario.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import { surfaceVol } from '../surface/smileVol.ts';
import { jointMoves, moveCovariance } from './jointMoves.ts';
import { type PreparedMarket, preparedUnderlying } from './preparedMarket.ts';

/** The tenor whose vol measures moves of spot, as everywhere where a move is told in standard deviations. */
const TENOR_DAYS = 30;

export interface DistanceOptions {
  readonly underlying: string;
  readonly horizonDays: number;
  readonly smile: SmileRule;
  readonly spotVolBeta?: number;
}

/**
 * How far moves of spot and vol are, in standard deviations over a horizon. Spot goes by the 30-day implied vol; vol of vol and
 * the correlation with spot are second moments of the history's daily log-moves, times the horizon. Under spot-vol-beta a move
 * of spot brings its own move of vol: what is measured is the rest, y − b x, b being the history's regression of log vol on log
 * spot times the beta in force over the estimated one.
 */
export function spotVolDistance(
  market: PreparedMarket,
  { underlying, horizonDays, smile, spotVolBeta }: DistanceOptions,
): FrontierDistance {
  const { spotVolBeta: own } = preparedUnderlying(market, underlying);
  const surface = market.surfaces.get(underlying);
  const implied = surface === undefined ? null : surfaceVol(surface, TENOR_DAYS / DAYS_PER_YEAR, 0);
  const years = horizonDays / DAYS_PER_YEAR;
  const history = historyOf(market, underlying, horizonDays);
  const historical = history.covariance && Math.sqrt(history.covariance.spot);
  const spotDeviation = implied === null ? historical : implied * Math.sqrt(years);
  const spotWords =
    implied === null
      ? historical === null
        ? `${underlying} has neither a 30-day vol nor a price history here, so how far a move is cannot be said`
        : `spot by its own daily moves, ${yearly(historical, years)}`
      : `spot by the 30-day vol, ${percent(implied)} a year`;
  const alone = (why: string): FrontierDistance => ({
    horizonDays,
    spotDeviation: spotDeviation !== null && spotDeviation > 0 ? spotDeviation : null,
    volDeviation: null,
    correlation: null,
    source: `${sentence(spotWords)} ${sentence(why)}`,
  });
  if (history.covariance === null) return alone(`${history.why}: along spot alone, at an unmoved vol`);
  if (history.index === null)
    return alone(`${underlying} has no volatility index in this market: along spot alone, at an unmoved vol`);

  const { spot, vol, both } = history.covariance;
  const follows = smile === 'spot-vol-beta' && own !== null && own.beta !== 0;
  const slope = follows ? ((both / spot) * (spotVolBeta ?? own.beta)) / own.beta : 0;
  const volVariance = vol - 2 * slope * both + slope ** 2 * spot;
  const covariance = both - slope * spot;
  if (!(volVariance > 0) || !(spot > 0) || spotDeviation === null || !(spotDeviation > 0))
    return alone(`the history of ${underlying} does not move: along spot alone, at an unmoved vol`);
  const volDeviation = Math.sqrt(volVariance);
  // Short of one, so that the two remain two.
  const correlation = Math.min(Math.max(covariance / Math.sqrt(volVariance * spot), -0.99), 0.99);
  const beside = slope === 0 ? '' : ' beside what spot β makes of spot';
  return {
    horizonDays,
    spotDeviation,
    volDeviation,
    correlation,
    source: `${sentence(spotWords)} ${sentence(
      `vol${beside} by ${history.index} daily moves of the ${underlying} volatility index, ${yearly(volDeviation, years)}, correlation ${correlation.toFixed(2).replace('-', '−')}`,
    )}`,
  };
}

/** Distance of a log-move (x of spot, y of vol) in standard deviations; null where it cannot be told. */
export function distanceOf(
  { spotDeviation, volDeviation, correlation }: FrontierDistance,
  [x, y]: readonly [number, number],
): number | null {
  if (spotDeviation === null) return null;
  const along = x / spotDeviation;
  if (volDeviation === null || correlation === null) return y === 0 ? Math.abs(along) : null;
  const across = y / volDeviation;
  return Math.sqrt((along ** 2 - 2 * correlation * along * across + across ** 2) / (1 - correlation ** 2));
}

function historyOf(market: PreparedMarket, underlying: string, horizonDays: number) {
  try {
    const moves = jointMoves(market.snapshot, [underlying], 'the vol side of the distance');
    const covariance = moveCovariance(moves, horizonDays);
    return {
      covariance: { spot: covariance.get(0, 0), vol: covariance.get(1, 1), both: covariance.get(0, 1) },
      index: (moves.withoutIndex ?? []).includes(0) ? null : moves.count,
      why: '',
    };
  } catch (error) {
    return { covariance: null, index: null, why: failureOf(error).message };
  }
}

function percent(x: number): string {
  return `${(100 * x).toFixed(1)} %`;
}

function yearly(deviation: number, years: number): string {
  return `${percent(deviation / Math.sqrt(years))} a year`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

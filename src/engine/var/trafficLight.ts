import type { TrafficLight } from '../domain/backtestReport.ts';
import { type BinomialDistribution, binomialDistribution } from '../numerics/binomial.ts';
import { checkCounts, checkProbability } from './kupiecTest.ts';

/** The zones begin where the cumulative probability of a right model reaches these. */
const YELLOW_FROM = 0.95;
const RED_FROM = 0.9999;

/** By number of exceptions, 4 and fewer to 10 and more. Basel Committee, January 1996, table 2; MAR32.9, table 1 (2019). */
const ADD_ON_1996 = [0, 0.4, 0.5, 0.65, 0.75, 0.85, 1] as const;
const ADD_ON_2019 = [0, 0.2, 0.26, 0.33, 0.38, 0.42, 0.5] as const;
const LAST_GREEN = 4;

/**
 * The supervisors' traffic light: green while P(X <= exceptions) of a right model stays below 95 %, yellow below 99.99 %, red from
 * there (Basel Committee, "Supervisory framework for the use of backtesting", 1996, carried on in MAR32). The same rule for any
 * number of days and any level.
 * @throws RiskError `bad-value` as `kupiecTest`
 */
export function trafficLight(exceptions: number, days: number, probability: number): TrafficLight {
  checkCounts(exceptions, days);
  checkProbability(probability);
  const right = binomialDistribution(days, probability);
  const probabilityAtMost = right.atMost(exceptions);
  const step = Math.min(Math.max(exceptions - LAST_GREEN, 0), ADD_ON_1996.length - 1);
  const printed = days === 250 && Math.abs(probability - 0.01) < 1e-12;
  return {
    zone: probabilityAtMost < YELLOW_FROM ? 'green' : probabilityAtMost < RED_FROM ? 'yellow' : 'red',
    starts: starts(right, days, YELLOW_FROM, RED_FROM),
    probability: right.probability(exceptions),
    probabilityAtMost,
    probabilityAtLeast: right.atLeast(exceptions),
    addOn: printed ? { basel1996: ADD_ON_1996[step]!, basel2019: ADD_ON_2019[step]! } : null,
  };
}

/** The first counts of exceptions that are yellow and red. */
export function zoneStarts(
  days: number,
  probability: number,
  yellowFrom = YELLOW_FROM,
  redFrom = RED_FROM,
): TrafficLight['starts'] {
  checkCounts(0, days);
  checkProbability(probability);
  return starts(binomialDistribution(days, probability), days, yellowFrom, redFrom);
}

function starts(right: BinomialDistribution, days: number, yellowFrom: number, redFrom: number) {
  const firstAt = (level: number): number => {
    let count = 0;
    while (count < days && right.atMost(count) < level) count += 1;
    return count;
  };
  return { yellow: firstAt(yellowFrom), red: firstAt(redFrom) };
}

import type { Notice } from '../domain/marketSummary.ts';
import type { VarReport, VarRequest } from '../domain/riskReport.ts';
import type { ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { drawnScenarios } from '../scenario/drawnScenarios.ts';
import { jointMoves } from '../scenario/jointMoves.ts';
import { ellipticalGenerator } from '../scenario/monteCarloScenarios.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { type ScenarioCube, scenarioCube } from '../scenario/scenarioCube.ts';
import type { UnitPnlRows } from '../scenario/unitPnlCache.ts';
import { exposures, underlyingsOf } from './exposures.ts';
import { empiricalReader } from './outcomeReader.ts';
import { outcomeFigures, withoutExposure } from './varFigures.ts';

/** How many moves are kept: 0.8 MB a contract, and a figure in some milliseconds. */
export const KEPT_MOVES = 100_000;

/** Answers edits of a book in one market at once, on moves that are drawn once and contracts that are priced once. */
export interface KeptMoves {
  /**
   * Monte Carlo VaR of the request's book by full revaluation, whatever it asks for; null where moves are not normal or Student-t. The
   * moves are plain draws of the request's seed, since even or weighted ones are aimed at one book: the next would have none to keep.
   * @throws RiskError as `valueAtRisk` does.
   */
  valueAtRisk(request: VarRequest): VarReport | null;
}

interface Kept {
  readonly key: string;
  readonly cube: ScenarioCube;
  readonly estimates: ScenarioEstimates;
  readonly notices: readonly Notice[];
}

/** @param now a clock in milliseconds; only `elapsedMs` reads it. */
export function keptMoves(
  market: PreparedMarket,
  rows: UnitPnlRows,
  now: () => number,
  paths: number = KEPT_MOVES,
): KeptMoves {
  let last: Kept | null = null;
  const keptOf = (coins: readonly string[], request: VarRequest): Kept => {
    const { seed, distribution, degreesOfFreedom, horizonDays, smile, estimates = {} } = request;
    const key = JSON.stringify([seed, distribution, degreesOfFreedom, horizonDays, smile, estimates, coins]);
    if (last?.key === key) return last;
    const moves = jointMoves(market.snapshot, coins, 'Monte Carlo VaR');
    const generator = ellipticalGenerator(moves, { ...request, estimates });
    const set = drawnScenarios(generator.draws, moves.underlyings, paths, smile, market.kernels);
    last = {
      key,
      cube: scenarioCube(set, rows),
      estimates: generator.estimates,
      notices: [...moves.notices, ...generator.notices],
    };
    return last;
  };
  return {
    valueAtRisk(request) {
      if (request.distribution !== 'normal' && request.distribution !== 'student-t') return null;
      const started = now();
      const book = bookPositions(market, request.portfolio);
      const positions = exposures(book, market.kernels);
      const { inputVersion, marketId, confidence, expectedShortfallConfidence = confidence, horizonDays } = request;
      const asked = {
        inputVersion,
        marketId,
        method: 'monte-carlo',
        confidence,
        horizonDays,
        proxyError: null,
      } as const;
      if (positions.length === 0)
        return { ...asked, ...withoutExposure(request), elapsedMs: now() - started, notices: book.notices };
      const { cube, estimates, notices } = keptOf(underlyingsOf(positions), request);
      const reading = empiricalReader(confidence, expectedShortfallConfidence, true, market.kernels).read(
        cube.pnl(book),
      );
      const means = cube.meanPnl(book, reading.window.outcomes);
      const { before: _noneAdded, ...alone } = request;
      const figures = outcomeFigures(positions, means, { count: cube.set.count, estimates }, reading, alone);
      return {
        ...asked,
        ...figures,
        ...(figures.sampling === undefined ? {} : { sampling: { ...figures.sampling, isKept: true } }),
        elapsedMs: now() - started,
        notices: [...book.notices, ...notices],
      };
    },
  };
}

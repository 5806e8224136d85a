import type { MarginPathsRequest } from '../domain/marginPaths.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import type { MarginModel } from '../margin/MarginModel.ts';
import { marketRule } from '../margin/marketRule.ts';
import { type BookPositions, bookPositions } from '../scenario/bookPositions.ts';
import { covarianceEstimates } from '../scenario/covarianceEstimates.ts';
import { covarianceFactor } from '../scenario/covarianceFactor.ts';
import { EstimateList } from '../scenario/EstimateList.ts';
import { jointMoves } from '../scenario/jointMoves.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { rowsBy } from '../scenario/unitPnlCache.ts';
import { BookAlong } from './BookAlong.ts';
import type { PathDraws } from './PathBlock.ts';
import { type PathStep, pathSteps } from './pathSteps.ts';

/** What a thread needs to answer parts of a question: the same in each, to the bit. */
export interface BookDesk {
  readonly request: MarginPathsRequest;
  readonly positions: BookPositions;
  readonly book: BookAlong;
  readonly draws: PathDraws;
  readonly estimates: ScenarioEstimates | null;
  readonly steps: readonly PathStep[];
  readonly notices: readonly Notice[];
}

/** @throws RiskError when the rule or a parameter does not exist, or the market lacks history. */
export function bookDesk(
  market: PreparedMarket,
  request: MarginPathsRequest,
  library: readonly MarginModel[],
): BookDesk {
  const rule = marketRule(market, request, library, rowsBy(market.kernels));
  const positions = bookPositions(market, request.book);
  const book = new BookAlong(rule, positions, request.smile);
  const notices: Notice[] = [...positions.notices];
  const { draws, estimates } = pathDraws(book, request, notices);
  const steps = pathSteps(market.snapshot.asOf, request.days, request.stepsPerDay, book.expiries());
  return { request, positions, book, draws, estimates, steps, notices };
}

function pathDraws(
  book: BookAlong,
  { seed, stepsPerDay, distribution, degreesOfFreedom, estimates = {} }: MarginPathsRequest,
  notices: Notice[],
): Pick<BookDesk, 'draws' | 'estimates'> {
  const common = { seed, stepsPerDay, degreesOfFreedom: distribution === 'student-t' ? degreesOfFreedom : null };
  if (book.coins.length === 0) return { draws: { ...common, factor: [] }, estimates: null };
  const moves = jointMoves(book.market.snapshot, book.coins, 'margin along paths');
  const list = new EstimateList(estimates);
  const { covariance, notices: repairs } = covarianceEstimates(moves, 1, list);
  notices.push(...moves.notices, ...repairs);
  const name =
    distribution === 'student-t'
      ? `Student-t days, ν = ${degreesOfFreedom} as set, normal within a day`
      : 'Normal moves';
  return {
    draws: { ...common, factor: covarianceFactor(covariance).to2DArray() },
    estimates: list.report(name, 'Second moments of the moves about zero', moves),
  };
}

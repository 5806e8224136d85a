import { RiskError } from '../domain/failure.ts';
import type {
  MarginInterpolation,
  MarginPathsProgress,
  MarginPathsReport,
  MarginPathsRequest,
} from '../domain/marginPaths.ts';
import type { Notice } from '../domain/marketSummary.ts';
import { blocks, type RunControl } from '../domain/RunControl.ts';
import type { ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import type { MarginModel } from '../margin/MarginModel.ts';
import { marketRule } from '../margin/marketRule.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { covarianceEstimates } from '../scenario/covarianceEstimates.ts';
import { covarianceFactor } from '../scenario/covarianceFactor.ts';
import { EstimateList } from '../scenario/EstimateList.ts';
import { jointMoves } from '../scenario/jointMoves.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { rowsBy } from '../scenario/unitPnlCache.ts';
import { BookAlong, expiryOf } from './BookAlong.ts';
import { fittedInterpolant, interpolationErrors, TOLERANCE } from './fittedInterpolant.ts';
import type { PathDraws } from './PathBlock.ts';
import { pathSteps } from './pathSteps.ts';
import { PathTally } from './PathTally.ts';
import { PILOT_PATHS, pilotWalk } from './pilotWalk.ts';

export interface MarginPathsControl extends RunControl<MarginPathsProgress> {
  /** Paths walked together; the figures do not depend on it. */
  readonly blockPaths?: number;
}

const BLOCK_PATHS = 2000;

const LIMITS = {
  days: [1, 90],
  stepsPerDay: [1, 48],
  paths: [1_000, 200_000],
  seed: [0, Number.MAX_SAFE_INTEGER],
} as const;

/** Ends a run that nobody waits for. */
class Abandoned extends Error {}

/**
 * Equity and margin of a book along paths of the joint market, a step at a time, if nobody acts: time passes, options and futures that
 * expire settle at the index into dollars, coin moves with its index, and the rule is asked what it then requires. The rule itself is
 * asked where `MarginTables` and `JointMargin` need it; in between its figures are interpolated, and the report says how well.
 *
 * Moves of a day have the history's covariance and no drift in the logarithm. Under `student-t` one chi-square a day scales all of its
 * steps: the day's move then has the tails that VaR's does however often it is looked at, and a step does not lose them as a sum of
 * independent Student-t steps would.
 *
 * Answers null when cancelled.
 * @throws RiskError when the request cannot be met, the market lacks history, or the rule cannot take the book where a path leads.
 */
export async function marginPaths(
  market: PreparedMarket,
  request: MarginPathsRequest,
  library: readonly MarginModel[],
  control: MarginPathsControl = {},
): Promise<MarginPathsReport | null> {
  try {
    return await walked(market, request, library, control);
  } catch (error) {
    if (error instanceof Abandoned) return null;
    throw error;
  }
}

async function walked(
  market: PreparedMarket,
  request: MarginPathsRequest,
  library: readonly MarginModel[],
  control: MarginPathsControl,
): Promise<MarginPathsReport> {
  const started = control.now?.() ?? 0;
  checkRequest(request);
  const { onProgress, ...rest } = control;
  let stage: MarginPathsProgress['stage'] = 'margins';
  // Between blocks of paths there is news; before, a sign of life.
  const goOn = blocks({ ...rest, onProgress: () => stage === 'margins' && tell(0, null) });
  const gate = async (): Promise<void> => {
    if (!(await goOn(0))) throw new Abandoned();
  };
  const tell = (pathsDone: number, soFar: MarginPathsReport | null) =>
    onProgress?.({ stage, pathsDone, pathsAsked: request.paths, soFar });
  const rule = marketRule(market, request, library, rowsBy(market.kernels));
  const positions = bookPositions(market, request.book);
  const book = new BookAlong(rule, positions, request.smile);
  const notices: Notice[] = [...positions.notices];
  const { draws, estimates } = pathDraws(book, request, notices);
  const steps = pathSteps(market.snapshot.asOf, request.days, request.stepsPerDay, book.expiries());
  const still = {
    days: 0,
    settledUntil: market.snapshot.asOf,
    states: book.coins.map(() => ({ spot: 0, vol: 0 })),
    cashUsd: 0,
  };
  const now = book.figures(still);
  tell(0, null);

  const pilot = await pilotWalk(book, draws, steps, request, gate);
  const toleranceUsd = TOLERANCE * Math.max(now.initialMarginUsd, 0.01 * Math.abs(now.equityUsd), 1);
  const { interpolant, heldBack } = await fittedInterpolant(
    book,
    draws,
    pilot,
    request,
    now,
    toleranceUsd,
    async () => {
      await gate();
    },
  );
  const { evaluations } = book;
  stage = 'paths';

  const tally = new PathTally(book, interpolant, steps, request, now);
  const report = (done: number, interpolation: MarginInterpolation): MarginPathsReport => ({
    marketId: request.marketId,
    model: request.model,
    elapsedMs: control.now ? control.now() - started : 0,
    days: request.days,
    stepsPerDay: request.stepsPerDay,
    paths: done,
    pathsAsked: request.paths,
    now: {
      equityUsd: now.equityUsd,
      initialMarginUsd: now.initialMarginUsd,
      maintenanceMarginUsd: now.maintenanceMarginUsd,
    },
    ...tally.figures(done),
    interpolation,
    settlements: steps
      .filter(({ expiry }) => expiry !== null)
      .map(({ expiry, days }) => ({
        expiry: expiry!,
        days,
        legs: positions.legs.filter(({ state }) => expiryOf(state.instrument) === expiry).map(({ leg }) => leg.id),
      })),
    estimates,
    leftOut: positions.unpriced.map(({ leg }) => leg.id),
    notices,
  });

  let soFar: MarginPathsReport | null = null;
  let interpolation: MarginInterpolation | null = null;
  let milestone = Math.min(PILOT_PATHS, request.paths);
  for (let from = 0; from < request.paths; ) {
    const count = Math.min(control.blockPaths ?? BLOCK_PATHS, milestone - from);
    await tally.walk(draws, from, count, gate);
    from += count;
    if (from === milestone) {
      // The first paths' touches are all known now, so the errors there are the same however many paths follow.
      interpolation ??= {
        evaluations,
        toleranceUsd,
        ...(await interpolationErrors(book, interpolant, [...heldBack, ...tally.firstTouches()], toleranceUsd, gate)),
      };
      soFar = report(from, interpolation);
      milestone = Math.min(2 * milestone, request.paths);
    }
    tell(from, soFar);
    await gate();
  }
  return soFar!;
}

function pathDraws(
  book: BookAlong,
  { seed, stepsPerDay, distribution, degreesOfFreedom, estimates = {} }: MarginPathsRequest,
  notices: Notice[],
): { draws: PathDraws; estimates: ScenarioEstimates | null } {
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

function checkRequest(request: MarginPathsRequest): void {
  for (const name of ['days', 'stepsPerDay', 'paths', 'seed'] as const) {
    const [least, most] = LIMITS[name];
    const value = request[name];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RiskError(
        'bad-value',
        `${WORDS[name]} must be a whole number between ${least.toLocaleString('en-US')} and ${most.toLocaleString('en-US')}, not ${value}`,
        `/${name}`,
      );
    }
  }
  const { distribution, degreesOfFreedom } = request;
  if (distribution === 'student-t' && !(degreesOfFreedom > 2 && degreesOfFreedom <= 1000)) {
    throw new RiskError(
      'bad-value',
      `Degrees of freedom of Student-t days must be above 2 and at most 1,000, not ${degreesOfFreedom}`,
      '/degreesOfFreedom',
    );
  }
}

const WORDS = { days: 'Days', stepsPerDay: 'Steps per day', paths: 'Paths', seed: 'The seed' } as const;

import { RiskError } from '../domain/failure.ts';
import type {
  MarginInterpolation,
  MarginPathsProgress,
  MarginPathsReport,
  MarginPathsRequest,
} from '../domain/marginPaths.ts';
import type { Notice } from '../domain/marketSummary.ts';
import { blocks, type RunControl } from '../domain/RunControl.ts';
import type { MarginModel } from '../margin/MarginModel.ts';
import { faultNotice } from '../scenario/faultNotice.ts';
import type { PathPool } from '../scenario/PathPool.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { expiryOf } from './BookAlong.ts';
import { type BookDesk, bookDesk } from './bookDesk.ts';
import { fittedInterpolant, interpolationErrors, TOLERANCE } from './fittedInterpolant.ts';
import { Abandoned, inlineLabour, type PathsLabour, pooledLabour } from './pathsLabour.ts';
import type { PathStretch } from './pathsWork.ts';
import { PathTally } from './PathTally.ts';
import { PILOT_PATHS, pilotWalk } from './pilotWalk.ts';

export interface MarginPathsControl extends RunControl<MarginPathsProgress> {
  /** Paths walked together on this thread; the figures do not depend on it. */
  readonly blockPaths?: number;
  /** Who does the long work, by the build of the market's kernels and the rulebooks that there are; absent means this thread. */
  readonly pool?: PathPool;
}

const LIMITS = {
  days: [1, 90],
  stepsPerDay: [1, 48],
  paths: [1_000, 200_000],
  seed: [0, Number.MAX_SAFE_INTEGER],
} as const;

/**
 * Equity and margin of a book along paths of the joint market, a step at a time, if nobody acts: time passes, options and futures that
 * expire settle at the index into dollars, coin moves with its index, and the rule is asked what it then requires. The rule itself is
 * asked where `MarginTables` and `JointMargin` need it; in between its figures are interpolated, and the report says how well.
 *
 * Moves of a day have the history's covariance and no drift in the logarithm. Under `student-t` one chi-square a day scales all of its
 * steps: the day's move then has the tails that VaR's does however often it is looked at, and a step does not lose them as a sum of
 * independent Student-t steps would.
 *
 * The figures are the same to the bit whoever computes them (`control.pool`), and however the paths are cut. Answers null when cancelled.
 * @throws RiskError when the request cannot be met, the market lacks history, or the rule cannot take the book where a path leads.
 */
export async function marginPaths(
  market: PreparedMarket,
  request: MarginPathsRequest,
  library: readonly MarginModel[],
  control: MarginPathsControl = {},
): Promise<MarginPathsReport | null> {
  let isOver = false;
  // Workers leave off when a run has ended early.
  const cancelled = () => isOver || control.cancelled?.() === true;
  try {
    return await walked(market, request, library, { ...control, cancelled });
  } catch (error) {
    if (error instanceof Abandoned) return null;
    throw error;
  } finally {
    isOver = true;
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
  const desk = bookDesk(market, request, library);
  const { book, positions, draws, estimates, steps } = desk;
  const notices: Notice[] = [...desk.notices];
  let from = 0;
  let soFar: MarginPathsReport | null = null;
  const labour = labourOf(desk, notices, control, () => tell(from, soFar));
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
  const { interpolant, heldBack } = await fittedInterpolant(desk, labour, pilot, now, toleranceUsd, gate);
  const { evaluations } = book;
  stage = 'paths';

  const tally = new PathTally(request);
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

  let interpolation: MarginInterpolation | null = null;
  const stretches = pathStretches(request.paths, labour.blockPaths(request.paths));
  let milestone = Math.min(PILOT_PATHS, request.paths);
  for await (const block of labour.walked(interpolant, now, stretches, gate)) {
    tally.take(block, from);
    from += block.count;
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

/** Least time between signs of life of a pool. */
const ALIVE_MS = 1_000;

function labourOf(
  desk: BookDesk,
  notices: Notice[],
  { pool, blockPaths, cancelled, now }: MarginPathsControl,
  tellAlive: () => void,
): PathsLabour {
  if (pool?.parts === undefined) return inlineLabour(desk, blockPaths);
  const parts: NonNullable<PathPool['parts']> = (work, count, rest) => pool.parts!(work, count, rest);
  let told = now?.() ?? 0;
  const onProgress = (): void => {
    if (now === undefined || now() - told < ALIVE_MS) return;
    told = now();
    tellAlive();
  };
  const control = { onProgress, ...(cancelled && { cancelled }) };
  return pooledLabour(desk, parts, pool.workers, control, faultNotice(notices));
}

/** Blocks that end where there is to be news: at the first paths, and each time their number has doubled. */
function pathStretches(paths: number, most: number): PathStretch[] {
  const stretches: PathStretch[] = [];
  let milestone = Math.min(PILOT_PATHS, paths);
  for (let from = 0; from < paths; ) {
    const count = Math.min(most, milestone - from);
    stretches.push({ from, count });
    from += count;
    if (from === milestone) milestone = Math.min(2 * milestone, paths);
  }
  return stretches;
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

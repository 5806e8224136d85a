import type { Notice } from '../domain/marketSummary.ts';
import type { VarReport, VarRequest } from '../domain/riskReport.ts';
import type { BookPositions } from '../scenario/bookPositions.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { ProxyPlan } from '../proxy/proxyPlan.ts';
import { faultNotice } from '../scenario/faultNotice.ts';
import { inlinePathPool } from '../scenario/inlinePathPool.ts';
import type { ScenarioGenerator } from '../scenario/monteCarloScenarios.ts';
import type { PathBlock, PathPool } from '../scenario/PathPool.ts';
import type { PathPlan } from '../scenario/pathPlan.ts';
import { type PathPosition, pathPlan, pathPositions, varianceTermsOf } from '../scenario/pathPositions.ts';
import { pathValuation } from '../scenario/pathValuation.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { type Exposure, sensitivity } from './exposures.ts';
import { incrementalRows } from './incrementalRows.ts';
import type { OutcomeReader } from './outcomeReader.ts';
import { positionMeans } from './positionMeans.ts';
import { samplingMethod } from './samplingMethod.ts';
import { checkOutcomes } from './tailRisk.ts';
import { pathsNeeded, targetText } from './targetError.ts';
import type { VarControl } from './VarControl.ts';
import { addedBy, outcomeFigures, tailNotices, type VarFigures } from './varFigures.ts';

/** The first figure comes after this many paths, the next ones each time they have doubled. */
const FIRST_FIGURE_PATHS = 10_000;
/** A run without a target that is over so soon has no figures between its first and its last: each of them would keep it. */
const SHORT_RUN_MS = 200;
/** From so many positions x paths on, a proxy takes less time to fit than it saves. */
const PROXY_PAYS_FROM = 10_000_000;

export interface MonteCarloRun {
  readonly books: { readonly held: RunBook; readonly former: RunBook | null };
  readonly underlyings: readonly string[];
  readonly generator: ScenarioGenerator;
  /** Of equally likely outcomes. */
  readonly reader: OutcomeReader;
  /** Of the report; the run adds its own. */
  readonly notices: Notice[];
  /** The report of some figures, with the notices so far. */
  readonly finish: (figures: VarFigures) => VarReport;
}

interface RunBook {
  readonly book: BookPositions;
  readonly exposures: readonly Exposure[];
}

/**
 * Monte Carlo figures, refined: the paths asked for are computed in stretches that end where their number has doubled (all of them in
 * one where that will not take long, which the figures do not depend on), and each ends with a report of all so far, until both standard errors meet the target, if one is set, or all paths are done. Only the P&L
 * vector of each book is held, 8 bytes a path; what the positions make of it is read from the paths around VaR. Null when
 * cancelled.
 */
export async function monteCarloVar(
  market: PreparedMarket,
  request: VarRequest,
  { books, underlyings, generator, reader: plainReader, notices, finish }: MonteCarloRun,
  control: VarControl,
): Promise<VarReport | null> {
  const { paths, inputVersion } = request;
  const { draws, estimates } = generator;
  const varianceTerms = varianceTermsOf(draws);
  const seen = { underlyings, varianceTerms, smile: request.smile, kernels: market.kernels };
  const positionsOf = ({ book, exposures }: RunBook): PathPosition[] =>
    request.revaluation === 'delta-gamma'
      ? exposures.map((position) => quadraticPosition(position, seen))
      : pathPositions(book, seen);
  const positions = positionsOf(books.held);
  const former = books.former && positionsOf(books.former);
  const pool = control.pool ?? inlinePathPool(market.kernels);
  const drawn = await drawnAs(
    pathPlan(underlyings, draws, former === null ? [positions] : [positions, former]),
    request,
    plainReader,
    market.kernels,
    pool,
    control,
  );
  if (drawn === null) return null;
  const { plan, weights, reader } = drawn;
  const valuation = await pathValuation(plan, market.kernels);
  let fitted: ProxyPlan | null = null;
  const fitProxy = async (): Promise<ProxyPlan> => {
    const { proxyPlan } = await import('../proxy/proxyPlan.ts');
    fitted = await proxyPlan(plan, market.kernels, control);
    notices.push(...fitted.notices);
    return fitted;
  };
  if (request.revaluation === 'proxy') await fitProxy();
  const finished = (figures: VarFigures): VarReport =>
    finish(fitted === null ? figures : { ...figures, proxyError: fitted.error });
  /** Whether values of so many paths are worth a proxy. */
  const proxyPays = (count: number): boolean => positions.length * count >= PROXY_PAYS_FROM;
  let isOpen = request.revaluation === 'auto' && proxyPays(paths - FIRST_FIGURE_PATHS);

  const pnl = plan.books.map(() => new Float64Array(paths));
  let soFar: VarReport | null = null;
  let over = false;
  const report = (pathsDone: number): void =>
    control.onProgress?.({ inputVersion, pathsDone, pathsAsked: paths, soFar });
  const begin = (from: number, to: number): Promise<PathBlock | null> =>
    pool.pnl(fitted?.plan ?? plan, from, to - from, {
      ...control,
      cancelled: () => over || control.cancelled?.() === true,
      onProgress: (done) => {
        if (!over && from + done < to) report(from + done);
      },
    });

  const sayFault = faultNotice(notices);
  const started = control.now?.() ?? 0;
  const hasTarget = request.targetStandardErrorUsd !== undefined || request.targetStandardErrorShare !== undefined;
  /** Whether the other paths take no time worth telling of on the way, at the rate of those that are done. */
  const isShort = (): boolean =>
    !hasTarget && control.now !== undefined && (control.now() - started) * (paths - done) < SHORT_RUN_MS * done;
  let done = 0;
  let next = begin(0, Math.min(FIRST_FIGURE_PATHS, paths));
  try {
    for (;;) {
      const block = await next;
      if (block === null || control.cancelled?.()) return null;
      sayFault(block);
      block.pnl.forEach((values, book) => {
        checkOutcomes(values);
        pnl[book]!.set(values, done);
      });
      if (block.weights !== null) weights?.set(block.weights, done);
      done += block.pnl[0]!.length;
      const until = isShort() ? paths : Math.min(2 * done, paths);
      // Workers go on while this thread reads what there is, unless that decides how the next paths are valued.
      const ahead = pool.workers > 0 && done < paths && !isOpen ? begin(done, until) : null;
      // Given up once the target is met or a figure is refused, and then nobody waits for it.
      ahead?.catch(() => undefined);

      const outcomes = pnl[0]!.subarray(0, done);
      const reading = reader.read(outcomes);
      const means = positionMeans(positions, valuation, reading.window);
      const figures = outcomeFigures(positions, means, { count: done, estimates }, reading, request);
      const needed = pathsNeeded(figures, request, done, paths);
      const isLast = needed <= done;
      if (isLast) {
        over = true;
        if (done < paths) notices.push(stoppedNotice(done, request));
        notices.push(...tailNotices(figures, request));
      }
      soFar = finished(figures);
      report(done);
      await control.pause?.();
      if (isLast) {
        const byPosition = await incrementalRows(positions, valuation, outcomes, figures, reader, notices, control);
        if (byPosition === null) return null;
        const added =
          former === null ? {} : { incremental: addedBy(figures, reader.figures(pnl[1]!.subarray(0, done))) };
        soFar = finished({ ...figures, ...added, byPosition });
        report(done);
        await control.pause?.();
        return control.cancelled?.() ? null : soFar;
      }
      if (isOpen && proxyPays(needed - done) && (await fitProxy()).error.pieces > 0)
        notices.push({
          severity: 'info',
          message: `The first ${done} paths are revalued in full, the others by proxy`,
        });
      isOpen = false;
      next = ahead ?? begin(done, until);
    }
  } finally {
    over = true;
  }
}

interface DrawnPlan {
  readonly plan: PathPlan;
  /** To be filled as paths are done; null where all are 1. */
  readonly weights: Float64Array | null;
  readonly reader: OutcomeReader;
}

/** The plan with the draws that the request asks for, and what its outcomes are read by. */
async function drawnAs(
  plan: PathPlan,
  request: VarRequest,
  plainReader: OutcomeReader,
  kernels: Kernels,
  pool: PathPool,
  control: VarControl,
): Promise<DrawnPlan | null> {
  const method = samplingMethod(request, plan.draws);
  if (method === 'plain' || plan.draws.kind !== 'elliptical') return { plan, weights: null, reader: plainReader };
  // Together: each is a way to the server for a page that has just been opened.
  const [{ sampledPlan }, { weightedReader }] = await Promise.all([
    import('./sampledPlan.ts'),
    import('./weightedReader.ts'),
  ]);
  const found = await sampledPlan({ ...plan, draws: plan.draws }, method, request, pool, kernels, control);
  if (found === null) return null;
  const { confidence, expectedShortfallConfidence = confidence, paths } = request;
  const weights = new Float64Array(paths).fill(1);
  return {
    plan: found.plan,
    weights,
    reader: weightedReader(confidence, expectedShortfallConfidence, { ...found.sample, weights }, kernels),
  };
}

function stoppedNotice(done: number, request: VarRequest): Notice {
  return {
    severity: 'info',
    message: `${done} of ${request.paths} paths were enough for standard errors of VaR and ES of at most ${targetText(request)}`,
  };
}

function quadraticPosition(
  position: Exposure,
  { underlyings, varianceTerms, smile }: Parameters<typeof pathPositions>[1],
): PathPosition {
  const { id, quantity, underlying } = position;
  const coin = underlyings.indexOf(underlying);
  const { delta, gamma, vega, vanna, volga } = sensitivity(position, smile, varianceTerms?.[coin]);
  const row = { kind: 'quadratic', coin, delta, gamma, vega, vanna, volga } as const;
  return { id, quantity, holdings: [{ key: `quadratic:${id}`, row, units: 1 }] };
}

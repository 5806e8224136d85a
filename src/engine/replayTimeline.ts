import { bookRisk } from './bookRisk.ts';
import { curveMoves } from './domain/curveMoves.ts';
import { failureOf } from './domain/failure.ts';
import type { MarketSnapshot } from './domain/marketSnapshot.ts';
import type {
  ReplayMoment,
  ReplayPoint,
  ReplayProgress,
  ReplayTimeline,
  ReplayTimelineRequest,
} from './domain/replayTimeline.ts';
import type { LiquidationMoves } from './domain/riskReport.ts';
import type { RunControl } from './domain/RunControl.ts';
import { headroomOf, liquidationMoves, requirementOf, smileRule } from './explore.ts';
import type { Kernels } from './kernels/Kernels.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { marketRule, type MarketRule } from './margin/marketRule.ts';
import { modelById } from './margin/modelById.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import { type PreparedMarket, prepareMarket } from './scenario/preparedMarket.ts';
import { shiftedBook } from './scenario/shiftedBook.ts';
import { rowsBy } from './scenario/unitPnlCache.ts';

export interface TimelineControl extends RunControl<ReplayProgress> {
  /** The market as it was at a moment; what it throws is that moment's failure. */
  read(moment: ReplayMoment): Promise<MarketSnapshot>;
  readonly kernels: Kernels;
}

/**
 * A book that nobody changes, at each moment of a recording, by the code of every other margin figure. Points are told as they come;
 * a moment without figures is a gap with its reason. Null when it was cancelled.
 * @throws RiskError when the model or a parameter does not exist, or a parameter is out of its bounds.
 */
export async function replayTimeline(
  request: ReplayTimelineRequest,
  library: readonly MarginModel[],
  control: TimelineControl,
): Promise<ReplayTimeline | null> {
  const started = control.now?.() ?? 0;
  resolvedParameters(modelById(request.model, library), request.parameters);
  const points: ReplayPoint[] = [];
  for (const moment of request.moments) {
    if (control.cancelled?.()) return null;
    const point = await pointAt(moment, request, library, control);
    points.push(point);
    control.onProgress?.({ point, done: points.length, asked: request.moments.length });
    await control.pause?.();
  }
  return control.cancelled?.() ? null : { points, elapsedMs: (control.now?.() ?? 0) - started };
}

async function pointAt(
  moment: ReplayMoment,
  request: ReplayTimelineRequest,
  library: readonly MarginModel[],
  { read, kernels }: TimelineControl,
): Promise<ReplayPoint> {
  const nothing: ReplayPoint = { at: moment.at, indices: [], figures: null, failure: null, leftOut: [] };
  try {
    const market = prepareMarket(await read(moment), kernels);
    const indices = market.snapshot.underlyings.map(({ symbol, index }) => ({ underlying: symbol, index }));
    try {
      return { ...nothing, indices, ...figuresIn(market, request, library) };
    } catch (error) {
      return { ...nothing, indices, failure: failureOf(error) };
    }
  } catch (error) {
    return { ...nothing, failure: failureOf(error) };
  }
}

function figuresIn(
  market: PreparedMarket,
  request: ReplayTimelineRequest,
  library: readonly MarginModel[],
): Pick<ReplayPoint, 'figures' | 'failure' | 'leftOut'> {
  const { book, model, parameters } = request;
  const rows = rowsBy(market.kernels);
  const risk = bookRisk(market, book, { models: [model], parameters: { [model]: parameters }, rows, library });
  const unpriced = risk.positions.flatMap((position) => ('failure' in position ? [position] : []));
  const leftOut = unpriced.map(({ id }) => id);
  const [first] = unpriced;
  if (first !== undefined && unpriced.length === book.legs.length)
    return {
      figures: null,
      failure: { code: first.failure.code, message: `No leg can be priced. ${first.failure.message}` },
      leftOut,
    };
  const outcome = risk.margins[0]!;
  if ('unsupported' in outcome) return { figures: null, failure: outcome.unsupported, leftOut };
  const { initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd, worstScenario } = outcome;
  return {
    figures: {
      initialMarginUsd,
      maintenanceMarginUsd,
      equityUsd,
      availableUsd,
      worstScenario: worstScenario?.label ?? null,
      liquidation: liquidationIn(marketRule(market, request, library, rows), request),
    },
    failure: null,
    leftOut,
  };
}

/** As the verdict tells it: vol and time stand still, spot moves. */
function liquidationIn(rule: MarketRule, request: ReplayTimelineRequest): LiquidationMoves | null {
  const { underlying, movers, book } = request;
  const coin = rule.market.snapshot.underlyings.find(({ symbol }) => symbol === underlying);
  if (coin === undefined) return null;
  const positions = bookPositions(rule.market, book);
  const headroomAt = (spotMove: number) =>
    headroomOf(
      requirementOf(
        shiftedBook(positions, { spotMove, volShock: 0, volUnit: 'relative', days: 0, ...smileRule(request) }, movers),
        rule,
      ),
    );
  const spot = curveMoves(book, underlying, coin.index);
  return liquidationMoves(spot, spot.map(headroomAt), headroomAt);
}

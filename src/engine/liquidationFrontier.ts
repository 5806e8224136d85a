import type {
  Frontier,
  FrontierDistance,
  FrontierPoint,
  FrontierReport,
  FrontierRequest,
} from './domain/liquidationFrontier.ts';
import type { Failure } from './domain/failure.ts';
import { BLOCK_MS, type RunControl } from './domain/RunControl.ts';
import { headroomOf, requirementOf, smileRule } from './explore.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { type MarketRule, marketRule } from './margin/marketRule.ts';
import { type LevelSet, levelSet, type PlanePoint } from './numerics/levelSet.ts';
import { shortestWay } from './numerics/shortestWay.ts';
import { type BookPositions, bookPositions } from './scenario/bookPositions.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import { shiftedBook } from './scenario/shiftedBook.ts';
import { distanceOf, spotVolDistance } from './scenario/spotVolDistance.ts';
import { rowsBy } from './scenario/unitPnlCache.ts';

/** What is examined, and into how many coarse cells each side of now is cut; even in the logarithm. */
const SPOT = { from: -0.6, to: 1, below: 9, above: 7 } as const;
const VOL = { from: -0.5, to: 1.5, below: 6, above: 8 } as const;
const HALVINGS = 1;
/** Vertices and the shortest way are known to this share of spot or vol. */
const ERROR = 1e-5;

export interface FrontierControl extends Pick<RunControl, 'cancelled' | 'pause'> {
  now(): number;
  /** The coarse picture, when it took long enough to be worth showing. */
  onCoarse?(report: FrontierReport): void;
}

const WORTH_SHOWING_MS = 100;

/**
 * Where, over spot and vol at one date, the chosen rule's equity meets its maintenance margin, before and after the proposal, and
 * the shortest way there in standard deviations. Every point is the margin path of the runway and the stress grid.
 * @throws RiskError when the model, a parameter or the underlying does not exist.
 */
export async function liquidationFrontier(
  market: PreparedMarket,
  request: FrontierRequest,
  control: FrontierControl,
  library: readonly MarginModel[],
): Promise<FrontierReport | null> {
  const started = control.now();
  // Books at these points are seen once: their rows are not worth remembering.
  const rule = marketRule(market, request, library, rowsBy(market.kernels));
  const distance = spotVolDistance(market, request);
  const spot = axis(SPOT);
  const vol = axis(VOL);
  const report = (before: Frontier, after: Frontier | null, isCoarse: boolean): FrontierReport => ({
    marketId: request.marketId,
    elapsedMs: control.now() - started,
    isCoarse,
    spot: spot.map(Math.expm1),
    vol: vol.map(Math.expm1),
    distance,
    before,
    after,
  });

  const found: Frontier[] = [];
  const books = [request.book, ...(request.proposed === null ? [] : [request.proposed])];
  for (const [n, portfolio] of books.entries()) {
    const search = frontier(bookPositions(market, portfolio), request, rule, distance, { spot, vol }, (coarse) => {
      if (control.now() - started < WORTH_SHOWING_MS || n < books.length - 1) return;
      control.onCoarse?.(n === 0 ? report(coarse, null, true) : report(found[0]!, coarse, true));
    });
    const answered = await ran(search, control);
    if (answered === null) return null;
    found.push(answered);
  }
  return report(found[0]!, found[1] ?? null, false);
}

/** Runs to the end, block by block; null when it was cancelled on the way. */
async function ran<T>(run: Generator<void, T>, { now, pause, cancelled }: FrontierControl): Promise<T | null> {
  let since = now();
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
    if (pause === undefined || now() - since < BLOCK_MS) continue;
    await pause();
    if (cancelled?.()) return null;
    since = now();
  }
}

function* frontier(
  book: BookPositions,
  request: FrontierRequest,
  rule: MarketRule,
  distance: FrontierDistance,
  { spot, vol }: { readonly spot: readonly number[]; readonly vol: readonly number[] },
  onCoarse: (frontier: Frontier) => void,
): Generator<void, Frontier> {
  const { days, movers } = request;
  const unsupported: Failure[] = [];
  const headroom = (x: number, y: number): number | null => {
    const scenario = {
      spotMove: Math.expm1(x),
      volShock: Math.expm1(y),
      volUnit: 'relative',
      days,
      ...smileRule(request),
    } as const;
    const point = requirementOf(shiftedBook(book, scenario, movers), rule);
    if (point.unsupported !== null) unsupported.push(point.unsupported);
    return headroomOf(point);
  };
  const here = headroom(0, 0);
  const answer = (set: LevelSet, nearest: PlanePoint | null): Frontier => ({
    now: here === null ? 'unknown' : here < 0 ? 'liquidation' : 'safe',
    headroomNowUsd: here,
    headroomUsd: set.values,
    lines: set.lines.map((line) => line.map(movePoint)),
    regions: set.regions.map((ring) => ring.map(movePoint)),
    nearest: nearest && { ...movePoint(nearest), sigmas: distanceOf(distance, nearest) },
    unsupported: unsupported[0] ?? null,
  });
  const set = yield* levelSet(headroom, {
    columns: spot,
    rows: vol,
    halvings: HALVINGS,
    error: ERROR,
    onCoarse: (coarse) => onCoarse(answer(coarse, null)),
  });
  if (here === null || here < 0) return answer(set, null);
  const nearest =
    distance.volDeviation === null
      ? nearestAlongSpot(set)
      : yield* shortestWay(headroom, {
          lines: set.lines,
          distance: (point) => distanceOf(distance, point)!,
          columns: [spot[0]!, spot.at(-1)!],
          rows: [vol[0]!, vol.at(-1)!],
          error: ERROR,
        });
  return answer(set, nearest);
}

/** Zero is a row of the lattice, so that a line meets it in vertices. */
function nearestAlongSpot({ lines }: LevelSet): PlanePoint | null {
  return lines
    .flat()
    .filter(([, y]) => y === 0)
    .reduce<PlanePoint | null>((best, point) => (best && Math.abs(best[0]) <= Math.abs(point[0]) ? best : point), null);
}

function movePoint([x, y]: PlanePoint): FrontierPoint {
  return { spotMove: Math.expm1(x), volShock: Math.expm1(y) };
}

function axis({ from, to, below, above }: typeof SPOT | typeof VOL): number[] {
  const [low, high] = [Math.log1p(from), Math.log1p(to)];
  return [
    ...Array.from({ length: below }, (_, n) => low * (1 - n / below)),
    ...Array.from({ length: above + 1 }, (_, n) => high * (n / above)),
  ];
}

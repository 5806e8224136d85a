import type { Portfolio } from '../../../src/engine/domain/portfolio.ts';
import { proxyPlan } from '../../../src/engine/proxy/proxyPlan.ts';
import { bookPositions } from '../../../src/engine/scenario/bookPositions.ts';
import { jointMoves } from '../../../src/engine/scenario/jointMoves.ts';
import { ellipticalGenerator } from '../../../src/engine/scenario/monteCarloScenarios.ts';
import type { PathPlan } from '../../../src/engine/scenario/pathPlan.ts';
import { pathPlan, pathPositions } from '../../../src/engine/scenario/pathPositions.ts';
import { consecutive, cutMoves, pathSampler } from '../../../src/engine/scenario/pathSampler.ts';
import { addRowPnl, PATHS_AT_ONCE } from '../../../src/engine/scenario/pathValuation.ts';
import type { PreparedMarket } from '../../../src/engine/scenario/preparedMarket.ts';

/** That the proxy is read in. */
const PATHS = 1_000_000;
/** That are revalued in full; the time of all is in proportion. None of them had a part in fitting or judging the proxy. */
const SAMPLED = { firstPath: 500_000, count: 20_000 };

/** Milliseconds in this thread, drawing left out. */
export interface ProxyTiming {
  readonly buildMs: number;
  /** A million paths by the proxy. */
  readonly evaluateMs: number;
  /** A million paths revalued in full, from the time of 20,000. */
  readonly fullMs: number;
  /** As the proxy states it, in parts of gross premium; null when there is a coin without one. */
  readonly statedError: number | null;
  /** The largest difference in the paths revalued in full, in the same parts. */
  readonly foundError: number;
  /** Moves that the proxy does not cover, which are revalued in full one by one, over all. */
  readonly outsideBox: number;
}

/** Student-t moves over a day, the same kernels and columns for both ways. */
export async function proxyTiming(market: PreparedMarket, portfolio: Portfolio, seed: number): Promise<ProxyTiming> {
  const plan = planOf(market, portfolio, seed);
  const full = await valued(plan, market, SAMPLED.firstPath, SAMPLED.count);
  const started = performance.now();
  const { plan: fitted, error } = await proxyPlan(plan, market.kernels);
  const buildMs = performance.now() - started;
  const proxy = await valued(fitted, market, 0, PATHS);
  const difference = full.pnl.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - proxy.pnl[SAMPLED.firstPath + i]!)),
    0,
  );
  return {
    buildMs,
    evaluateMs: proxy.ms,
    fullMs: (full.ms * PATHS) / SAMPLED.count,
    statedError: error.fullCoins.length > 0 ? null : error.shareOfGrossPremium,
    foundError: difference / error.grossPremiumUsd,
    outsideBox: error.outsideBox,
  };
}

function planOf(market: PreparedMarket, portfolio: Portfolio, seed: number): PathPlan {
  const book = bookPositions(market, portfolio);
  const underlyings = [...new Set(book.legs.map(({ state }) => state.instrument.underlying))];
  const { draws } = ellipticalGenerator(jointMoves(market.snapshot, underlyings, 'The bench'), {
    distribution: 'student-t',
    degreesOfFreedom: 4,
    horizonDays: 1,
    seed,
    smile: 'sticky-strike',
    estimates: {},
  });
  const seen = { underlyings, varianceTerms: null, smile: 'sticky-strike', kernels: market.kernels } as const;
  return pathPlan(underlyings, draws, [pathPositions(book, seen)]);
}

/** P&L of the plan's first book as `pathValuation` makes it, block by block; only what comes after drawing is timed. */
async function valued(
  plan: PathPlan,
  { kernels }: PreparedMarket,
  firstPath: number,
  count: number,
): Promise<{ readonly ms: number; readonly pnl: Float64Array }> {
  const sample = await pathSampler(plan, kernels);
  const column = columnsOf(kernels);
  const wholeMoves = plan.underlyings.map((_, coin) => ({
    growth: column(2 + 3 * coin),
    logGrowth: column(3 + 3 * coin),
    volShock: column(4 + 3 * coin),
  }));
  const held = plan.rows.flatMap((row, r) => (plan.books[0]![r] === 0 ? [] : [{ row, units: plan.books[0]![r]! }]));
  const pnl = new Float64Array(count);
  let ms = 0;
  for (let from = 0; from < count; from += PATHS_AT_ONCE) {
    const length = Math.min(PATHS_AT_ONCE, count - from);
    const moves = wholeMoves.map((coin) => cutMoves(coin, 0, length));
    const vols = column(0).subarray(0, length);
    const total = column(1).subarray(0, length);
    sample(consecutive(firstPath + from, length), moves);
    const started = performance.now();
    total.fill(0);
    for (const { row, units } of held) addRowPnl(row, units, moves, vols, total, kernels);
    pnl.set(total, from);
    ms += performance.now() - started;
  }
  return { ms, pnl };
}

const stock: Float64Array[] = [];

/** Kernels keep their columns for life, so there is one stock of them. */
function columnsOf({ column }: PreparedMarket['kernels']): (place: number) => Float64Array {
  return (place) => (stock[place] ??= column(PATHS_AT_ONCE));
}

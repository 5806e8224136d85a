import type { Notice } from '../domain/marketSummary.ts';
import type { ProxyError } from '../domain/ProxyError.ts';
import type { CoinMoves, Kernels } from '../kernels/Kernels.ts';
import type { LinearPathRow, OptionPathRow, PathPlan, PathRow } from '../scenario/pathPlan.ts';
import { consecutive, pathSampler } from '../scenario/pathSampler.ts';
import { addRowPnl } from '../scenario/pathValuation.ts';
import { coinProxy, type FittedProxy } from './coinProxy.ts';
import type { AddRowPnl, HeldRow } from './valueGroups.ts';

/** Error asked for unless told, as a share of gross premium. */
export const PROXY_TOLERANCE = 1e-6;
/** The box is where the first paths are; the next ones tell how many lie outside of it. */
const SAMPLE_PATHS = 8_192;
const JUDGING_PATHS = 4_096;

export interface ProxyPlanOptions {
  /** The error asked for, as a share of the gross premium of each coin. */
  readonly tolerance?: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

export interface ProxyPlan {
  /** The same books on the same paths, with one row for all options, futures and coins of a coin that a book holds. */
  readonly plan: PathPlan;
  /** Of the first book. */
  readonly error: ProxyError;
  readonly notices: readonly Notice[];
}

/**
 * A plan in which a proxy stands for the positions of each coin with options; what else there is stays as it is. A coin whose proxy
 * does not meet the tolerance keeps its rows, and a notice says so.
 */
export async function proxyPlan(plan: PathPlan, kernels: Kernels, options: ProxyPlanOptions = {}): Promise<ProxyPlan> {
  const { tolerance = PROXY_TOLERANCE, now } = options;
  const started = now?.();
  const [sample, judges] = await drawn(plan, kernels);
  let vols = new Float64Array(0);
  const add: AddRowPnl = (row, units, moves, total) => {
    if (vols.length !== total.length) vols = new Float64Array(total.length);
    addRowPnl({ ...row, coin: 0 }, units, [moves], vols, total, kernels);
  };

  const rows: PathRow[] = [];
  const held: number[][] = plan.books.map(() => []);
  const hold = (book: number, place: number, units: number): void => {
    held[book]![place] = (held[book]![place] ?? 0) + units;
  };
  const places = new Map<number, number>();
  const notices: Notice[] = [];
  const found: { readonly coin: number; readonly fitted: FittedProxy; readonly grossPremiumUsd: number }[] = [];
  plan.books.forEach((units, book) => {
    const standsFor = new Set<number>();
    plan.underlyings.forEach((symbol, coin) => {
      const own = rowsOf(plan, units, coin);
      if (own.options.length === 0) return;
      const grossPremiumUsd = own.options.reduce(
        (sum, { row, quantity }) => sum + Math.abs(quantity) * row.terms.presentUsd,
        0,
      );
      const fitted = coinProxy(own, sample[coin]!, judges[coin]!, tolerance * grossPremiumUsd, add);
      if (book === 0) found.push({ coin, fitted, grossPremiumUsd });
      const { proxy, refusal } = fitted;
      if (proxy === null) {
        if (book === 0)
          notices.push({ severity: 'warning', underlying: symbol, message: fallbackMessage(symbol, refusal!) });
        return;
      }
      const exact = {
        options: own.options.map(({ row, quantity }) => ({ row, units: quantity })),
        usdPerMove: proxy.usdPerMove,
      };
      hold(book, rows.push({ kind: 'proxy', coin, proxy, exact }) - 1, 1);
      standsFor.add(coin);
    });
    plan.rows.forEach((row, r) => {
      if (units[r] === 0 || (row.kind !== 'quadratic' && standsFor.has(row.coin))) return;
      const place = places.get(r) ?? rows.push(row) - 1;
      places.set(r, place);
      hold(book, place, units[r]!);
    });
  });
  const books = held.map((units) => Float64Array.from(rows, (_, row) => units[row] ?? 0));
  return {
    plan: { ...plan, rows, books },
    error: errorOf(plan, found, started === undefined ? null : now!() - started),
    notices,
  };
}

function fallbackMessage(symbol: string, refusal: string): string {
  return `${symbol} is revalued in full: ${refusal}`;
}

/** What a book holds of one coin that a proxy can stand for. */
function rowsOf(
  plan: PathPlan,
  units: Float64Array,
  coin: number,
): { readonly options: HeldRow<OptionPathRow>[]; readonly linear: HeldRow<LinearPathRow>[] } {
  const options: HeldRow<OptionPathRow>[] = [];
  const linear: HeldRow<LinearPathRow>[] = [];
  plan.rows.forEach((row, r) => {
    const quantity = units[r]!;
    if (row.coin !== coin || quantity === 0) return;
    if (row.kind === 'option') options.push({ row, quantity });
    if (row.kind === 'linear') linear.push({ row, quantity });
  });
  return { options, linear };
}

/** Moves of the first paths, and of the next, by coin. */
async function drawn(plan: PathPlan, kernels: Kernels): Promise<readonly [CoinMoves[], CoinMoves[]]> {
  const sample = await pathSampler(plan, kernels);
  const block = (firstPath: number, count: number): CoinMoves[] => {
    const moves = plan.underlyings.map(() => ({
      growth: new Float64Array(count),
      logGrowth: new Float64Array(count),
      volShock: new Float64Array(count),
    }));
    sample(consecutive(firstPath, count), moves);
    return moves;
  };
  return [block(0, SAMPLE_PATHS), block(SAMPLE_PATHS, JUDGING_PATHS)];
}

function errorOf(
  { underlyings }: PathPlan,
  found: readonly { readonly coin: number; readonly fitted: FittedProxy; readonly grossPremiumUsd: number }[],
  buildMs: number | null,
): ProxyError {
  const used = found.filter(({ fitted }) => fitted.proxy !== null).map(({ fitted }) => fitted);
  const total = (of: (fitted: FittedProxy) => number): number => used.reduce((sum, fitted) => sum + of(fitted), 0);
  const grossPremiumUsd = found.reduce((sum, one) => sum + one.grossPremiumUsd, 0);
  const maxUsd = total(({ errorUsd }) => errorUsd);
  return {
    maxUsd,
    shareOfGrossPremium: grossPremiumUsd > 0 ? maxUsd / grossPremiumUsd : null,
    grossPremiumUsd,
    heldBackPoints: total(({ heldBackPoints }) => heldBackPoints),
    pieces: total(({ pieces }) => pieces),
    nodes: total(({ nodes }) => nodes),
    buildMs,
    outsideBox: total(({ outsideShare }) => outsideShare) / Math.max(used.length, 1),
    fullCoins: found.filter(({ fitted }) => fitted.proxy === null).map(({ coin }) => underlyings[coin]!),
  };
}

import type { CoinMoves } from '../kernels/Kernels.ts';
import { uniforms } from '../numerics/sampling.ts';
import { addProxyPnl } from '../kernels/addProxyPnl.ts';
import type { CoinProxy } from '../kernels/CoinProxy.ts';
import type { LinearPathRow, OptionPathRow } from '../scenario/pathPlan.ts';
import { pathVol } from '../scenario/pathVol.ts';
import { cellTable } from './cellTable.ts';
import { sampledPanels } from './sampledPanels.ts';
import type { MoveBox } from './ValueGroup.ts';
import { type AddRowPnl, type HeldRow, valueGroups } from './valueGroups.ts';

/** What a coin's positions are made of, as far as a proxy can stand for them. */
export interface CoinRows {
  readonly options: readonly HeldRow<OptionPathRow>[];
  readonly linear: readonly HeldRow<LinearPathRow>[];
}

export interface FittedProxy {
  /** Null where the error could not be brought below what was asked, or too many paths would be left to full revaluation. */
  readonly proxy: CoinProxy | null;
  /** Why there is none, as the end of a sentence. */
  readonly refusal: string | null;
  /** The larger of what the series cut off and twice the largest difference from full revaluation at held-back points; USD. */
  readonly errorUsd: number;
  readonly heldBackPoints: number;
  readonly pieces: number;
  /** Points sampled, those of every expiry counted. */
  readonly nodes: number;
  /** Options priced to build and to check. */
  readonly optionPrices: number;
  /** Share of the judging moves that the proxy does not cover. */
  readonly outsideShare: number;
}

/** Points at which an expiry may be sampled: more where an expiry has few options, since a point then costs little. */
const MOST_NODES = { least: 12_000, most: 60_000, optionPrices: 800_000 } as const;
/** Largest share of paths outside at which a proxy still pays. */
const MOST_OUTSIDE = 0.2;
/** Part of the range of the sample that is added at each end, where few further paths lie. */
const MARGIN = 0.25;
/**
 * Where vol has fallen to a small share of itself, values bend ever more sharply. The box ends where the vol of an option has fallen to
 * the first share of itself if no more of the sample than `FEW` lies below, else to the next; never below the last.
 */
const LEAST_VOL_SHARES = [0.35, 0.25, 0.15, 0.1] as const;
const FEW = 3e-4;
/** How much of the error that is asked for the series and the cells may each use, and again where the check then fails. */
const SHARES = [
  { series: 0.4, cells: 0.5 },
  { series: 0.04, cells: 0.05 },
] as const;
/** Held-back points of each kind: anywhere in the box, at strikes, of the drawn sample. */
const HELD_BACK = 50;
const HELD_BACK_SEED = 20_260_101;

/**
 * A proxy of the P&L of one coin's positions over the box that a sample of its drawn moves occupies.
 *
 * Each expiry is sampled as Chebyshev series (`sampledPanels`), their sum is laid out in cells (`cellTable`), and the whole is compared
 * with full revaluation at held-back points: anywhere in the box, at strikes, and at drawn moves. What it states as its error is the sum
 * of the sizes of the terms cut off, or twice the largest difference found at those points where that is more.
 *
 * @param sample drawn moves, whose range is the box.
 * @param judges other drawn moves, which tell how many lie outside.
 * @param toleranceUsd the error asked for.
 */
export function coinProxy(
  rows: CoinRows,
  sample: CoinMoves,
  judges: CoinMoves,
  toleranceUsd: number,
  addRowPnl: AddRowPnl,
): FittedProxy {
  const usdPerMove = rows.linear.reduce((sum, { row, quantity }) => sum + quantity * row.usdPerMove, 0);
  const box = boxOf(rows.options, sample);
  const groups = valueGroups(rows.options, addRowPnl);
  const points = heldBackMoves(
    groups.map(({ bends }) => bends),
    box,
    sample,
  );
  const exact = new Float64Array(points.growth.length);
  for (const { row, quantity } of [...rows.options, ...rows.linear]) addRowPnl(row, quantity, points, exact);
  let nodes = 0;
  let optionPrices = exact.length * rows.options.length;
  for (const share of SHARES) {
    let restUsd = 0;
    const panels = groups.map((group) => {
      const limits = { toleranceUsd: (toleranceUsd * share.series) / groups.length, nodes: nodesFor(group.options) };
      const found = sampledPanels(group, box, limits);
      nodes += found.nodes;
      restUsd += found.restUsd;
      optionPrices += found.nodes * group.options;
      return found.panels;
    });
    const { cells, cutUsd, ...table } = cellTable(panels, box, toleranceUsd * share.cells);
    const proxy: CoinProxy = { box, usdPerMove, ...table };
    const errorUsd = Math.max(restUsd + cutUsd, 2 * largestDifference(proxy, points, exact));
    const outsideShare = shareOutside(proxy, judges);
    const found = { errorUsd, heldBackPoints: exact.length, pieces: cells, nodes, optionPrices, outsideShare };
    if (outsideShare > MOST_OUTSIDE)
      return { ...found, proxy: null, refusal: `${Math.round(100 * outsideShare)} % of paths would lie outside of it` };
    if (errorUsd <= toleranceUsd) return { ...found, proxy, refusal: null };
    if (share === SHARES[SHARES.length - 1])
      return {
        ...found,
        proxy: null,
        refusal: `its error of ${errorUsd.toPrecision(2)} USD stays above ${toleranceUsd.toPrecision(2)} USD`,
      };
  }
  throw new Error('There is always a last share');
}

function nodesFor(options: number): number {
  const { least, most, optionPrices } = MOST_NODES;
  return Math.min(Math.max(Math.floor(optionPrices / options), least), most);
}

function boxOf(options: CoinRows['options'], sample: CoinMoves): MoveBox {
  const logGrowth = widened(sample.logGrowth);
  const volShock = widened(sample.volShock);
  for (const share of LEAST_VOL_SHARES) {
    const foot = leastShock(options, volShock[0], share);
    let below = 0;
    for (const v of sample.volShock) if (v < foot) below += 1;
    if (below > FEW * sample.volShock.length && share !== LEAST_VOL_SHARES[LEAST_VOL_SHARES.length - 1]) continue;
    volShock[0] = foot;
    break;
  }
  return { logGrowth, volShock };
}

/** The least shock from `from` on under which every option keeps a share of its vol. */
function leastShock(options: CoinRows['options'], from: number, share: number): number {
  let foot = from;
  for (const { row } of options) {
    const least = share * pathVol(row, 1, 0);
    if (row.terms.timeToExpiryYears <= 0 || foot >= 0 || pathVol(row, 1, foot) >= least) continue;
    let [below, above] = [foot, 0];
    while (above - below > 1e-6) {
      const middle = (below + above) / 2;
      if (pathVol(row, 1, middle) < least) below = middle;
      else above = middle;
    }
    foot = above;
  }
  return foot;
}

function widened(values: Float64Array): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // A factor that does not move has a range of its own, so that there is something to divide.
  const margin = Math.max(MARGIN * (most - least), 1e-4);
  return [least - margin, most + margin];
}

function heldBackMoves(bends: readonly Float64Array[], box: MoveBox, sample: CoinMoves): CoinMoves {
  const [left, right] = box.logGrowth;
  const [foot, top] = box.volShock;
  const strikes = bends.flatMap((xs) => [...xs]).filter((x) => x > left && x < right);
  const random = new Float64Array(4 * HELD_BACK);
  uniforms(HELD_BACK_SEED, 0, 0, 2 * HELD_BACK, 2, random);
  const [xs, vs]: number[][] = [[], []];
  for (let k = 0; k < 2 * HELD_BACK; k += 1) {
    const [u, w] = [random[2 * k]!, random[2 * k + 1]!];
    const atStrike = k >= HELD_BACK && strikes.length > 0;
    // At the strikes, and between: the series meets the function at its nodes, wherever those are.
    xs!.push(atStrike ? strikes[Math.floor(u * strikes.length)]! : left + u * (right - left));
    vs!.push(foot + w * (top - foot));
  }
  const every = Math.max(1, Math.floor(sample.logGrowth.length / HELD_BACK));
  for (let k = 0; k < sample.logGrowth.length && k < HELD_BACK * every; k += every) {
    xs!.push(sample.logGrowth[k]!);
    vs!.push(sample.volShock[k]!);
  }
  const logGrowth = Float64Array.from(xs!);
  return { logGrowth, growth: logGrowth.map(Math.exp), volShock: Float64Array.from(vs!) };
}

/** Where the proxy covers the points. */
function largestDifference(proxy: CoinProxy, points: CoinMoves, exact: Float64Array): number {
  const found = new Float64Array(exact.length);
  const missed = new Int32Array(exact.length);
  const misses = addProxyPnl(proxy, 1, points, found, missed);
  for (let k = 0; k < misses; k += 1) found[missed[k]!] = exact[missed[k]!]!;
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i]!)), 0);
}

function shareOutside(proxy: CoinProxy, sample: CoinMoves): number {
  const count = sample.growth.length;
  return addProxyPnl(proxy, 1, sample, new Float64Array(count), new Int32Array(count)) / Math.max(count, 1);
}

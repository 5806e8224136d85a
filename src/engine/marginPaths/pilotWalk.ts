import type { MarginPathsRequest } from '../domain/marginPaths.ts';
import type { BookAlong, BookMoment, CoinState } from './BookAlong.ts';
import { BookWalk } from './BookWalk.ts';
import { type Segment, coinSegments, segmentAt } from './coinSegments.ts';
import type { PathDraws } from './PathBlock.ts';
import type { PathStep } from './pathSteps.ts';

/** The first paths say where paths go, and hold back states to judge by. */
export const PILOT_PATHS = 1000;
const HELD_BACK = 150;
/** Paths whose states are kept at every step. */
const KEPT_PATHS = 6;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

export interface Range {
  from: number;
  to: number;
}

/** States of a coin on a few paths at every step. */
export interface VisitedStates {
  /** Of the steps, ascending. */
  readonly days: Float64Array;
  /** Spot and vol, by step, then path. */
  readonly values: Float64Array;
}

export interface Pilot {
  /** By coin, its stretches without expiry and where paths are in each. */
  readonly coins: readonly (readonly (Segment & { readonly spot: Range; readonly vol: Range })[])[];
  /** Spot of each coin beside what the first coin's makes of it. */
  readonly beside: readonly Range[];
  /** By coin. */
  readonly visited: readonly VisitedStates[];
  /** States at steps spread over the horizon, a path each. */
  readonly heldBack: readonly BookMoment[];
}

export async function pilotWalk(
  book: BookAlong,
  draws: PathDraws,
  steps: readonly PathStep[],
  { days, smile, paths }: MarginPathsRequest,
  gate: () => Promise<void>,
): Promise<Pilot> {
  const count = Math.min(PILOT_PATHS, paths);
  const walk = new BookWalk(book, draws, smile, 0, count);
  const coins = book.coins.map((_, u) =>
    coinSegments(book, u, days).map((segment) => ({ ...segment, spot: { from: 0, to: 0 }, vol: { from: 0, to: 0 } })),
  );
  const follows = coinFollows(draws, book.coins.length);
  const beside = book.coins.map((): Range => ({ from: 0, to: 0 }));
  const kept = book.coins.map(() => new Float64Array(2 * KEPT_PATHS * steps.length));
  const wanted = Array.from({ length: HELD_BACK }, (_, p) => Math.floor(((p * GOLDEN) % 1) * steps.length));
  const heldBack: BookMoment[] = [];
  let before = walk.settledUntil;
  for (const [k, step] of steps.entries()) {
    walk.advance(step);
    coins.forEach((segments, u) => {
      // An expiry ends one stretch where it begins the next.
      for (const segment of new Set([segmentAt(segments, before), segmentAt(segments, walk.settledUntil)])) {
        widen(segment.spot, walk.spot[u]!);
        widen(segment.vol, walk.vol[u]!);
      }
      for (let i = 0; i < KEPT_PATHS; i += 1) {
        kept[u]![2 * (k * KEPT_PATHS + i)] = walk.spot[u]![i]!;
        kept[u]![2 * (k * KEPT_PATHS + i) + 1] = walk.vol[u]![i]!;
      }
      const [own, first] = [walk.spot[u]!, walk.spot[0]!];
      widen(beside[u]!, follows[u] === 0 ? own : own.map((x, i) => x - follows[u]! * first[i]!));
    });
    before = walk.settledUntil;
    wanted.forEach((at, p) => {
      if (at === k) heldBack.push(momentOf(walk, step.days, p));
    });
    await gate();
  }
  return {
    coins,
    beside,
    heldBack,
    visited: kept.map((values) => ({ days: Float64Array.from(steps, (step) => step.days), values })),
  };
}

/** States at the step nearest to a time. */
export function visitedAt({ days, values }: VisitedStates, at: number): CoinState[] {
  const nearest = days.findIndex((day) => day >= at - 1e-9);
  const k = nearest < 0 ? days.length - 1 : nearest;
  return Array.from({ length: KEPT_PATHS }, (_, i) => ({
    spot: values[2 * (k * KEPT_PATHS + i)]!,
    vol: values[2 * (k * KEPT_PATHS + i) + 1]!,
  }));
}

/** Where one path of a walk stands. */
export function momentOf(walk: BookWalk, days: number, path: number): BookMoment {
  return {
    days,
    settledUntil: walk.settledUntil,
    states: walk.spot.map((spot, u) => ({ spot: spot[path]!, vol: walk.vol[u]![path]! })),
    cashUsd: walk.cashUsd[path]!,
  };
}

/** Regression of each coin's spot on the first coin's; 0 of the first. */
export function coinFollows({ factor }: PathDraws, coins: number): number[] {
  const first = factor[0] ?? [];
  return Array.from({ length: coins }, (_, u) =>
    u === 0 ? 0 : ratio(product(factor[u]!, first), product(first, first)),
  );
}

/** Regression of each coin's vol on its own spot. */
export function volFollows({ factor }: PathDraws, coins: number): number[] {
  return Array.from({ length: coins }, (_, u) =>
    ratio(product(factor[coins + u]!, factor[u]!), product(factor[u]!, factor[u]!)),
  );
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}

function ratio(a: number, b: number): number {
  return b > 0 ? a / b : 0;
}

function widen(range: Range, values: Float64Array): void {
  for (const value of values) {
    if (value < range.from) range.from = value;
    if (value > range.to) range.to = value;
  }
}

import type { CurveSet, ExploreReport } from '../../engine/domain/riskReport.ts';
import { axisThousands } from '../../ui/format.ts';
import { type PlotAxis, type PlotMargin, roundTicks } from '../../ui/plot.ts';

/** Payoff and runway stand above each other and share these. */
export const PLOT_SIDES = { left: 48, right: 16 } as const satisfies Partial<PlotMargin>;

/** Half widths of the spot axis that it may take, so that small edits do not move it. */
const HALF_WIDTHS = [0.3, 0.4, 0.5, 0.6, 0.8, 1] as const;
/** A level at the very edge would not be read as inside. */
const ROOM = 1.08;
const TICKS = 6;

export interface Curves {
  readonly before: CurveSet;
  readonly after: CurveSet | null;
}

/** The answer, if its curves are of the coin with this index: after a change of coin the old ones wait for the new. */
export function exploreOfCoin(explore: ExploreReport | null, index: number): ExploreReport | null {
  const isOfCoin = explore?.curves.before.spotUsd.some((spot) => Math.abs(spot / index - 1) < 1e-9);
  return isOfCoin ? explore : null;
}

/**
 * The relative moves on show: the narrowest of a few symmetric ranges that holds every liquidation level found and the pin,
 * never wider than the curves themselves.
 */
export function shownMoves(curves: Curves | null, index: number, pinnedMove: number | null): readonly [number, number] {
  const levels = [
    ...[curves?.before, curves?.after].flatMap((set) => [set?.liquidation.below, set?.liquidation.above]),
    pinnedMove,
  ].filter((move) => move !== null && move !== undefined);
  const reach = Math.max(0, ...levels.map((move) => Math.abs(move) * ROOM));
  const half = HALF_WIDTHS.find((width) => width >= reach) ?? HALF_WIDTHS.at(-1)!;
  const spot = (curves?.after ?? curves?.before)?.spotUsd;
  if (spot === undefined || spot.length < 2) return [-half, half];
  return [Math.max(-half, spot[0]! / index - 1), Math.min(half, spot.at(-1)! / index - 1)];
}

/** Spot in USD. */
export function spotAxis([low, high]: readonly [number, number], index: number): PlotAxis {
  const domain = [index * (1 + low), index * (1 + high)] as const;
  return {
    domain,
    ticks: roundTicks(domain[0], domain[1], TICKS).map((value) => ({ value, text: axisThousands(value) })),
  };
}

/** The samples inside a domain, with one more on each side so that a line reaches the edge: `[from, to)`. */
export function samplesWithin(spot: ArrayLike<number>, [low, high]: readonly [number, number]): [number, number] {
  let from = 0;
  while (from + 1 < spot.length && spot[from + 1]! <= low) from += 1;
  let to = spot.length;
  while (to - 2 >= 0 && spot[to - 2]! >= high) to -= 1;
  return [from, to];
}

import type { Movers, Scenario, SmileRule, VolShockUnit } from '../domain/scenario.ts';

/** Moves over two axes: a row a vol shock, in it a place a spot move. A curve is a grid of one row. */
export interface MoveGrid {
  /** Equal ids mean equal cells; it is a cache key. */
  readonly id: string;
  /** Time passes alike in all cells. */
  readonly days: number;
  /** Row by row. */
  readonly cells: readonly Scenario[];
}

export interface MoveAxes {
  readonly spot: readonly number[];
  readonly vol: readonly number[];
  readonly volUnit: VolShockUnit;
  readonly days: number;
  readonly smile: SmileRule;
  readonly spotVolBeta?: number;
}

export function moveGrid({ spot, vol, volUnit, days, smile, spotVolBeta }: MoveAxes): MoveGrid {
  const rule = spotVolBeta === undefined ? { smile } : { smile, spotVolBeta };
  return {
    id: `${listed(spot)}|${listed(vol)}|${volUnit},${days},${smile},${spotVolBeta ?? ''}`,
    days,
    cells: vol.flatMap((volShock) => spot.map((spotMove) => ({ spotMove, volShock, volUnit, days, ...rule }))),
  };
}

const listedOnce = new WeakMap<readonly number[], string>();

/** The numbers of an axis in words, made once: a view asks for a dozen curves over the same moves. */
function listed(axis: readonly number[]): string {
  let known = listedOnce.get(axis);
  if (known === undefined) listedOnce.set(axis, (known = axis.join()));
  return known;
}

/** The same grid for a coin that keeps its spot and vol, while time passes for it as well. */
function standingGrid({ id, days, cells }: MoveGrid): MoveGrid {
  return { id: `still|${id}`, days, cells: cells.map((cell) => ({ ...cell, spotMove: 0, volShock: 0 })) };
}

/** What each coin goes through in a grid in which some take part. */
export function gridOfCoin(grid: MoveGrid, movers: Movers): (symbol: string) => MoveGrid {
  if (movers === 'all') return () => grid;
  const still = standingGrid(grid);
  return (symbol) => (symbol === movers ? grid : still);
}

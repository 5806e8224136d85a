/** Vol up, unchanged, down, or the smile turned: tilted (`linear`) or with both wings lifted (`abs`). */
export type VolMove = 'up' | 'none' | 'down' | 'linear' | 'abs';

/** One scenario of a portfolio manager. */
export interface ScenarioShock {
  /** Spot and forwards are multiplied by this. */
  readonly spotFactor: number;
  readonly volMove: VolMove;
  /** Share of the scenario's P&L that counts. */
  readonly dampening: number;
}

export type ScenarioKind = 'regular' | 'tail' | 'skew';

/** The widest regular grid of any underlying reaches 33 % either way (HYPE). */
const WIDEST_REGULAR_MOVE = 0.33;

/** A skew scenario turns the smile; a tail is dampened or moves spot farther than any regular grid. */
export function scenarioKind({ spotFactor, volMove, dampening }: ScenarioShock): ScenarioKind {
  if (volMove === 'linear' || volMove === 'abs') return 'skew';
  const farther = Math.abs(spotFactor - 1) > WIDEST_REGULAR_MOVE + 1e-9;
  return dampening !== 1 || farther ? 'tail' : 'regular';
}

/** Spot moves each with vol up, unchanged and down, and the largest step up and down with vol up alone. */
export function regularGrid(edge: number, inner: readonly number[]): ScenarioShock[] {
  const moves = [...inner.toReversed(), 0, ...inner.map((move) => -move)];
  const at = (move: number, volMove: VolMove): ScenarioShock => ({ spotFactor: 1 + move, volMove, dampening: 1 });
  return [
    at(edge, 'up'),
    ...moves.flatMap((move) => (['up', 'none', 'down'] as const).map((volMove) => at(move, volMove))),
    at(-edge, 'up'),
  ];
}

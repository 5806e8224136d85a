import type { CoinMoves } from '../kernels/Kernels.ts';

/** Positions of one coin whose value bends alike, the options of one expiry: what is sampled together. */
export interface ValueGroup {
  /** What a sample of one point costs, in options priced. */
  readonly options: number;
  /** Adds the P&L in USD of all of them in each move. */
  addPnl(moves: CoinMoves, total: Float64Array): void;
  /** Log-moves at which an option comes to the money, ascending: its value bends there. */
  readonly bends: Float64Array;
  /** Standard deviation of what is left of the life of the option that bends at `bends[i]`, vol x sqrt(T), under a vol shock. */
  width(bend: number, volShock: number): number;
}

/** A rectangle of moves. */
export interface MoveBox {
  readonly logGrowth: readonly [number, number];
  readonly volShock: readonly [number, number];
}

import type { MarginPathsRequest } from '../domain/marginPaths.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import type { RuleFigures } from './BookAlong.ts';
import type { InterpolantTables } from './BookInterpolant.ts';
import type { StretchTask } from './refinedStretch.ts';

/** A prepared market without its kernels: plain data. */
export type PlainMarket = Omit<PreparedMarket, 'kernels'>;

interface PathsQuestion {
  readonly market: PlainMarket;
  readonly request: MarginPathsRequest;
}

/** Part i is task i. */
export interface StretchesWork extends PathsQuestion {
  readonly kind: 'stretches';
  readonly tasks: readonly StretchTask[];
}

/** Part i is stretch i. */
export interface WalkWork extends PathsQuestion {
  readonly kind: 'walk';
  readonly tables: InterpolantTables;
  readonly now: RuleFigures;
  readonly stretches: readonly PathStretch[];
}

/** Paths `from` to `from + count - 1`. */
export interface PathStretch {
  readonly from: number;
  readonly count: number;
}

/** A market whose smiles are fitted as they are read is read whole. */
export function plainMarket({ snapshot, surfaces, underlyings }: PreparedMarket): PlainMarket {
  return { snapshot, surfaces: new Map(surfaces), underlyings };
}

import type { VarProgress } from '../domain/riskReport.ts';
import type { RunControl } from '../domain/RunControl.ts';
import type { PathPool } from '../scenario/PathPool.ts';

/** Progress comes after each block of paths; `soFar` is the newest figure. */
export interface VarControl extends RunControl<VarProgress> {
  /** Who computes the paths of Monte Carlo, by the build of the market's kernels; absent means this thread. */
  readonly pool?: PathPool;
}

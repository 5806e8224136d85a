import type { RunControl } from '../domain/RunControl.ts';
import type { VarRequest, VarSampling } from '../domain/riskReport.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { PathPool } from '../scenario/PathPool.ts';
import { MODE_SLOTS, type PathDraws, type PathPlan, type SobolDraws } from '../scenario/pathPlan.ts';
import { replicateOf, sobolDimensions, sobolPoints } from '../scenario/sobolMoves.ts';
import { importanceModes, standardMode } from './importanceModes.ts';
import type { WeightedSample } from './weightedReader.ts';

/** Independent randomisations of the points; their spread is the error, and Student's t with 15 degrees of freedom its quantile. */
const REPLICATES = 16;
/** That quantile at 97.5 %. Written out: what computes it is 400 kB of script, which a first figure would wait for. */
const ERROR_QUANTILE = 2.1314495455597755;
/** Paths that tell where the books lose, drawn this much wider than the moves are. */
const PILOT_PATHS = 2048;
const PILOT_WIDTH = 1.3;
/** The tail that is drawn more often, over the mean of the tails of VaR and ES: what is beyond and a little before. */
const TAIL_READ = 1.5;
const STREAM = { pilot: 0, run: 1 } as const;

/** A plan whose draws are even points, by their weights where a book loses, and what its outcomes are read with. */
export interface SampledPlan {
  readonly plan: PathPlan;
  readonly sample: Omit<WeightedSample, 'weights'>;
}

/**
 * The plan with draws of the same moves by another way. Importance sampling takes a pilot of 2,048 paths, on which the plan's books
 * are valued; null when cancelled meanwhile.
 */
export async function sampledPlan(
  plan: PathPlan & { readonly draws: Extract<PathDraws, { kind: 'elliptical' }> },
  method: Exclude<VarSampling, 'plain'>,
  { confidence, expectedShortfallConfidence }: Pick<VarRequest, 'confidence' | 'expectedShortfallConfidence'>,
  pool: PathPool,
  kernels: Kernels,
  control: RunControl<unknown>,
): Promise<SampledPlan | null> {
  const { seed, degreesOfFreedom, factor, mostLogMove, volShockRange } = plan.draws;
  const coins = plan.underlyings.length;
  const d = sobolDimensions({ degreesOfFreedom }, coins);
  const moves = { kind: 'sobol', seed, degreesOfFreedom, factor, mostLogMove, volShockRange } as const;
  const even = { slots: MODE_SLOTS, ...standardMode(d, new Float64Array(d)) };
  const sampled = (draws: SobolDraws): SampledPlan => ({
    plan: { ...plan, draws },
    sample: {
      method,
      replicates: draws.replicates,
      errorQuantile: ERROR_QUANTILE,
      replicateOf: (path) => replicateOf(path, draws.replicates),
      mostWeight: MODE_SLOTS / draws.modes[0]!.slots,
    },
  });
  if (method === 'sobol') return sampled({ ...moves, stream: STREAM.run, replicates: REPLICATES, modes: [even] });

  const wide = { ...even, deviations: new Float64Array(d).fill(PILOT_WIDTH) };
  const pilot: SobolDraws = { ...moves, stream: STREAM.pilot, replicates: 1, modes: [wide] };
  const { onProgress: _unheard, ...rest } = control;
  const block = await pool.pnl({ ...plan, draws: pilot }, 0, PILOT_PATHS, rest);
  if (block === null) return null;
  const { normals, weights } = sobolPoints(pilot, coins, kernels, PILOT_PATHS);
  const tail = TAIL_READ * (1 - (confidence + (expectedShortfallConfidence ?? confidence)) / 2);
  const modes = importanceModes({ dimensions: d, normals, weights }, block.pnl, Math.min(tail, 0.5));
  return sampled({ ...moves, stream: STREAM.run, replicates: REPLICATES, modes });
}

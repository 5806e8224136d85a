import { RiskError } from '../domain/failure.ts';
import type { VarRequest, VarSampling } from '../domain/riskReport.ts';
import type { PathDraws } from '../scenario/pathPlan.ts';

/** How paths are drawn: as asked, else by importance where that is known to pay, which is where moves are normal or Student-t. */
export function samplingMethod(
  { sampling, method, distribution }: Pick<VarRequest, 'sampling' | 'method' | 'distribution'>,
  draws: PathDraws,
): VarSampling {
  const offered = draws.kind === 'elliptical' && method === 'monte-carlo';
  if (sampling === undefined) return offered ? 'importance' : 'plain';
  if (sampling === 'plain' || offered) return sampling;
  throw new RiskError(
    'unsupported',
    method === 'evt'
      ? 'A tail is fitted to equally likely outcomes; use plain sampling'
      : `Sampling by ${sampling} is for normal and Student-t moves; use plain sampling with ${distribution}`,
  );
}

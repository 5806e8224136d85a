import { useState } from 'react';
import type { CheapestCutReport, CheapestCutRequest } from '../../engine/domain/decideReport.ts';
import { type Result, failed } from '../../engine/domain/failure.ts';
import { undisturbed } from './undisturbed.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** A search waits so long after an edit, so that a drag does not start it again and again. */
const CUT_PAUSE_MS = 250;

export interface CheapestCutTask extends RiskTask<CheapestCutReport> {
  /** How much of the search is done, 0 to 1; null while none runs. */
  readonly share: number | null;
}

/** The frontier of margin freed against its cost. An edit gives the search up; answers are kept, so that an undo finds them. */
export function useCheapestCut(key: string | null, request: CheapestCutRequest | null): CheapestCutTask {
  const [share, setShare] = useState<number | null>(null);
  const task = useRiskTask(
    ['cheapest-cut', key],
    async (client, { signal }) => {
      await undisturbed(CUT_PAUSE_MS, signal);
      setShare(0);
      const answer = await client.cheapestCut(request!, (progress) => setShare(progress.share), signal);
      if (!answer.ok || answer.value !== null) return answer as Result<CheapestCutReport>;
      return failed('internal', 'A newer search took the place of this one');
    },
    key !== null && request !== null,
    120_000,
  );
  return { ...task, share: task.pending ? share : null };
}

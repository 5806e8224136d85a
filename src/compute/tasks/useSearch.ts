import { useState } from 'react';
import type { SearchProgress } from '../../engine/domain/decideReport.ts';
import { type Result, failed } from '../../engine/domain/failure.ts';
import type { RiskClient } from '../riskClient.ts';
import { undisturbed } from './undisturbed.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** A search waits so long after an edit, so that a drag does not start it again and again. */
const SEARCH_PAUSE_MS = 250;

export interface SearchTask<T> extends RiskTask<T> {
  /** How much of the search is done in whole percent, as a share from 0 to 1; null while none runs. */
  readonly share: number | null;
}

/** A question that takes seconds. An edit gives it up; answers are kept for `keepMs`, so that an undo finds them. */
export function useSearch<T>(
  key: readonly unknown[],
  ask: (
    client: RiskClient,
    onProgress: (progress: SearchProgress) => void,
    signal: AbortSignal,
  ) => Promise<Result<T | null>>,
  enabled: boolean,
  keepMs: number,
): SearchTask<T> {
  const [share, setShare] = useState<number | null>(null);
  const task = useRiskTask(
    key,
    async (client, { signal }) => {
      await undisturbed(SEARCH_PAUSE_MS, signal);
      setShare(0);
      // Progress comes a hundred times a second: only what is seen of it is drawn.
      const answer = await ask(client, (progress) => setShare(Math.floor(100 * progress.share) / 100), signal);
      if (!answer.ok || answer.value !== null) return answer as Result<T>;
      return failed('internal', 'A newer search took the place of this one');
    },
    enabled,
    keepMs,
  );
  return { ...task, share: task.pending ? share : null };
}

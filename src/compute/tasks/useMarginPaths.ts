import { useState } from 'react';
import { failed, type Result } from '../../engine/domain/failure.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../../engine/domain/marginPaths.ts';
import { undisturbed } from './undisturbed.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** The question waits so long after an edit, so that a drag does not start it again and again. */
const PAUSE_MS = 300;
/** Answers to earlier books are kept so long: an undo finds them. */
const KEEP_MS = 120_000;

export interface MarginPathsTask extends RiskTask<MarginPathsReport> {
  /** Of the run that is under way; null while none is. */
  readonly progress: MarginPathsProgress | null;
  /** What is shown answers an earlier question. */
  readonly stale: boolean;
}

/** Equity and margin along paths, with the figures of the paths so far while they are walked. `key` names the inputs; null asks nothing. */
export function useMarginPaths(key: string | null, request: MarginPathsRequest | null): MarginPathsTask {
  const [news, setNews] = useState<MarginPathsProgress | null>(null);
  const task = useRiskTask(
    ['margin-paths', key],
    async (client, { signal }) => {
      setNews(null);
      await undisturbed(PAUSE_MS, signal);
      const tell = (progress: MarginPathsProgress) =>
        setNews((before) => (before !== null && isSame(before, progress) ? before : progress));
      const answer = await client.marginPaths(request!, tell, signal);
      if (!answer.ok || answer.value !== null) return answer as Result<MarginPathsReport>;
      return failed('internal', 'Newer paths took the place of these');
    },
    key !== null && request !== null,
    KEEP_MS,
  );
  const progress = task.pending ? news : null;
  const soFar = progress?.soFar ?? null;
  return { ...task, value: soFar ?? task.value, progress, stale: task.pending && soFar === null };
}

/** Signs of life repeat themselves. */
function isSame(a: MarginPathsProgress, b: MarginPathsProgress): boolean {
  return a.stage === b.stage && a.pathsDone === b.pathsDone;
}

import { useState } from 'react';
import type { FrontierReport, FrontierRequest } from '../../engine/domain/liquidationFrontier.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

/** Where equity meets maintenance over spot and vol: while it is looked for, the coarse picture if there is one. */
export function useFrontier(key: string | null, request: FrontierRequest | null): NewestTask<FrontierReport | null> {
  const [coarse, setCoarse] = useState<FrontierReport | null>(null);
  const task = useNewestTask('frontier', key, request, (client, asked) => {
    setCoarse(null);
    return client.frontier(asked, setCoarse);
  });
  return { ...task, value: (task.pending ? coarse : null) ?? task.value };
}

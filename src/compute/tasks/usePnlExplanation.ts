import type { ExplainRequest, PnlExplanation } from '../../engine/domain/pnlExplanation.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

export type PnlExplanationTask = NewestTask<PnlExplanation>;

/** Where the P&L of a move comes from. */
export function usePnlExplanation(key: string | null, request: ExplainRequest | null): PnlExplanationTask {
  return useNewestTask('explain', key, request, (client, asked) => client.explain(asked));
}

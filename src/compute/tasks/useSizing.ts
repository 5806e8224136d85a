import type { SizingReport, SizingRequest } from '../../engine/domain/rulebookReport.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

/** Margin over the size of a trade, and the largest that fits under each rulebook; null when another asked meanwhile. */
export function useSizing(key: string | null, request: SizingRequest | null): NewestTask<SizingReport | null> {
  return useNewestTask('sizing', key, request, (client, asked) => client.sizing(asked));
}

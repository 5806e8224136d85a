import type { RulebooksReport, RulebooksRequest } from '../../engine/domain/rulebookReport.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

/** The book and the proposed one under every rulebook. */
export function useRulebooks(key: string | null, request: RulebooksRequest | null): NewestTask<RulebooksReport> {
  return useNewestTask('rulebooks', key, request, (client, asked) => client.rulebooks(asked));
}

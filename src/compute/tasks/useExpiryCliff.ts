import type { ExpiryCliffReport, ExpiryCliffRequest } from '../../engine/domain/decideReport.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

export function useExpiryCliff(key: string | null, request: ExpiryCliffRequest | null): NewestTask<ExpiryCliffReport> {
  return useNewestTask('expiry-cliff', key, request, (client, asked) => client.expiryCliff(asked));
}

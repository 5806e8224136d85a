import type { FillOrderReport, FillOrderRequest } from '../../engine/domain/decideReport.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

export function useFillOrder(key: string | null, request: FillOrderRequest | null): NewestTask<FillOrderReport> {
  return useNewestTask('fill-order', key, request, (client, asked) => client.fillOrder(asked));
}

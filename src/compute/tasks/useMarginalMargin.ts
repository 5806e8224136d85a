import type { MarginalMarginReport, MarginalMarginRequest } from '../../engine/domain/decideReport.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

const MARGINAL_PAUSE_MS = 120;

/** What one contract more asks; null when another asked meanwhile. */
export function useMarginalMargin(
  key: string | null,
  request: MarginalMarginRequest | null,
): NewestTask<MarginalMarginReport | null> {
  return useNewestTask('marginal-margin', key, request, async (client, asked) => {
    // While a number is dragged, the curves have the worker to themselves.
    await new Promise((resolve) => setTimeout(resolve, MARGINAL_PAUSE_MS));
    return client.marginalMargin(asked);
  });
}

import type { MarginExplanation, MarginExplanationRequest } from '../../engine/domain/marginExplanation.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

/** Why the requirement is what it is, or why a trade changes it. */
export function useMarginExplanation(
  key: string | null,
  request: MarginExplanationRequest | null,
): NewestTask<MarginExplanation> {
  return useNewestTask('margin-explanation', key, request, (client, asked) => client.explainMargin(asked));
}
